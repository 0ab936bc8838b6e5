"""Who a page says wrote it: names from JSON-LD, meta tags, microdata, and what is marked as the byline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from firsthand.extract.credits import (
    agency_in,
    clean_name,
    is_agency,
    is_person,
    split_names,
    starts_with_by,
    unique,
)
from firsthand.extract.dom import Element, text_of
from firsthand.extract.structured import Facts, listed, types_of, words
from firsthand.model.text import one_line
from firsthand.model.urls import is_web_url

_AUTHORS = (
    "author", "article:author", "og:article:author", "parsely-author", "sailthru.author", "byl", "dc.creator",
    "dcterms.creator", "article:author_name", "cxenseparse:author", "dc.contributor", "authors", "article.author",
    "articleauthor", "twitter:misc:written by",
)  # fmt: skip
_BYLINE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:by-?line|author(?:s|-?name)?|autor(?:en)?|writer|reporter)(?:$|[\s_-])", re.IGNORECASE
)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")  # metaInfoAuthorList
_WRITTEN_BY = re.compile(
    r"^(?:written by|verfasst von|escrito por|écrit par|scritto da|geschreven door|author|von|by)$", re.IGNORECASE
)
_LABEL = re.compile(
    r"(?:authors?|autor(?:in|en)?(?:/autor(?:in)?)?|auteure?s?|autore|autora?|författare|forfatter|written by|text)\s*:?",
    re.IGNORECASE,
)
_CAPITALS = frozenset("İĞŞ")  # a language that has İ has ı: its capitals cannot be made small by rule


def credits_of(facts: Facts, root: Element, outlet: Iterable[str] = ()) -> tuple[list[str], list[str]]:
    """All names that the page credits, persons and others, as (names, those of them that are marked as no person)."""
    names: list[str] = []
    offices: list[str] = []
    outlet = tuple(outlet)
    for key in ("author", "creator", "contributor") if not listed(facts.article.get("author")) else ("author",):
        for value in listed(facts.article.get(key)):
            for name, office in _author(facts, value):
                names.append(name)
                offices += [name] if office else []
        if names:
            break
    if any(is_person(name, (*outlet, *offices)) for name in names) or any(map(is_agency, names)):
        return unique(names), offices
    # A page that names only its outlet for machines often names the writer for readers.
    for further in (_meta_authors(facts), _micro_authors(facts), _visible_byline(root), _labelled(root)):
        if any(is_person(name, outlet) or is_agency(name) for name in further):
            return unique(further), offices
        names = names or further
    return unique(names), offices


def _meta_authors(facts: Facts) -> list[str]:
    for meta in _AUTHORS:
        values = [value for value in facts.all(meta) if not is_web_url(value) and not value.startswith("/")]
        names = [name for value in values for name in split_names(value)]
        if names:
            return names
    for label, data in (("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2")):
        if _WRITTEN_BY.match(facts.first(label)):
            return split_names(facts.first(data))
    return []


def _micro_authors(facts: Facts) -> list[str]:
    return [name for value in facts.micro.get("author", ())[:8] for name in split_names(value)]


def _author(facts: Facts, value: Any, depth: int = 0) -> list[tuple[str, bool]]:
    """Names of one JSON-LD author: a node, a reference, a string, or a list in the place of a name."""
    value = facts.resolve(value)
    if isinstance(value, str):
        return [(name, False) for name in split_names(value)] if not is_web_url(value) else []
    if isinstance(value, list) and depth < 3:
        return [found for inner in value for found in _author(facts, inner, depth + 1)]
    if not isinstance(value, Mapping):
        return []
    office = any("Organization" in kind for kind in types_of(value)) and "Person" not in types_of(value)
    name = value.get("name")
    if isinstance(name, list):
        return [(found, office) for inner in name for found in split_names(words(inner))]
    text = words(name) or " ".join(filter(None, (words(value.get("givenName")), words(value.get("familyName")))))
    if not text or is_web_url(text):
        return []
    if office:
        return [(one_line(text), True)]
    return [(found, False) for found in split_names(text)]


def _visible_byline(root: Element) -> list[str]:
    """Names in what the page itself marks as its byline: `rel=author`, then classes that say so."""
    marked = [text_of(element) for element in root.iter("a") if "author" in (element.get("rel") or "").split()]
    if not marked:
        container = next(iter(root.iter("article")), root)
        for element in container.iter():
            if _is_byline(element):
                text = text_of(element)
                if 3 < len(text) < 120:
                    marked.append(text)
                    break
    names = [name for text in marked[:4] for name in split_names(text)]
    return [name for name in names if is_person(name) and _looks_full(name)]


def _labelled(root: Element) -> list[str]:
    """Names that stand behind a label of their own: `<strong>Autorin/Autor</strong> Roman Example`, `<dt>`, `<th>`."""
    for element in root.iter("strong", "b", "dt", "th"):
        if _LABEL.fullmatch(text_of(element)):
            following = element.getnext()
            behind = (element.tail or "").strip() or (text_of(following) if following is not None else "")
            names = [name for name in split_names(behind[:120]) if is_person(name) and _looks_full(name)]
            if names:
                return names
    return []


def _is_byline(element: Element) -> bool:
    """Whether an element is marked as the byline: a word of its class says so, or the whole of its id."""
    if not isinstance(element.tag, str):
        return False
    classes = _HUMP.sub("-", element.get("class") or "")
    return bool(_BYLINE_CLASS.search(classes)) or bool(_BYLINE_CLASS.fullmatch(element.get("id") or ""))


def byline_in(texts: Sequence[str]) -> list[str]:
    """Names in the first of some short lines that begins as a byline does: "Von Anna Sleegers, Frankfurt"."""
    for text in (line for block in texts if len(block) < 400 for line in block.splitlines()):
        if len(text) < 100 and starts_with_by(text):
            names = [name for name in split_names(text) if is_agency(name) or (is_person(name) and _looks_full(name))]
            if names:
                return names
    return []


def _looks_full(name: str) -> bool:
    """A first and a last name, no more than four words: what is read off a page by its place alone must look it."""
    words = name.split()
    if not name.isascii() and len(words) == 1:
        return not words[0].islower() and not words[0].isupper()
    return 2 <= len(words) <= 4 and words[0][0].isupper() and words[-1][0].isupper()


def byline_of(names: Iterable[str], offices: Iterable[str], outlet: Iterable[str]) -> tuple[str, ...]:
    """The persons among the credited names, given the names of the outlet."""
    others = [*outlet, *offices]
    return tuple(unique(as_printed(name) for name in map(clean_name, names) if is_person(name, others)))


def as_printed(name: str) -> str:
    """A name in the usual case, where a template has it all in capitals or all in small letters."""
    words = name.split()
    if len(words) < 2 or not (name.isupper() or name.islower()) or _CAPITALS & set(name):
        return name
    if name.islower() and any(len(word) < 3 for word in words):
        return name
    return " ".join("-".join(part.capitalize() for part in word.split("-")) for word in words)


def agency_of(names: Iterable[str], outlet: Iterable[str], lines: Iterable[str]) -> str | None:
    """The agency that is credited: as author, else in the page's credit lines; no outlet credits itself.

    `outlet` are the outlet's own names.
    """
    own = [name.casefold() for name in outlet if len(name) > 1]
    for name in names:
        agency = name if is_agency(name) else agency_in(name)
        if agency and not _is_own(agency, own):
            return agency
    for line in lines:
        agency = agency_in(line)
        if agency and not _is_own(agency, own):
            return agency
    return None


def _is_own(agency: str, own: Sequence[str]) -> bool:
    """Whether an agency is the outlet itself, by one of its names or with a department ("CNA Coast News Agency")."""
    name = agency.casefold()
    return any(
        name == other or other.startswith(f"{name} ") or (len(other) > 2 and f" {other} " in f" {name} ")
        for other in own
    )
