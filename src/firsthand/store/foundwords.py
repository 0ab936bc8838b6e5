"""What was found in an article as marked words of its search entry: `said=quist`, `credits=reuters`, `kind=direct`.

So `said-by:quist kind:direct flood` is one question of the index like any other, newest first and by cursor, and no
list of hits is looked through. Each name is kept once more with each kind of its statements (`said-direct=quist`), so
that a name and a kind mean one and the same statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from sqlalchemy import Connection, select

from firsthand.model.findings import ActorKind, Analysis, Deed, SpeakerKind, StatementKind
from firsthand.model.findingsform import analysis_from_json
from firsthand.model.records import SearchQuery
from firsthand.store import schema as s
from firsthand.store.words import phrases, split

BREAK: Final = "="
"""Stands between two names, so that none is found across them; as in `search`."""
_HOUSES: Final = (ActorKind.OUTLET, ActorKind.AGENCY)

Phrase = tuple[str, ...]


def kept(connection: Connection, article_id: int) -> list[str]:
    """The marked words of what was found in an article, in whichever version it was found last; none if nothing was."""
    found = connection.scalar(select(s.analyses.c.findings).where(s.analyses.c.article_id == article_id))
    return of_findings(found)


def of_findings(found: Any) -> list[str]:
    """The marked words of findings as the store keeps them."""
    return found_words(analysis_from_json(found)) if found else []


def found_words(analysis: Analysis) -> list[str]:
    """The marked words of what was found, each name once."""
    names = dict.fromkeys([*_said(analysis), *_sources(analysis), *_credits(analysis)])
    words = [f"kind={kind}" for kind in dict.fromkeys(one.kind.value for one in analysis.statements)]
    for mark, name in names:
        words += [BREAK, *(f"{mark}={word}" for word in split(name))]
    return [*words, BREAK] if words else []


def wanted(query: SearchQuery) -> Iterator[Phrase]:
    """What a query's filters by findings look for, in the words of `found_words`."""
    kind = f"-{query.kind.value}" if query.kind else ""
    if query.kind and not (query.said_by or query.source):
        yield (f"kind={query.kind.value}",)
    for mark, name in ((f"said{kind}", query.said_by), (f"from{kind}", query.source), ("credits", query.credits)):
        yield from (tuple(f"{mark}={word}" for word in phrase) for phrase in phrases(name or ""))


Marked = tuple[str, str]


def _said(analysis: Analysis) -> Iterator[Marked]:
    """Who speaks, by name: people, organizations, outlets, groups, documents."""
    for one in analysis.statements:
        if one.speaker and one.speaker.kind is not SpeakerKind.UNNAMED:
            yield from _of_kind("said", one.kind, one.speaker.name)


def _sources(analysis: Analysis) -> Iterator[Marked]:
    """Whom or what the article has it from: whoever speaks, by name or as described, and the ends of its chains."""
    for one in analysis.statements:
        if one.speaker:
            for words in (one.speaker.name, one.speaker.role):
                yield from _of_kind("from", one.kind, words) if words else ()
    for chain in analysis.chains:
        yield from (("from", hop.actor.name) for hop in chain.hops if hop.does is not Deed.PUBLISHED)


def _credits(analysis: Analysis) -> Iterator[Marked]:
    """Outlets and agencies between the outlet in hand and the origin, by name and by domain."""
    for chain in analysis.chains:
        for hop in chain.hops:
            if hop.actor.kind in _HOUSES and hop.does is not Deed.PUBLISHED:
                yield from (("credits", name) for name in (hop.actor.name, hop.actor.domain) if name)


def _of_kind(mark: str, kind: StatementKind, name: str) -> Iterable[Marked]:
    return (mark, name), (f"{mark}-{kind.value}", name)
