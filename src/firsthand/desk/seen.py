"""Which hops of a chain are held: the very reports that articles name, found again among all that was read.

Looked up when a page is made, so that a report that comes later is found too, with a handful of questions a page. A
wrong "seen" is worse than none. The outlet must be the one named, it must not have come out later, its day must be the
day that the text gives; and either a link leads to it, or it shares text with the article, or it is of the same story
and tells most of what the paragraph tells that names it. Of two that may be meant, neither is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from firsthand.analyze import gazetteer
from firsthand.group.copies import reversed_match
from firsthand.group.direction import bounds, name_key, same_domain
from firsthand.model.article import Span
from firsthand.model.findings import Actor, ActorKind, Analysis, Chain, Deed, Hop
from firsthand.model.grouping import CopyKind, CopyMatch, Direction
from firsthand.model.records import Outlet
from firsthand.model.reports import Near, Report
from firsthand.model.urls import url_key

if TYPE_CHECKING:
    from firsthand.store import Store

OFF: Final = timedelta(days=1)
"""How far a report's day may lie from the day that the text gives: "on Friday" is told in the teller's zone."""
BACK: Final = timedelta(days=2)
"""How old a report may be that a text names without a day."""
TOLD: Final = 0.45
"""Share of the telling words of the naming paragraph that the report must hold. In the demo's world the right reports
hold .48 and more, but for three that are let go; the one wrong report in a right story holds .30."""
FEWEST: Final = 4
"""Telling words that must be the same at least."""
CLEARER: Final = 1.2
"""By how much the best report must beat the next, where an outlet has several in one story."""
_HOUSES: Final = (ActorKind.OUTLET, ActorKind.AGENCY)
_TELLING: Final = re.compile(r"[^\W\d_]{4,}|\d+")
_STEM: Final = 6
"""Letters of a word by which it is compared: "exporters" and "exported" tell of one thing."""
_COMMON: Final = frozenset(
    word[:_STEM]
    for word in """about according after agency also asked been before could daily first from have into last more most news
    newspaper only other over paper report reported reports said says some such than that their them then there they this
    told under very were what when where which will with would""".split()
)


@dataclass(frozen=True, slots=True)
class House:
    """An outlet as texts may name it."""

    names: frozenset[str]
    domains: frozenset[str]


@dataclass(frozen=True, slots=True)
class Beside:
    """All that may be meant by the hops of one article."""

    mine: Report
    linked: Mapping[str, Report]
    near: Sequence[Near]
    texts: Mapping[int, str]

    @property
    def text(self) -> str:
        return self.texts.get(self.mine.article_id, "")


class Seen:
    """Looks for the reports that articles name."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def article(self, article_id: int, analysis: Analysis | None) -> Analysis | None:
        """What was found in an article, its hops `seen` where they are held."""
        return self.articles({article_id: analysis})[article_id] if analysis else None

    def articles(self, found: Mapping[int, Analysis]) -> dict[int, Analysis]:
        """The same of several articles, by number."""
        hops = {one: named for one, analysis in found.items() if (named := _named(analysis))}
        resolved = dict(found)
        if hops:
            for one, beside in self._beside(hops).items():
                resolved[one] = _resolved(found[one], beside)
        return resolved

    def _beside(self, hops: Mapping[int, Sequence[Hop]]) -> dict[int, Beside]:
        named = [hop for each in hops.values() for hop in each]
        mine = self._store.reports.of(hops)
        linked = self._store.reports.at({key for hop in named if (key := _key(hop))})
        near = self._near(hops, named)
        unsure = {
            one.report.article_id
            for article_id, report in mine.items()
            for one in near.get(article_id, ())
            for hop in hops[article_id]
            if one.same_story and _may_be(hop, report, one.report)
        }
        texts = self._store.reports.texts({*unsure, *mine}) if unsure else {}
        return {one: Beside(report, linked, near.get(one, ()), texts) for one, report in mine.items()}

    def _near(self, article_ids: Iterable[int], named: Sequence[Hop]) -> dict[int, list[Near]]:
        houses = [house_of(hop.actor) for hop in named if hop.actor.kind in _HOUSES]
        names = {name for house in houses for name in house.names}
        outlets = self._store.reports.outlets(names, {domain for house in houses for domain in house.domains})
        found: dict[int, list[Near]] = {}
        for one in self._store.reports.near(set(article_ids), {outlet.id for outlet in outlets}):
            found.setdefault(one.of, []).append(one)
        return found


def _named(analysis: Analysis) -> list[Hop]:
    """The hops that may be reports of other outlets."""
    return [hop for chain in analysis.chains for hop in chain.hops[1:] if _may_be_held(hop)]


def _may_be_held(hop: Hop) -> bool:
    return hop.does is not Deed.PUBLISHED and (hop.actor.kind in _HOUSES or hop.url is not None)


def _key(hop: Hop) -> str | None:
    return url_key(hop.url) if hop.url else None


def _resolved(analysis: Analysis, beside: Beside) -> Analysis:
    def held(hop: Hop) -> Hop:
        report = which(hop, beside) if _may_be_held(hop) else None
        return replace(hop, seen=True, article=report.article_id) if report else hop

    chains = tuple(Chain((*chain.hops[:1], *map(held, chain.hops[1:]))) for chain in analysis.chains)
    return replace(analysis, chains=chains)


