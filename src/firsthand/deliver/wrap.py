"""Plain text in lines that every mail program shows whole."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

WIDTH: Final = 72


@lru_cache(maxsize=4096)
def wrapped(text: str, indent: int = 0) -> str:
    """`text` in lines of at most `WIDTH` characters, each after `indent` spaces; a word or address is never broken.

    Kept, because many letters tell the same stories; and by hand, as `textwrap` takes five times as long.
    """
    margin, room = " " * indent, WIDTH - indent
    lines: list[str] = []
    line = ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > room:
            lines.append(margin + line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return "\n".join([*lines, margin + line] if line else lines)
