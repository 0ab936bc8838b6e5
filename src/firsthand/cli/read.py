"""`firsthand read`: articles from files, addresses or standard input, for people or as JSON.

The JSON is a public contract: one object an article, `schema` rises when a field changes its meaning.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from firsthand.cli.trouble import as_ours
from firsthand.config import Settings
from firsthand.extract import extract_article, read_body, read_text, refuse_if_no_text, sniff
from firsthand.extract.eml import read_eml
from firsthand.extract.newsml import read_newsml
from firsthand.extract.ninjs import read_ninjs
from firsthand.model.article import Article, Block, BlockKind
from firsthand.model.errors import FirsthandError, UsageError
from firsthand.model.feed import NotModified
from firsthand.model.jsonform import article_to_json
from firsthand.model.urls import is_web_url
from firsthand.model.when import When
from firsthand.sources.fetcher import Fetcher

Form = Callable[[Article], dict[str, Any]]
_HALVES = re.compile("[\ud800-\udfff]")
SCHEMA = 1
LARGEST = 100_000_000
"""Bytes of one file or of standard input; `/dev/zero` must not fill the memory."""
MEASURE = 72
"""Characters a line, for people; a line longer than about 75 is hard to follow back."""


class Profile(StrEnum):
    """How thoroughly an article is analyzed, see `analyze.profiles`."""

    FULL = "full"
    FAST = "fast"


class InputKind(StrEnum):
    """What an input is taken for."""

    AUTO = "auto"
    HTML = "html"
    TEXT = "text"
    BODY = "body"
    EML = "eml"
    NEWSML = "newsml"
    NINJS = "ninjs"


def parse_published(text: str | None) -> When | None:
    """The `--published` option. Raises UsageError unless it is an ISO 8601 date or time."""
    if text is None:
        return None
    try:
        return When.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"{text!r} is no ISO 8601 date.", "Write --published 2025-03-08 or 2025-03-08T14:19+05:30."
        ) from None


def read_input(
    source: str, kind: InputKind, settings: Settings, url: str | None, published: When | None
) -> list[Article]:
    """The articles in one input: an address, a file, or `-`.

    Raises:
        NotAnArticle: the input holds none.
        FetchError, UsageError: it cannot be had.
    """
    if is_web_url(source):
        return [_told(asyncio.run(_fetch(source, settings)), None, published)]
    data = _bytes(source)
    refuse_if_no_text(data)
    articles = _parse(data, InputKind(sniff(data)) if kind is InputKind.AUTO else kind, url, published)
    return [_told(article, url, published) for article in articles]


def expand(sources: list[str]) -> Iterator[str]:
    """The inputs of `--jsonl`: files and addresses as given, folders as their files in name order.

    Raises:
        UsageError: a folder cannot be listed.
    """
    for source in sources:
        if source != "-" and not is_web_url(source) and os.path.isdir(source):
            yield from _files_in(source)
        else:
            yield source


def _files_in(folder: str) -> list[str]:
    def refuse(error: OSError) -> None:
        raise UsageError(f"{error.filename} cannot be listed: {error.strerror}.", "Mend its permissions.") from error

    found = [Path(place) / name for place, _, names in os.walk(folder, onerror=refuse) for name in names]
    return [str(path) for path in sorted(found) if not path.name.startswith(".")]


def read_lines(
    sources: Iterable[str],
    kind: InputKind,
    settings: Settings,
    url: str | None,
    published: When | None,
    form: Form,
) -> Iterator[dict[str, Any]]:
    """One object an article, as `form` makes it, or `{"input", "error"}` for an input that gives none; the run goes on."""
    for source in sources:
        name = source if is_web_url(source) or source == "-" else Path(source).name
        try:
            for article in read_input(source, kind, settings, url, published):
                yield {"input": name, **form(article)}
        except FirsthandError as error:
            yield {"input": name, "error": str(error)}
        except Exception as error:  # one file of a thousand must not end the run, whatever is wrong with it
            yield {"input": name, "error": str(as_ours(error))}


def to_json(article: Article) -> dict[str, Any]:
    """The contract's object for one article."""
    return {"schema": SCHEMA, "article": article_to_json(article)}


def write_json(value: Any, *, lines: bool = False, to: BinaryIO | None = None) -> None:
    """JSON on standard output (or `to`), UTF-8 whatever the locale says. Half a surrogate pair stands escaped, as it came."""
    out = to or sys.stdout.buffer
    text = json.dumps(value, ensure_ascii=False, indent=None if lines else 2)
    out.write(_HALVES.sub(lambda half: f"\\u{ord(half[0]):04x}", text).encode("utf-8") + b"\n")
    if to is None:
        out.flush()


