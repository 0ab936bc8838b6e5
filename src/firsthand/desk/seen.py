"""Which hops of a chain are held: the very reports that articles name, found again among all that was read.

Looked up when a page is made, so that a report that comes later is found too, with a handful of questions a page. A
wrong "seen" is worse than none: the outlet must be the one named, it must not have come out later, its day must be the
day that the text gives, and either a link leads to it, or it shares text with the article, or it is the one report of
that outlet in the same story. Of two that may be meant, neither is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from firsthand.analyze import gazetteer
from firsthand.group.copies import reversed_match
from firsthand.group.direction import bounds, name_key, same_domain
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
_HOUSES: Final = (ActorKind.OUTLET, ActorKind.AGENCY)


@dataclass(frozen=True, slots=True)
class House:
    """An outlet as texts may name it."""

    names: frozenset[str]
    domains: frozenset[str]


class Seen:
    """Looks for the reports that articles name."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def article(self, article_id: int, analysis: Analysis | None) -> Analysis | None:
        """What was found in an article, its hops `seen` where they are held."""
        return self.articles({article_id: analysis})[article_id] if analysis else None

    def articles(self, found: Mapping[int, Analysis]) -> dict[int, Analysis]:
        """The same of several articles, by number."""
        hops = {one: list(_named(analysis)) for one, analysis in found.items()}
        asking = {one for one, named in hops.items() if named}
        if not asking:
            return dict(found)
        named = [hop for one in asking for hop in hops[one]]
        mine = self._store.reports.of(asking)
        linked = self._store.reports.at({key for hop in named if (key := _key(hop))})
        near = self._near(asking, named)
        return {
            one: _resolved(analysis, mine[one], linked, near.get(one, ())) if one in mine else analysis
            for one, analysis in found.items()
        }

    def _near(self, asking: set[int], named: Sequence[Hop]) -> dict[int, list[Near]]:
        houses = [house_of(hop.actor) for hop in named if hop.actor.kind in _HOUSES]
        names = {name for house in houses for name in house.names}
        outlets = self._store.reports.outlets(names, {domain for house in houses for domain in house.domains})
        found: dict[int, list[Near]] = {}
        for one in self._store.reports.near(asking, {outlet.id for outlet in outlets}):
            found.setdefault(one.of, []).append(one)
        return found


def _named(analysis: Analysis) -> Iterable[Hop]:
    """The hops that may be reports of other outlets."""
    for chain in analysis.chains:
        yield from (hop for hop in chain.hops[1:] if _may_be_held(hop))


def _may_be_held(hop: Hop) -> bool:
    return hop.does is not Deed.PUBLISHED and (hop.actor.kind in _HOUSES or hop.url is not None)


def _key(hop: Hop) -> str | None:
    return url_key(hop.url) if hop.url else None


def _resolved(analysis: Analysis, mine: Report, linked: Mapping[str, Report], near: Sequence[Near]) -> Analysis:
    chains = tuple(
        Chain(
            tuple(
                _held(hop, mine, linked, near) if number and _may_be_held(hop) else hop
                for number, hop in enumerate(chain.hops)
            )
        )
        for chain in analysis.chains
    )
    return replace(analysis, chains=chains)


def _held(hop: Hop, mine: Report, linked: Mapping[str, Report], near: Sequence[Near]) -> Hop:
    key = _key(hop)
    found = which(hop, mine, linked.get(key) if key else None, near)
    return replace(hop, seen=True, article=found.article_id) if found else hop


def which(hop: Hop, mine: Report, linked: Report | None, near: Sequence[Near]) -> Report | None:
    """The very report that a hop of `mine` names; None where that is not certain.

    Args:
        linked: what is held at the hop's link.
        near: what belongs to the same story, or has text in common with `mine`.
    """
    if linked and _fits(hop, mine, linked) and _in_time(hop, mine, linked):
        return linked
    if hop.actor.kind not in _HOUSES:
        return None
    fitting = [one for one in near if _fits(hop, mine, one.report) and _in_time(hop, mine, one.report)]
    copied = [(match, one.report) for one in fitting if (match := _match(one)) and match.direction is not Direction.TO]
    if copied:
        return _most_alike(copied)
    if hop.does is Deed.CREDITED:  # an agency's name below a text of the outlet's own tells of no certain report
        return None
    reports = {
        one.report.article_id: one.report for one in fitting if one.same_story and _recent(hop, mine, one.report)
    }
    return next(iter(reports.values())) if len(reports) == 1 else None


def _match(near: Near) -> CopyMatch | None:
    copy = near.copy
    return copy if copy is None or int(copy.article) == near.of else reversed_match(copy)


def _most_alike(copied: Sequence[tuple[CopyMatch, Report]]) -> Report | None:
    """The report of which most is repeated; None where only passages are, and of several reports."""
    whole = [(match, report) for match, report in copied if match.kind is not CopyKind.QUOTES]
    if whole:
        return max(whole, key=lambda one: (one[0].reused, one[0].kept, -one[1].article_id))[1]
    return copied[0][1] if len({report.article_id for _, report in copied}) == 1 else None


def _fits(hop: Hop, mine: Report, report: Report) -> bool:
    """Whether this is a report of whom the hop names, and not the article's own outlet's."""
    if report.outlet.id == mine.outlet.id or report.article_id == mine.article_id:
        return False
    return hop.actor.kind is ActorKind.UNNAMED or _is(house_of(hop.actor), hop.actor, report.outlet)


def house_of(actor: Actor) -> House:
    """An actor by all the names and domains that the gazetteer knows of it."""
    known = gazetteer.load().by_domain(actor.domain) if actor.domain else None
    names = {actor.name, *((known.name, *known.aliases) if known else ())}
    return House(
        frozenset(names), frozenset((*((actor.domain,) if actor.domain else ()), *(known.domains if known else ())))
    )


def _is(house: House, actor: Actor, outlet: Outlet) -> bool:
    """By domain where the actor's is known: newspapers of one name are many. Else by the name that the text gives."""
    if house.domains:
        return any(same_domain(domain, outlet.domain) for domain in house.domains)
    key = name_key(actor.name)
    return bool(key) and key in (name_key(outlet.name), name_key(outlet.domain))


def _in_time(hop: Hop, mine: Report, report: Report) -> bool:
    """Not later than the article that names it, and on the day that the article gives, where it gives one."""
    if _bounds(report)[0] > _bounds(mine)[1]:
        return False
    return hop.date is None or abs(_day(report) - hop.date) <= OFF


def _recent(hop: Hop, mine: Report, report: Report) -> bool:
    return hop.date is not None or _day(mine) - _day(report) <= BACK


def _bounds(report: Report) -> tuple[datetime, datetime]:
    return bounds(report.published) if report.published else (report.sort_at, report.sort_at)


def _day(report: Report) -> date:
    """The day on the outlet's own calendar."""
    return report.published.at.date() if report.published else report.sort_at.date()
