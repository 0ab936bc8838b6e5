"""What chosen pieces still carry of the page: headline, byline, date at the head, pointers and credits at the end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from firsthand.extract.credits import is_office, split_names, starts_with_by
from firsthand.extract.dateline import read_dateline
from firsthand.extract.furniture import is_appeal, is_closing, is_credit_line, is_furniture, is_stamp
from firsthand.extract.piece import TEXT_KINDS, Piece, ends_sentence, key_of
from firsthand.model.article import BlockKind

_ABOUT = re.compile(
    r".{0,40}?\b(?:is|was|has|covers|writes|joined|reports|works|leads|ist|war|schreibt|arbeitet|leitet|est|écrit|couvre"
    r"|es|escribe|è|scrive|é|escreve|er|är|jest)\b",
    re.DOTALL,
)
_PRESENTS = 60  # characters of a biography before the name: "Our correspondent …", "The Berlin imam …"
_ANNOUNCES = 160  # characters of a paragraph that only announces what would follow
_TITLED = 3
_SIGNATURE = re.compile(r"^\W*\w[\w .'’/-]{0,28}\W*$")
_DENSE_LETTER = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
"""Chinese, Japanese and Korean letters: each says as much as three of an alphabet's."""
_HEAD = 8  # pieces; where a page repeats its headline, byline and time before the text begins


def trim(
    pieces: Sequence[Piece], *, headline: str | None, names: Iterable[str] = (), outlet: Iterable[str] = ()
) -> list[Piece]:
    """`pieces` without what repeats the headline, byline and date at their head, and without furniture at their end.

    `names` are those credited for the text, `outlet` the outlet's own.
    """
    names = tuple(name for name in names if len(name) > 3)
    kept = _trim_head(list(pieces), headline, names)
    while kept and not _is_gallery(kept) and _is_no_end(kept[-1], names, tuple(outlet)):
        kept.pop()
    return kept


def _is_gallery(pieces: Sequence[Piece]) -> bool:
    """Whether the end is a list of pictures with titles, as some articles are: three headings and no text between."""
    tail: list[Piece] = []
    for piece in reversed(pieces):
        if piece.kind not in {BlockKind.HEADING, BlockKind.IMAGE}:
            break
        tail.append(piece)
    titles = sum(piece.kind is BlockKind.HEADING for piece in tail)
    return titles >= _TITLED and len(tail) - titles >= _TITLED


def _is_no_end(piece: Piece, names: Sequence[str], outlet: Sequence[str]) -> bool:
    """Whether an article cannot end with `piece`: furniture, a credit, who wrote it, where to go on."""
    if _ends_nothing(piece):
        return True
    if piece.kind not in TEXT_KINDS:
        return False
    text = piece.text
    if piece.kind is BlockKind.PARAGRAPH and len(text) < _ANNOUNCES and text.endswith(":"):
        return True  # what it announces is not there
    return is_appeal(text) or is_closing(text) or _is_biography(text, names) or _is_source(text, outlet)


def _is_source(text: str, outlet: Sequence[str]) -> bool:
    """A last line that names the outlet and whom it had the report from: "Weekly Post / Última Hora"."""
    if len(text) > 60 or ends_sentence(text):
        return False
    first, slash, _ = text.partition("/")
    return bool(slash) and key_of(first) in {key_of(name) for name in outlet}


def _is_biography(text: str, names: Sequence[str]) -> bool:
    """Whether a paragraph at the end presents the author: it begins with the name and goes on about the person."""
    for name in names:
        start = text.find(name, 0, _PRESENTS + len(name))
        if start >= 0 and not ends_sentence(text[:start].strip() or "x"):
            return bool(_ABOUT.match(text[start + len(name) :][:60]))
    return False


def _trim_head(pieces: list[Piece], headline: str | None, names: tuple[str, ...]) -> list[Piece]:
    kept: list[Piece] = []
    begun = False
    seen_text = 0
    for index, piece in enumerate(pieces):
        if piece.kind not in TEXT_KINDS or seen_text >= _HEAD or (begun and not _is_byline_line(piece, names)):
            kept.append(piece)
            continue
        seen_text += 1
        if begun or repeats_furniture(piece.text, headline, names) or _is_title(piece):
            continue
        if _is_kicker(piece) and not _heads_list(pieces, index):
            continue
        begun = len(piece.text) + 2 * len(_DENSE_LETTER.findall(piece.text)) > 160
        kept.append(piece)
    return kept


def _heads_list(pieces: Sequence[Piece], index: int) -> bool:
    """Whether a short heading has a list under it: "In short", and what the article says in short."""
    follows = pieces[index + 1].kind if index + 1 < len(pieces) else None
    return pieces[index].kind is BlockKind.HEADING and follows is BlockKind.LIST


def _is_title(piece: Piece) -> bool:
    """An `h1` in the text: the headline in another wording."""
    return piece.kind is BlockKind.HEADING and piece.level == 1


def _is_byline_line(piece: Piece, names: Sequence[str]) -> bool:
    """A line of its own that says "By" and a name that is credited: under the standfirst, where the text has begun."""
    return (
        piece.kind is BlockKind.PARAGRAPH
        and len(piece.text) < 100
        and starts_with_by(piece.text)
        and is_byline(piece.text, names)
    )


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
        return read_dateline(text, None).dateline is None  # 新华社北京4月24日电 题：… is the first line of a report
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
    if piece.kind is BlockKind.HEADING and piece.text.isupper() and len(piece.text.split()) <= 4:
        return True
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
    if is_credit_line(piece.text) or is_furniture(piece.text) or is_stamp(piece.text):
        return True
    if piece.kind is BlockKind.PARAGRAPH and len(piece.text.split()) <= 3 and not ends_sentence(piece.text):
        return bool(_SIGNATURE.match(piece.text)) or len(piece.text) < 12
    if piece.kind is BlockKind.LIST:
        return piece.link_share > 0.5
    return len(piece.text) < 200 and piece.link_share > 0.9
