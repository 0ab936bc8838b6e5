"""Cleaning of text from outside: what may never reach a database, a template or a terminal."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape

_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_SPACE = re.compile(r"\s+")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}+(?![0-9])|#[xX][0-9a-fA-F]{1,6}+(?![0-9a-fA-F])|[a-zA-Z][a-zA-Z0-9]{1,31});?")


def clean(text: str) -> str:
    """`text` without NULs, lone surrogates, non-characters and control characters; newlines and tabs stay.

    SQLite stops at NUL, PostgreSQL refuses it, UTF-8 cannot hold a lone surrogate, and a terminal obeys ESC.
    """
    return text if text.isprintable() else _UNSAFE.sub("", text)


def masked(text: str) -> str:
    """`clean`, but of the same length: U+FFFD stands for each character taken out, so that places in it hold."""
    return text if text.isprintable() else _UNSAFE.sub("\ufffd", text)


def one_line(text: str) -> str:
    """`clean` text with every run of white space, of any kind, as one space."""
    return _SPACE.sub(" ", clean(text)).strip()


def unescaped(text: str) -> str:
    """`text` with its HTML references resolved. `html.unescape` alone fails on those of more than 4,300 digits."""
    return _REFERENCE.sub(_character, text)


def _character(reference: re.Match[str]) -> str:
    return _meaning(reference[0])


_meaning = lru_cache(maxsize=1024)(unescape)
"""Most references are a handful; to remember them takes a quarter of the time."""
