"""Notices by which a house corrects what it sent before: they tell no event of their own.

"CORRECTION: Number of homes is 183" shares hardly a word with the report that it corrects. Whose report that is, is known:
the house's own.
"""

from __future__ import annotations

import re

LONGEST = 150
"""Words of a notice; a report sent anew under "CORRECTED:" is compared as any other, and repeats the one before."""
_LABEL = re.compile(
    r"""^\W*(?:(?:eds?|editors)\W+)?(?:corrections?|corrected|corrects|erratum|errata|retraction|kill|withdrawal|clarification
    |korrektur|berichtigung|richtigstellung|corr?ecci[oó]n|rectificaci[oó]n|fe\sde\serrores|rectificatif|correctif|correzione
    |rettifica|rectificatie|correctie|corre[cç][aã]o|rättelse|rettelse|sprostowanie)\s*(?:[:：]|\s[–—-]\s)""",
    re.IGNORECASE | re.VERBOSE,
)


def corrects(title: str, words: int) -> bool:
    """Whether a headline marks a notice of correction, over a text of so many words."""
    return words <= LONGEST and _LABEL.match(title) is not None
