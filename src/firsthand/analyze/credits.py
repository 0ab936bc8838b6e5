"""Which agency (or other outlet) the article in hand credits: credit line, dateline, byline, copyright, closing note."""

from __future__ import annotations

import re
from collections.abc import Iterator

from firsthand.analyze.gazetteer import Gazetteer, Outlet, load
from firsthand.extract.credits import agency_in, is_agency
from firsthand.model.article import Article, Span
from firsthand.model.findings import Actor, ActorKind, Deed, Hop

__all__ = ["find_credits"]

_HEAD = re.compile(r"^[^\n]{0,90}?[(/](?P<name>[^()/\n]{2,40})[)/]\s*[-–—]{1,2}\s")
_LEAD = re.compile(r"^[(]?(?P<name>[A-Z][\w .'/-]{1,30})[)]?\s*[-–—]\s")
_NO_CREDIT = re.compile(
    r"^\W*(?:(?:additional )?(?:reporting|writing|editing|compiled|edited|written)\s+(?:and\s+\w+\s+)?by\b|photo|image)",
    re.IGNORECASE,
)
_FROM_AGENCIES = re.compile(
    r"^\W*with\s+(?:additional\s+)?inputs?\s+from\s+(?P<name>agencies|news agencies|wires|agency reports)\W*$",
    re.IGNORECASE,
)
_SIGNED = re.compile(r"^[-–—/(\[]+\s*(?P<name>[A-Z][\w .'/-]{1,30}?)\s*[)\]/]?\s*$")
_LAST_LINES, _LONGEST_LINE = 4, 200


def find_credits(article: Article, gazetteer: Gazetteer | None = None) -> tuple[Hop, ...]:
    """The agencies credited, each once, the page's own credit first. Who only helped ("Additional reporting by") is none.

    A hop's evidence is the span in the text, or None where the page's furniture shows it.
    """
    known = gazetteer or load()
    own = _keys(article, known)
    hops: list[Hop] = []
    seen: set[str] = set()
    for name, span in (*_furniture(article), *_in_text(article.text)):
        hop = _hop(name, span, known)
        if hop and hop.actor.name not in seen and hop.actor.name not in own:
            seen.add(hop.actor.name)
            hops.append(hop)
    return tuple(hops)


def _furniture(article: Article) -> Iterator[tuple[str, None]]:
    if article.agency:
        yield article.agency, None
    for name in article.byline:
        if is_agency(name):
            yield name, None
    if article.rights and (named := agency_in(article.rights.line)):
        yield named, None


def _in_text(text: str) -> Iterator[tuple[str, Span]]:
    """Credits that extraction left in the body: a dateline's agency, and lines of credit at the end."""
    for pattern in (_HEAD, _LEAD):
        match = pattern.match(text[:160])
        if match and is_agency(match["name"].strip()):
            yield match["name"].strip(), Span(*match.span("name"))
            break
    lines = list(re.finditer(r"[^\n]+", text[-_LAST_LINES * _LONGEST_LINE :]))[-_LAST_LINES:]
    base = max(0, len(text) - _LAST_LINES * _LONGEST_LINE)
    for line in lines:
        if len(line[0]) <= _LONGEST_LINE and line[0].strip() != text.strip():
            yield from _in_line(line[0], base + line.start())


def _in_line(line: str, at: int) -> Iterator[tuple[str, Span]]:
    if _NO_CREDIT.match(line) or line.count(" ") > 14:
        return
    if match := _FROM_AGENCIES.match(line):
        yield match["name"], Span(at + match.start("name"), at + match.end("name"))
        return
    signed = _SIGNED.match(line)
    named = signed["name"] if signed and is_agency(signed["name"]) else _credited(line)
    if named and (start := line.find(named)) >= 0:
        yield named, Span(at + start, at + start + len(named))


def _credited(line: str) -> str | None:
    """The agency that a line of credit names; a sentence of the report that happens to say "from Reuters" is none."""
    marked = re.match(
        r"^\W*(?:source|with|©|\(c\)|copyright|quelle|fuente|fonte|avec|con|mit|via|from|agencies|agency)",
        line,
        re.IGNORECASE,
    )
    bare = is_agency(line.strip(" ()[]–—-/."))
    return agency_in(line) if marked or bare or "©" in line else None


def _hop(name: str, span: Span | None, gazetteer: Gazetteer) -> Hop | None:
    listed = _listed(name, gazetteer)
    if listed:
        return Hop(actor=Actor(listed.name, listed.kind, listed.domain), does=Deed.CREDITED, evidence=span)
    kind = ActorKind.UNNAMED if name[:1].islower() else ActorKind.AGENCY
    return Hop(actor=Actor(name, kind), does=Deed.CREDITED, evidence=span)


def _listed(name: str, gazetteer: Gazetteer) -> Outlet | None:
    """The agency of that name; of two that share it none, unless one is an agency."""
    found = gazetteer.named(name) or gazetteer.named(name.upper())
    agencies = [outlet for outlet in found if outlet.kind is ActorKind.AGENCY]
    return next(iter(agencies or found), None)


def _keys(article: Article, gazetteer: Gazetteer) -> frozenset[str]:
    """The names of the outlet in hand: an agency's own page credits nobody."""
    listed = gazetteer.by_domain(article.outlet.domain or "") or next(
        iter(gazetteer.named(article.outlet.name or "")), None
    )
    return frozenset(filter(None, (article.outlet.name, listed.name if listed else None)))
