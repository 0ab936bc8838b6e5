"""What may leave the house: the one place where an article's rights line is obeyed.

Firsthand reads for its own readers. Feeds out, public pages and mail to others are copies; a text goes into them only
where its rights line plainly allows that. Where it forbids it, where it says nothing, or where there is no line, the
headline, a short excerpt and the link go out, and nothing else: what is not known to be allowed is not done.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from firsthand.extract.rights import says
from firsthand.model.article import Article, Redistribution, Rights

EXCERPT_WORDS: Final = 40
"""Longest excerpt of a text that may not leave."""
_LONGEST_WORD: Final = 60
"""Characters; what is longer is cut. Scripts without spaces would else give a whole text as one word."""
# Words that take back what the rest of a line seems to allow ("Photos: Creative Commons. Text: all rights reserved").
_RESERVES = re.compile(
    r"\b(?:all|other) rights reserved\b|\balle rechte vorbehalten\b|\btous droits réservés\b"
    r"|\btodos los (?:demás )?derechos reservados\b|\b(?:prohibited|forbidden|not permitted|untersagt|interdite?|prohibida)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Leaving:
    """What of an article may leave."""

    headline: str
    excerpt: str
    """At most `EXCERPT_WORDS` words, where the text may not leave; else the summary as it is."""
    whole: bool
    """Whether the text may leave as well."""
    rights: str | None
    """The rights line, which goes with whatever leaves."""


def may_leave(rights: Rights | None) -> bool:
    """Whether a text under this rights line may be passed on. No line, or one that says neither, counts as no."""
    if rights is None:
        return False
    said = says(rights.line)
    allowed = Redistribution.ALLOWED in (rights.redistribution, said)
    forbidden = Redistribution.FORBIDDEN in (rights.redistribution, said) or _RESERVES.search(rights.line) is not None
    return allowed and not forbidden


def leaving(article: Article, summary: str = "") -> Leaving:
    """What of an article may leave.

    Args:
        summary: where the article itself gives none.
    """
    whole = may_leave(article.rights)
    said = article.summary or summary or article.text
    return Leaving(
        headline=article.headline or "",
        excerpt=" ".join((article.summary or summary).split()) if whole else excerpt(said),
        whole=whole,
        rights=article.rights.line if article.rights else None,
    )


def excerpt(text: str, words: int = EXCERPT_WORDS) -> str:
    """The first `words` words of a text on one line, with "…" where there is more."""
    found = text.split()
    kept = [_cut(word) for word in found[:words]]
    length = 0
    # A run of letters without spaces counts by its length: 40 words are some 400 characters in any script.
    for number, word in enumerate(kept):
        length += len(word) + 1
        if length > 10 * words:
            return " ".join(kept[:number]) + " …" if number else kept[0]
    return " ".join(kept) + (" …" if len(found) > words else "")


def _cut(word: str) -> str:
    return word if len(word) <= _LONGEST_WORD else word[:_LONGEST_WORD] + "…"
