"""What a page says of its article, decided field by field: JSON-LD, then meta tags, microdata, and the visible page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from firsthand.extract.credits import is_agency
from firsthand.extract.dates import parse_stamp
from firsthand.extract.dom import Element, text_of
from firsthand.extract.language import detect_language, language_tag
from firsthand.extract.piece import Piece
from firsthand.extract.rights import holder_of, is_rights_line, lines_of, rights_in
from firsthand.extract.structured import Facts, listed, types_of, words
from firsthand.model.article import OutletName, Rights
from firsthand.model.text import one_line
from firsthand.model.urls import absolute_url, domain_of, is_web_url
from firsthand.model.when import Precision, When

_PUBLISHED = (
    "article:published_time", "og:article:published_time", "og:published_time", "itemprop:datepublished",
    "article.published", "published_at", "publish-date", "publishdate", "publish_date", "parsely-pub-date",
    "sailthru.date", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date", "dc.date.created",
    "datepublished",
    "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "article:publicationdate", "date", "pubdate",
    "originalpublicationdate", "last-published", "article_date_original",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:article:modified_time", "og:updated_time", "og:modified_time", "itemprop:datemodified",
    "dc.date.modified", "dcterms.modified", "lastmod", "last-modified", "revised", "datemodified", "article:modified",
)  # fmt: skip
_TITLE_BREAK = re.compile(r"\s+[|–—\-•·»:]{1,2}\s+|\s+[|]\s*|(?<=\S)\s*[|｜]\s*|--")
_OUTLET_TYPES = frozenset({"WebSite", "Organization", "NewsMediaOrganization"})
_TITLE_PREFIX = re.compile(r"^(.{2,60}?)\s*[:|–—-]\s+")
_TITLE_DATE = re.compile(r"\s*[|–—-]\s*\d{1,2}\.\s?\d{1,2}\.\s?\d{4}$")


_LONGEST_HEADLINE = 1_000
_ACRONYM = 6  # letters; a longer word in capitals is no acronym


def headline_of(facts: Facts, root: Element, outlet: Iterable[str] = ()) -> str | None:
    """The article's own headline: what two of JSON-LD, meta tags and `h1` agree on, else the first of them."""
    names = tuple(outlet)
    told = _fit(words(facts.article.get("headline")) or words(facts.article.get("name")))
    social = without_outlet(_fit(facts.first("og:title", "twitter:title", "dc.title", "title")), names)
    shown = [text for text in map(_fit, map(text_of, _headings(root))) if text][:6]
    candidates = [without_outlet(text, names) for text in (told, social) if text]
    for candidate in candidates:
        agreeing = [other for other in (told, social, *shown) if other and same_words(other, candidate)]
        if len(agreeing) >= 2:
            return candidate
    if candidates:
        return candidates[0]
    if shown:
        return shown[0]
    title = root.find(".//title")
    text = without_outlet(_fit(text_of(title)), names) if title is not None else ""
    return text or None


def _fit(text: str) -> str:
    """`text`, or nothing where it is far too long for a headline: a whole page in one heading, or an attack."""
    return text if len(text) <= _LONGEST_HEADLINE else ""


def _headings(root: Element) -> list[Element]:
    return [element for element in root.iter("h1") if element.find(".//img") is None or text_of(element)]


def same_words(a: str, b: str) -> bool:
    """Whether two texts hold the same words, marks and case aside."""
    return re.sub(r"\W+", "", a).casefold() == re.sub(r"\W+", "", b).casefold()


def without_outlet(title: str, names: Iterable[str]) -> str:
    """A page title without the outlet's name, which many sites add at its end, some before it."""
    title = _TITLE_DATE.sub("", one_line(title))
    known = {name_key(name) for name in names if name}
    for _ in range(2):
        breaks = list(_TITLE_BREAK.finditer(title))
        for match in reversed(breaks[-2:]):
            tail = name_key(title[match.end() :])
            if (
                tail
                and match.start() > 10
                and any(
                    tail == name
                    or (len(tail) > 3 and name.startswith(tail))
                    or (tail.startswith(name) and len(tail) < len(name) + 12)
                    for name in known
                )
            ):
                title = title[: match.start()].strip()
                break
        else:
            before = _TITLE_PREFIX.match(title)
            if before and name_key(before[1]) in known:
                title = title[before.end() :].strip()
            break
    return title


def name_key(name: str) -> str:
    """A name as a domain writes it: letters and digits, umlauts spelled out."""
    name = name.casefold()
    for letter, spelled in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("å", "a"), ("é", "e"), ("è", "e")):
        name = name.replace(letter, spelled)
    return re.sub(r"[\W_]+", "", name)


