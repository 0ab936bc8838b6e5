"""Which pieces of a page are its article: the one place to replace when a better way is found.

`Engine` is the seam. The one in use asks trafilatura (favor_precision) for the words, and finds them again among the
page's own pieces, so that blocks, links and images come from the page itself, in its order. What lies between two
chosen paragraphs of one parent belongs to the article too; what is furniture by its own words does not.
"""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass

from firsthand.extract.dom import Element
from firsthand.extract.furniture import is_furniture
from firsthand.extract.piece import TEXT_KINDS, Piece
from firsthand.extract.structured import Facts, plain
from firsthand.model.article import BlockKind

Engine = Callable[[Element], str]
"""Takes a page's tree (and may not change it); gives the article's words, one block a line, "" for none."""

_NOT_WORD = re.compile(r"[\W_]+")
_SHORT = 25  # word characters; a shorter piece is chosen only where the engine gave it as a whole line
_SHINGLE = 4
_KEPT_SHARE = 0.6
_PROSE = 80
_MAX_LINKS = 3_000  # that the engine is shown; its time grows faster than their number (100,000: 6 s)
_DENSE = 500  # characters of prose that make an article
_GAP_LINKS = 0.5
_BOX = re.compile(
    r"newsletter|related|recommend|outbrain|taboola|read-?(?:more|also)|most-?read|also-?like|author-?(?:bio|box|info)|promo(?!te)"
    r"|social-?(?:share|media-?bar)|share-?(?:bar|button)|paywall-?(?:offer|teaser)|subscribe|sign-?up|donat",
    re.IGNORECASE,
)
_BOXED = 0.2
_ASIDE = frozenset({"aside", "nav", "footer"})
_ASIDE_CLASS = re.compile(
    r"related|recommend|teaser|promo|newsletter|sidebar|author|avatar|byline|share|social|\bicon|logo|advert|sponsor"
    r"|most-?read|outbrain|taboola|read-?more|also-?like|carousel-?nav",
    re.IGNORECASE,
)


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
    chosen = _without_doubles(pieces, chosen)
    chosen |= _gaps(pieces, chosen) | _of_same_place(pieces, chosen)
    chosen -= _pull_quotes(pieces, chosen)
    chosen = {index for index in chosen if not _is_waste(pieces[index].text) and not _is_link_list(pieces[index])}
    chosen -= _boxes(pieces, chosen)
    told = _told_body(facts, sum(len(pieces[index].text) for index in chosen))
    if told and _likely_same(told, [pieces[index].text for index in sorted(chosen)]):
        return told
    if not chosen:
        return []
    chosen |= _pictures(pieces, chosen)
    return [pieces[index] for index in sorted(chosen)]


def _is_waste(text: str) -> bool:
    """Furniture, or data of a script that stands as text."""
    return is_furniture(text) or (text[:2] in {'{"', "[{"} and text[-1] in "}]")


def key_of(text: str) -> str:
    """`text` without all that is not letter or digit: equal for texts that read the same."""
    return _NOT_WORD.sub("", text).lower()


def shingles(text: str) -> frozenset[str]:
    """Runs of four words, as the share of one text in another is measured."""
    words = re.findall(r"\w+", text.lower())
    return frozenset(" ".join(words[i : i + _SHINGLE]) for i in range(len(words) - _SHINGLE + 1))


def _densest(pieces: Sequence[Piece]) -> set[int]:
    """Where the engine finds nothing: the prose of the one element that holds most of it, if it is enough."""
    homes: dict[object, list[int]] = {}
    for index, piece in enumerate(pieces):
        if piece.kind is BlockKind.PARAGRAPH and len(piece.text) >= _PROSE and piece.link_share < _GAP_LINKS / 2:
            homes.setdefault(_home(piece), []).append(index)
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
    text = re.sub(r"<(?:br|/p|/div|/h\d|/li)\b[^>]*>", "\n", html.unescape(body))
    parts = [plain(part) for part in re.split(r"\n+|\r+", text)]
    return [Piece(BlockKind.PARAGRAPH, part) for part in parts if part and not _is_waste(part)]


def _likely_same(told: Sequence[Piece], found: Sequence[str]) -> bool:
    """Whether what was found, if anything, is part of what the page told for machines."""
    whole = "".join(key_of(piece.text) for piece in told)
    keys = [key_of(text) for text in found if len(text) >= _PROSE]
    return sum(len(key) for key in keys if key in whole) >= 0.5 * sum(map(len, keys))


def _without_doubles(pieces: Sequence[Piece], chosen: set[int]) -> set[int]:
    """A text that stands twice (mobile and desktop body, a pulled summary) stays where most of the article is."""
    weight: dict[object, int] = {}
    places: dict[str, list[int]] = {}
    for index in sorted(chosen):
        piece = pieces[index]
        weight[_home(piece)] = weight.get(_home(piece), 0) + len(piece.text)
        places.setdefault(key_of(piece.text), []).append(index)
    kept: set[int] = set()
    for indices in places.values():
        kept.add(max(indices, key=lambda index: (weight[_home(pieces[index])], -index)))
    return kept


def _home(piece: Piece) -> object:
    """What holds a piece's element: siblings share it."""
    element = piece.element
    parent = element.getparent() if element is not None else None
    return parent if parent is not None else element


def _gaps(pieces: Sequence[Piece], chosen: set[int]) -> set[int]:
    """Text between two chosen pieces of one parent, under that parent too, that the engine passed over."""
    found: set[int] = set()
    order = sorted(chosen)
    for before, after in itertools.pairwise(order):
        home = _home(pieces[before])
        if home is None or after - before < 2 or home is not _home(pieces[after]):
            continue
        found |= {
            index
            for index in range(before + 1, after)
            if pieces[index].kind in TEXT_KINDS
            and _home(pieces[index]) is home
            and pieces[index].link_share < _GAP_LINKS
            and _says_something(pieces[index])
        }
    return found


