"""What a page says of itself for machines: JSON-LD, meta tags, microdata and RDFa, breadcrumbs.

Here it is only gathered, tolerantly; `fields` decides what to believe.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from firsthand.extract.dom import Element, text_of
from firsthand.model.text import clean, one_line, unescaped
from firsthand.model.urls import url_key

Node = Mapping[str, Any]

_WRAPPING = re.compile(
    r"^\s*(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|/\*\s*\]\]>\s*\*/|//\s*\]\]>|\]\]>)\s*;?\s*$"
)
_TRAILING_COMMA = re.compile(r",(\s*[\]}])")
_ARTICLE_TYPE = re.compile(
    r"(?:article|posting|^report|review|liveblog|newsstory|recipe|claimreview)s?$", re.IGNORECASE
)
_BEST_TYPE = re.compile(r"(?:article|posting)$", re.IGNORECASE)
# What these hold are other works than the page's own.
_ELSEWHERE = frozenset(
    {
        "itemListElement", "hasPart", "isPartOf", "citation", "isBasedOn", "relatedLink", "mentions", "about",
        "comment", "review", "itemReviewed", "liveBlogUpdate", "significantLink", "sameAs", "video", "image",
        "author", "publisher", "subjectOf", "workExample",
    }
)  # fmt: skip
_MARKS = re.compile(r"[-_.:\s]+")
_MAX_NODES = 5_000
_MAX_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a page says of itself for machines."""

    article: Node = field(default_factory=dict)
    """The JSON-LD node of the page's article, {} if there is none."""
    nodes: tuple[Node, ...] = ()
    """All JSON-LD nodes."""
    by_id: Mapping[str, Node] = field(default_factory=dict)
    meta: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Meta tags by `meta_key` of their name, property or itemprop."""
    micro: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Microdata and RDFa values by property name, in page order."""
    links: Mapping[str, str] = field(default_factory=dict)
    """`link` elements by rel: the first of each."""

    def first(self, *names: str) -> str:
        """The first non-empty meta value under any of `names`, in their order."""
        return next((value for name in names for value in self.all(name) if value), "")

    def all(self, name: str) -> tuple[str, ...]:
        """Every meta value under `name`; sites mix up colons, points, hyphens and underscores in these names."""
        return self.meta.get(meta_key(name), ())

    def resolve(self, node: Any) -> Any:
        """`node`, or what a bare `@id` reference in it stands for."""
        if isinstance(node, Mapping) and "@id" in node and not ("name" in node or "headline" in node):
            return self.by_id.get(str(node["@id"]), node)
        return node


def meta_key(name: str) -> str:
    """A meta tag's name as it is compared: `article:published:time` is `article:published_time` too."""
    return _MARKS.sub(":", name.strip().lower())


def gather(root: Element, url: str | None = None) -> Facts:
    """The facts of a page."""
    meta = _meta(root)
    links = _links(root)
    nodes = tuple(_json_nodes(root))
    by_id: dict[str, Node] = {}
    for node in nodes:
        identity = node.get("@id")
        if isinstance(identity, str) and len(node) > len(by_id.get(identity, {})):
            by_id[identity] = node
    addresses = {
        url_key(address)
        for address in (url or "", links.get("canonical", ""), *meta.get(meta_key("og:url"), ()))
        if address
    }
    article = _own_article(nodes, addresses - {None}, one_line(" ".join(meta.get(meta_key("og:title"), ())[:1])))
    return Facts(article, nodes, by_id, meta, _micro(root), links)


def types_of(node: Node) -> tuple[str, ...]:
    """The `@type` names of a node, without their namespace."""
    return tuple(str(name).rsplit("/", 1)[-1] for name in listed(node.get("@type")) if isinstance(name, str))


def listed(value: Any) -> list[Any]:
    """JSON-LD's one-or-many as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def words(value: Any) -> str:
    """A JSON-LD value as plain text on one line: of a string, of `@value`, of a node's name; "" for anything else."""
    for _ in range(4):
        if isinstance(value, list | tuple):
            value = value[0] if value else ""
        elif isinstance(value, Mapping):
            value = value.get("@value") or value.get("name") or value.get("text") or ""
        else:
            break
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return plain(value) if isinstance(value, str) else ""


def plain(text: str) -> str:
    """One line of text, of which entities that were escaped twice and tags are gone."""
    if "&" in text:
        text = unescaped(unescaped(text))
    if "<" in text:
        text = re.sub(r"</?[a-zA-Z][^>]{0,200}>", "", text)
    return one_line(text)


