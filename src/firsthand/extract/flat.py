"""A flattened page to an Article: what a browser's "save as text" or a crawler gives, furniture and all.

There is no markup to go by, only lines: how long they are, how they end, whether they repeat, what they say. The body
is the run of lines that reads most like prose; what stands before it names the article, what stands after credits it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from firsthand.extract.credits import agency_in, is_agency, is_person, split_names, starts_with_by, unique
from firsthand.extract.dateline import read_dateline
from firsthand.extract.fields import domain_like, without_outlet
from firsthand.extract.furniture import is_credit_line, is_furniture, is_interruption, is_label, is_stamp
from firsthand.extract.language import detect_language
from firsthand.extract.page import later, zone_hints
from firsthand.extract.piece import Piece, compose, key_of
from firsthand.extract.rights import holder_of, is_rights_line, rights_in
from firsthand.extract.sections import clean_path, path_in
from firsthand.extract.written_dates import UPDATED, parse_written
from firsthand.model.article import Article, Block, BlockKind, OutletName
from firsthand.model.errors import NotAnArticle
from firsthand.model.text import clean, masked, one_line
from firsthand.model.urls import domain_of
from firsthand.model.when import Precision, When

_SENTENCE_END = re.compile(r"[.!?…。！？۔।]['\"”’»“)\]]*$")
_PROSE = 80
_TITLE = 25
_LEAST = 60


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    score: float
    """How much it reads like a body's line; below zero for furniture."""


def read_text(text: str, *, url: str | None = None, published: When | None = None) -> Article:
    """The article in a flattened page.

    `url` and `published` tell what the text cannot; what it says itself comes first.
    Raises NotAnArticle where no run of prose is found.
    """
    lines = _score(_lines(clean(text)))
    first, last = _body(lines)
    head = [line.text for line in lines[:first]]
    tail = [line.text for line in lines[last + 1 :]]
    body = [line.text for line in lines[first : last + 1]]

    crumbs = path_in(head)
    outlet = _outlet(crumbs, head, tail, url)
    headline = _headline(head, crumbs, outlet)
    names = _names(head, tail, headline)
    hints = zone_hints(outlet.domain, None)
    stamp, changed = _stamps(head, tail, hints)
    stamp = stamp or published
    composed = compose(_pieces(body, headline, names))
    if len(composed.text) < _LEAST:
        raise NotAnArticle("The text holds no run of prose that could be an article.")
    filed = read_dateline(composed.text.split("\n\n")[0], stamp)
    credits = [*tail[:12], *[line for line in head[-10:] if len(line) < 80], *body[-2:]]
    return Article(
        url=url,
        outlet=outlet,
        headline=headline,
        byline=tuple(name for name in names if is_person(name, filter(None, (outlet.name, outlet.domain)))),
        agency=_agency(names, filed.agency, credits, outlet),
        section=clean_path(crumbs, headline, tuple(filter(None, (outlet.name, outlet.domain)))),
        dateline=filed.dateline,
        published=stamp,
        modified=later(changed, stamp),
        language=detect_language(composed.text),
        rights=rights_in([line for line in (*tail, *head) if is_rights_line(line) or is_credit_line(line)]),
        text=composed.text,
        blocks=composed.blocks,
    )


def read_body(text: str, *, url: str | None = None, published: When | None = None) -> Article:
    """`text` as an article's body, character for character; blocks are what blank lines part.

    What no text may hold (NULs, lone surrogates, control characters) becomes U+FFFD, so that spans index into `text`.
    """
    text = masked(text)
    pieces = _paragraph_spans(text)
    blocks = tuple(Block(BlockKind.PARAGRAPH, start, end) for start, end in pieces)
    filed = read_dateline(text[pieces[0][0] : pieces[0][1]], published) if pieces else None
    return Article(
        url=url,
        outlet=OutletName(None, domain_of(url) or None if url else None),
        dateline=filed.dateline if filed else None,
        agency=filed.agency if filed else None,
        published=published,
        language=detect_language(text),
        text=text,
        blocks=blocks,
    )


def _paragraph_spans(text: str) -> list[tuple[int, int]]:
    """Where the paragraphs stand that blank lines part, without the white space around them."""
    spans: list[tuple[int, int]] = []
    offset, start, end = 0, -1, -1
    for line in text.splitlines(keepends=True):
        if line.strip():
            if start < 0:
                start = offset + len(line) - len(line.lstrip())
            end = offset + len(line.rstrip())
        elif start >= 0:
            spans.append((start, end))
            start = -1
        offset += len(line)
    return [*spans, (start, end)] if start >= 0 else spans