def outlet_of(facts: Facts, root: Element, url: str | None) -> OutletName:
    """Who publishes: `og:site_name`, the JSON-LD publisher, the site's own node; and the page's domain."""
    name = plain_name(facts.first("og:site_name", "application-name", "apple-mobile-web-app-title"))
    publisher = facts.resolve(next(iter(listed(facts.article.get("publisher"))), None))
    told = plain_name(words(publisher)) if isinstance(publisher, Mapping | str) else ""
    # "nationalpost" is how a template writes "National Post".
    core = name_key(domain_of(url or "").rsplit(".", 1)[0])
    if name and told and core and core in name_key(told) and core not in name_key(name):
        name = told  # a site within the site ("Security" of heise)
    if told and (not name or domain_like(name) or (name.islower() and name_key(name) == name_key(told))):
        name = told
    if not name:
        sites = (node for node in facts.nodes if {"WebSite", "NewsMediaOrganization"} & set(types_of(node)))
        name = next((found for node in sites if (found := plain_name(words(node.get("name"))))), "")
    if not name:
        title = root.find(".//title")
        parts = re.split(r"\s+[|–—-]\s+|--", text_of(title)) if title is not None else []
        if len(parts) > 1 and len(parts[-1]) < 40 and len(parts[-1].split()) <= 4:
            name = plain_name(parts[-1])
    address = url or facts.links.get("canonical") or facts.first("og:url")
    return OutletName(name or None, domain_of(address) or None if address else None)


def plain_name(name: str) -> str:
    """An outlet's name without its address, its company, its slogan; "" for what is no name."""
    name = re.sub(r"\s*\((?:www\.)?[\w-]+(?:\.[\w-]+)+\)", "", one_line(name)).removeprefix("@")
    rest = name.partition(" - ")[2]
    if re.search(r"\b(?:GmbH|AG|Verlag|Ltd|Inc|S\.?A\.?|Co\.)\b", rest) or len(name) > 50:
        name = re.split(r"\s[|–—-]\s|:\s", name)[0]
    return _in_usual_case(name) if 1 < len(name) < 80 and not is_web_url(name) else ""


def _in_usual_case(name: str) -> str:
    """A long word in capitals beside words that are not is a template's: "n-tv NACHRICHTEN". "ZEIT ONLINE" stays."""
    if name.isupper():
        return name
    return " ".join(word.capitalize() if word.isupper() and len(word) > _ACRONYM else word for word in name.split(" "))


def outlet_names(facts: Facts, outlet: OutletName) -> tuple[str, ...]:
    """Every name that the page gives its outlet, to tell the outlet from persons and sections."""
    names = [
        outlet.name or "",
        outlet.domain or "",
        *facts.all("og:site_name"),
        *facts.all("publisher"),
    ]
    names += [words(facts.resolve(value)) for value in listed(facts.article.get("publisher"))]
    names += [words(node.get("name")) for node in facts.nodes if _OUTLET_TYPES & set(types_of(node))]
    names.append((outlet.domain or "").split(".")[0])
    return tuple(dict.fromkeys(name for name in names if name and len(name) < 80))


def domain_like(name: str) -> bool:
    """Whether a name is written as an address: "www.paper.example"."""
    return bool(re.fullmatch(r"(?:www\.)?[\w-]+(?:\.[\w-]+)+", name.strip().lower()))


def canonical_of(facts: Facts, url: str | None) -> str | None:
    """The address that the page gives for itself; a site's home is nobody's canonical address."""
    for value in (facts.links.get("canonical", ""), facts.first("og:url"), words(facts.article.get("url"))):
        address = absolute_url(url, value) if value else None
        if address and (re.search(r"^https?://[^/]+/[^?#]*[^/?#]", address) or "?" in address):
            return address
    return None


def published_of(facts: Facts, root: Element, hints: tuple[str, ...]) -> When | None:
    """When the page says it was published; the best stamp is the first that is an instant, else the first at all."""
    return _best(
        [
            words(facts.article.get("datePublished")),
            *(facts.first(name) for name in _PUBLISHED),
            words(facts.article.get("dateCreated")),
            *facts.micro.get("datepublished", ())[:1],
            *_times(root),
        ],
        hints,
    )


def modified_of(facts: Facts, hints: tuple[str, ...]) -> When | None:
    stamps = [words(facts.article.get("dateModified")), *(facts.first(name) for name in _MODIFIED)]
    return _best([*stamps, *facts.micro.get("datemodified", ())[:1]], hints)


