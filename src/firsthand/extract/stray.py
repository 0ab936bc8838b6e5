"""What does not belong to the article though the engine gave it: doubles, pull quotes, boxes, cards, what follows.

Each function takes the page's pieces and the indices chosen so far, and gives those to leave out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from firsthand.extract.dom import Element
from firsthand.extract.furniture import asks_consent
from firsthand.extract.piece import PROSE, Piece, ends_sentence, key_of
from firsthand.extract.place import (
    ancestors,
    box_of,
    container,
    home,
    is_within,
    main_holders,
    main_place,
    marks,
    place,
)
from firsthand.model.article import BlockKind

_SHORT = 25  # word characters; shorter texts repeat by chance
_BOX = re.compile(
    r"newsletter|boletin(?!es)|infolettre|nieuwsbrief|related|recommend|outbrain|taboola|read-?(?:more|also)|most-?read|also-?like|author-?(?:bio|box|info)|promo(?!te)"
    r"|social-?(?:share|media-?bar)|share-?(?:bar|button)|paywall-?(?:offer|teaser)|subscribe|sign-?up|donat"
    r"|(?:access|registration)-?wall|\bnot-prose\b",
    re.IGNORECASE,
)
_BOXED = 0.2
_AFTER = 0.5
_PULLED = re.compile(r"pull-?quote|quote-?(?:block|box)|blockquote|zitat|highlight|\bquote\b", re.IGNORECASE)
_SENTENCES = re.compile(r"(?<=[.!?。])\s+")
_GOES_ON = re.compile(r"(?:\.\.\.|…)\s?[^\W\d_A-ZÀ-Þ]")
_CARD = 500  # characters; a card that teases another article holds no more
_CARD_PIECES = 7
_TITLE = 20
_LABEL = 45
_ONE_LINK = 0.95
_POINTS_ON = 0.6
_OFFER_PIECES = 3  # an offer under the article; questions and answers there are more, and part of it


def without_doubles(pieces: Sequence[Piece], chosen: set[int]) -> set[int]:
    """A text that stands twice (mobile and desktop body, a pulled summary) stays where most of the article is."""
    weight: dict[Element | None, int] = {}
    places: dict[str, list[int]] = {}
    for index in sorted(chosen):
        piece = pieces[index]
        weight[home(piece)] = weight.get(home(piece), 0) + len(piece.text)
        places.setdefault(key_of(piece.text), []).append(index)
    return {max(indices, key=lambda index: (weight[home(pieces[index])], -index)) for indices in places.values()}


def pull_quotes(pieces: Sequence[Piece], chosen: set[int]) -> set[int]:
    """Pieces whose words stand inside longer ones too: set large beside the text, for the eye; and who is quoted."""
    main = main_place(pieces, chosen)
    keys = {index: key_of(pieces[index].text) for index in chosen}
    # A list of contents says every heading of the article: it goes, they stay.
    whole = "\n".join(keys[index] for index in sorted(chosen) if not is_link_list(pieces[index]))
    found: set[int] = set()
    for index, key in keys.items():
        piece = pieces[index]
        if len(key) <= _SHORT or place(piece) == main:
            continue
        short = len(key) < 2 * PROSE and whole.count(key) > 1
        if short or (_is_set_apart(piece) and _is_repeated(piece.text, whole)):
            found.add(index)
    return found | _attributions(pieces, chosen, found)


def _is_set_apart(piece: Piece) -> bool:
    if piece.kind is BlockKind.QUOTE:
        return True
    return any(_PULLED.search(marks(element)) for element in list(ancestors(piece.element))[:4])


def _is_repeated(quote: str, whole: str) -> bool:
    """Whether every sentence of `quote` stands twice in `whole`, the keys of all text: once here, once in a paragraph."""
    keys = [key for key in map(key_of, _SENTENCES.split(quote)) if key]
    return bool(keys) and max(map(len, keys)) >= 10 and all(whole.count(key) > 1 for key in keys)


def _attributions(pieces: Sequence[Piece], chosen: set[int], quotes: set[int]) -> set[int]:
    """Short lines after a pull quote in its own box: name and office of who is quoted."""
    holders = main_holders(pieces, chosen)
    found: set[int] = set()
    for index in quotes:
        box = box_of(pieces[index], holders)
        for further in range(index + 1, min(index + 4, len(pieces))):
            piece = pieces[further]
            if box is None or not is_within(piece, box) or ends_sentence(piece.text) or len(piece.text) > 2 * PROSE:
                break
            if further in chosen:
                found.add(further)
    return found


def is_link_list(piece: Piece) -> bool:
    """Nothing but links, each item one, or one link that is no sentence: where to go from here."""
    if piece.kind is BlockKind.PARAGRAPH:
        alone = piece.link_share > _ONE_LINK and len(piece.text) < 150 and not ends_sentence(piece.text)
        return alone or _is_signpost(piece)
    if piece.kind is not BlockKind.LIST or len(piece.links) < len(piece.items):
        return False
    return piece.link_share > 0.8 or (piece.link_share > _POINTS_ON and _items_point_on(piece))


def _is_signpost(piece: Piece) -> bool:
    """A label in capitals, a bar, and a link to the end: "READ ANOTHER STORY HERE | …", in any language."""
    label, bar, _ = piece.text.partition("|")
    return bool(
        bar
        and label.strip().isupper()
        and len(label) < _LABEL
        and piece.links
        and piece.links[-1].end == len(piece.text)
        and piece.links[0].start <= len(label) + 2
    )


def _items_point_on(piece: Piece) -> bool:
    """Whether each item of a list ends in a link behind a short label: "Cyber attacks: How users are fooled"."""
    ends = {link.end for link in piece.links}
    starts = sorted(link.start for link in piece.links)
    return all(
        item.end in ends and any(item.start <= start < item.start + 40 for start in starts) for item in piece.items
    )


def boxes(pieces: Sequence[Piece], chosen: set[int]) -> set[int]:
    """Pieces in boxes that the page itself calls newsletter, related and so on, where they are a small part of it."""
    holder = container([pieces[index] for index in chosen]) if chosen else None
    found = {index for index in chosen if _in_box(pieces[index].element, holder)}
    rest = chosen - found
    if found and rest and min(found) > max(rest):
        return _if_few(pieces, chosen, found, _AFTER)  # a flash of two sentences is hardly longer than what follows it
    return _if_few(pieces, chosen, found)


def waiting(pieces: Sequence[Piece], chosen: set[int]) -> set[int]:
    """Boxes of charts and posts that wait for the reader's consent: their titles say nothing without what they name."""
    holders = main_holders(pieces, chosen)
    asking = {box_of(piece, holders) for piece in pieces if asks_consent(piece.text)} - {None}
    return _if_few(pieces, chosen, {index for index in chosen if box_of(pieces[index], holders) in asking})