def _lines(text: str) -> list[str]:
    """The lines of a page; those that were wrapped at a fixed width are joined into paragraphs again."""
    raw = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    filled = [line for line in raw if line.strip()]
    wrapped = [line for line in filled if 55 <= len(line) <= 100]
    if len(wrapped) < 8 or len(wrapped) < 0.5 * len(filled) or max(map(len, filled)) > 130:
        return [one_line(line) for line in filled if one_line(line)]
    paragraphs: list[list[str]] = [[]]
    for line in raw:
        if not line.strip():
            paragraphs.append([])
        elif paragraphs[-1] and len(paragraphs[-1][-1]) < 50:
            paragraphs.append([line])
        else:
            paragraphs[-1].append(line)
    return [joined for joined in (one_line(" ".join(lines)) for lines in paragraphs) if joined]


def _score(lines: Sequence[str]) -> list[_Line]:
    counts: dict[str, int] = {}
    for line in lines:
        counts[key_of(line)] = counts.get(key_of(line), 0) + 1
    return [_Line(line, _prose_score(line, counts[key_of(line)])) for line in lines]


def _prose_score(line: str, count: int) -> float:
    width = _width(line)
    if is_rights_line(line):
        return -4.0
    if is_interruption(line):
        return -0.3
    if is_credit_line(line) or (count > 1 and width < 120):
        return -2.0
    if is_furniture(line) or is_stamp(line):
        return -1.5
    ends = bool(_SENTENCE_END.search(line))
    if width >= _PROSE and (ends or width >= 2 * _PROSE):
        return min(3.0, width / 100)
    if ends and width > 25 and not starts_with_by(line):
        return 0.4
    return -0.7


def _body(lines: Sequence[_Line]) -> tuple[int, int]:
    """The run of lines with the highest sum of scores."""
    best, span = 0.0, None
    total, start = 0.0, 0
    for index, line in enumerate(lines):
        if total <= 0:
            total, start = 0.0, index
        total += line.score
        if total > best:
            best, span = total, (start, index)
    if span is None or best < 0.8:
        raise NotAnArticle("The text holds no run of prose that could be an article.")
    return span


def _pieces(body: Sequence[str], headline: str | None, names: Sequence[str]) -> list[Piece]:
    """The lines of the body as paragraphs, short ones between them as headings, furniture left out."""
    pieces: list[Piece] = []
    for index, line in enumerate(body):
        if is_furniture(line) or is_stamp(line) or is_credit_line(line) or line == headline:
            continue
        if len(line) < 90 and not _SENTENCE_END.search(line) and line[-1] not in ':,;-–—"”' and line not in names:
            follows = body[index + 1] if index + 1 < len(body) else ""
            if len(follows) >= _PROSE and index:
                pieces.append(Piece(BlockKind.HEADING, line, level=2))
                continue
        pieces.append(Piece(BlockKind.PARAGRAPH, line))
    while pieces and pieces[-1].kind is BlockKind.HEADING:
        pieces.pop()
    return pieces


def _headline(head: Sequence[str], crumbs: Sequence[str], outlet: OutletName) -> str | None:
    """The line that names the article: one that repeats (in the crumbs, in the page's title), else a title-like one."""
    names = tuple(filter(None, (outlet.name, outlet.domain)))
    titles = [without_outlet(line, names) for line in head]
    fit = [
        (index, line)
        for index, line in enumerate(titles)
        if _width(line) >= 12 and len(line) <= 250 and not _is_other(head[index])
    ]
    if not fit:
        return None
    last_crumb = key_of(crumbs[-1]) if crumbs else ""
    keys = [key_of(line) for line in titles]
    for _, line in fit:
        if last_crumb and (
            key_of(line) == last_crumb or (len(last_crumb) > 15 and key_of(line).startswith(last_crumb.rstrip(".")))
        ):
            return line
    for _, line in fit:
        if keys.count(key_of(line)) > 1:
            return line
    stamps = [index for index, line in enumerate(head) if _follows_headline(line)]
    limit = stamps[0] if stamps else len(head)
    before = [(index, line) for index, line in fit if index < limit and not _SENTENCE_END.search(line)] or fit
    # The last lines that stand together: the headline, and under it perhaps a standfirst.
    group = [before[-1]]
    for index, line in reversed(before[:-1]):
        if index == group[0][0] - 1 and len(group) < 3:
            group.insert(0, (index, line))
    return next((line for _, line in group if _width(line) >= _TITLE), max((line for _, line in group), key=_width))


