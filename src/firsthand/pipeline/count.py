"""A story counted anew from its articles: its title, its outlets, its origins. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from firsthand.group.direction import Provenance, direction
from firsthand.group.notices import corrects
from firsthand.group.origins import OriginFacts, count_origins
from firsthand.group.siblings import in_view_of_all
from firsthand.group.storylines import Topic, subject, topic
from firsthand.model.grouping import CopyKind, CopyMatch, Direction
from firsthand.model.stories import GroupDue, OriginMark, StoryCount
from firsthand.pipeline.facts import features_of, origin_facts, provenance

BRIEF = 50
"""Words of a text below which its headline stands for a story only where there is no longer report."""


@dataclass(frozen=True, slots=True)
class Known:
    """What counting a story needs of one article, without its text."""

    facts: OriginFacts
    provenance: Provenance
    topic: Topic
    brief: bool
    """No more than a flash, or a notice, say of a correction."""
    due: GroupDue
    """Without text and findings."""


def known_of(due: GroupDue) -> Known:
    """What counting needs of an article."""
    bare = replace(due, analysis=None, article=replace(due.article, text="", blocks=(), links=()))
    facts, features = origin_facts(due), features_of(due)
    brief = features.words < BRIEF or corrects(due.article.headline or "", features.words)
    return Known(facts, replace(provenance(due), named=facts.named), topic(features), brief, bare)


def decided(matches: Sequence[CopyMatch], members: dict[int, Known]) -> list[CopyMatch]:
    """The copies with who has it from whom, by all that is known now."""
    found = []
    for match in matches:
        here, there = members.get(int(match.article)), members.get(int(match.of))
        if here and there:
            verdict, reason = direction(here.provenance, there.provenance)
            found.append(replace(match, direction=verdict, reason=reason))
    return in_view_of_all(found, {key: known.provenance for key, known in members.items()})


def count_story(story_id: int, members: Sequence[Known], matches: Sequence[CopyMatch]) -> StoryCount | None:
    """A story as its articles make it; None without any.

    Args:
        members: earliest first.
        matches: copies among them.
    """
    if not members:
        return None
    origins = count_origins([one.facts for one in members], matches)
    outlets = len({one.due.outlet.id for one in members})
    first = _best(members, matches, {one for origin in origins.origins if origin.own for one in origin.articles})
    at_most = min(origins.at_most, outlets)
    label, path = _section([one.due for one in members])
    return StoryCount(
        story_id=story_id,
        title=first.article.headline or "",
        lead=first.article.summary or "",
        article_id=first.article_id,
        section=label,
        section_slug=path,
        image=first.article.image or next((one.due.article.image for one in members if one.due.article.image), None),
        first_seen=members[0].due.sort_at,
        last_seen=members[-1].due.sort_at,
        articles=len(members),
        mark=OriginMark(outlets, min(origins.at_least, at_most), at_most),
        origins=origins,
        subject=subject([one.topic for one in members]),
    )


def _best(members: Sequence[Known], matches: Sequence[CopyMatch], own: set[int | str]) -> GroupDue:
    """The article whose headline the story bears: the earliest report read whole that is no copy, own reporting first."""
    copied = {
        match.article if match.direction is Direction.FROM else match.of
        for match in matches
        if match.kind is not CopyKind.QUOTES and match.direction in (Direction.FROM, Direction.TO)
    }
    return min(
        members,
        key=lambda one: (
            not one.due.article.headline,
            one.due.version == 0,
            one.brief,
            one.due.article_id in copied,
            one.due.article_id not in own,
            one.due.sort_at,
        ),
    ).due


def _section(members: Sequence[GroupDue]) -> tuple[str | None, str | None]:
    """The section under which most outlets put it, the earliest where they differ; label and slug."""
    from firsthand.store.sections import slug_of

    paths = [due.article.section for due in members if due.article.section]
    slugs = [(slug, path[0]) for path in paths if (slug := slug_of(path))]
    if not slugs:
        return None, None
    slug, _ = Counter(slug for slug, _ in slugs).most_common(1)[0]
    return next(label for found, label in slugs if found == slug), slug
