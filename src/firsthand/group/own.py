"""Words that show that an outlet found something out itself: "told this newspaper", "documents seen by the Ledger"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from firsthand.group.origins import OwnReporting
from firsthand.model.article import Span

_SELF = (
    r"(?:this|the)\s+(?:news)?paper(?=\W)(?!'s)",
    r"this\s+(?:newspaper|news\s+agency|magazine|website|broadcaster|reporter|correspondent|publication)",
    r"our\s+(?:reporters?|correspondents?|newspaper|newsroom)",
)
_TELLS = (
    r"(?:told|tells|said\s+to|informed|confirmed\s+to|wrote\s+to|spoke\s+to|spoke\s+with|speaking\s+to|speaking\s+with)",
    r"(?:in\s+an?\s+(?:\w+\s+)?interview\s+with|in\s+an?\s+(?:email|letter|statement|message)\s+to)",
    r"(?:(?:seen|reviewed|obtained|viewed|read|examined|analy[sz]ed|verified|shared\s+with)(?:\s+exclusively)?\s+(?:by|with)?)",
)
_LONGEST = 200_000
"""Characters looked at; own reporting is claimed early."""


def own_reporting(text: str, names: Iterable[str]) -> tuple[OwnReporting, ...]:
    """Where `text` says that its own outlet was told, or saw, something.

    Args:
        names: the outlet's own names and aliases. English phrases only: other languages give none.
    """
    own = [
        rf"(?:the\s+)?{re.escape(name.removeprefix('The '))}"
        for name in sorted(set(names), key=len, reverse=True)
        if name
    ]
    pattern = re.compile(rf"\b(?:{'|'.join(_TELLS)})\s+(?:{'|'.join([*_SELF, *own])})(?!\w|['’]s?\b)", re.IGNORECASE)
    return tuple(
        OwnReporting(Span(found.start(), found.end()), f"“{' '.join(found[0].split())}”")
        for found in pattern.finditer(text[:_LONGEST])
        if _named_as_such(found[0], own)
    )


def _named_as_such(found: str, own: list[str]) -> bool:
    """A one-word name in small letters is a common word ("told the sun")."""
    last = found.split()[-1]
    return last[:1].isupper() or last[:1].isdigit() or any(re.search(rf"{one}$", found, re.IGNORECASE) for one in _SELF)
