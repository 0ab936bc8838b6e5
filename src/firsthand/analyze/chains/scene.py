"""What the phrases of a chain are matched against: the article's text with outlets, dates, documents and quotes marked."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from firsthand.analyze.chains.phrases import (
    ANAPHOR,
    DATE,
    DOCUMENT,
    OUTLET,
    QUOTE,
    UNNAMED,
    WEAK,
    Language,
)
from firsthand.analyze.gazetteer import Gazetteer, Named, Outlet
from firsthand.model.article import Article, Span
from firsthand.model.findings import ActorKind

__all__ = ["Mention", "Scene", "set_scene"]

# One code point for one: spans into the plain text are spans into the article's.
_PLAIN = {ord(mark): " " for mark in "\u00a0\u2009\u202f\u2007\t"} | {ord("’"): "'", ord("‘"): "'"}
_PLAIN |= {0xE000 + number: "\ufffd" for number in range(16)}
_OPEN = re.compile(r"(?:(?<=[\s(\[—–:-])|^)(?:[\"“„»«]|«\s)(?=[\w¿¡\[(…$€£'])", re.MULTILINE)
_CLOSE = re.compile(r"(?<=\S)\s?[\"”“»«](?=[\s.,;:!?)\]—–]|$)", re.MULTILINE)
_NEXT = re.compile(r"[\"“”„»«]|\n")
_SENTENCE = re.compile(r"[.!?…]['\"”»)\]]*\s+|\n\s*")
_BEGINS = re.compile(r"['\"“„«»(\[¿¡]{0,2}\s?(?:[^\W_a-zà-ÿ]|$)")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"“«„'])(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Capt|Sgt|Sen|Rep|Gov|St|Jr|Sr|Rev|Hon|No|vs|Inc|Corp|Co|Ltd|Jan|Feb"
    r"|Mar|Apr|Aug|Sept|Sep|Oct|Nov|Dec|[A-Z]\.[A-Z]|U\.S|U\.K|Sra?|Dra?|Hr|Fr|z\.B|bzw|ca|etc|p\.m|a\.m|M|Mme|MM)\.$"
)
_CAPITAL = re.compile(r" (?=[A-ZÀ-Þ])")
_TOKEN_BEFORE = re.compile(r"([\w.'&-]+) ['\"»«„“]?$")
_POSSESSOR = re.compile(r"(?:.*'s )?(?:(?:.* )?The )?")
_ADDRESS = re.compile(r"(?<![\w.@/-])(?:www\.)?[a-z0-9-]{2,30}(?:\.[a-z]{2,12}){1,2}(?![\w@/-])")
_AGENCY = re.compile(
    r"\b(?:news|press|News|Press) (?:agency|Agency)\b|[Nn]ewswire|\b[Aa]g[eè]n[cz]i[ae]?\b|[Aa]gence|agentur\b"
)
_LONGEST_QUOTE = 4000
_LONGEST_SENTENCE = 1500


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


@dataclass(frozen=True, slots=True)
class Scene:
    """A text made ready. All offsets are those of the article's text."""

    text: str
    """Plain: typographic spaces and apostrophes evened out, one code point for one."""
    marked: str
    sentences: tuple[Span, ...]
    mentions: tuple[Mention, ...]
    language: Language

    def mentions_in(self, start: int, end: int) -> tuple[Mention, ...]:
        """The mentions that begin in a range."""
        at = bisect_left(self.mentions, start, key=lambda mention: mention.start)
        return self.mentions[at : bisect_left(self.mentions, end, key=lambda mention: mention.start)]

    def sentence_at(self, place: int) -> Span:
        """The sentence that holds a place."""
        at = bisect_right(self.sentences, place, key=lambda span: span.start) - 1
        return self.sentences[max(at, 0)]


def set_scene(article: Article, gazetteer: Gazetteer, language: Language) -> Scene:
    """Find outlets, dates, documents and quotations, and cut the text into sentences."""
    text = article.text.translate(_PLAIN)
    home = _home(article, gazetteer)
    found = list(_mentions(text, gazetteer, language, home))
    marks = list(text)
    _mark(marks, (Span(mention.start, mention.end) for mention in found), "")
    for mention in found:
        _fill(marks, mention.start, mention.end, mention.mark)
    named = "".join(marks)
    _mark(marks, _spans(language.date, named), DATE)
    dated = "".join(marks)
    _mark(marks, _spans(language.document, dated), DOCUMENT)
    _mark(marks, _quotes(named), QUOTE)
    marked = "".join(marks)
    outside = tuple(mention for mention in found if marked[mention.start] == mention.mark)
    return Scene(text, marked, tuple(_sentences(text, marked)), outside, language)


