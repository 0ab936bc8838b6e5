"""Outlets as a text names them: by the gazetteer, by the form of the name, by the word beside it, or not at all."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass

from firsthand.analyze.chains.phrases import OUTLET, UNNAMED, WEAK, Language
from firsthand.analyze.gazetteer import Gazetteer, Named, Outlet
from firsthand.model.article import Span
from firsthand.model.findings import ActorKind

__all__ = ["Mention", "find_mentions", "key_of", "longest", "overlaps", "spans"]

_AGENCY = re.compile(
    r"\b(?:news|press|News|Press) (?:agency|Agency)\b|[Nn]ewswire|\b[Aa]g[eè]n[cz]i[ae]?\b|[Aa]gence|agentur\b"
)
_ADDRESS = re.compile(r"(?<![\w.@/-])(?:www\.)?[a-z0-9-]{2,30}(?:\.[a-z]{2,12}){1,2}(?![\w@/-])")
_POSSESSOR = re.compile(r"(?:.*'s )?(?:(?:.* )?The )?")
_CAPITAL = re.compile(r" (?=[A-ZÀ-Þ])")
_TOKEN_BEFORE = re.compile(r"([\w.'&-]+) ['\"»«„“]?$")


@dataclass(frozen=True, slots=True)
class Mention:
    """An outlet in the text: `start` to `end` with what belongs to its name ("the state news agency X")."""

    start: int
    end: int
    name: str
    kind: ActorKind
    key: str
    """What two mentions of one outlet have in common."""
    outlet: Outlet | None = None
    mark: str = OUTLET
    described: bool = False
    """The text itself says that it is an outlet ("the newspaper X")."""
    words: str = ""
    """The name as it stands here."""


def find_mentions(text: str, gazetteer: Gazetteer, language: Language, country: str = "") -> list[Mention]:
    """Names of outlets, and outlets that stay unnamed ("local media"), in reading order.

    `country`: where the outlet in hand is; of two of one name it means its neighbor.
    """
    named = list(_named(text, gazetteer, language, country))
    named += _known_by_now(text, named)
    sure = sorted((m.start, m.end) for m in named if m.outlet and not gazetteer.is_weak(m.words))
    unnamed = [m for m in _unnamed(text, language) if not overlaps(sure, m.start, m.end)]
    return longest([*named, *unnamed])


def spans(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    """Where a pattern matches something."""
    return (Span(*match.span()) for match in pattern.finditer(text) if match.end() > match.start())


def _known_by_now(text: str, named: list[Mention]) -> Iterator[Mention]:
    """Other places of a name that one place says is an outlet ("the news service City Wire")."""
    told = {
        mention.words: mention for mention in named if mention.described and mention.outlet is None and mention.words
    }
    if told:
        names = re.compile(
            rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(told, key=len, reverse=True)))})(?![\w-])(?! [A-Z])"
        )
        for match in names.finditer(text):
            first = told[match[0]]
            yield Mention(*match.span(), first.name, first.kind, first.key, None, OUTLET, True, match[0])


def longest(mentions: list[Mention]) -> list[Mention]:
    """Of mentions that overlap the longest stays, the earlier in the list where two are as long."""
    order = sorted(range(len(mentions)), key=lambda at: (*_length(mentions[at]), at))
    kept: list[tuple[int, int]] = []
    result = []
    for at in order:
        mention = mentions[at]
        if not overlaps(kept, mention.start, mention.end):
            insort(kept, (mention.start, mention.end))
            result.append(mention)
    return sorted(result, key=lambda mention: mention.start)


def _length(mention: Mention) -> tuple[int, int]:
    """The longest first: what is taken with the name, then the name itself ("State television" before The State)."""
    return mention.start - mention.end, -len(mention.words)


def _named(text: str, gazetteer: Gazetteer, language: Language, country: str) -> Iterator[Mention]:
    """Names of the gazetteer and names that only their shape or the word before shows."""
    for name in gazetteer.find(text):
        if not language.networks.match(text[name.start : name.end]) and (
            mention := _listed(text, name, language, country)
        ):
            yield mention
    for span in spans(language.shape, text):
        yield from _by_shape(text, span, gazetteer, language)
    yield from _addresses(text, gazetteer, language)
    for match in language.told_by_word.finditer(text):
        group = "b" if match["b"] else "a"
        if not gazetteer.named(match[group]):
            yield from filter(None, [_shaped(text, Span(*match.span(group)), language)])


def _by_shape(text: str, span: Span, gazetteer: Gazetteer, language: Language) -> Iterator[Mention]:
    """An unknown name of an outlet's form, without who owns it ("Nigeria's The Guardian" is The Guardian)."""
    possessor = _POSSESSOR.match(text[span.start : span.end])
    cut = possessor.end() if possessor else 0
    words = text[span.start + cut : span.end]
    if (cut == 0 or " " in words) and not gazetteer.named(words) and not language.not_shape.match(words):
        yield from filter(None, [_shaped(text, Span(span.start + cut, span.end), language)])


def _addresses(text: str, gazetteer: Gazetteer, language: Language) -> Iterator[Mention]:
    """Outlets that are called by their address ("the website sport.de"); an unknown one needs the word before it."""
    for match in _ADDRESS.finditer(text):
        start, end, described = _phrase(text, match.start(), match.end(), language)
        outlet = gazetteer.by_domain(match[0])
        if outlet:
            yield Mention(
                start, end, outlet.name, outlet.kind, key_of(outlet.name, outlet), outlet, OUTLET, True, match[0]
            )
        elif described:
            yield Mention(start, end, match[0], ActorKind.OUTLET, match[0], None, OUTLET, True, match[0])


