"""Words that show that an outlet found something out itself: "told this newspaper", "documents seen by the Ledger".

English, German, Spanish and French. What stands in quotation marks is somebody else's speech and shows nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache

from xxhash import xxh3_64_intdigest

from firsthand.group.origins import OwnReporting
from firsthand.group.quoted import quoted_stretches
from firsthand.model.article import Span

_LONGEST = 200_000
"""Characters looked at; own reporting is claimed early."""
LEAST_WORDS, RUN = 6, 4
"""Words of a quotation that shows that somebody was heard; words that two quotations have in common by no chance."""
MOST_QUOTES, MOST_RUNS = 20, 40
_SELF = (
    r"(?:this|the)\s+(?:news)?paper(?!'s)",
    r"this\s+(?:newspaper|news\s+agency|magazine|website|broadcaster|reporter|correspondent|publication)",
    r"our\s+(?:own\s+)?(?:reporters?|correspondents?|newspaper|newsroom|team)",
    r"(?:dieser|unserer)\s+(?:Zeitung|Redaktion|Reporterin|Korrespondentin|Nachrichtenagentur)",
    r"unserem\s+(?:Reporter|Korrespondenten|Sender|Magazin)",
    r"der\s+Redaktion",
    r"este\s+(?:periódico|diario|medio|corresponsal)",
    r"esta\s+(?:redacción|cabecera|agencia|casa)",
    r"notre\s+(?:journal|rédaction|envoyée?\s+spéciale?|correspondante?|reporter)",
)
# {S}: the outlet, by its name or as "this newspaper". What stands on either side says that it was told or saw something.
_SAYS = (
    # English
    r"(?:told|tells|(?:said|confirmed|wrote|spoke|speaking|talking|admitted)\s+(?:\w+\s+)?(?:to|with)|informed)\s+{S}",
    r"in\s+an?\s+(?:\w+\s+)?(?:interview|conversation|e-?mail|letter|statement|message)s?\s+(?:with|to)\s+{S}",
    r"(?:in\s+)?(?:conversations|interviews|messages|e-?mails|talks)\s+(?:exchanged\s+)?(?:with|to)\s+{S}",
    r"(?:seen|reviewed|obtained|viewed|read|examined|analy[sz]ed|verified|heard|inspected)\s+(?:exclusively\s+)?by\s+{S}",
    r"(?:shared\s+(?:exclusively\s+)?with|exchanged\s+with|(?:passed|leaked|given|shown|sent|handed)\s+(?:on\s+)?to)\s+{S}",
    r"{S}\s+(?:has|have|had)\s+(?:also\s+|now\s+)?(?:seen|obtained|reviewed|viewed|read|examined|verified|spoken\s+(?:to|with))\b",
    r"{S}\s+can\s+(?:now\s+)?(?:reveal|disclose|report)\b",
    r"(?:an?|the)\s+(?:\w+\s+)?(?:investigation|inquiry|analysis|review)\s+by\s+{S}\s+(?:has\s+)?(?:found|shows?|showed|reveals?|revealed)\b",
    # German
    r"(?:liegt|liegen|lag|lagen)\s+{S}(?:\s+\w+)?\s+vor\b",
    r"{S}\s+(?:exklusiv\s+)?(?:vorliegt|vorliegen|vorlag|vorlagen|einsehen\s+konnten?|eingesehen\s+hat)\b",
    r"(?:sagte|sagt|sagten|erklärte|erklärten|bestätigten?|erzählte?|erzählten)\s+(?:(?:er|sie|es|man)\s+)?(?:am\s+\w+\s+)?{S}",
    r"(?:sagte|sagt|erklärte|bestätigte)\s+(?:\w+\s+){{1,3}}{S}",
    r"(?:im|in\s+einem)\s+(?:Gespräch|Interview|Telefonat)\s+mit\s+{S}",
    r"(?:auf\s+(?:An|Nach)frage|gegenüber|nach\s+Informationen|nach\s+Recherchen)\s+(?:von\s+)?{S}",
    # Spanish
    r"(?:tenido|tuvo)\s+acceso\s+(?:en\s+exclusiva\s+)?{S}",
    r"(?:obran?\s+en\s+poder\s+de|consultad[oa]s?\s+por|adelantad[oa]\s+a)\s+{S}",
    r"(?:expli\w+|declar\w+|asegur\w+|afirm\w+|cont\w+|dicho|dijo|confirm\w+|reconoc\w+|declaraciones|relat\w+)\s+a\s+{S}",
    r"(?:una\s+)?(?:entrevista|conversación|charla)\s+(?:con|a|concedida\s+a)\s+{S}",
    # French
    r"(?:que|qu['’]|dont)\s*{S}\s+a\s+(?:pu\s+)?(?:consult|obten|prendre|lu|vu)\w*",
    r"(?:consultée?s?|obtenue?s?|interrogée?s?|contactée?s?|jointe?s?)\s+par\s+{S}",
    r"(?:entretien|interview)\s+(?:à|avec|accordée?\s+à)\s+{S}",
    r"(?:déclar|affirm|confi|expliqu|racont|confirm|assur)\w*\s+à\s+{S}",
)
# What says so in the first person; only outside quotation marks it is the outlet's.
_WE = (
    r"\btold\s+(?:us|me)\s+(?!to\b|how\s+(?:to|much)\b|that\s+we\s+should\b)(?=\w)",
    r"\btold\s+us[.,;]|\bspoke\s+to\s+us\b|\b(?:passed|shown?|showed\s+\w+|sent|leaked)\s+to\s+us\b|\bsent\s+us\b",
    r"\b(?:which|that)\s+we\s+have\s+(?:seen|read|reviewed|obtained)\b|\bwe\s+have\s+had\s+sight\s+of\b",
    r"\bwe\s+(?:verified|have\s+verified|authenticated)\s+(?:the|them|it|these)\b|\bwe\s+were\s+shown\b",
    r"\bOur\s+(?:reporter|correspondent)s?\s+(?:visited|saw|spoke|met|counted|watched|went)\b",
    r"\b(?:told|asked)\s+(?:of\s+\w+\s+\w+\s+)?by\s+(?:this|our)\s+(?:reporter|correspondent|newspaper)\b",
    r"\bnous\s+(?:a|ont)\s+(?:affirmé|déclaré|confié|dit|expliqué|indiqué)\b|\bpar\s+nos\s+soins\b|\bselon\s+nos\s+informations\b",
    r"\b(?:nos|nach\s+unseren)\s+(?:ha\s+(?:dicho|explicado|contado)|Informationen)\b|\bsagte\s+uns\b|\berzählte?\s+uns\b",
)
_FIRST_PERSON = re.compile("|".join(_WE), re.IGNORECASE)
_SELVES = "|".join(_SELF)
_MARK = "\ua66e"
"""Stands in a text for each letter of what names its own outlet, so that one pattern serves all outlets. A letter, as
names are made of, which no language in use has."""
_OF_OUTLET = re.compile(
    "|".join(rf"\b{one.format(S=f'(?P<self{n}>{_MARK}+)')}" for n, one in enumerate(_SAYS)), re.IGNORECASE
)


def own_reporting(text: str, names: Iterable[str]) -> tuple[OwnReporting, ...]:
    """Where `text` says that its own outlet was told, or saw, something, in reading order.

    Args:
        names: the outlet's own names and aliases.
    """
    text = text[:_LONGEST]
    found = [(match.start(), match.end()) for match in _FIRST_PERSON.finditer(text)]
    marked = _marked(text, tuple(sorted({name for name in names if name}, key=lambda name: (-len(name), name))))
    if _MARK in marked:
        found += [
            (match.start(), match.end())
            for match in _OF_OUTLET.finditer(marked)
            if _named_as_such(text[slice(*match.span(match.lastgroup or 0))])
        ]
    quoted = quoted_stretches(text) if found else []
    return tuple(
        OwnReporting(Span(start, end), f"“{' '.join(text[start:end].split())}”")
        for start, end in sorted(found)
        if not _inside(start, quoted)
    )


def quotations(text: str) -> tuple[frozenset[int], ...]:
    """What people say in `text`, each quotation as the hashes of its runs of `RUN` words; shorter ones say too little."""
    found = []
    for start, end in quoted_stretches(text[:_LONGEST]):
        words = re.findall(r"\w+", text[start:end].casefold())
        if len(words) >= LEAST_WORDS:
            runs = (" ".join(words[at : at + RUN]) for at in range(min(len(words) - RUN + 1, MOST_RUNS)))
            found.append(frozenset(xxh3_64_intdigest(run.encode("utf-8", "surrogatepass")) for run in runs))
        if len(found) == MOST_QUOTES:
            break
    return tuple(found)


def _marked(text: str, names: tuple[str, ...]) -> str:
    """The text with what names its outlet struck out by marks, letter for letter."""
    return _own_names(names).sub(lambda match: _MARK * len(match[0]), text.replace(_MARK, " "))


@lru_cache(maxsize=1024)
def _own_names(names: tuple[str, ...]) -> re.Pattern[str]:
    own = [rf"(?:the\s+)?{re.escape(name.removeprefix('The '))}" for name in names]
    return re.compile(rf"(?<!\w)(?:{'|'.join([_SELVES, *own])})(?![\w-]|['’]s?\b)", re.IGNORECASE)


def _named_as_such(name: str) -> bool:
    """A name in small letters is a common word ("told the sun")."""
    if re.fullmatch(_SELVES, name, re.IGNORECASE):
        return True
    last = name.split()[-1]
    return last[:1].isupper() or last[:1].isdigit() or not last[:1].isalpha()


def _inside(place: int, stretches: list[tuple[int, int]]) -> bool:
    """Whether a place lies in one of the stretches, which stand in order."""
    at = bisect_right(stretches, place, key=lambda stretch: stretch[0]) - 1
    return at >= 0 and place < stretches[at][1]