def _says_something(piece: Piece) -> bool:
    """Short paragraphs between others are labels of advertisements and boxes, unless they end as a sentence does."""
    return piece.kind is not BlockKind.PARAGRAPH or len(piece.text) >= 40 or piece.text[-1] in '.!?…:”»"。'


def _of_same_place(pieces: Sequence[Piece], chosen: set[int]) -> set[int]:
    """Prose that stands in the very same place of the page's template as most of what was chosen.

    An engine that stops at an advertisement between two parts of a body leaves the second; its elements have the
    same tags and classes all the way up as those of the first.
    """
    main = _main_place(pieces, chosen)
    if main is None:
        return set()
    return {
        index
        for index, piece in enumerate(pieces)
        if index not in chosen
        and piece.kind is BlockKind.PARAGRAPH
        and len(piece.text) >= _PROSE
        and piece.link_share < _GAP_LINKS / 2
        and _place(piece) == main
    } - _doubles(pieces, chosen)


def _main_place(pieces: Sequence[Piece], chosen: set[int]) -> tuple[str, ...] | None:
    """The place of at least half of the chosen prose; None where it is scattered."""
    weight: dict[tuple[str, ...], int] = {}
    for index in chosen:
        if pieces[index].kind is BlockKind.PARAGRAPH:
            place = _place(pieces[index])
            weight[place] = weight.get(place, 0) + len(pieces[index].text)
    main = max(weight, key=lambda place: weight[place], default=None)
    return main if main is not None and weight[main] >= 0.5 * sum(weight.values()) else None


def _place(piece: Piece) -> tuple[str, ...]:
    """Tags and classes of a piece's element and all that hold it."""
    path: list[str] = []
    element = piece.element
    while element is not None:
        path.append(f"{element.tag}.{element.get('class') or ''}")
        element = element.getparent()
    return tuple(path)


def _doubles(pieces: Sequence[Piece], chosen: set[int]) -> set[int]:
    seen = {key_of(pieces[index].text) for index in chosen}
    return {index for index, piece in enumerate(pieces) if piece.kind in TEXT_KINDS and key_of(piece.text) in seen}


def _is_link_list(piece: Piece) -> bool:
    """Nothing but links, each item one, or one link that is no sentence: where to go from here."""
    if piece.kind is BlockKind.PARAGRAPH:
        return piece.link_share > 0.95 and len(piece.text) < 150 and piece.text[-1] not in '.!?…”"»。'
    return piece.kind is BlockKind.LIST and piece.link_share > 0.8 and len(piece.links) >= len(piece.items)


def _boxes(pieces: Sequence[Piece], chosen: set[int]) -> set[int]:
    """Pieces in boxes that the page itself calls newsletter, related and so on, where they are a small part of it."""
    container = _container([pieces[index] for index in chosen]) if chosen else None
    boxed = {index for index in chosen if _in_box(pieces[index].element, container)}
    size = sum(len(pieces[index].text) for index in boxed)
    return boxed if size < _BOXED * sum(len(pieces[index].text) for index in chosen) else set()


def _in_box(element: Element | None, container: Element | None) -> bool:
    while element is not None and element is not container:
        if _BOX.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
            return True
        element = element.getparent()
    return False


def _pull_quotes(pieces: Sequence[Piece], chosen: set[int]) -> set[int]:
    """Short pieces whose words stand inside a longer one too: set large beside the text, for the eye."""
    main = _main_place(pieces, chosen)
    keys = {index: key_of(pieces[index].text) for index in chosen}
    whole = "\n".join(keys[index] for index in sorted(chosen))
    return {
        index
        for index, key in keys.items()
        if _SHORT < len(key) < 2 * _PROSE and whole.count(key) > 1 and _place(pieces[index]) != main
    }


def _pictures(pieces: Sequence[Piece], chosen: set[int]) -> set[int]:
    """Images, tables and embeds that stand in the article's own container, between its first and last words."""
    container = _container([pieces[index] for index in chosen])
    first, last = min(chosen), max(chosen)
    seen: set[str] = set()
    found: set[int] = set()
    for index in range(max(0, first - 6), min(len(pieces), last + 2)):
        piece = pieces[index]
        if piece.kind in TEXT_KINDS or piece.element is None or not _belongs(piece, container):
            continue
        key = piece.url or "".join(map("".join, piece.rows))
        if key not in seen:
            seen.add(key)
            found.add(index)
    return found


def _container(pieces: Sequence[Piece]) -> Element | None:
    """The smallest element that holds nine tenths of the text."""
    total = sum(len(piece.text) for piece in pieces)
    held: dict[Element, int] = {}
    for piece in pieces:
        element = piece.element
        while element is not None:
            held[element] = held.get(element, 0) + len(piece.text)
            element = element.getparent()
    enough = [element for element, size in held.items() if size >= 0.9 * total]
    return max(enough, key=lambda element: sum(1 for _ in element.iterancestors()), default=None)


def _belongs(piece: Piece, container: Element | None) -> bool:
    element = piece.element
    linked = False
    while element is not None and element is not container:
        marks = f"{element.get('class') or ''} {element.get('id') or ''}"
        if element.tag in _ASIDE or _ASIDE_CLASS.search(marks):
            return False
        if element.tag == "a" and piece.kind is BlockKind.IMAGE:
            linked = not re.search(r"\.(?:jpe?g|png|webp|gif|avif)(?:$|\?)", element.get("href") or "", re.IGNORECASE)
        element = element.getparent()
    if element is None:
        return False
    return not linked or bool(piece.caption)