def _best(stamps: Iterable[str], hints: tuple[str, ...]) -> When | None:
    """The first stamp; one of the same day that is more precise is better, midnight without a zone is a day."""
    first: When | None = None
    for stamp in stamps:
        when = parse_stamp(stamp, hints) if stamp else None
        if when is None:
            continue
        if when.precision is Precision.LOCAL and (when.at.hour, when.at.minute, when.at.second) == (0, 0, 0):
            when = When(when.at, Precision.DAY)
        if when.precision is Precision.INSTANT and first is None:
            return when
        if first is None:
            first = when
        elif when.precision is Precision.INSTANT and abs((when.at.replace(tzinfo=None) - first.at).days) <= 1:
            local = when.at.replace(tzinfo=None)
            if first.precision is Precision.DAY or abs((local - first.at).total_seconds()) < 14 * 3600:
                return when
    return first


def _times(root: Element) -> list[str]:
    """Time elements of the article: those marked as its publication, those outside lists of other articles."""
    marked: list[str] = []
    others: list[str] = []
    for element in root.iter("time"):
        stamp = element.get("datetime") or text_of(element)
        if not stamp:
            continue
        marks = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
        marks += " pubdate" if element.get("pubdate") is not None else ""
        if re.search(r"publish|pubdate|entry-date|posted|created", marks, re.IGNORECASE):
            marked.append(stamp)
        elif not any(parent.tag in {"aside", "footer", "nav", "li"} for parent in element.iterancestors()):
            others.append(stamp)
    return (marked + others)[:3]


def language_of(facts: Facts, root: Element, text: str) -> str | None:
    """What the page declares; what its text is where it declares nothing, or a template's English over another."""
    declared = [root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""]
    declared += [
        words(facts.article.get("inLanguage")),
        facts.first("og:locale", "content-language", "language", "dc.language"),
    ]
    tags = [tag for tag in map(language_tag, declared) if tag]
    if not tags:
        return detect_language(text)
    primaries = {tag.split("-")[0] for tag in tags}
    if len(primaries) > 1 or primaries == {"en"}:
        detected = detect_language(text)
        if detected and detected not in primaries and primaries != {"en"}:
            return tags[0]
        if detected and detected != tags[0].split("-")[0]:
            return next(
                (tag for tag in tags if tag.split("-")[0] == detected), detected if _sure(text, detected) else tags[0]
            )
    return tags[0]


def _sure(text: str, language: str) -> bool:
    """Whether two halves of a long text agree on the language: detection overrules a declaration only then."""
    middle = len(text) // 2
    return len(text) > 600 and {detect_language(text[:middle]), detect_language(text[middle:])} == {language}


def named_in_full(outlet: OutletName, rights: Rights | None) -> OutletName:
    """`outlet` with its agency's name, and that of whoever claims the copyright where the page gives no other."""
    name = outlet.name or (plain_name(holder_of(rights.line)) if rights else "")
    return OutletName(_with_agency(name, outlet.domain or "") or None, outlet.domain)


def _with_agency(name: str, domain: str) -> str:
    """A desk of an agency under the agency's name too: "Faktencheck" of faktencheck.afp.com."""
    desk, _, rest = domain.partition(".")
    agency = rest.split(".")[0].upper()
    return f"{agency} {name}" if name_key(name) == desk and is_agency(agency) else name


def rights_of(facts: Facts, pieces: Iterable[Piece]) -> Rights | None:
    """The rights line: the page's own, JSON-LD copyrightNotice, meta tags, license links."""
    told = [
        words(facts.article.get("copyrightNotice")),
        words(facts.article.get("license")),
        facts.first("copyright", "dcterms.rights", "dc.rights", "rights"),
    ]
    marked = [
        f"© {text}"
        if text and not re.search(r"©|copyright|rights|creativecommons|CC[ -]", text, re.IGNORECASE)
        else text
        for text in told
    ]
    license_link = facts.links.get("license", "")
    plain = [line for piece in pieces for line in lines_of(piece) if is_rights_line(line)]
    return rights_in([text for text in (*plain, *marked, license_link) if text])


def summary_of(facts: Facts) -> str | None:
    for text in (
        words(facts.article.get("description")),
        facts.first("og:description", "description", "twitter:description", "dc.description"),
    ):
        if len(text) > 20:
            return text[:1_000]
    return None


def image_of(facts: Facts, url: str | None) -> str | None:
    """The lead image: what the page offers to show with its link."""
    values = [facts.first("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")]
    for image in listed(facts.article.get("image")):
        image = facts.resolve(image)
        values.append(
            words(image.get("url") or image.get("contentUrl")) if isinstance(image, Mapping) else words(image)
        )
    return next((address for value in values if value and (address := absolute_url(url, value))), None)


def is_partial(facts: Facts) -> bool:
    """Whether the page says that it is not free to read (schema.org isAccessibleForFree)."""
    return any(
        str(node.get("isAccessibleForFree")).strip().lower().rsplit("/", 1)[-1] == "false"
        for node in (facts.article,)
        if "isAccessibleForFree" in node
    )
