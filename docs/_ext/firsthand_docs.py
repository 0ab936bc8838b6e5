"""Reference pages made from the program itself, so that no command, setting or endpoint can be left out.

A page holds a line `<!-- generated: commands -->` (or settings, endpoints, outlets); as Sphinx reads the page, the line
gives way to Markdown that is written here from the Typer app, the settings dataclasses, the web routes, the data file.
"""

from __future__ import annotations

import inspect
import re
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import click
import typer.main
from fastapi.routing import iter_route_contexts

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_MARK = re.compile(r"^<!-- generated: (\w+) -->$", re.MULTILINE)


class Command(NamedTuple):
    """One command of the command line: its words after `firsthand`, and what Click knows of it."""

    words: tuple[str, ...]
    command: click.Command


class Endpoint(NamedTuple):
    """One address that the web server answers to."""

    methods: tuple[str, ...]
    path: str
    says: str


def commands() -> list[Command]:
    """All commands, groups unfolded, in the order of the help."""
    from firsthand.cli.app import app

    return list(_walk((), typer.main.get_command(app)))


def endpoints() -> list[Endpoint]:
    """All routes of the web application, sorted by path."""
    from firsthand.web.app import create_app
    from firsthand.web.settings import WebSettings

    app = create_app(cast("Any", _NoDesk()), WebSettings())
    return sorted(_endpoints(app), key=lambda one: (one.path, one.methods))


def commands_markdown() -> str:
    """The reference of the command line."""
    from firsthand.cli.app import app

    root = typer.main.get_command(app)
    parts = ["Options before the command hold for every command:", _parameters(root)]
    for words, command in commands():
        parts += [
            f"## {' '.join(words)}",
            inspect.cleandoc(command.help or ""),
            f"```text\nfirsthand {' '.join(words)} {_usage(command)}\n```",
            _parameters(command),
        ]
    return _join(parts)


def settings_markdown() -> str:
    """The reference of the settings: one table a section, with what each setting means beneath its name."""
    from firsthand.config import describe

    sections: dict[str, list[str]] = {}
    for one in describe():
        section = one.name.rpartition(".")[0]
        term = f"`{one.name}`\n: {one.doc or 'See the reference of the library.'}\n\n"
        term += f"  {one.type[:1].upper()}{one.type[1:]}; default `{one.default}`; environment `{one.env}`."
        sections.setdefault(section, []).append(term)
    return _join(
        part for section, terms in sections.items() for part in (f"## {_section_title(section)}", "\n\n".join(terms))
    )


def endpoints_markdown() -> str:
    """The reference of the web addresses."""
    rows = [f"| {', '.join(one.methods)} | `{one.path}` | {_cell(one.says)} |" for one in endpoints()]
    return "\n".join(["| Method | Address | What it does |", "|---|---|---|", *rows])


def outlets_markdown() -> str:
    """The starter outlets, by topic, with how many there are."""
    from firsthand.sources.starters import load_starters

    starters = load_starters()
    topics = Counter(one.topic for one in starters)
    parts = [f"{len(starters)} outlets in {len({one.country for one in starters})} countries."]
    for topic in topics:
        rows = [
            f"| [{_cell(one.name)}]({one.home}) | {one.country} | {one.language} | {one.kind} |"
            for one in starters
            if one.topic == topic
        ]
        parts += [f"## {topic}", "\n".join(["| Outlet | Country | Language | Kind |", "|---|---|---|---|", *rows])]
    return _join(parts)


GENERATORS: dict[str, Callable[[], str]] = {
    "commands": commands_markdown,
    "settings": settings_markdown,
    "endpoints": endpoints_markdown,
    "outlets": outlets_markdown,
}


def fill(text: str) -> str:
    """A page's source with its marks replaced. Raises KeyError for a mark that names no generator."""
    return _MARK.sub(lambda match: GENERATORS[match[1]](), text)


def as_markup(docstring: str) -> str:
    """A plain docstring as reStructuredText: backticks are code, a drawn tree stays, all else is text."""
    if "├" in docstring:
        first, _, rest = docstring.partition("\n\n")
        return f"{first}\n\n::\n\n{textwrap.indent(rest, '    ')}"
    parts = re.split(r"(?<!`)`([^`]+)`(?!`)", docstring)
    parts[::2] = [re.sub(r"[*|]|_(?=\W|$)", r"\\\g<0>", part) for part in parts[::2]]
    parts[1::2] = [f"``{part}``" for part in parts[1::2]]
    return "".join(parts)


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx."""
    fields: dict[str, list[str]] = {}

    def read(app: Sphinx, docname: str, source: list[str]) -> None:
        source[0] = fill(source[0])

    def before_napoleon(app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:
        lines[:] = as_markup("\n".join(lines)).split("\n")
        if what in {"attribute", "property", "data"}:
            fields[name] = list(lines)

    def after_napoleon(app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:
        # Napoleon takes what stands before a colon in a field's text for its type; ours have types, and colons.
        lines[:] = fields.pop(name, lines)

    app.connect("source-read", read)
    app.connect("autodoc-process-docstring", before_napoleon, priority=400)  # napoleon is at 500
    app.connect("autodoc-process-docstring", after_napoleon, priority=600)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


class _NoDesk:
    """Stands where the desk would: listing routes asks nothing of it but a signing key."""

    def secret(self, name: str) -> bytes:
        return bytes(32)

    def __getattr__(self, name: str) -> Any:
        return _NoDesk()


def _walk(words: tuple[str, ...], command: click.Command) -> Iterator[Command]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield Command(words, command)
        return
    for name, one in inner.items():
        yield from _walk((*words, name), one)


def _usage(command: click.Command) -> str:
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    return " ".join(["[OPTIONS]", *(_argument(one) if one.required else f"[{_argument(one)}]" for one in arguments)])


def _argument(argument: click.Parameter) -> str:
    """As the usage names it: `URL…` where there may be several."""
    name = argument.metavar or (argument.name or "").upper()
    return name if argument.nargs == 1 or "…" in name else f"{name}…"


def _parameters(command: click.Command) -> str:
    context = click.Context(command)
    rows = []
    for one in command.params:
        if one.name in {"install_completion", "show_completion"}:
            continue
        name, text = one.get_help_record(context) or (_argument(one), "")
        name = _argument(one) if one.param_type_name == "argument" else name.strip()
        rows.append(f"`{name}`\n: {text.replace('[required]', '').strip() or 'Required.'}")
    return "\n\n".join(rows)


def _endpoints(app: Any) -> Iterator[Endpoint]:
    for one in iter_route_contexts(app.routes):
        if one.endpoint is None:  # a mounted folder
            yield Endpoint(("GET",), f"{one.path}/…", "Files of the application: style sheets, scripts, icons.")
            continue
        methods = tuple(sorted(set(one.methods or ("GET",)) - {"HEAD"}))
        yield Endpoint(methods, one.path or "/", inspect.cleandoc(one.endpoint.__doc__ or "").partition("\n\n")[0])


def _section_title(section: str) -> str:
    return f"[{section}]" if section else "General"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _join(parts: Iterator[str] | list[str]) -> str:
    return "\n\n".join(part for part in parts if part)