def _in_box(element: Element | None, holder: Element | None) -> bool:
    for inner in ancestors(element):
        if inner is holder:
            return False
        if _BOX.search(marks(inner)):
            return True
    return False


def cards(pieces: Sequence[Piece], chosen: set[int]) -> set[int]:
    """Teasers of other articles among the text: a small box with a linked title, and a sentence or two under it."""
    holders = main_holders(pieces, chosen)
    found = {index for index in chosen if _is_teaser(pieces, index, box_of(pieces[index], holders))}
    return _if_few(pieces, chosen, found)


def _is_teaser(pieces: Sequence[Piece], index: int, box: Element | None) -> bool:
    piece = pieces[index]
    if box is None:
        return False
    if piece.kind is BlockKind.HEADING:
        leads_away = any(not link.url.startswith("#") for link in piece.links)
        return leads_away and piece.link_share > _ONE_LINK and len(piece.text) >= _TITLE
    if piece.kind is not BlockKind.PARAGRAPH or piece.links or len(piece.text) < PROSE / 2:
        return False
    near = range(max(0, index - _CARD_PIECES), min(len(pieces), index + _CARD_PIECES + 1))
    held = [other for other in near if is_within(pieces[other], box)]
    if near[0] in held or near[-1] in held or sum(len(pieces[other].text) for other in held) > _CARD:
        return False
    return any(
        pieces[other].link_share > _ONE_LINK and len(pieces[other].text) >= _TITLE
        for other in held
        if index - 3 <= other < index
    )


def _if_few(pieces: Sequence[Piece], chosen: set[int], found: set[int], share: float = _BOXED) -> set[int]:
    """`found` where it is a small part of what was chosen: an article about lists may consist of boxes."""
    size = sum(len(pieces[index].text) for index in found)
    return found if size < share * sum(len(pieces[index].text) for index in chosen) else set()


def asides(pieces: Sequence[Piece], chosen: set[int]) -> set[int]:
    """Boxes that go on from a heading which is a picture or a name set large: "... is a fellow of the institute"."""
    holders = main_holders(pieces, chosen)
    return {
        index
        for index in chosen
        if _GOES_ON.match(pieces[index].text) and holders and home(pieces[index]) not in holders
    }


def captions(pieces: Sequence[Piece], chosen: set[int]) -> set[int]:
    """Texts that say again what the caption of a picture says: lightboxes hold every caption twice."""
    known = [key_of(piece.caption) for piece in pieces if piece.kind is BlockKind.IMAGE and piece.caption]
    holders = main_holders(pieces, chosen)
    return {
        index
        for index in chosen
        if holders
        and home(pieces[index]) not in holders
        and len(key := key_of(pieces[index].text)) > _SHORT
        and any(caption.startswith(key) for caption in known)
    }


def after_end(pieces: Sequence[Piece], chosen: set[int]) -> set[int]:
    """Pieces after the article's end that stand in boxes of their own: offers, other authors, lists."""
    holder = container([pieces[index] for index in chosen]) if chosen else None
    holders = main_holders(pieces, chosen)
    main = [index for index in chosen if home(pieces[index]) in holders]
    inside = [index for index in chosen if is_within(pieces[index], holder)]
    if holder is None or not inside or not main:
        return set()
    ended, last = max(inside), max(main)
    # A short last paragraph in a wrapper of its own, as every paragraph of some templates is, stands in no box.
    body = main_place(pieces, chosen)
    apart = {
        index
        for index in chosen
        if index > last and home(pieces[index]) not in holders and place(pieces[index]) != body
    }
    beyond = {index for index in apart if index > ended}
    if _is_last_section(pieces, apart, chosen) or len(apart) > _OFFER_PIECES or len(main) + len(apart) < len(chosen):
        return beyond
    return beyond | _if_few(pieces, chosen, apart)


def _is_last_section(pieces: Sequence[Piece], apart: set[int], chosen: set[int]) -> bool:
    """Whether `apart` stands under a heading of the article's own rank, or quotes."""
    rank = min(_levels(pieces, apart), default=9)
    return rank <= max(_levels(pieces, chosen - apart), default=8) or any(
        pieces[index].kind is BlockKind.QUOTE for index in apart
    )


def _levels(pieces: Sequence[Piece], indices: set[int]) -> set[int]:
    return {pieces[index].level for index in indices if pieces[index].kind is BlockKind.HEADING}