def _near(spans: list[tuple[int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    at = bisect_left(spans, (start - 160, 0))
    while at < len(spans) and spans[at][0] < end:
        yield spans[at]
        at += 1


def overlaps(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    return any(s < end and start < e for s, e in _near(spans, start, end))


def _listed(text: str, name: Named, language: Language, country: str) -> Mention | None:
    words = text[name.start : name.end]
    if not name.weak and _part_of_longer(text, name.start, name.end, False, language):
        return None
    start, end, described = _phrase(text, name.start, name.end, language)
    if language.date.fullmatch(words):  # Der Freitag is a weekly, Freitag a day
        return None
    if _part_of_longer(text, name.start, name.end, name.weak and not described, language):
        return None
    weak = name.weak and not described
    if weak and _before(text, name.start).endswith("'s") and all(o.name.startswith("The ") for o in name.outlets):
        return None  # "America's Voice" is not The Voice
    before = text[start : name.start]
    outlets = _with_article(name.outlets, words, before)
    if not outlets:
        return None
    mark = WEAK if weak else OUTLET
    outlet = _pick(outlets, words, before + text[name.end : end], language, country)
    if outlet is None:
        kind = ActorKind.AGENCY if _AGENCY.search(text, start, end) else outlets[0].kind
        return Mention(start, end, words, kind, key_of(words), None, mark, described, words)
    return Mention(start, end, outlet.name, outlet.kind, key_of(outlet.name, outlet), outlet, mark, described, words)


def _with_article(outlets: tuple[Outlet, ...], words: str, before: str) -> tuple[Outlet, ...]:
    """ "the Post" is not Il Post: after an English article a name that has another article of its own is out."""
    if not before.lower().endswith("the "):
        return outlets
    return tuple(o for o in outlets if o.name.startswith("The ") or words in (o.name, *o.aliases))


def _shaped(text: str, span: Span, language: Language) -> Mention | None:
    start, end, described = _phrase(text, span.start, span.end, language)
    if _part_of_longer(text, span.start, span.end, False, language):
        return None
    words = text[span.start : span.end].removeprefix("The ")
    kind = ActorKind.AGENCY if _AGENCY.search(text, start, end) else ActorKind.OUTLET
    return Mention(start, end, words, kind, key_of(words), None, OUTLET if described else WEAK, described, words)


def _phrase(text: str, start: int, end: int, language: Language) -> tuple[int, int, bool]:
    """The name with what belongs to it, and whether a word of that says that it is an outlet."""
    before = language.before_name.search(text[max(0, start - 90) : start].lstrip("\n").rpartition("\n")[2])
    taken = len(before[0]) if before else 0
    opening = 1 if start and text[start - 1] in "»«„“\"'" else 0
    if opening and not taken:
        inner = language.before_name.search(text[max(0, start - 91) : start - 1].rpartition("\n")[2])
        taken = (len(inner[0]) if inner else 0) + (1 if text[end : end + 1] in "»«”“\"'" else 0)
    after = language.after_name.match(text, end)
    closing = 1 if opening and text[end : end + 1] in "»«”“\"'" and not after else 0
    described = bool(after) or bool(language.kind_before.search(text[max(0, start - taken - 1) : start]))
    return start - taken, (after.end() if after else end + closing), described


def _part_of_longer(text: str, start: int, end: int, weak: bool, language: Language) -> bool:
    """Whether a capitalized word beside the name makes it another's name ("Herald Square", "Royal Mail")."""
    if language.source.titles.fullmatch(_before(text, start)):
        return True  # "Mr. Solomon"
    if not language.capitals:
        return False
    after = _CAPITAL.match(text, end)
    if after and not language.follows.match(text, after.end()):
        return True
    before = _before(text, start)
    return weak and before[:1].isupper() and not before.endswith("'s") and before not in language.function


def _before(text: str, start: int) -> str:
    """The word before a place, "" if there is none."""
    found = _TOKEN_BEFORE.search(text[max(0, start - 40) : start])
    return found[1] if found else ""


def _pick(outlets: tuple[Outlet, ...], words: str, around: str, language: Language, country: str) -> Outlet | None:
    """The one that is meant where several bear a name: whose place the phrase names, else of the language, the best known."""
    if len(outlets) == 1:
        return outlets[0]
    for outlet in outlets:
        if outlet.where and outlet.where in around:
            return outlet
    neighbors = [outlet for outlet in outlets if country and outlet.country == country]
    if neighbors:
        return neighbors[0] if len(neighbors) == 1 else None
    known = [outlet for outlet in outlets if not outlet.where]
    # What a house follows stands first and needs no country to be meant.
    near = [outlet for outlet in known if not outlet.country or outlet.country in language.countries]
    if words.isupper() and len(words) < 5 and len(known) > 1:
        house = near and not near[0].country
        one_kind = len({outlet.kind for outlet in known}) == 1
        return near[0] if house or (one_kind and len(near) == 1) else None  # "CNA" is two agencies and a broadcaster
    return next(iter(near or known), None)


def key_of(name: str, outlet: Outlet | None = None) -> str:
    if outlet is not None and outlet.domain:
        return outlet.domain
    return name.casefold().removeprefix("the ").strip()


def _unnamed(text: str, language: Language) -> Iterator[Mention]:
    for span in spans(language.unnamed, text):
        words = text[span.start : span.end]
        yield Mention(span.start, span.end, words, ActorKind.UNNAMED, words.casefold(), None, UNNAMED, words=words)