def _follows_headline(line: str) -> bool:
    return is_stamp(line) or starts_with_by(line) or (len(line) < 60 and parse_written(line) is not None)


def _width(line: str) -> int:
    """Length as read: one ideograph says as much as two letters."""
    return sum(2 if char > "\u2e80" else 1 for char in line)


def _is_other(line: str) -> bool:
    if is_furniture(line) or is_stamp(line) or is_credit_line(line) or is_rights_line(line) or starts_with_by(line):
        return True
    return bool(re.search(r"[»›→]", line)) or is_label(line)


def _names(head: Sequence[str], tail: Sequence[str], headline: str | None) -> list[str]:
    """Who wrote it: a line that says "By", else a line of nothing but names beside the date."""
    for line in (*head, *tail[:4]):
        if starts_with_by(line) and len(line) < 160:
            names = split_names(re.split(r"\s[|•·–—]\s", line)[0])
            if any(is_person(name) or is_agency(name) for name in names):
                return names
    start = next((index for index, line in enumerate(head) if headline and key_of(line) == key_of(headline)), None)
    after = list(head[start + 1 :]) if start is not None else list(head[-6:])
    for line in after[:6]:
        if line == headline or len(line) > 90 or is_furniture(line):
            continue
        bare = re.split(r"\s[|•·–—/]\s|,\s(?=\d)|\s\d", line)[0]
        names = split_names(bare)
        persons = [name for name in names if is_person(name) and _two_words(name)]
        if persons and len("".join(persons)) > 0.5 * len(re.sub(r"\s", "", bare)):
            return names
    return []


def _two_words(name: str) -> bool:
    words = name.split()
    return 2 <= len(words) <= 4 and all(word[0].isupper() or word.islower() for word in words) and words[0][0].isupper()


def _stamps(head: Sequence[str], tail: Sequence[str], hints: tuple[str, ...]) -> tuple[When | None, When | None]:
    """When it was published and changed, from the lines that carry a date; one that says "updated" is a change."""
    published: When | None = None
    changed: When | None = None
    for line in (*head, *[line for line in tail[:8] if not is_rights_line(line)]):
        if len(line) > 160 or not re.search(r"\d", line):
            continue
        for part in _stamp_parts(line):
            when = parse_written(part, hints)
            if when is None:
                continue
            if UPDATED.search(part):
                changed = changed or when
            elif published is None or (
                published.precision is Precision.DAY
                and when.precision is not Precision.DAY
                and when.at.date() == published.at.date()
            ):
                published = when
    return published or changed, changed if published else None


def _stamp_parts(line: str) -> list[str]:
    """`Published: … | Updated: …` in its parts."""
    parts = re.split(rf"\s*[|•·]\s*|(?=\b(?:{UPDATED.pattern})\w*)", line, flags=re.IGNORECASE)
    return [part for part in parts if part and part.strip()]


def _outlet(crumbs: Sequence[str], head: Sequence[str], tail: Sequence[str], url: str | None) -> OutletName:
    """Who published: the address, the first crumb, the page title's end, the copyright line of no agency."""
    domain = domain_of(url) or None if url else None
    if crumbs and domain_like(crumbs[0]):
        return OutletName(crumbs[0], domain or crumbs[0].lower().removeprefix("www."))
    keys = {key_of(line) for line in head}
    for line in head:
        match = re.match(r"^(.{15,}?)\s+[|–—-]\s+([^|–—-]{2,40})$", line)
        if match and key_of(match[1]) in keys:
            return OutletName(match[2].strip(), domain or (match[2].lower() if domain_like(match[2]) else None))
    for line in tail:
        name = holder_of(line)
        if name:
            return OutletName(name, domain or (name.lower() if domain_like(name) else None))
    return OutletName(None, domain)


def _agency(names: Sequence[str], filed: str | None, lines: Sequence[str], outlet: OutletName) -> str | None:
    own = (outlet.name or "").casefold()
    for text in (*names, *([f"({filed})"] if filed else []), *unique(lines)):
        agency = agency_in(text) if len(text) < 600 else None
        if agency and agency.casefold() != own:
            return agency
    return None
