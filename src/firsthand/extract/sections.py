"""The section path of an article: breadcrumbs, else what the page says, else the menu's name for its address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from firsthand.extract.credits import unique
from firsthand.extract.dom import Element, text_of
from firsthand.extract.fields import domain_like, name_key, same_words
from firsthand.extract.furniture import is_furniture, is_home_step, is_stamp
from firsthand.extract.inline import words_of
from firsthand.extract.place import marks
from firsthand.extract.structured import Facts, listed, types_of, words
from firsthand.model.text import one_line
from firsthand.model.urls import absolute_url

_CRUMB = re.compile(r"\s*[»›>→]\s*|\s+/\s+|\s+\|\s+(?=.*\|)")
_HERE = re.compile(
    r"^(?:you are here|sie sind hier|vous êtes ici|estás en|sei qui|você está aqui)\s*:?\s*", re.IGNORECASE
)
_CRUMBS = re.compile(r"bread-?crumb", re.IGNORECASE)
_DETAIL = re.compile(r"\b(?:details?|detailseite|article|artikel)$", re.IGNORECASE)
_TITLE_PARTS = re.compile(r"\s+[|–—-]\s+|\s*[|｜]\s*|--")
_FILED_UNDER = re.compile(
    r"(?:^|\s)(?:posted|filed|published|geschrieben|abgelegt|veröffentlicht|publié|publicado|pubblicato)\b.{0,40}\b(?:in|under|unter|dans|en|em)\s+"
    r"([^\W\d_][\w &/-]{2,30})$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:^|[\s_-])(?:slug-?line|section-?(?:label|name|tag|title)?|rubrik|rubrique|ressort|kicker|eyebrow|overline|category)(?:$|[\s_-])",
    re.IGNORECASE,
)
_MAX_STEPS = 6
_LONGEST_STEP = 60
_LONGEST_NAME = 30
_MAX_LINKS = 2_000
_MAX_DEPTH = 3


def section_of(
    facts: Facts,
    root: Element,
    headline: str | None,
    outlet: Sequence[str],
    head: Sequence[str] = (),
    url: str | None = None,
) -> tuple[str, ...]:
    """The section path, outermost first.

    `outlet` are the outlet's names, its own first; `head` the lines before the article, of which one may be a path
    that nothing marks as such; `url` where the page stands.
    """
    sources = (_json_breadcrumbs(facts), _visible_breadcrumbs(root), _told_section(facts), path_in(head))
    shown = clean_path(path_in(head), headline, outlet)
    for path in sources:
        if steps := clean_path(path, headline, outlet):
            longer = len(shown) > len(steps) and shown[-1].casefold() == steps[-1].casefold()
            return shown if longer else _as_in_menu(steps, root)
    label = _label_path(root)
    for further in (label, _filed_under(head), _menu_names(root, url), _title_path(root, headline, outlet)):
        if steps := clean_path(further, headline, outlet):
            return steps
    return ()


def clean_path(path: Iterable[str], headline: str | None, outlet: Iterable[str]) -> tuple[str, ...]:
    """A path without the home page, the outlet (by any of its names), labels of templates, and the headline itself.

    Only the outlet's first name is taken out anywhere: a page that gives a section's name as its site's ("Security")
    still has that section.
    """
    names = [name_key(name) for name in outlet if name]
    kept: list[str] = []
    outermost = True
    for step in map(one_line, path):
        step = step.strip(" /›»>|·:")
        key = name_key(step)
        if not key or len(step) > _LONGEST_STEP or is_home_step(step) or domain_like(step):
            continue
        own = key in names[:1] or (outermost and key in names)
        outermost = False
        if own or any(len(name) > 8 and key.startswith(name) for name in names):
            continue
        if headline and (same_words(step, headline) or (len(step) > 25 and step.rstrip("…. ") in headline)):
            continue
        if step.casefold() not in (other.casefold() for other in kept) and not (kept and _DETAIL.search(step)):
            kept.append(step)
    return tuple(kept[:_MAX_STEPS])


def path_in(lines: Iterable[str]) -> list[str]:
    """The steps of the line that shows where in the site the page stands."""
    best: list[str] = []
    for line in lines:
        steps = [step for step in (one_line(part) for part in _CRUMB.split(_HERE.sub("", line))) if step]
        if len(steps) >= 2 and len(line) < 300 and all(len(step) < 40 for step in steps[:-1]):
            shows_way = bool(re.search(r"[»›>→]", line)) or is_home_step(steps[0])
            if shows_way and not is_furniture(line) and len(steps) > len(best):
                best = steps
    return best


def _json_breadcrumbs(facts: Facts) -> list[str]:
    paths: list[list[str]] = []
    for node in facts.nodes:
        if "BreadcrumbList" not in types_of(node):
            continue
        steps = [item for item in listed(node.get("itemListElement")) if isinstance(item, Mapping)]
        steps.sort(
            key=lambda item: int(words(item.get("position")) or 0) if words(item.get("position")).isdigit() else 0
        )
        paths.append([words(item.get("name")) or words(facts.resolve(item.get("item"))) for item in steps])
    return max(paths, key=len, default=[])


def _visible_breadcrumbs(root: Element) -> list[str]:
    for element in root.xpath("//*[contains(@itemtype, 'BreadcrumbList')]"):
        names = [
            text_of(inner) or inner.get("content") or ""
            for inner in element.xpath(".//*[@itemprop='name' or @itemprop='title']")
        ]
        if names:
            return names
    for element in root.xpath("//*[@class or @aria-label or @id]"):
        if _CRUMBS.search(f"{element.get('class') or ''} {element.get('aria-label') or ''} {element.get('id') or ''}"):
            steps = unique(text_of(inner) for inner in element.iter("li", "a") if inner.find(".//li") is None)
            if 0 < len(steps) < 9:
                return steps
    return []


def _told_section(facts: Facts) -> list[str]:
    sections = [words(value) for value in listed(facts.article.get("articleSection"))]
    if len(sections) == 1:
        return [part for part in re.split(r"\s*[,/>|]\s*", sections[0]) if part][:3]
    if sections:
        return sections[:1]  # a list of sections is a set of tags, of which the first is the main one
    section = facts.first("article:section", "parsely-section", "og:article:section", "sailthru.section", "section")
    section = section or facts.first("prism.section")
    return [part for part in re.split(r"\s*[,/>|]\s*", section) if part][:2]


def _filed_under(head: Sequence[str]) -> list[str]:
    """What a line before the text says: "Posted on 15 April in News"."""
    found = [match[1] for line in head[-8:] if len(line) < 120 and (match := _FILED_UNDER.search(line))]
    return found[-1:]


def _menu_names(root: Element, url: str | None) -> list[str]:
    """How the page's own links name the folders of its address: /politics/europe/… is Politics, Europe."""
    if not url:
        return []
    parts = urlsplit(url)
    folders = [part for part in parts.path.split("/") if part][:-1]
    if any(len(folder) < 2 or folder.isdigit() for folder in folders[:1]):
        return []  # /a/12/slug, /2025/03/08/slug
    paths = {"/" + "/".join(folders[: depth + 1]): depth for depth in range(min(len(folders), _MAX_DEPTH))}
    keys = {name_key(folder): depth for depth, folder in enumerate(folders[:_MAX_DEPTH])}
    by_path: dict[int, str] = {}
    by_name: dict[int, str] = {}
    for link in list(root.iter("a"))[:_MAX_LINKS] if paths else []:
        name = words_of(link)
        if not 1 < len(name) <= _LONGEST_NAME or is_furniture(name):
            continue
        target = urlsplit(absolute_url(url, link.get("href") or "") or "")
        depth = paths.get(target.path.rstrip("/")) if target.netloc == parts.netloc and not target.query else None
        if depth is not None and (_is_in_menu(link) or _share(name_key(name), name_key(folders[depth]))):
            by_path.setdefault(depth, name)
        if name_key(name) in keys:
            by_name.setdefault(keys[name_key(name)], name)
    names = {**by_path, **by_name}
    return [names[depth] for depth in sorted(names)]


