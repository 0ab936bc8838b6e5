"""Which agency (or other outlet) the article in hand credits: credit line, dateline, byline, copyright, closing note."""

from __future__ import annotations

import re
from collections.abc import Iterator

from firsthand.analyze.gazetteer import Gazetteer, Outlet, load
from firsthand.model.article import Article, Span
from firsthand.model.findings import Actor, ActorKind, Deed, Hop

__all__ = ["find_credits"]

_HEAD = re.compile(r"^[^\n]{0,90}?[(/](?P<name>[^()/\n]{2,40})[)/]\s*[-–—]{1,2}\s")
_LEAD = re.compile(r"^[(]?(?P<name>[A-Z][\w .'/-]{1,30})[)]?\s*[-–—]\s")
_NO_CREDIT = re.compile(
    r"^\W*(?:(?:additional )?(?:reporting|writing|editing|compiled|edited|written)\s+(?:and\s+\w+\s+)?by\b|photo|image|foto)",
    re.IGNORECASE,
)
_FROM_AGENCIES = re.compile(
    r"^\W*with\s+(?:additional\s+)?inputs?\s+from\s+(?P<name>agencies|news agencies|wires|agency reports)\W*$",
    re.IGNORECASE,
)
# How a line of credit leads up to a name, in the languages in which it was met.
_CREDIT = re.compile(
    r"""(?:\b(?:source|quelle|fuente|fonte|credit|bron|kilde|källa)s?\s*[:：]\s*
    |\bwith\s+(?:agency\s+)?inputs?\s+from\s+(?:news\s+agency\s+)?|\bwith\s+(?:additional\s+)?reporting\s+(?:by|from)\s+
    |\b(?:avec|mit\smaterial\s(?:von|der)|con\sinformación\sde(?:\sla)?(?:\sagencia)?|com\sinformações\sd[aoe])\s+(?:l['’])?
    |(?:©|\(c\))\s*(?:copyright\s+)?(?:\d{4}\s+)?(?:the\s+)?|\bcopyright\s+(?:©\s*)?(?:\d{4}\s+)?(?:the\s+)?
    |^\W*(?:via|from|agencies?:)\s+|^[-–—(/\[]+\s*)""",
    re.IGNORECASE | re.VERBOSE,
)
_CALLS_ITSELF = re.compile(r"^(?:[A-ZÀ-Þ][\w'’.-]*\s){1,4}(?:News|Press|Wire)\s(?:Agency|Association|Service)$")
_EDGE = " .,;:()[]/-–—©\t"
_LAST_LINES, _LONGEST_LINE = 4, 200


def find_credits(article: Article, gazetteer: Gazetteer | None = None) -> tuple[Hop, ...]:
    """The agencies credited, each once, the page's own credit first. Who only helped ("Additional reporting by") is none.

    A hop's evidence is the span in the text, or None where the page's furniture shows it.
    """
    known = gazetteer or load()
    own = _own_names(article, known)
    hops: dict[str, Hop] = {}
    for name, span in (*_furniture(article, known), *_in_text(article.text, known)):
        hop = _hop(name, span, known)
        if hop.actor.name not in own:
            hops.setdefault(hop.actor.name, hop)
    return tuple(hops.values())


def _furniture(article: Article, gazetteer: Gazetteer) -> Iterator[tuple[str, None]]:
    if article.agency:
        yield article.agency, None
    for name in article.byline:
        if _is_agency(name, gazetteer):
            yield name, None
    if article.rights and (named := _after_lead(article.rights.line[:_LONGEST_LINE], gazetteer)):
        yield named[0], None


def _in_text(text: str, gazetteer: Gazetteer) -> Iterator[tuple[str, Span]]:
    """Credits that extraction left in the body: a dateline's agency, and lines of credit at the end."""
    for pattern in (_HEAD, _LEAD):
        match = pattern.match(text[:160])
        if match and _is_agency(match["name"], gazetteer):
            yield match["name"].strip(), Span(*match.span("name"))
            break
    base = max(0, len(text) - _LAST_LINES * _LONGEST_LINE)
    for line in list(re.finditer(r"[^\n]+", text[base:]))[-_LAST_LINES:]:
        if len(line[0]) <= _LONGEST_LINE and line[0].strip() != text.strip():
            yield from _in_line(line[0], base + line.start(), gazetteer)


def _in_line(line: str, at: int, gazetteer: Gazetteer) -> Iterator[tuple[str, Span]]:
    if _NO_CREDIT.match(line) or line.count(" ") > 14:
        return
    if match := _FROM_AGENCIES.match(line):
        yield match["name"], Span(at + match.start("name"), at + match.end("name"))
        return
    bare = line.strip(_EDGE)
    named = (bare, line.index(bare)) if bare and _is_agency(bare, gazetteer) else _after_lead(line, gazetteer)
    if named:
        yield named[0], Span(at + named[1], at + named[1] + len(named[0]))


def _after_lead(line: str, gazetteer: Gazetteer) -> tuple[str, int] | None:
    """The agency that stands where a line of credit says so, and where; a sentence that has one "from Reuters" has none."""
    for credit in _CREDIT.finditer(line):
        rest = line[credit.end() :]
        first = next(gazetteer.find(rest), None)
        if first and first.start == 0 and any(outlet.kind is ActorKind.AGENCY for outlet in first.outlets):
            return rest[: first.end], credit.end()
        named = re.split(r"[.,;:©()|]|\s[-–—]\s", rest)[0].strip()
        if _CALLS_ITSELF.match(named):
            return named, credit.end() + rest.index(named)
    return None


def _is_agency(name: str, gazetteer: Gazetteer) -> bool:
    """Whether the whole of `name` is one agency: one that is listed, or one that calls itself so."""
    name = name.strip(_EDGE)
    listed = any(outlet.kind is ActorKind.AGENCY for outlet in gazetteer.named(name.removeprefix("The ")))
    return listed or bool(_CALLS_ITSELF.match(name))


def _hop(name: str, span: Span | None, gazetteer: Gazetteer) -> Hop:
    listed = _listed(name.strip(_EDGE), gazetteer)
    if listed:
        return Hop(actor=Actor(listed.name, listed.kind, listed.domain), does=Deed.CREDITED, evidence=span)
    kind = ActorKind.UNNAMED if name[:1].islower() else ActorKind.AGENCY
    return Hop(actor=Actor(name, kind), does=Deed.CREDITED, evidence=span)


def _listed(name: str, gazetteer: Gazetteer) -> Outlet | None:
    """The one agency of that name, else the best known outlet of it; of two agencies ("CNA") none, and the name stays."""
    found = gazetteer.named(name) or gazetteer.named(name.upper())
    agencies = [outlet for outlet in found if outlet.kind is ActorKind.AGENCY]
    if len(agencies) > 1 and agencies[0].country:
        return None
    return next(iter(agencies or found), None)


def _own_names(article: Article, gazetteer: Gazetteer) -> frozenset[str]:
    """The names of the outlet in hand: an agency's own page credits nobody."""
    listed = gazetteer.by_domain(article.outlet.domain or "") or next(
        iter(gazetteer.named(article.outlet.name or "")), None
    )
    return frozenset(filter(None, (article.outlet.name, listed.name if listed else None)))
