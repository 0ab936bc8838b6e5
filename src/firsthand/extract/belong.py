"""What belongs to the article beside the words that the engine gave: what it passed over, headings, pictures.

Each function takes the page's pieces and the indices chosen so far, and gives further indices.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from firsthand.extract.dom import Element
from firsthand.extract.furniture import is_furniture, is_stamp
from firsthand.extract.piece import PROSE, TEXT_KINDS, Piece, ends_sentence, key_of
from firsthand.extract.place import ancestors, container, home, is_within, main_place, marks, place
from firsthand.model.article import BlockKind

_GAP_LINKS = 0.5
_ALL_LINKS = 0.95  # a sentence may be a link nearly whole; what has no word outside its links is a pointer
_SENTENCE = 20
_POINT = 40
_ENTRIES = 3
_BRIEF = 700  # characters; a text as short goes with the player or picture beside it
_NEAR = 6  # pieces between two of the body that a quotation and who is quoted may take
_ENTRY = re.compile(r"[＜【〈《].{1,40}[＞】〉》]|[^\s：]{1,20}：\S.*", re.DOTALL)
_WHOLE = frozenset({"article", "main"})
_ASIDE = frozenset({"aside", "nav", "footer"})
_ASIDE_CLASS = re.compile(
    r"related|recommend|teaser|promo|newsletter|sidebar|author|avatar|byline|share|social|\bicon|logo|advert|sponsor"
    r"|most-?read|outbrain|taboola|read-?more|also-?like|carousel-?nav",
    re.IGNORECASE,
)


def gaps(pieces: Sequence[Piece], chosen: set[int]) -> set[int]:
    """Text between two chosen pieces of one parent, under that parent too, that the engine passed over."""
    found: set[int] = set()
    for before, after in itertools.pairwise(sorted(chosen)):
        holder = home(pieces[before])
        if holder is None or after - before < 2 or holder is not home(pieces[after]):
            continue
        found |= {
            index
            for index in range(before + 1, after)
            if pieces[index].kind in TEXT_KINDS
            and home(pieces[index]) is holder
            and (
                _is_entry(pieces[index])
                or (
                    (pieces[index].link_share < _GAP_LINKS or _is_sentence(pieces[index]))
                    and _says_something(pieces[index])
                )
            )
        }
    return found


def _says_something(piece: Piece) -> bool:
    """Short paragraphs between others are labels of advertisements and boxes, unless they end as a sentence does."""
    return piece.kind is not BlockKind.PARAGRAPH or len(piece.text) >= 40 or piece.text[-1] in '.!?…:”»"。'


def _is_entry(piece: Piece) -> bool:
    """A line of a report in lists, as Chinese and Japanese set them: ＜震度4＞, 福岡県：久留米市."""
    return piece.kind is BlockKind.PARAGRAPH and piece.link_share < _ALL_LINKS and bool(_ENTRY.fullmatch(piece.text))


def _is_sentence(piece: Piece) -> bool:
    return len(piece.text) >= _SENTENCE and piece.link_share < _ALL_LINKS and ends_sentence(piece.text)


def of_same_place(pieces: Sequence[Piece], chosen: set[int]) -> set[int]:
    """Prose that stands in the very same place of the page's template as most of what was chosen.

    An engine that stops at an advertisement between two parts of a body leaves the second, and one that measures links
    passes over sentences that are full of them; their elements have the same tags and classes all the way up.
    """
    main = main_place(pieces, chosen)
    if main is None:
        return set()
    first, last = min(chosen), max(chosen)
    known = {key_of(pieces[index].text) for index in chosen}
    return {
        index
        for index, piece in enumerate(pieces)
        if index not in chosen
        and piece.kind is BlockKind.PARAGRAPH
        and (_is_prose(piece) or (first < index < last and _is_sentence(piece)))
        and place(piece) == main
        and key_of(piece.text) not in known
    }


def _is_prose(piece: Piece) -> bool:
    return len(piece.text) >= PROSE and piece.link_share < _GAP_LINKS / 2


def quotes(pieces: Sequence[Piece], chosen: set[int]) -> set[int]:
    """Quotations set apart between two chosen pieces, in the article's own part of the page."""
    holder = container([pieces[index] for index in chosen]) if chosen else None
    known = {key_of(pieces[index].text) for index in chosen}
    return {
        index
        for before, after in itertools.pairwise(sorted(chosen))
        if after - before <= _NEAR
        for index in range(before + 1, after)
        if pieces[index].kind is BlockKind.QUOTE
        and len(pieces[index].text) >= _POINT
        and pieces[index].link_share < _GAP_LINKS / 2
        and is_within(pieces[index], holder)
        and key_of(pieces[index].text) not in known
    }