def which(hop: Hop, beside: Beside) -> Report | None:
    """The very report that a hop names; None where that is not certain."""
    mine = beside.mine
    key = _key(hop)
    linked = beside.linked.get(key) if key else None
    if linked and (hop.actor.kind is ActorKind.UNNAMED or _is(hop.actor, linked.outlet)) and _fits(hop, mine, linked):
        return linked
    if hop.actor.kind not in _HOUSES:
        return None
    copied = [
        (match, one.report)
        for one in beside.near
        if (match := _match(one)) and match.direction is not Direction.TO
        and _is_called(hop.actor, one.report.outlet) and _fits(hop, mine, one.report)
    ]  # fmt: skip
    if copied:
        return _most_alike(copied)
    if hop.does is Deed.CREDITED:  # an agency's name below a text of the outlet's own tells of no certain report
        return None
    return _telling_the_same(hop, beside)


def _match(near: Near) -> CopyMatch | None:
    copy = near.copy
    return copy if copy is None or int(copy.article) == near.of else reversed_match(copy)


def _most_alike(copied: Sequence[tuple[CopyMatch, Report]]) -> Report | None:
    """The report of which most is repeated; None where only passages are, and of several reports."""
    whole = [(match, report) for match, report in copied if match.kind is not CopyKind.QUOTES]
    if whole:
        return max(whole, key=lambda one: (one[0].reused, one[0].kept, -one[1].article_id))[1]
    return copied[0][1] if len({report.article_id for _, report in copied}) == 1 else None


def _telling_the_same(hop: Hop, beside: Beside) -> Report | None:
    """The report of the same story that tells most of what the naming paragraph does, clearly more than any other."""
    if hop.evidence is None:
        return None
    paragraph = telling(_paragraph(beside.text, hop.evidence)) - telling(hop.actor.name)
    found = []
    for one in beside.near:
        if one.same_story and _may_be(hop, beside.mine, one.report):
            same = paragraph & telling(beside.texts.get(one.report.article_id, ""))
            found.append((len(same) / max(1, len(paragraph)), len(same), one.report))
    found.sort(key=lambda each: (-each[0], each[2].article_id))
    if not found or found[0][0] < TOLD or found[0][1] < FEWEST:
        return None
    return found[0][2] if len(found) == 1 or found[0][0] >= CLEARER * found[1][0] else None


def telling(text: str) -> frozenset[str]:
    """The words of a text that tell what it is about, by their beginnings."""
    return frozenset(word.casefold()[:_STEM] for word in _TELLING.findall(text)) - _COMMON


def _paragraph(text: str, evidence: Span) -> str:
    start = text.rfind("\n", 0, evidence.start) + 1
    end = text.find("\n", evidence.end)
    return text[start : end if end >= 0 else len(text)]


def _may_be(hop: Hop, mine: Report, report: Report) -> bool:
    """Whether this report of the same story may be the one that a hop names."""
    recent = hop.date is not None or _day(mine) - _day(report) <= BACK
    house = hop.actor.kind in _HOUSES and _is(hop.actor, report.outlet)
    return house and recent and hop.does is not Deed.CREDITED and _fits(hop, mine, report)


def _fits(hop: Hop, mine: Report, report: Report) -> bool:
    """Of another outlet, not later than the article that names it, and on the day that this gives, where it gives one."""
    if report.outlet.id == mine.outlet.id or _bounds(report)[0] > _bounds(mine)[1]:
        return False
    return hop.date is None or abs(_day(report) - hop.date) <= OFF


def house_of(actor: Actor) -> House:
    """An actor by all the names and domains that the gazetteer knows of it."""
    known = gazetteer.load().by_domain(actor.domain) if actor.domain else None
    names = (known.name, *known.aliases) if known else ()
    domains = (*((actor.domain,) if actor.domain else ()), *(known.domains if known else ()))
    return House(frozenset((actor.name, *names)), frozenset(domains))


def _is(actor: Actor, outlet: Outlet) -> bool:
    """By domain where the actor's is known: newspapers of one name are many. Else by the name that the text gives."""
    if domains := house_of(actor).domains:
        return any(same_domain(domain, outlet.domain) for domain in domains)
    key = name_key(actor.name)
    return bool(key) and key in (name_key(outlet.name), name_key(outlet.domain))


def _is_called(actor: Actor, outlet: Outlet) -> bool:
    """Whether the outlet bears the name or its initials ("CNA"): enough where it prints the same text besides."""
    initials = "".join(word[0] for word in re.findall(r"\w+", outlet.name) if word[0].isupper())
    names = {name_key(name) for name in house_of(actor).names}
    return _is(actor, outlet) or name_key(outlet.name) in names or (len(initials) > 2 and actor.name == initials)


def _bounds(report: Report) -> tuple[datetime, datetime]:
    return bounds(report.published) if report.published else (report.sort_at, report.sort_at)


def _day(report: Report) -> date:
    """The day on the outlet's own calendar."""
    return report.published.at.date() if report.published else report.sort_at.date()
