"""Plain text in lines that every mail program shows whole."""

from __future__ import annotations

import textwrap
from typing import Final

WIDTH: Final = 72


def wrapped(text: str, indent: int = 0) -> str:
    """`text` in lines of at most `WIDTH` characters, each after `indent` spaces; an address is never broken."""
    margin = " " * indent
    return "\n".join(
        textwrap.wrap(
            " ".join(text.split()),
            WIDTH,
            initial_indent=margin,
            subsequent_indent=margin,
            break_long_words=False,
            break_on_hyphens=False,
        )
    )
