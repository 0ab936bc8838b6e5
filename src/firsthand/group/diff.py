"""Readable differences between two texts: sentence by sentence, moved sentences as moves, changed words marked.

The alignment is word by word; a reader thinks in sentences. Each sentence of this text is put beside the one of the
other text from which most of its words come; what is left over was cut or added.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from firsthand.group.align import align
from firsthand.group.quoted import quoted_stretches
from firsthand.model.article import Span
from firsthand.model.grouping import Alignment, Diff, Line, Part, PartKind, Telling, TellingKind

SAME = 0.4
"""Share of the shorter sentence's letters that must be the other's for the two to stand side by side."""

# A line's end, or a full stop with what closes a quote, before white space and something that can begin a sentence.
_END = re.compile(r"\n+|(?<=[.!?…])[\"”’»')\]]*\s+(?=[\"“‘«„(\[]*[^\W\da-zß-öø-ÿ]|[\"“‘«„(\[]*\d)|(?<=[。！？])")
# "Mr. Smith", "St. Paul", "J. Doe", "No. 5": a stop that ends no sentence.
_ABBREVIATED = re.compile(r"(?:\b(?:[A-Z]|Mr|Mrs|Ms|Dr|St|Gen|Sen|Rep|Gov|Col|Lt|Sgt|Prof|Jr|Sr|vs|No|Nr|ca|bzw)\.)$")
_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")
_NUMBER_WORDS = frozenset(
    "two three four five six seven eight nine ten eleven twelve dozen dozens hundred hundreds thousand thousands million"
    " millions billion trillion half".split()
)
_WORD = re.compile(r"[^\W_]+(?:[.,:'’-][^\W_]+)*")


def diff(here: str, there: str) -> Diff:
    """How `here` differs from `there`, the earlier version or the original."""
    alignment = align(here, there)
    mine, theirs = sentence_spans(here), sentence_spans(there)
    pairs = _paired(alignment, mine, theirs)
    lines = _lines(alignment, mine, theirs, pairs)
    telling = (*_figures(here, there, alignment), *_quotes(here, there, lines))
    return Diff(tuple(lines), telling, alignment.kept, alignment.reused)


def sentence_spans(text: str) -> list[Span]:
    """The sentences of `text` without the white space between them."""
    spans: list[Span] = []
    start = 0
    for match in [*_END.finditer(text), None]:
        end = match.start() if match else len(text)
        if match:
            end += len(match[0].rstrip())  # what closes a quote stays with its sentence
        if match and "\n" not in match[0] and _ABBREVIATED.search(text[max(start, end - 8) : end]):
            continue
        span = _trimmed(text, start, end)
        if span.start < span.end:
            spans.append(span)
        start = match.end() if match else end
    return spans


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return Span(start, max(start, end - (len(piece) - len(piece.rstrip()))))


@dataclass(frozen=True, slots=True)
class _Pair:
    here: int
    there: int
    moved: bool


def _paired(alignment: Alignment, mine: Sequence[Span], theirs: Sequence[Span]) -> dict[int, _Pair]:
    """For each sentence of this text the one of the other with which it shares most, each used once."""
    common: defaultdict[tuple[int, int], int] = defaultdict(int)
    moved: defaultdict[tuple[int, int], int] = defaultdict(int)
    for part in alignment.parts:
        if part.kind in (PartKind.KEPT, PartKind.MOVED):
            for i, j, length in _crossing(part, mine, theirs):
                common[i, j] += length
                moved[i, j] += length if part.kind is PartKind.MOVED else 0
    pairs: dict[int, _Pair] = {}
    used: set[int] = set()
    for (i, j), length in sorted(common.items(), key=lambda item: (-item[1], item[0])):
        shorter = min(mine[i].end - mine[i].start, theirs[j].end - theirs[j].start)
        if i not in pairs and j not in used and length >= SAME * shorter:
            pairs[i] = _Pair(i, j, moved[i, j] * 2 > length)
            used.add(j)
    return pairs


def _crossing(part: Part, mine: Sequence[Span], theirs: Sequence[Span]) -> list[tuple[int, int, int]]:
    """Which sentences a stretch that both have in common runs through, with letters; both sides run in step."""
    found = []
    for i in _touched(part.here, mine):
        begin = max(part.here.start, mine[i].start) - part.here.start
        end = min(part.here.end, mine[i].end) - part.here.start
        for j in _touched(part.there, theirs):
            low = max(begin, theirs[j].start - part.there.start)
            high = min(end, theirs[j].end - part.there.start)
            if high > low:
                found.append((i, j, high - low))
    return found


def _touched(span: Span, sentences: Sequence[Span]) -> range:
    """The places of the sentences that `span` overlaps."""
    return range(_first(sentences, span.start), _first_after(sentences, span.end))


def _first(sentences: Sequence[Span], at: int) -> int:
    low, high = 0, len(sentences)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if sentences[middle].end <= at else (low, middle)
    return low


def _first_after(sentences: Sequence[Span], at: int) -> int:
    low, high = 0, len(sentences)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if sentences[middle].start < at else (low, middle)
    return low


def _lines(alignment: Alignment, mine: Sequence[Span], theirs: Sequence[Span], pairs: dict[int, _Pair]) -> list[Line]:
    """Rows in the order of this text; a sentence that was cut comes after the one that it followed."""
    after: defaultdict[int, list[int]] = defaultdict(list)
    place = {pair.there: pair.here for pair in pairs.values()}
    last = -1
    for j in range(len(theirs)):
        if j in place:
            last = place[j]
        else:
            after[last].append(j)
    changed = [part for part in alignment.parts if part.kind not in (PartKind.KEPT, PartKind.MOVED)]
    words_here, words_there = _in_order(part.here for part in changed), _in_order(part.there for part in changed)
    lines = [_cut(theirs[j]) for j in after[-1]]
    for i, span in enumerate(mine):
        pair = pairs.get(i)
        if pair is None:
            lines.append(_added(span))
        else:
            there = theirs[pair.there]
            lines.append(_line(span, there, pair.moved, _within(words_here, span), _within(words_there, there)))
        lines += [_cut(theirs[j]) for j in after[i]]
    return lines


def _cut(there: Span) -> Line:
    return Line(PartKind.CUT, Span(0, 0), there)


def _added(here: Span) -> Line:
    return Line(PartKind.ADDED, here, Span(0, 0))


def _in_order(spans: Iterable[Span]) -> list[Span]:
    """Those that are not empty, by where they stand."""
    return sorted((span for span in spans if span.start < span.end), key=lambda span: span.start)


def _within(spans: Sequence[Span], sentence: Span) -> tuple[Span, ...]:
    """What of `spans`, which are in order, lies in a sentence; looks at few of them, so that long texts take no longer."""
    near = (spans[at] for at in _touched(sentence, spans))
    return tuple(found for span in near if (found := _inside(span, sentence)) is not None)


def _line(here: Span, there: Span, moved: bool, words_here: tuple[Span, ...], words_there: tuple[Span, ...]) -> Line:
    kind = PartKind.MOVED if moved else PartKind.CHANGED if words_here or words_there else PartKind.KEPT
    return Line(kind, here, there, words_here, words_there)


def _inside(span: Span, sentence: Span) -> Span | None:
    start, end = max(span.start, sentence.start), min(span.end, sentence.end)
    return Span(start, end) if start < end else None


def _figures(here: str, there: str, alignment: Alignment) -> list[Telling]:
    """Figures that stand for each other in a stretch that changed: "170" became "183"."""
    found = []
    for part in alignment.parts:
        if part.kind is PartKind.CHANGED:
            old, new = _numbers(there, part.there), _numbers(here, part.here)
            if len(old) == len(new):
                pairs = zip(old, new, strict=True)
                found += [
                    _told(TellingKind.FIGURE, here, there, b, a) for a, b in pairs if _of(there, a) != _of(here, b)
                ]
    return found


def _numbers(text: str, span: Span) -> list[Span]:
    """Figures in a stretch of text, in digits or in words."""
    words = _WORD.finditer(text, span.start, span.end)
    return [Span(*word.span()) for word in words if _FIGURE.match(word[0]) or word[0].casefold() in _NUMBER_WORDS]


def _of(text: str, span: Span) -> str:
    return text[span.start : span.end]


def _told(kind: TellingKind, here: str, there: str, mine: Span, theirs: Span) -> Telling:
    return Telling(kind, _of(there, theirs), _of(here, mine), theirs, mine)


def _quotes(here: str, there: str, lines: Sequence[Line]) -> list[Telling]:
    """Words in quotation marks that are others now, in sentences that stand for each other."""
    mine, theirs = quoted_stretches(here), quoted_stretches(there)
    found = []
    for line in lines:
        if line.words_here or line.words_there:
            new, old = _quoted_in(line.here, mine), _quoted_in(line.there, theirs)
            if len(new) == len(old):
                pairs = zip(old, new, strict=True)
                found += [
                    _told(TellingKind.QUOTE, here, there, b, a) for a, b in pairs if _plain(there, a) != _plain(here, b)
                ]
    return found


def _quoted_in(sentence: Span, quotes: Sequence[tuple[int, int]]) -> list[Span]:
    return [Span(start, end) for start, end in quotes if sentence.start <= start < sentence.end]


def _plain(text: str, span: Span) -> str:
    return " ".join(word.casefold().replace("’", "'") for word in _WORD.findall(_of(text, span)))