def load_json(text: str) -> list[Any]:
    """What JSON values can be had from a script element's text, which is often not quite JSON."""
    text = clean(_WRAPPING.sub("", _WRAPPING.sub("", text)).strip())
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text), unescaped(text)):
        try:
            return [json.loads(attempt, strict=False)]
        except RecursionError:
            return []
        except ValueError:
            continue
    return list(_json_stream(_TRAILING_COMMA.sub(r"\1", text)))


def _json_stream(text: str) -> Iterator[Any]:
    """Values that stand one after another without a comma, as some templates concatenate them."""
    decoder = json.JSONDecoder(strict=False)
    position = 0
    while (start := text.find("{", position)) >= 0 and position < len(text):
        try:
            value, position = decoder.raw_decode(text, start)
        except RecursionError:
            return
        except ValueError:
            return
        yield value


def _json_nodes(root: Element) -> Iterator[Node]:
    count = 0
    for script in root.iter("script"):
        if not (script.get("type") or "").strip().lower().startswith("application/ld+json"):
            continue
        for value in load_json(script.text or ""):
            for node in _walk(value, 0):
                yield node
                count += 1
                if count >= _MAX_NODES:
                    return


def _walk(value: Any, depth: int) -> Iterator[Node]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for inner in value:
            yield from _walk(inner, depth + 1)
    elif isinstance(value, dict):
        yield value
        for name, inner in value.items():
            if name not in _ELSEWHERE and isinstance(inner, dict | list):
                yield from _walk(inner, depth + 1)


def _own_article(nodes: Iterable[Node], addresses: set[str | None], title: str) -> Node:
    """The node of this page's article: by its address, else by its headline, else the first of an article's type."""
    best: Node = {}
    best_score = 0
    for node in nodes:
        kinds = types_of(node)
        if not any(_ARTICLE_TYPE.search(kind) for kind in kinds):
            if not (any(kind.endswith("WebPage") for kind in kinds) and "headline" in node and "datePublished" in node):
                continue
            score = 1
        else:
            score = 4 if any(_BEST_TYPE.search(kind) for kind in kinds) else 2
        score += 2 * ("headline" in node) + ("datePublished" in node) + ("author" in node)
        own = [node.get("url"), node.get("@id"), node.get("mainEntityOfPage")]
        own = [value.get("@id") or value.get("url") if isinstance(value, Mapping) else value for value in own]
        if any(isinstance(value, str) and url_key(value) in addresses for value in own):
            score += 4
        headline = words(node.get("headline"))
        if headline and title and (headline in title or title in headline):
            score += 4
        if score > best_score:
            best, best_score = node, score
    return best


def _meta(root: Element) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        content = plain(element.get("content") or "")
        if not content:
            continue
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = (element.get(attribute) or "").strip().lower()
            if name and attribute != "itemprop":
                found.setdefault(meta_key(name), []).append(content)
            elif name and not _inside_item(element):
                found.setdefault(meta_key(f"itemprop:{name}"), []).append(content)
    return {name: tuple(values) for name, values in found.items()}


def _inside_item(element: Element) -> bool:
    """Whether a property belongs to an item that is not an article (a comment, an image, an organization)."""
    parent = element.getparent()
    while parent is not None:
        if parent.get("itemscope") is not None:
            kind = parent.get("itemtype") or ""
            return not (_ARTICLE_TYPE.search(kind.rsplit("/", 1)[-1]) or kind.endswith("WebPage") or not kind)
        parent = parent.getparent()
    return False


def _links(root: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in root.iter("link"):
        href = clean(element.get("href") or "").strip()
        for rel in (element.get("rel") or "").lower().split():
            if href:
                found.setdefault(rel, href)
    return found


_MICRO = frozenset(
    {
        "headline", "name", "author", "datepublished", "datemodified", "articlesection", "publisher",
        "copyrightholder", "copyrightnotice", "inlanguage", "datecreated",
    }
)  # fmt: skip


def _micro(root: Element) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for element in root.xpath("//*[@itemprop or @property]"):
        if element.tag == "meta" or not isinstance(element.tag, str):
            continue
        for raw in f"{element.get('itemprop') or ''} {element.get('property') or ''}".split():
            name = raw.rsplit(":", 1)[-1].lower()
            if name not in _MICRO or _of_other(element, name):
                continue
            value = element.get("datetime") or element.get("content")
            if not value:
                named = [inner for inner in element.iterdescendants() if (inner.get("itemprop") or "") == "name"]
                value = text_of(named[0]) or named[0].get("content") if named and name == "author" else text_of(element)
            value = plain(value or "")
            if value and len(value) < 400:
                found.setdefault(name, []).append(value)
    return {name: tuple(values) for name, values in found.items()}


def _of_other(element: Element, name: str) -> bool:
    if element.get("itemprop") is None:
        return False
    if name == "name":
        return True
    scope = element.getparent()
    return _inside_item(element) if scope is not None else False