async def _fetch(url: str, settings: Settings) -> Article:
    async with Fetcher(settings.fetch) as fetcher:
        fetched = await fetcher.get(url, robots=True)
    if isinstance(fetched, NotModified):  # only a conditional request can be answered so
        raise UsageError(f"{url} answered that it has not changed.", "Try again.")
    return extract_article(fetched.body, fetched.url, content_type=fetched.content_type)


def _bytes(source: str) -> bytes:
    """The bytes of a file or of standard input. Raises UsageError: they cannot be had, or are more than `LARGEST`."""
    if not source:
        raise UsageError("An input has no name.", "Give a file, an address, or - for input.")
    try:
        if source == "-":
            data = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with open(source, "rb") as file:
                data = file.read(LARGEST + 1)
    except IsADirectoryError:
        raise UsageError(f"{source} is a folder.", "Add --jsonl to read all files in it.") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        said = "is no web address and no file" if "://" in source else f"cannot be read: {why}"
        raise UsageError(f"{source} {said}.", "Give a file, an address, or - for input.") from error
    if len(data) > LARGEST:
        raise UsageError(f"{source} is larger than {LARGEST // 1_000_000} MB; no article is.", "Give a single article.")
    return data


def _parse(data: bytes, kind: InputKind, url: str | None, published: When | None) -> list[Article]:
    match kind:
        case InputKind.EML:
            return [read_eml(data)]
        case InputKind.NEWSML:
            return list(read_newsml(data))
        case InputKind.NINJS:
            return [read_ninjs(data)]
        case InputKind.HTML:
            return [extract_article(data, url)]
    text = data.decode("utf-8", "replace") if kind is InputKind.BODY else data.decode("utf-8-sig", "replace")
    read = read_body if kind is InputKind.BODY else read_text
    return [read(text, url=url, published=published)]


def _told(article: Article, url: str | None, published: When | None) -> Article:
    """What the command line tells fills what the input does not."""
    return replace(article, url=article.url or url, published=article.published or published)


# ── For people ───────────────────────────────────────────────────────────────────────────────────────────────────────


def page(article: Article) -> RenderableType:
    """The article as a page in a terminal."""
    parts: list[RenderableType] = []
    crumbs = [part for part in (article.outlet.name or article.outlet.domain, *article.section) if part]
    if crumbs:
        parts.append(Text(" › ".join(crumbs), style="dim"))
    if article.headline:
        parts.append(Text(article.headline, style="bold"))
    facts = [
        "By " + ", ".join(article.byline) if article.byline else "",
        article.agency or "",
        article.dateline.place if article.dateline else "",
        _time(article.published),
        f"changed {_time(article.modified)}" if article.modified and article.modified != article.published else "",
    ]
    parts.append(Text(" · ".join(fact for fact in facts if fact), style="dim"))
    if article.partial:
        parts.append(
            Text("The outlet shows only a part of this article to readers without a subscription.", style="yellow")
        )
    parts += [_block(article, block) for block in article.blocks]
    if article.rights:
        parts.append(Padding(Text(article.rights.line, style="dim"), (1, 0, 0, 0)))
    if article.url:
        parts.append(Text(article.url, style="dim"))
    return Group(*parts)


def print_page(article: Article, console: Console) -> None:
    """Print `page` at a width that reads well."""
    print_block(page(article), console)


def print_block(block: RenderableType, console: Console) -> None:
    """Print at a width that reads well."""
    console.print(block, width=min(console.width, MEASURE), soft_wrap=False, highlight=False)


def _time(when: When | None) -> str:
    if when is None:
        return ""
    text = when.isoformat().replace("T", " ")
    return text[:16] + text[19:] if len(text) > 16 else text


def _block(article: Article, block: Block) -> RenderableType:
    text = article.text[block.start : block.end]
    match block.kind:
        case BlockKind.HEADING:
            shown: RenderableType = Text(text, style="bold")
        case BlockKind.QUOTE:
            shown = Padding(Text(text, style="italic"), (0, 0, 0, 4))
        case BlockKind.LIST:
            shown = Text("\n".join(f"  • {article.text[item.start : item.end]}" for item in block.items))
        case BlockKind.IMAGE:
            shown = Text(f"[image: {block.caption or block.alt or 'no caption'}]", style="dim")
        case BlockKind.EMBED:
            shown = Text(f"[{block.caption or 'embedded'}: {block.url}]", style="dim")
        case BlockKind.TABLE:
            shown = Text("\n".join("  " + " | ".join(row) for row in block.rows))
        case _:
            shown = Text(text)
    return Padding(shown, (1, 0, 0, 0))
