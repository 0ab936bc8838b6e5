"""What the phrases of a chain are matched against: the article's text with outlets, dates, documents and quotes marked."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from firsthand.analyze.chains.anaphors import resolved
from firsthand.analyze.chains.mentions import Mention, find_mentions, spans
from firsthand.analyze.chains.phrases import DATE, DOCUMENT, QUOTE, Language
from firsthand.analyze.gazetteer import Gazetteer
from firsthand.model.article import Article, Span

__all__ = ["Scene", "set_scene"]

# One code point for one: spans into the plain text are spans into the article's.
_PLAIN = {ord(mark): " " for mark in "\u00a0\u2009\u202f\u2007\t"} | {ord("’"): "'", ord("‘"): "'"}
_PLAIN |= {0xE000 + number: "\ufffd" for number in range(16)}
_OPEN = re.compile(r"(?:(?<=[\s(\[—–:-])|^)(?:[\"“„»«]|«\s)(?=[\w¿¡\[(…$€£'])", re.MULTILINE)
_CLOSE = re.compile(r"(?<=\S)\s?[\"”“»«](?=[\s.,;:!?)\]—–]|$)", re.MULTILINE)
_SENTENCE = re.compile(r"[.!?…]['\"”»)\]]*\s+|\n\s*")
_BEGINS = re.compile(r"['\"“„«»(\[¿¡]{0,2}\s?(?:[^\W_a-zà-ÿ]|$)")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"“«„'])(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Capt|Sgt|Sen|Rep|Gov|St|Jr|Sr|Rev|Hon|No|vs|Inc|Corp|Co|Ltd|Jan|Feb"
    r"|Mar|Apr|Aug|Sept|Sep|Oct|Nov|Dec|[A-Z]\.[A-Z]|U\.S|U\.K|Sra?|Dra?|Hr|Fr|z\.B|bzw|ca|etc|p\.m|a\.m|M|Mme|MM)\.$"
)
_LONGEST_QUOTE = 4000
_LONGEST_SENTENCE = 1500


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
    home = gazetteer.by_domain(article.outlet.domain or "") or next(
        iter(gazetteer.named(article.outlet.name or "")), None
    )
    listed = find_mentions(text, gazetteer, language, home.country if home else "")
    found = resolved(article, text, listed, gazetteer, language)
    marks = list(text)
    for mention in found:
        _fill(marks, mention.start, mention.end, mention.mark)
    named = "".join(marks)
    _mark(marks, spans(language.date, named), DATE)
    dated = "".join(marks)
    _mark(marks, spans(language.document, dated), DOCUMENT)
    _mark(marks, _quotes(named), QUOTE)
    marked = "".join(marks)
    outside = tuple(mention for mention in found if marked[mention.start] == mention.mark)
    return Scene(text, marked, tuple(_sentences(text, marked)), outside, language)


def _mark(marks: list[str], found: Iterable[Span], mark: str) -> None:
    for span in found:
        _fill(marks, span.start, span.end, mark)


def _fill(marks: list[str], start: int, end: int, mark: str) -> None:
    marks[start:end] = mark * (end - start)


# -- quotations and sentences


def _quotes(text: str) -> Iterator[Span]:
    """What stands in quotation marks, marks apart: four words or more, or it may be a name or a single word."""
    at = 0
    while opened := _OPEN.search(text, at):
        start = opened.end()
        line = text.find("\n", start, start + _LONGEST_QUOTE)
        bound = line if line >= 0 else min(len(text), start + _LONGEST_QUOTE)
        closed = _CLOSE.search(text, start, bound)  # one that goes on in the next paragraph is not closed in this
        end = closed.start() if closed else bound
        if text.count(" ", start, end) >= 3:
            yield Span(start, end)
        at = max(start, closed.end() if closed else bound)


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