def headings(pieces: Sequence[Piece], chosen: set[int]) -> set[int]:
    """Headings right before chosen text, where the article's other headings stand or beside that very text."""
    if not chosen:
        return set()
    places = {place(pieces[index]) for index in chosen if pieces[index].kind is BlockKind.HEADING}
    found: set[int] = set()
    follows: int | None = None
    for index in range(max(chosen), max(-1, min(chosen) - 2), -1):
        piece = pieces[index]
        if index in chosen:
            follows = index if piece.kind is not BlockKind.HEADING else None
        elif piece.kind is BlockKind.HEADING and follows is not None and piece.link_share < _GAP_LINKS:
            if not is_furniture(piece.text) and (home(piece) is home(pieces[follows]) or place(piece) in places):
                found.add(index)
            follows = None
        elif piece.kind in TEXT_KINDS:
            follows = None
    return found


def times(pieces: Sequence[Piece], chosen: set[int]) -> set[int]:
    """The times of a live page's entries, each right above its entry; one or two are those of the page itself."""
    found = {
        index - 1
        for index in chosen
        if index
        and index - 1 not in chosen
        and pieces[index - 1].kind is BlockKind.PARAGRAPH
        and len(pieces[index - 1].text) <= _POINT
        and home(pieces[index]) in (home(pieces[index - 1]), pieces[index - 1].element)
        and is_stamp(pieces[index - 1].text)
    }
    return found if len(found) >= _ENTRIES else set()


def lead_in(pieces: Sequence[Piece], chosen: set[int]) -> set[int]:
    """Headings and lists of points right above the first paragraph of the body, in the same part of the page."""
    main = main_place(pieces, chosen)
    if main is None:
        return set()
    first = min(index for index in chosen if place(pieces[index]) == main)
    holder = home(pieces[first])
    found: set[int] = set()
    for index in range(first - 1, max(-1, first - 8), -1):
        piece = pieces[index]
        if piece.kind not in TEXT_KINDS:
            continue
        beside = home(piece)
        under = beside.getparent() if beside is not None else None
        if holder is None or holder not in (beside, under) or is_furniture(piece.text):
            break
        if not (piece.kind is BlockKind.HEADING and piece.level > 1) and not _is_list_of_points(piece):
            break
        found |= {index} - chosen
    return found


def _is_list_of_points(piece: Piece) -> bool:
    """A list whose items say something: what the article is about in short, and no menu."""
    return (
        piece.kind is BlockKind.LIST
        and piece.link_share < _GAP_LINKS / 2
        and len(piece.text) >= _POINT * max(1, len(piece.items))
    )


def pictures(pieces: Sequence[Piece], chosen: set[int]) -> set[int]:
    """Images, tables and embeds that stand in the article's own container, between its first and last words."""
    holder = container([pieces[index] for index in chosen])
    if sum(len(pieces[index].text) for index in chosen) < _BRIEF:
        holder = next((element for element in ancestors(holder) if element.tag in _WHOLE), holder)
    first, last = min(chosen), max(chosen)
    seen: set[str] = set()
    found: set[int] = set()
    for index in range(max(0, first - 6), min(len(pieces), last + 2)):
        piece = pieces[index]
        if piece.kind in TEXT_KINDS or piece.element is None or not _belongs(piece, holder):
            continue
        key = piece.url or "".join(map("".join, piece.rows))
        if key not in seen:
            seen.add(key)
            found.add(index)
    return found


def _belongs(piece: Piece, holder: Element | None) -> bool:
    """Whether a picture stands under `holder`, outside of what the page itself marks as aside, and leads nowhere."""
    linked = False
    for element in ancestors(piece.element):
        if element is holder:
            return not linked or bool(piece.caption)
        if element.tag in _ASIDE or _ASIDE_CLASS.search(marks(element)):
            return False
        if element.tag == "a" and piece.kind is BlockKind.IMAGE:
            linked = not re.search(r"\.(?:jpe?g|png|webp|gif|avif)(?:$|\?)", element.get("href") or "", re.IGNORECASE)
    return False
