"""Which pieces of a page are its article: the one place to replace when a better way is found.

`Engine` is the seam. The one in use asks trafilatura (favor_precision) for the words, and finds them again among the
page's own pieces, so that blocks, links and images come from the page itself, in its order. What lies between two
chosen paragraphs of one parent belongs to the article too; what is furniture by its own words does not.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace

from firsthand.extract import belong, stray
from firsthand.extract.dom import Element
from firsthand.extract.furniture import is_furniture, without_tail
from firsthand.extract.piece import PROSE, TEXT_KINDS, Piece, key_of
from firsthand.extract.place import home
from firsthand.extract.structured import Facts, plain
from firsthand.model.article import BlockKind
from firsthand.model.text import unescaped

Engine = Callable[[Element], str]
"""Takes a page's tree (and may not change it); gives the article's words, one block a line, "" for none."""

_SHORT = 25  # word characters; a shorter piece is chosen only where the engine gave it as a whole line
_SHINGLE = 4
_KEPT_SHARE = 0.6
_MAX_LINKS = 3_000  # that the engine is shown; its time grows faster than their number (100,000: 6 s)
_DENSE = 500  # characters of prose that make an article


def trafilatura_words(root: Element) -> str:
    """The default engine."""
    import trafilatura

    # Its own copy is shallow in places: some of its steps change the tree that they are given (seen with 2.3.1).
    tree = deepcopy(root)
    for link in list(itertools.islice(tree.iter("a"), _MAX_LINKS, None)):
        link.clear(keep_tail=True)
        link.tag = "span"
    document = trafilatura.bare_extraction(
        tree, favor_precision=True, include_comments=False, include_tables=True, with_metadata=False
    )
    return str(getattr(document, "text", None) or "")


@dataclass(frozen=True, slots=True)
class _Words:
    """What the engine gave, in the forms that pieces are looked up in."""

    lines: frozenset[str]
    whole: str
    shingles: frozenset[str]

    @classmethod
    def of(cls, text: str) -> _Words:
        lines = [line.strip(" -|") for line in text.splitlines()]
        keys = [key for key in map(key_of, lines) if key]
        return cls(frozenset(keys), "".join(keys), shingles(text))

    def hold(self, piece: Piece) -> bool:
        key = key_of(piece.text)
        if not key:
            return False
        if len(key) < _SHORT:
            return key in self.lines
        if key in self.whole:
            return True
        if any(key_of(line) in self.lines for line in piece.text.splitlines() if len(line) > _SHORT):
            return True
        own = shingles(piece.text)
        return bool(own) and len(own & self.shingles) >= _KEPT_SHARE * len(own)


def choose(root: Element, pieces: Sequence[Piece], facts: Facts, engine: Engine = trafilatura_words) -> list[Piece]:
    """The pieces that are the article, in reading order; empty where the page holds none."""
    words = _Words.of(engine(root))
    if words.whole:
        chosen = {index for index, piece in enumerate(pieces) if piece.kind in TEXT_KINDS and words.hold(piece)}
    else:
        chosen = _densest(pieces)
    chosen = stray.without_doubles(pieces, chosen)
    chosen |= belong.gaps(pieces, chosen) | belong.of_same_place(pieces, chosen)
    chosen |= belong.of_same_place(pieces, chosen) | belong.quotes(pieces, chosen)  # now that its ends are known
    chosen |= belong.headings(pieces, chosen) | belong.lead_in(pieces, chosen)
    chosen -= stray.pull_quotes(pieces, chosen)
    chosen = {index for index in chosen if not _is_waste(pieces[index].text) and not stray.is_link_list(pieces[index])}
    chosen -= stray.boxes(pieces, chosen)
    chosen -= stray.waiting(pieces, chosen)
    chosen -= stray.cards(pieces, chosen) | stray.captions(pieces, chosen) | stray.asides(pieces, chosen)
    chosen -= stray.after_end(pieces, chosen)
    told = _told_body(facts, sum(len(pieces[index].text) for index in chosen))
    if told and _likely_same(told, [pieces[index].text for index in sorted(chosen)]):
        return told
    if not chosen:
        return []
    chosen |= belong.times(pieces, chosen) | belong.pictures(pieces, chosen)
    return [_without_tail(pieces[index]) for index in sorted(chosen)]


def _without_tail(piece: Piece) -> Piece:
    """`piece` without a note that the text goes on below; links in what is left stay."""
    text = without_tail(piece.text) if piece.kind is BlockKind.PARAGRAPH else piece.text
    if len(text) == len(piece.text) or not text:
        return piece
    return replace(piece, text=text, links=tuple(link for link in piece.links if link.end <= len(text)))


def _is_waste(text: str) -> bool:
    """Furniture, or data of a script that stands as text."""
    return is_furniture(text) or (text[:2] in {'{"', "[{"} and text[-1] in "}]")


def shingles(text: str) -> frozenset[str]:
    """Runs of four words, as the share of one text in another is measured."""
    words = re.findall(r"\w+", text.lower())
    return frozenset(" ".join(words[i : i + _SHINGLE]) for i in range(len(words) - _SHINGLE + 1))


def _densest(pieces: Sequence[Piece]) -> set[int]:
    """Where the engine finds nothing: the prose of the one element that holds most of it, if it is enough."""
    homes: dict[object, list[int]] = {}
    for index, piece in enumerate(pieces):
        if piece.kind is BlockKind.PARAGRAPH and len(piece.text) >= PROSE and piece.link_share < 0.25:
            homes.setdefault(home(piece), []).append(index)
    best = max(homes.values(), key=lambda held: sum(len(pieces[index].text) for index in held), default=[])
    enough = len(best) >= 3 and sum(len(pieces[index].text) for index in best) >= _DENSE
    return set(best) if enough else set()


def _told_body(facts: Facts, found: int) -> list[Piece]:
    """JSON-LD's `articleBody` where it is at least twice as long as what was `found`: elsewhere it is worse.

    It stands on 9 to 28 % of news pages, often cut, and taking it always costs .01 F1 and more (measured).
    """
    body = facts.article.get("articleBody")
    if not isinstance(body, str) or len(body) < max(_DENSE, 2 * found):
        return []
    text = re.sub(r"<(?:br|/p|/div|/h\d|/li)\b[^>]*>", "\n", unescaped(body))
    parts = [plain(part) for part in re.split(r"\n+|\r+", text)]
    return [Piece(BlockKind.PARAGRAPH, part) for part in parts if part and not _is_waste(part)]


def _likely_same(told: Sequence[Piece], found: Sequence[str]) -> bool:
    """Whether what was found, if anything, is part of what the page told for machines."""
    whole = "".join(key_of(piece.text) for piece in told)
    keys = [key_of(text) for text in found if len(text) >= PROSE]
    return sum(len(key) for key in keys if key in whole) >= 0.5 * sum(map(len, keys))