def _is_in_menu(link: Element) -> bool:
    return any(element.tag in {"nav", "header"} for element in link.iterancestors())


def _share(name: str, folder: str) -> bool:
    """Whether a link's name and a folder's are of each other: "Aarhus" and jpaarhus, "Banken" and banken-finanzen."""
    return len(name) > 2 and (name in folder or (len(folder) > 2 and folder in name))


def _label_path(root: Element) -> list[str]:
    """The steps of a label over the headline ("HALVERN / COAST"), if its first is in a menu: others name topics."""
    label = ""
    for element in root.iter():
        if element.tag == "h1":
            break
        if isinstance(element.tag, str) and _LABEL.search(marks(element)):
            own = one_line(element.text or "") or (text_of(element[0]) if len(element) else "")
            label = own if own and len(own) <= _LONGEST_STEP else label
    steps = [step for step in re.split(r"\s*[/|>›»]\s*", label) if step]
    if not steps:
        return []
    menu = {one_line(link.text or "").casefold() for link in list(root.iter("a"))[:_MAX_LINKS]}
    if steps[0].casefold() not in menu or any(len(step) > _LONGEST_NAME for step in steps):
        return []
    return [step.title() if step.isupper() and len(step) > 3 else step for step in steps]


def _title_path(root: Element, headline: str | None, outlet: Sequence[str]) -> list[str]:
    """What stands between the headline and the outlet's name in the page's title: "Headline | Europe | The Paper"."""
    title = root.find(".//title")
    parts = [part for part in _TITLE_PARTS.split(text_of(title)) if part] if title is not None else []
    if len(parts) < 3 or not headline or name_key(parts[0]) not in name_key(headline):
        return []
    known = {name_key(name) for name in outlet if name}
    middle = [
        part
        for part in parts[1:]
        if name_key(part) not in known and name_key(part) not in name_key(headline) and not is_stamp(part)
    ]
    if len(middle) == len(parts) - 1:
        middle = middle[:-1]  # the last is the outlet's, by a name that the page gives nowhere else
    return [part for part in middle if len(part) <= _LONGEST_NAME and len(part.split()) <= 3]


def _as_in_menu(path: tuple[str, ...], root: Element) -> tuple[str, ...]:
    """A path that is in small letters (an address's "nyheter") as the page's links write it ("Nyheter")."""
    small = {step for step in path if step.islower() and step.isascii()}
    if not small:
        return path
    written: dict[str, str] = {}
    for link in list(root.iter("a"))[:_MAX_LINKS]:
        name = one_line(link.text or "")
        if name and name[0].isupper() and not name.isupper() and name.casefold() in small:
            written.setdefault(name.casefold(), name)
    return tuple(written.get(step, step) if step in small else step for step in path)
