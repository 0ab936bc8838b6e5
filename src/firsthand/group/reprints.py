"""Texts that say of themselves that they are of long ago: what they repeat may well be as old as its date says.

A copy that is dated long before what it repeats, and comes after it, bears a wrong date as a rule. Where the other says
that it is printed once more (an anniversary, a piece from the archive) it is the other way round: that is the old report.
"""

from __future__ import annotations

import re

LOOKED_AT = 400
"""Characters at either end of a text, where it says so."""
_SAYS = re.compile(
    r"""\b(?:(?:years?|months?|decades?|weeks)\s(?:ago|on\b)|anniversary|from\s(?:the|our)\s(?:archives?|vault)|first\s(?:published|printed|appeared)
    |originally\s(?:published|appeared)|re-?printed?|re-?published|so\swe\swrote|we\s(?:then\s)?wrote
    |vor\s(?:\w+\s)?(?:jahren|jahr|monaten|einem\sjahr)|jahrestag|aus\s(?:dem|unserem)\sarchiv|zuerst\serschienen|erstmals\serschienen
    |hace\s(?:\w+\s)?(?:años?|meses)|aniversario|de(?:l|\snuestro)\s(?:archivo|hemeroteca)|publicado\soriginalmente
    |il\sy\sa\s(?:\w+\s)?(?:ans?|mois)|anniversaire|de\snos\sarchives|initialement\spublié)""",
    re.IGNORECASE | re.VERBOSE,
)


_HINTS = (
    "year", "ago", "month", "decade", "weeks on", "anniversar", "archiv", "vault", "print", "publi", "appeared", "wrote",
    "jahr", "monat", "erschienen", "hace", "hemeroteca", "il y a", "aniversario",
)  # fmt: skip
"""One of these stands in all of it; looked for first, as it is quicker."""


def says_reprint(title: str, text: str) -> bool:
    """Whether an article says that it prints, or tells, what is long past."""
    said = "\n".join((title, text[:LOOKED_AT], text[LOOKED_AT:][-LOOKED_AT:]))
    lowered = said.lower()
    return any(hint in lowered for hint in _HINTS) and _SAYS.search(said) is not None