def _mark(marks: list[str], spans: Iterable[Span], mark: str) -> None:
    if mark:
        for span in spans:
            _fill(marks, span.start, span.end, mark)


def _fill(marks: list[str], start: int, end: int, mark: str) -> None:
    marks[start:end] = mark * (end - start)


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    return (Span(*match.span()) for match in pattern.finditer(text) if match.end() > match.start())


# -- quotations and sentences


def _quotes(text: str) -> Iterator[Span]:
    """What stands in quotation marks, marks apart: four words or more, or it may be a name or a single word."""
    at = 0
    while opened := _OPEN.search(text, at):
        closed = _CLOSE.search(text, opened.end(), opened.end() + _LONGEST_QUOTE)
        end = closed.start() if closed else opened.end()
        line = text.find("\n", opened.end(), end)
        if closed is None or line >= 0:
            end = line if line >= 0 else min(len(text), opened.end() + _LONGEST_QUOTE)
            line_end = text.find("\n", opened.end(), end)
            end = line_end if line_end >= 0 else end
            at = end
        else:
            at = closed.end()
        if text.count(" ", opened.end(), end) >= 3:
            yield Span(opened.end(), end)
        at = max(at, opened.end())


def _begins(text: str, marked: str, at: int) -> bool:
    return bool(_BEGINS.match(text, at)) or marked[at : at + 2].strip('"“„«»').startswith(QUOTE)


def _sentences(text: str, marked: str) -> Iterator[Span]:
    """Sentences, none longer than a bound, so that no pattern meets a text without end."""
    start = 0
    for gap in _SENTENCE.finditer(marked):
        head = marked[max(start, gap.start() - 8) : gap.start() + 1]
        if "\n" not in gap[0] and (_ABBREVIATION.search(head) or not _begins(text, marked, gap.end())):
            continue
        yield from _pieces(start, gap.start() + 1 if gap[0][0] != "\n" else gap.start())
        start = gap.end()
    yield from _pieces(start, len(marked))


def _pieces(start: int, end: int) -> Iterator[Span]:
    while start < end:
        yield Span(start, min(end, start + _LONGEST_SENTENCE))
        start += _LONGEST_SENTENCE


# -- outlets


def _mentions(text: str, gazetteer: Gazetteer, language: Language, home: Mention | None) -> Iterator[Mention]:
    named = list(_named(text, gazetteer, language))
    sure = sorted((m.start, m.end) for m in named if m.outlet and not gazetteer.is_weak(m.words))
    unnamed = [m for m in _unnamed(text, language) if not _overlaps(sure, m.start, m.end)]
    full = _longest([*named, *unnamed])
    full = _longest([*_short_forms(text, full, home), *full])
    return _with_anaphors(text, full, language)


def _longest(mentions: list[Mention]) -> list[Mention]:
    """Of mentions that overlap the longest stays, the earlier in the list where two are as long."""
    order = sorted(range(len(mentions)), key=lambda at: (*_length(mentions[at]), at))
    kept: list[tuple[int, int]] = []
    result = []
    for at in order:
        mention = mentions[at]
        if not _overlaps(kept, mention.start, mention.end):
            insort(kept, (mention.start, mention.end))
            result.append(mention)
    return sorted(result, key=lambda mention: mention.start)


def _length(mention: Mention) -> tuple[int, int]:
    """The longest first: what is taken with the name, then the name itself ("State television" before The State)."""
    return mention.start - mention.end, -len(mention.words)


def _named(text: str, gazetteer: Gazetteer, language: Language) -> Iterator[Mention]:
    """Names of the gazetteer and names that only their shape or the word before shows."""
    for name in gazetteer.find(text):
        if not language.networks.match(text[name.start : name.end]) and (mention := _listed(text, name, language)):
            yield mention
    for span in _spans(language.shape, text):
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
                start, end, outlet.name, outlet.kind, _key(outlet.name, outlet), outlet, OUTLET, True, match[0]
            )
        elif described:
            yield Mention(start, end, match[0], ActorKind.OUTLET, match[0], None, OUTLET, True, match[0])


