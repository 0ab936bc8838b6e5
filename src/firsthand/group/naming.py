"""Houses that a text names where it says whence it has something, known to any list or not.

A list of outlets holds few of those that anybody follows. So the names that stand in sentences which speak of reports
are kept as they are written, and once a story's articles are together, those that are another's house are known.
English, German, Spanish and French.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from firsthand.group.direction import Named
from firsthand.model.article import Span

LONGEST = 20_000
"""Characters looked at: who is passed on is named early, and most often in the first paragraphs."""
MOST = 40
"""Names kept of one text."""
LEAD = 1_500
"""Characters in which a report says whose it is."""

_SENTENCE = re.compile(r"[^\n.!?]+(?:[.!?](?=\w)[^\n.!?]*)*")
_SPOKEN = re.compile(r"(?:[dD]['’])?\w+")
_CUE = re.compile(
    r"""\b(?:report\w*|reveal\w*|disclos\w+|learn(?:ed|t)|publish\w*|exclusive\w*|accord\w*|per|cit(?:es|ed|ing)|quot\w+
    |article|story|interview\w*|investigation|told|tells|inform\w*|writ\w+|wrote|said|says|found|find\w*|obtained|seen
    |reviewed|claims?|alleged|believed|asked|talking|sat|spoke|speak\w*|via|inquiry|gave|showed|shared|programme
    |bericht\w*|laut|zufolge|informationen|recherch\w*|erfuhr|erfahren|vorlieg\w*|vorl[aä]g\w*|liegt|schr[ie]+b\w*|schreibt|sagte\w*|gespräch\w*|interview\w*
    |zitiert\w*|gegenüber|meldet\w*|bestätig\w*|frage|einsehen|erklärte
    |seg[uú]n|inform[oóa]\w*|public\w*|revel\w*|adelant\w*|declar\w*|entrevista\w*|acuerdo|acceso|cuenta|contó|sostiene|afirm\w*|sabido?|saber|exclusiva
    |asegur\w*|dijo|reconoc\w*|preguntado|poder
    |selon|d['’]après|révèle\w*|révél\w*|rapport\w*|affirm\w*|entretien|déclar\w*|confi[éeè]\w*|consult\w*|assur\w*|citant|écrit)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_WORD = r"(?:[A-ZÀ-ÖØ-Þ][\w'’.-]*[\w]|[A-ZÀ-Þ]|\d{1,3})"
_JOIN = r"(?:&|of|de|del|de\sla|du|des|der|die|das|la|le|les|und|y|et|l['’])"
_RUN = re.compile(rf"(?<![\w])(?:[Ll]['’])?{_WORD}(?:\s(?:{_JOIN}\s)?{_WORD}){{0,5}}")
_TOLD_NAME = re.compile(
    r"""\b(?:told|tells|informed|talking\sto|speaking\sto|spoke\sto|sat\sdown\swith|asked\sby|in\san?\s(?:\w+\s)?interview\swith
    |first\sreported\sby|reported\sby|a\sreport\s(?:in|by)|(?:an\s)?article\sin|a\sstory\sin|according\sto|per|citing|revelation\sby
    |documents\sseen\sby|disclosure|inquiry\sby|alleged\sby|exclusive\sin|reporters\sat)\s+(?:[A-Z]\w*day['’]s\s)?(?P<name>(?:[Tt]he\s)?[A-Z][\w&'’-]*(?:\s[A-Z\d&][\w'’-]*){0,4})
    |(?P<subject>(?:The\s)?[A-Z][\w&'’-]*(?:\s[A-Z\d&][\w'’-]*){0,4})(?:['’]s?)?\s(?:(?:has|have|had|exclusively|first)\s)?
    (?:reported|reports|has\slearned|learned|revealed|reveals|disclosed|was\sthe\sfirst\sto|claims\sto\shave|quotes|did\snot\ssay|disclosure|report\b)""",
    re.VERBOSE,
)
_POSTED = re.compile(
    r"""\b(?:(?:wrote|said|posted|writing|announced|shared|schrieb|teilte|escribi[óo]|a\sécrit)\b[^.\n]{0,60}?\b(?:on|in|to|bei|auf|en|sur)\s
    (?:a\s(?:post|message|thread|video)|(?:X|Twitter|Telegram|Facebook|Instagram|Bluesky|Threads|Mastodon|TikTok|LinkedIn|Truth\sSocial|social\smedia)\b)
    |posted\b[^.\n]{0,30}?\bon\s(?:X|Bluesky|Telegram|Facebook|Instagram|Threads)|took\sto\s(?:X|Twitter|Facebook|Instagram|Bluesky|social\smedia)
    |in\sa\s(?:post|message|video|clip)\b[^.\n]{0,40}?\b(?:on|to)\s(?:X|Twitter|Telegram|Facebook|Instagram|Bluesky|social\smedia)
    |(?:Instagram|Facebook|Telegram|X|Bluesky)\s(?:account|post|channel|page))""",
    re.VERBOSE,
)
_CITING = re.compile(r"(?:^|[.–—-]\s|\n)Citing\s|,\sciting\s(?:an?|the|papers|documents|sources)\b")
_NO_HOUSE = re.compile(
    r"(?:Congress|Parliament|MPs?|The (?:court|hearing|committee)|Police|Officials"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
    r"|He|She|They|It|We|I|Who|That|This|These|Those|Both|No one|Nobody|Several|Some|Many|Few|Three|Two|Four|One)\b"
)
_FILED = re.compile(
    r"^(?P<before>[^\n()]{0,60}?)[(/](?P<name>[^()/\n]{2,40})[)/]\s*(?:[-–—:.]{1,2}\s|(?=[A-ZÀ-Þ„“\"]))"
)
_PARTS = re.compile(r"[\s,./–—-]+")
_PLACE = re.compile(r"(?:[A-ZÀ-Þ][\w'’]*|de|del|la|le|am|an|der|\d{1,4}|[a-zäö]{3,5})?")
_SIGNED = re.compile(
    r"""(?:^|\s)[(]\s*(?P<name>[A-Za-zÀ-ÿ][\w\ .&'’-]{1,38})\s*[)]\s*$
    |^\s*[-–—]{1,2}\s*(?P<bare>[A-ZÀ-Þ][\w\ .&'’-]{1,38})\s*$""",
    re.VERBOSE,
)
_IS_NAME = re.compile(r"^(?:[A-ZÀ-Þ][\w.&'’-]*(?:\s(?:de|del|du|of|la)\b|\s[A-ZÀ-Þ][\w.&'’-]*){0,4}|[a-z]{3,4})$")
_RELEASE = re.compile(
    r"""^\W*(?:(?:press|news|media)\s(?:release|notice)|issued\s(?:by|on\sbehalf\sof)\b.{0,60}|provided\sby\s.{2,60}|the\sfollowing\sis\san?\s.{2,40}
    |sponsored\b.{0,60}|pressemitteilung|mitteilung\sde[rs]\s.{2,40}|presseinformation|comunicado(?:\sde\sprensa)?|nota\sde\sprensa|communiqué(?:\sde\spresse)?)\W*$""",
    re.IGNORECASE | re.VERBOSE,
)


