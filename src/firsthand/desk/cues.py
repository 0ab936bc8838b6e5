"""How it was said: the words of an article without which a statement can say the reverse ("denied that …")."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from firsthand.model.findings import Analysis, StatementKind
from firsthand.model.people import Said

if TYPE_CHECKING:
    from firsthand.store import Store

__all__ = ["Cues", "cues_of", "in_words"]

Cues = Mapping[tuple[int, int], str]
"""By article and number of a statement, the words that say that it is said."""
_MARKS = ("“", "”", '"', "«", "»", "„", "‘", "’")


def cues_of(store: Store, said: Collection[Said], analyses: Mapping[int, Analysis] | None = None) -> Cues:
    """The cues of these statements, where their articles stand as they were analyzed.

    Args:
        analyses: what was found in the articles, where it is at hand.
    """
    ids = sorted({one.article_id for one in said})
    found = analyses if analyses is not None else store.findings.found_in(ids)
    texts = store.out.texts(ids)
    cues: dict[tuple[int, int], str] = {}
    for one in said:
        here, held = found.get(one.article_id), texts.get(one.article_id)
        cue = here.statements[one.number].cue if here and one.number < len(here.statements) else None
        if cue is not None and held is not None:
            cues[one.article_id, one.number] = held.article.text[cue.start : cue.end]
    return cues


def in_words(one: Said, cue: str | None) -> str:
    """A statement in running text. Only what the article quotes stands in quotation marks; else its cue goes before it."""
    if one.kind is StatementKind.DIRECT:
        return one.content if one.content.startswith(_MARKS) else f"“{one.content}”"
    return f"{cue}: {one.content}" if cue else one.content