def _near(spans: list[tuple[int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    at = bisect_left(spans, (start - 160, 0))
    while at < len(spans) and spans[at][0] < end:
        yield spans[at]
        at += 1


def _overlaps(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    return any(s < end and start < e for s, e in _near(spans, start, end))


def _listed(text: str, name: Named, language: Language) -> Mention | None:
    words = text[name.start : name.end]
    if not name.weak and _part_of_longer(text, name.start, name.end, False, language):
        return None
    start, end, described = _phrase(text, name.start, name.end, language)
    if language.date.fullmatch(words):  # Der Freitag is a weekly, Freitag a day
        return None
    if _part_of_longer(text, name.start, name.end, name.weak and not described, language):
        return None
    weak = name.weak and not described
    before = text[start : name.start]
    outlets = _with_article(name.outlets, words, before)
    if not outlets:
        return None
    mark = WEAK if weak else OUTLET
    outlet = _pick(outlets, before, text[name.end : end], language)
    if outlet is None:
        return Mention(start, end, words, outlets[0].kind, _key(words), None, mark, described, words)
    return Mention(start, end, outlet.name, outlet.kind, _key(outlet.name, outlet), outlet, mark, described, words)


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
    return Mention(start, end, words, kind, _key(words), None, OUTLET if described else WEAK, described, words)


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


def _pick(outlets: tuple[Outlet, ...], before: str, after: str, language: Language) -> Outlet | None:
    """The one that is meant where several bear a name: whose place the phrase names, else of the language, the best known."""
    if len(outlets) == 1:
        return outlets[0]
    for outlet in outlets:
        if outlet.where and (outlet.where in before or outlet.where in after):
            return outlet
    known = [outlet for outlet in outlets if not outlet.where]
    return next((outlet for outlet in known if outlet.country in language.countries), known[0] if known else None)


def _key(name: str, outlet: Outlet | None = None) -> str:
    if outlet is not None and outlet.domain:
        return outlet.domain
    return name.casefold().removeprefix("the ").strip()


def _unnamed(text: str, language: Language) -> Iterator[Mention]:
    for span in _spans(language.unnamed, text):
        words = text[span.start : span.end]
        yield Mention(span.start, span.end, words, ActorKind.UNNAMED, words.casefold(), None, UNNAMED, words=words)


# -- short forms and words that stand for a name


def _home(article: Article, gazetteer: Gazetteer) -> Mention | None:
    """The outlet in hand, as an antecedent of "the Ledger" and "this newspaper"."""
    name = article.outlet.name
    if not name:
        return None
    listed = gazetteer.by_domain(article.outlet.domain or "") or next(iter(gazetteer.named(name)), None)
    return Mention(-1, -1, name, listed.kind if listed else ActorKind.OUTLET, _key(name, listed), listed)


def _short_forms(text: str, full: list[Mention], home: Mention | None) -> Iterator[Mention]:
    """ "the Journal" for the Wall Street Journal, where the article names it so in full: before it, if it does."""
    lasts: dict[str, list[Mention]] = {}
    for mention in [*([home] if home else []), *full]:
        words = (mention.words or mention.name).removeprefix("The ").split()
        if len(words) > 1 and mention.mark != UNNAMED and words[-1][0].isupper():
            lasts.setdefault(words[-1], []).append(mention)
    if not lasts:
        return
    names = "|".join(map(re.escape, sorted(lasts)))
    for match in re.finditer(rf"(?<![\w-])[Tt]he ({names})(?![\w-])(?! [A-Z])", text):
        named = lasts[match[1]]
        at = max(0, bisect_left(named, match.start(), key=lambda mention: mention.start) - 1)
        yield replace(named[at], start=match.start(), end=match.end(), mark=OUTLET, described=True)


def _with_anaphors(text: str, full: list[Mention], language: Language) -> Iterator[Mention]:
    """`full` and "the newspaper", "the agency", each standing for the outlet or agency named last."""
    words = [(span, False) for span in _spans(language.anaphor, text)]
    words += [(span, True) for span in _spans(language.agency_anaphor, text)]
    spans = [(mention.start, mention.end) for mention in full]
    found = list(full)
    for span, agency in words:
        if _overlaps(spans, span.start, span.end):
            continue
        antecedent = _antecedent(text, full, span, agency)
        if antecedent:
            found.append(replace(antecedent, start=span.start, end=span.end, mark=ANAPHOR))
    yield from sorted(found, key=lambda mention: mention.start)


def _antecedent(text: str, full: list[Mention], span: Span, agency: bool) -> Mention | None:
    """The last outlet (or agency) named before; else the only one that its paragraph names after it."""
    at = bisect_left(full, span.start, key=lambda mention: mention.start)
    for mention in reversed(full[max(0, at - 6) : at]):
        if _can_stand_for(mention, agency):
            return mention
    end = text.find("\n", span.end)
    later = [m for m in full[at:] if m.start < (end if end >= 0 else len(text)) and _can_stand_for(m, agency)]
    return later[0] if len({mention.key for mention in later}) == 1 else None


def _can_stand_for(mention: Mention, agency: bool) -> bool:
    is_agency = mention.kind is ActorKind.AGENCY
    return (mention.mark == OUTLET or mention.described) and (is_agency if agency else not is_agency)
