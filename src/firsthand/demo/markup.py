"""The content files: a plain format for many articles in one file.

A file is a run of parts between lines of `---`: first the story's header, then for each article a header and a body.
A header is `key: value` lines, where a key may stand several times. A body is blocks between blank lines: paragraphs,
`## headings`, `> quotes`, `- lists`, `1. lists`, `| tables |`, `![scene](caption)`; within text, `[words](outlet/slug)`
links another article of the world. In a derived copy a block that starts with `@lead`, `@after N` or `@end` says
where the block is put into the text that it was derived from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from firsthand.model.article import BlockKind

_FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)
_KEY = re.compile(r"^(?P<key>[a-z]+):[ \t]*(?P<value>.*)$")
_IMAGE = re.compile(r"^!\[(?P<scene>[^\]]+)\]\((?P<caption>.*)\)$", re.DOTALL)
_PLACE = re.compile(r"^@(?P<place>lead|end|after[ ]+(?P<number>\d+))\s+")
LINK = re.compile(r"\[(?P<words>[^\]]+)\]\((?P<target>[a-z-]+/[a-z0-9-]+)\)")


class ContentError(ValueError):
    """A content file breaks the format; the message names the file and the article."""


@dataclass(frozen=True, slots=True)
class TextBlock:
    """One block as written. `text` may hold link marks and date placeholders."""

    kind: BlockKind
    text: str = ""
    items: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    level: int = 0
    """2 for a heading; 1 for a numbered list."""
    scene: str = ""
    """An image's motif, for `pictures.paint`."""

    def map(self, change: Callable[[str], str]) -> TextBlock:
        """The block with `change` applied to every text in it."""
        return replace(
            self,
            text=change(self.text),
            items=tuple(change(item) for item in self.items),
            rows=tuple(tuple(change(cell) for cell in row) for row in self.rows),
        )

    @property
    def plain(self) -> str:
        """All of the block's words as a reader sees them, lines for items and rows."""
        lines = [self.text, *self.items, *(" ".join(row) for row in self.rows)]
        return "\n".join(without_marks(line) for line in lines if line)


@dataclass(frozen=True, slots=True)
class Placed:
    """A block of a body; `after` is the number of the original's block that it follows (None: in its own order)."""

    block: TextBlock
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """The `key: value` lines of a part, in order."""

    lines: tuple[tuple[str, str], ...]
    where: str

    def get(self, key: str, default: str = "") -> str:
        return next((value for name, value in self.lines if name == key), default)

    def all(self, key: str) -> tuple[str, ...]:
        return tuple(value for name, value in self.lines if name == key)

    def require(self, key: str) -> str:
        value = self.get(key)
        if not value:
            raise ContentError(f"{self.where}: the header lacks “{key}”")
        return value


@dataclass(frozen=True, slots=True)
class Entry:
    """One article as written."""

    header: Header
    body: tuple[Placed, ...]


def without_marks(text: str) -> str:
    """`text` with link marks replaced by their words."""
    return LINK.sub(lambda match: match["words"], text)


def parse_file(source: str, name: str) -> tuple[Header, tuple[Entry, ...]]:
    """The story's header and its articles.

    Raises:
        ContentError: a header line is no `key: value`, or headers and bodies do not alternate.
    """
    parts = [part.strip() for part in _FENCE.split(source)]
    if len(parts) % 2 and not parts[-1]:
        parts.pop()  # a fence after the last body
    if len(parts) < 4 or parts[0] or len(parts) % 2:
        raise ContentError(f"{name}: headers and bodies do not alternate")
    story = _header(parts[1], name)
    entries = []
    for head, body in zip(parts[2::2], parts[3::2], strict=True):
        header = _header(head, name)
        entries.append(Entry(Header(header.lines, f"{name}, {header.get('id')}"), parse_body(body)))
    return story, tuple(entries)


def parse_body(source: str) -> tuple[Placed, ...]:
    """The blocks of a body, with the places that a derived copy gives them."""
    placed = []
    for chunk in re.split(r"\n[ \t]*\n", source):
        if not (text := chunk.strip()):
            continue
        after = None
        if match := _PLACE.match(text):
            text = text[match.end() :]
            after = {"lead": 0, "end": 10_000}.get(match["place"], int(match["number"] or 0))
        placed.append(Placed(_block(text), after))
    return tuple(placed)


def _header(source: str, where: str) -> Header:
    lines = []
    for line in source.splitlines():
        match = _KEY.match(line)
        if match is None:
            raise ContentError(f"{where}: “{line}” is no “key: value”")
        lines.append((match["key"], match["value"].strip()))
    return Header(tuple(lines), where)


def _block(text: str) -> TextBlock:
    lines = [line.strip() for line in text.splitlines()]
    if match := _IMAGE.match(" ".join(lines)):
        return TextBlock(BlockKind.IMAGE, match["caption"], scene=match["scene"])
    if text.startswith("## "):
        return TextBlock(BlockKind.HEADING, text[3:].strip(), level=2)
    if text.startswith("> "):
        return TextBlock(BlockKind.QUOTE, " ".join(line.lstrip("> ") for line in lines))
    if text.startswith("- "):
        return TextBlock(BlockKind.LIST, items=_items(lines, r"- "))
    if re.match(r"\d+\. ", text):
        return TextBlock(BlockKind.LIST, items=_items(lines, r"\d+\. "), level=1)
    if text.startswith("|"):
        return TextBlock(BlockKind.TABLE, rows=tuple(_cells(line) for line in lines))
    return TextBlock(BlockKind.PARAGRAPH, " ".join(lines))


def _items(lines: Sequence[str], mark: str) -> tuple[str, ...]:
    items: list[str] = []
    for line in lines:
        if match := re.match(mark, line):
            items.append(line[match.end() :])
        else:
            items[-1] += f" {line}"
    return tuple(items)


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip("|").split("|"))
