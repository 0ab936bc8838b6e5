"""Who has it from whom, seen from all the copies of a story at once: what two of them alone cannot tell.

Of twenty pages that print one report the clocks put any two in an order, and nearly all of those orders are wrong: the
two have it from a third. So a verdict that rests on clocks alone gives way where a common source stands among the
copies, or where others that print the same words credit an agency for them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from firsthand.group.direction import Named, Provenance, bounds, is_house, names_house, same_agency, same_house
from firsthand.model.grouping import ArticleKey, CopyKind, CopyMatch, Direction, Evidence, Reason

_CLOCKS = {Evidence.PUBLISHED, Evidence.SEEN, Evidence.NONE}


def in_view_of_all(matches: Iterable[CopyMatch], sources: Mapping[ArticleKey, Provenance]) -> list[CopyMatch]:
    """The matches, each decided again where the others show more than its two articles do.

    Args:
        matches: of one story, each decided by its two articles (`direction`).
        sources: what is known of each article.
    """
    given = list(matches)
    view = _View(given, sources)
    credited = [view.by_credit(match) for match in given]
    return [_View(credited, sources).by_third(match) for match in credited] if credited else []


DIFFERENT = 0.6
"""Share of either text found in the other below which two that name one source have written for themselves."""


class _View:
    """The copies of a story as a graph."""

    def __init__(self, matches: Iterable[CopyMatch], sources: Mapping[ArticleKey, Provenance]) -> None:
        self._sources = sources
        self._from: defaultdict[ArticleKey, set[ArticleKey]] = defaultdict(set)
        self._credited: set[ArticleKey] = set()
        self._crediting: defaultdict[ArticleKey, set[ArticleKey]] = defaultdict(set)
        for match in matches:
            if match.kind is not CopyKind.QUOTES:
                self._take(match)

    def _take(self, match: CopyMatch) -> None:
        pair = (match.article, match.of)
        for one, other in (pair, pair[::-1]):
            if self._sources[other].agency is not None:
                self._crediting[one].add(other)
        if match.direction in (Direction.FROM, Direction.TO):
            copy, original = pair if match.direction is Direction.FROM else pair[::-1]
            self._from[copy].add(original)
            if match.reason.evidence is Evidence.CREDIT:
                self._credited.add(original)

    def by_credit(self, match: CopyMatch) -> CopyMatch:
        """A page that says nothing has it from the agency that other pages credit for the same words."""
        for copy, original, verdict in (
            (match.article, match.of, Direction.FROM),
            (match.of, match.article, Direction.TO),
        ):
            if _is_weak(match) and original in self._credited and copy not in self._credited:
                silent = self._sources[copy].agency is None
                if silent and not same_house(self._sources[copy], self._sources[original]):
                    says = f"Others that print it credit {self._name(original)}."
                    return replace(match, direction=verdict, reason=Reason(Evidence.CREDIT, says, None, original))
        return match

    def by_third(self, match: CopyMatch) -> CopyMatch:
        """Two pages that both have it from a third, held or credited, have it not from each other."""
        if match.kind is CopyKind.QUOTES or not (_is_weak(match) or self._came_later(match)):
            return match
        one, other = match.article, match.of
        if same_house(self._sources[one], self._sources[other]):
            return match
        if common := self._from[one] & self._from[other]:
            third = min(common, key=str)
            says = f"Both have it from {self._name(third)}."
            return replace(match, direction=Direction.SHARED, reason=Reason(match.reason.evidence, says, None, third))
        if not _is_weak(match):
            return match
        if told := self._both_name(match):
            says = f"Both say that {told.name} reported it."
            return replace(match, direction=Direction.SHARED, reason=Reason(Evidence.REPORTED, says, told.span, one))
        for third in sorted(self._crediting[one] & self._crediting[other], key=str):
            agency = self._sources[third].agency
            if agency and not any(is_house(agency, self._sources[key]) for key in (one, other)):
                says = f"Others that print it credit {agency.name}."
                reason = Reason(Evidence.CREDIT, says, agency.span, third)
                return replace(match, direction=Direction.SHARED, reason=reason)
        return match

    def _both_name(self, match: CopyMatch) -> Named | None:
        """The house of a third that both say reported it.

        Of nearly the same texts only a house of the story counts: a copy also has what its original says of others.
        """
        here, there = self._sources[match.article], self._sources[match.of]
        if same_house(here, there):
            return None
        if min(match.kept, match.reused) < DIFFERENT:
            for told in here.reported:
                if any(same_agency(told, other) for other in there.reported):
                    return told
        for house in self._sources.values():
            if not same_house(house, here) and not same_house(house, there):
                told_here = names_house(here, house)
                if told_here and names_house(there, house):
                    return told_here
        return None

    def _came_later(self, match: CopyMatch) -> bool:
        """Whether the credited original was published after its copy: the house's corrected version, not the first."""
        if match.direction not in (Direction.FROM, Direction.TO):
            return False
        pair = (match.article, match.of) if match.direction is Direction.FROM else (match.of, match.article)
        copy, original = (self._sources[key].published for key in pair)
        return copy is not None and original is not None and bounds(original)[0] > bounds(copy)[1]

    def _name(self, key: ArticleKey) -> str:
        source = self._sources[key]
        return source.outlet or source.domain or "a third"


def _is_weak(match: CopyMatch) -> bool:
    """Whether nothing but clocks speaks for the verdict."""
    return match.direction is Direction.UNKNOWN or (
        match.reason.evidence in _CLOCKS and match.direction is not Direction.SHARED
    )
