"""Runs the pure way of an article (extraction, chains, copies, direction, origins) over the story cases, and scores it.

No store and no encoder: chains are found without statements, which is what credits and "X reported" need.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import combinations
from zlib import crc32

from origins_cases import Case, cases
from origins_desk import Told, page

from firsthand.analyze.chains import find_chains
from firsthand.analyze.gazetteer import load
from firsthand.extract import extract_article
from firsthand.group.copies import Printed, match_copies
from firsthand.group.wording import wording
from firsthand.model.findings import Analysis
from firsthand.model.grouping import CopyKind, CopyMatch, Direction
from firsthand.model.records import Outlet
from firsthand.model.stories import GroupDue, StoryCount
from firsthand.pipeline.count import Known, count_story, decided, known_of
from firsthand.pipeline.facts import provenance

Relation = Callable[[int, int], Direction | None]


@dataclass
class Tally:
    """Counts over cases."""

    cases: int = 0
    pairs: int = 0
    """Copies found."""
    decided: int = 0
    right: int = 0
    together: int = 0
    """Pairs of articles that are one origin."""
    apart: int = 0
    """Pairs said to be two independent origins, each with reporting of its own."""
    wrong_apart: int = 0
    truly_apart: int = 0
    over: int = 0
    """Cases with more origins said to be certain than there are."""
    within: int = 0
    """Cases whose true count lies between at least and at most."""
    wrong: list[str] = field(default_factory=list)

    @property
    def direction(self) -> float:
        return self.right / max(1, self.decided)

    @property
    def wrong_independent(self) -> float:
        """Of the pairs said to be independent."""
        return self.wrong_apart / max(1, self.apart)

    @property
    def said(self) -> float:
        """Of the pairs that are independent, those said to be."""
        return (self.apart - self.wrong_apart) / max(1, self.truly_apart)

    def __str__(self) -> str:
        return (
            f"{self.cases} cases; direction {self.right}/{self.decided} = {self.direction:.3f} of the decided "
            f"({self.pairs} copies); wrong independent {self.wrong_apart}/{self.apart} = {self.wrong_independent:.3%} "
            f"(of {self.together} pairs that are one origin {self.wrong_apart / max(1, self.together):.3%}); "
            f"of {self.truly_apart} pairs that are independent {self.said:.3f} said so; "
            f"too many certain in {self.over}; bracketed {self.within}/{self.cases}"
        )


def score(part: str, only: str = "") -> Tally:
    """All cases of "dev" or "held", or those whose name holds `only`."""
    tally = Tally()
    for case in cases(part):
        if only in case.name:
            _case(case, tally)
    return tally


def due_of(told: Told, number: int, chance: random.Random) -> GroupDue:
    """The article as the pipeline has it: read from its page, with its chains."""
    article = extract_article(page(told, chance), url=told.url)
    analysis = Analysis(chains=find_chains(article, load()))
    outlet = Outlet(crc32(told.domain.encode()), told.domain, told.outlet)
    published = article.published.instant() if article.published else told.seen
    return GroupDue(
        article_id=number,
        version=1,
        article=article,
        outlet=outlet,
        seen=told.seen,
        sort_at=min(published, told.seen),
        analysis=analysis,
    )


def grouped(dues: Iterable[GroupDue]) -> tuple[list[Known], list[CopyMatch], StoryCount]:
    """What the pipeline makes of one story's articles."""
    printed: list[Printed] = []
    members: list[Known] = []
    matches: list[CopyMatch] = []
    for due in dues:
        one = Printed(provenance(due), due.article.text, wording(due.article.text))
        matches += match_copies(one, printed)
        printed.append(one)
        members.append(known_of(due))
    matches = decided(matches, {one.due.article_id: one for one in members})
    count = count_story(1, members, matches)
    assert count is not None
    return members, matches, count


def _case(case: Case, tally: Tally) -> None:
    chance = random.Random(case.name)
    told = dict(enumerate(case.articles))
    _, matches, count = grouped(due_of(one, number, chance) for number, one in told.items())
    tally.cases += 1
    copies = [match for match in matches if match.kind is not CopyKind.QUOTES]
    tally.pairs += len(copies)
    for match in copies:
        if match.direction is not Direction.UNKNOWN:
            here, there = told[int(match.article)], told[int(match.of)]
            gold = true_direction(here, there, case)
            tally.decided += 1
            tally.right += match.direction in gold
            if match.direction not in gold:
                says = f"{here.key} {match.direction.value} {there.key}, not {[one.value for one in gold]}"
                tally.wrong.append(f"{case.name}: {says}: {match.reason.says}")
    _independence(case, told, count, tally)


def _independence(case: Case, told: dict[int, Told], count: StoryCount, tally: Tally) -> None:
    own = {int(key): at for at, origin in enumerate(count.origins.origins) if origin.own for key in origin.articles}
    for here, there in combinations(told, 2):
        one = bool(told[here].origins & told[there].origins)
        apart = here in own and there in own and own[here] != own[there]
        tally.together += one
        tally.apart += apart
        tally.truly_apart += not one
        if one and apart:
            tally.wrong_apart += 1
            tally.wrong.append(f"{case.name}: {told[here].key} and {told[there].key} are one origin")
    low, high = count.mark.at_least, count.mark.at_most
    tally.over += low > case.gold
    tally.within += low <= case.gold <= high
    if not low <= case.gold <= high:
        tally.wrong.append(f"{case.name}: {low}..{high}, truly {case.gold}")


def true_direction(here: Told, there: Told, case: Case) -> tuple[Direction, ...]:
    """What may rightly be said of two articles."""
    by_key = {one.key: one for one in case.articles}
    above, below = _ancestors(here, by_key), _ancestors(there, by_key)
    if there.key in above:
        return (Direction.FROM,)
    if here.key in below:
        return (Direction.TO,)
    # What else two articles of a case have in common is background that both have from elsewhere.
    return (Direction.SHARED,)


def _ancestors(told: Told, by_key: dict[str, Told]) -> set[str]:
    found: set[str] = set()
    for key in told.parents:
        found |= {key, *_ancestors(by_key[key], by_key)}
    return found


def kinds_of(tally: Tally) -> Counter[str]:
    """How many mistakes each kind of case has."""
    return Counter(one.partition("-")[0] for one in tally.wrong)