def houses_named(text: str) -> tuple[Named, ...]:
    """Names that stand where a text speaks of reports: mostly no houses, which only the story's own outlets can tell."""
    found: dict[str, Named] = {}
    for sentence in _SENTENCE.finditer(text[:LONGEST]):
        if any(map(_speaks, _SPOKEN.findall(sentence[0]))):
            for run in _RUN.finditer(text, sentence.start(), sentence.end()):
                found.setdefault(run[0], Named(run[0], None, Span(run.start(), run.end())))
        if len(found) >= MOST:
            break
    return tuple(found.values())[:MOST]


@lru_cache(maxsize=20_000)
def _speaks(word: str) -> bool:
    """Whether a word speaks of reports. Asked word by word: of the whole text the pattern takes a tenth of grouping."""
    return _CUE.search(word) is not None


def passes_on(text: str, own: Iterable[str]) -> bool:
    """Whether the lead gives what somebody told another house, what another house reported, or a post.

    Whether the name is a house's cannot be known here: it is enough to doubt that the report is the outlet's own.
    """
    lead = text[:LEAD]
    names = [name.casefold().removeprefix("the ") for name in own if name]
    if _POSTED.search(lead[: LEAD // 2]) or _CITING.search(lead[: LEAD // 2]):
        return True
    for match in _TOLD_NAME.finditer(lead):
        name = (match["name"] or match["subject"]).casefold().removeprefix("the ")
        if not _NO_HOUSE.match(match["name"] or match["subject"]) and not any(
            name.startswith(one) or one.startswith(name) for one in names
        ):
            return True
    return False


def filed_by(text: str) -> Named | None:
    """Who a dateline or a signature in brackets says filed it, listed or not: "KARROW, May 4 (Telvia) –", "… (Telvia)"."""
    head = text[:120]
    match = _FILED.match(head)
    if match and _is_place(match["before"]) and _IS_NAME.match(match["name"]) and len(match["name"]) > 2:
        return Named(match["name"], None, Span(*match.span("name")))
    whole = text.rstrip()
    at = max(whole.rfind("\n") + 1, len(whole) - 80)
    signed = _SIGNED.search(whole[at:])
    if signed:
        group = "name" if signed["name"] else "bare"
        if _IS_NAME.match(signed[group]) and not signed[group].isdigit():
            return Named(signed[group], None, Span(at + signed.start(group), at + signed.end(group)))
    return None


def _is_place(before: str) -> bool:
    """Whether what stands before the brackets is a place, perhaps with a day, or nothing."""
    return all(_PLACE.fullmatch(part) for part in _PARTS.split(before))


def released(text: str) -> Named | None:
    """A line at the head or the end which says that the text is a company's own."""
    lines = list(_lines(text))
    for start, line in [*lines[:2], *lines[-2:]]:
        if len(line) < 120 and _RELEASE.match(line):
            return Named("a press release", None, Span(start, start + len(line)))
    return None


def _lines(text: str) -> Iterator[tuple[int, str]]:
    return ((match.start(), match[0]) for match in re.finditer(r"[^\n]+", text))
