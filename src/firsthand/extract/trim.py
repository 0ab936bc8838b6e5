"""What chosen pieces still carry of the page: headline, byline, date at the head, pointers and credits at the end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from firsthand.extract.body import key_of
from firsthand.extract.credits import is_office, split_names, starts_with_by
from firsthand.extract.furniture import is_appeal, is_credit_line, is_furniture, is_stamp
from firsthand.extract.piece import TEXT_KINDS, Piece
from firsthand.model.article import BlockKind

_ABOUT = re.compile(
    r".{0,40}?\b(?:is|was|has|covers|writes|joined|reports|works|ist|schreibt|arbeitet|est|es)\b", re.DOTALL
)
_SIGNATURE = re.compile(r"^\W*\w[\w .'’/-]{0,28}\W*$")
_HEAD = 8  # pieces; where a page repeats its headline, byline and time before the text begins


def trim(pieces: Sequence[Piece], *, headline: str | None, names: Iterable[str] = ()) -> list[Piece]:
    """`pieces` without what repeats the headline, byline and date at their head, and without furniture at their end."""
    kept = _trim_head(list(pieces), headline, tuple(names))
    names = tuple(names)
    while kept and (_ends_nothing(kept[-1]) or _is_biography(kept[-1].text, names) or is_appeal(kept[-1].text)):
        kept.pop()
    return kept


def _is_biography(text: str, names: Sequence[str]) -> bool:
    """Whether a paragraph at the end presents the author: it begins with the name and goes on about the person."""
    return any(text.startswith(name) for name in names) and bool(_ABOUT.match(text[max(map(len, names)) :][:60]))


def _trim_head(pieces: list[Piece], headline: str | None, names: tuple[str, ...]) -> list[Piece]:
    kept: list[Piece] = []
    begun = False
    seen_text = 0
    for piece in pieces:
        if begun or piece.kind not in TEXT_KINDS or seen_text >= _HEAD:
            kept.append(piece)
            continue
        seen_text += 1
        if repeats_furniture(piece.text, headline, names) or _is_kicker(piece):
            continue
        begun = len(piece.text) > 160
        kept.append(piece)
    return kept


def repeats_furniture(text: str, headline: str | None, names: Sequence[str]) -> bool:
    """Whether a block at the head says only what the headline, the byline or the date line says."""
    parts = [part for part in text.split(" | ") if part.strip()] if len(text) < 120 else []
    if len(parts) > 1 and all(is_stamp(part) or is_byline(part, names) or is_office(part) for part in parts):
        return True
    lines = text.splitlines()
    if 1 < len(lines) <= 4 and all(repeats_furniture(line, headline, names) for line in lines if line.strip()):
        return True
    key = key_of(text)
    title = key_of(headline or "")
    if title and len(text) < len(headline or "") + 120 and any(key_of(line) == title for line in text.splitlines()):
        return True  # breadcrumbs as a list
    if title and key.endswith(title) and len(key) < len(title) + 30:
        return True
    if (
        key
        and title
        and (
            key == title
            or (len(key) > 15 and (title.startswith(key) or key.startswith(title)) and len(key) < len(title) + 30)
        )
    ):
        return True
    return is_stamp(text) or is_byline(text, names) or is_furniture(text) or (len(text) < 100 and starts_with_by(text))


def is_byline(text: str, names: Sequence[str]) -> bool:
    """Whether a short line holds the names of the byline and little else."""
    if len(text) > 200 or not names:
        return False
    rest = text.casefold()
    found = False
    for name in names:
        if name.casefold() in rest:
            found = True
            rest = rest.replace(name.casefold(), " ")
    return (
        found and len(re.sub(r"\W+", "", rest)) <= 45 and not re.search(r"[.!?]\s*$", text) and bool(split_names(text))
    )


def _is_kicker(piece: Piece) -> bool:
    """A word or two over the headline, or a template's hidden label: no heading of anything that follows."""
    if piece.kind is BlockKind.PARAGRAPH and re.search(r"[.!?。”\"»]$", piece.text):
        return False
    return piece.kind is not BlockKind.LIST and len(piece.text.split()) <= 2 and len(piece.text) < 30


def _ends_nothing(piece: Piece) -> bool:
    if piece.kind is BlockKind.HEADING:
        return True
    if piece.kind is BlockKind.IMAGE:
        return not piece.caption
    if piece.kind not in TEXT_KINDS:
        return False
    if (
        piece.kind is BlockKind.PARAGRAPH
        and len(piece.text.split()) <= 3
        and not re.search(r"[.!?。…”\"»]$", piece.text)
    ):
        return bool(_SIGNATURE.match(piece.text)) or len(piece.text) < 12
    if is_credit_line(piece.text) or is_furniture(piece.text) or is_stamp(piece.text):
        return True
    if piece.kind is BlockKind.LIST:
        return piece.link_share > 0.5
    return len(piece.text) < 200 and piece.link_share > 0.9
