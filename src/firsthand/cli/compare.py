"""`firsthand compare`: what one text kept, cut, added and changed of another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Final

import typer
from rich.console import Console, RenderableType
from rich.text import Text

from firsthand.cli.house import open_migrated
from firsthand.cli.read import InputKind, print_block, read_input, write_json
from firsthand.cli.screen import out
from firsthand.config import Settings
from firsthand.desk.compared import Comparison, Mark, Piece, Row, Told, compare_texts, said
from firsthand.model.article import Article
from firsthand.model.errors import UsageError
from firsthand.model.grouping import PartKind, TellingKind, percent
from firsthand.store import Store

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
SOURCE: Final = "An article held, by its number (12, or 12@1 for its first version), an address, a file, or -."
LONGEST_ID: Final = 19
"""Digits; a database keeps no longer number."""
_SIGNS: Final = {
    PartKind.KEPT: " ",
    PartKind.CHANGED: "~",
    PartKind.ADDED: "+",
    PartKind.CUT: "-",
    PartKind.MOVED: ">",
}
_STYLES: Final = {Mark.CUT: "red strike", Mark.ADDED: "green underline"}
_BRACKETS: Final = {Mark.CUT: ("[-", "-]"), Mark.ADDED: ("{+", "+}")}
"""As `wdiff` and `git diff --word-diff` write them, where there is no color."""


def add_to(app: typer.Typer) -> None:
    """Register this command."""
    app.command()(compare)


def compare(
    context: typer.Context,
    first: Annotated[str, typer.Argument(metavar="A", help=SOURCE)],
    second: Annotated[str, typer.Argument(metavar="B", help="The same; what B changed is told from A on.")],
    as_json: AsJson = False,
) -> None:
    """Compare two articles, or two versions of one, sentence by sentence: kept, cut, added, changed, moved."""
    if first == second == "-":
        raise UsageError("Standard input can be read only once.", "Give a file for one of the two.")
    one, other = (_article(context.obj, source) for source in (first, second))
    found = compare_texts(said(one), said(other))
    if as_json:
        write_json({"a": _side(first, one), "b": _side(second, other), **comparison_to_json(found)})
        return
    console = out()
    for sign, source, article in (("-", first, one), ("+", second, other)):
        console.print(Text.assemble(f"{sign} ", (article.headline or source, "bold")))
    colored = console.is_terminal and not console.no_color
    for block in page(found, colored):
        if console.is_terminal:
            print_block(block, Console())
        else:
            console.print(block)


def page(found: Comparison, colored: bool) -> Iterator[RenderableType]:
    """A comparison as lines, what tells first."""
    words = f"{found.words}." if found.words else "The words are the same."
    yield Text(
        f"{words} {percent(found.kept)}% of A stands in B, of which it is {percent(found.reused)}%.", style="dim"
    )
    for one in found.told:
        yield _told(one)
    for block in found.blocks:
        if block.folded:
            yield Text(f"  … {len(block.rows)} sentences stand as they were", style="dim")
        else:
            yield from (_line(row, colored) for row in block.rows)


def comparison_to_json(found: Comparison) -> dict[str, Any]:
    """A comparison as JSON: its shares, what tells, and every sentence in the order of B."""
    return {
        "kept": round(found.kept, 4),
        "reused": round(found.reused, 4),
        "told": [
            {"kind": one.kind.value, "before": one.before, "after": one.after, "sentence": one.row}
            for one in found.told
        ],
        "sentences": [
            {
                "number": row.number,
                "kind": row.kind.value,
                "before": _plain(row.before) or None,
                "after": _plain(row.after) or None,
                "pieces": [{"mark": piece.mark.value, "text": piece.text} for piece in row.inline],
            }
            for row in found.rows
        ],
    }


def _told(one: Told) -> Text:
    quoted = one.kind is TellingKind.QUOTE
    before, after = (f"“{text}”" if quoted else text for text in (one.before, one.after))
    return Text.assemble("! ", (before, "bold"), " became ", (after, "bold"))


def _line(row: Row, colored: bool) -> Text:
    text = Text(f"{_SIGNS[row.kind]} ")
    if row.moved:
        text.append(f"({row.moved}) ", style="dim")
    for piece in row.inline:
        _append(text, piece, colored, whole=not row.before or not row.after)
    return text


def _append(text: Text, piece: Piece, colored: bool, *, whole: bool) -> None:
    """A piece in its color, or in brackets; a sentence that was cut or added as a whole has its sign."""
    if piece.mark is Mark.SAME:
        text.append(piece.text)
    elif colored or whole:
        text.append(piece.text, style=_STYLES[piece.mark] if colored else "")
    else:
        word = piece.text.rstrip()
        before, after = _BRACKETS[piece.mark]
        text.append(f"{before}{word}{after}{piece.text[len(word) :]}")


def _plain(pieces: Iterable[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def _side(source: str, article: Article) -> dict[str, Any]:
    return {"input": source, "headline": article.headline, "url": article.url, "outlet": article.outlet.name}


def _article(settings: Settings, source: str) -> Article:
    key, _, version = source.partition("@")
    if not _is_number(key) or (version and not _is_number(version)):
        return read_input(source, InputKind.AUTO, settings, None, None)[0]
    with open_migrated(settings) as store:
        return _held(store, int(key), int(version) if version else None)


def _held(store: Store, article_id: int, version: int | None) -> Article:
    if version is not None:
        return store.articles.version(article_id, version).article
    return store.articles.get(store.readers.owner().id, article_id).article


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < LONGEST_ID
