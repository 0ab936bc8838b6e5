"""The `firsthand` command: its options, its commands, and how an error reaches the user: one sentence, no traceback."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

import firsthand
from firsthand.cli import exchange, feeds, people
from firsthand.cli.read import InputKind, parse_published, print_page, read_input, read_lines, to_json, write_json
from firsthand.config import Settings, load
from firsthand.model.errors import FirsthandError, NotAnArticle, UsageError

EXIT_ERROR, EXIT_USAGE, EXIT_NO_ARTICLE = 1, 2, 3

app = typer.Typer(
    help="Read the news as it happens, and see who said it first.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(people.app, name="user")
feeds.add_to(app)
exchange.add_to(app)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.callback()
def start(
    context: typer.Context,
    data: Annotated[Path | None, typer.Option(help="Data folder. [env: FIRSTHAND_DATA; default: ./data]")] = None,
    config: Annotated[Path | None, typer.Option(help="Settings file. [env: FIRSTHAND_CONFIG]")] = None,
) -> None:
    """Read the news as it happens, and see who said it first."""
    from firsthand.cli.house import start_logging

    settings = load(data, file=config)
    start_logging(settings.log, settings.log_format)
    context.obj = settings


@app.command()
def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes any free one.")] = None,
) -> None:
    """Serve the app and follow the news, in one process."""
    from firsthand.cli.serve import serve as run

    run(_listening(context.obj, host, port), Console())


@app.command()
def demo(
    context: typer.Context,
    minutes: Annotated[float, typer.Option(help="How long the world takes to come out.")] = 10.0,
    keep: Annotated[Path | None, typer.Option(help="Keep the demo's data in this folder.")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes any free one.")] = None,
) -> None:
    """Show a small invented world of news that comes out live. Needs no network."""
    from firsthand.cli.serve import demo as run

    run(_listening(context.obj, host, port), Console(), minutes=minutes, keep=keep)


@app.command()
def read(
    context: typer.Context,
    sources: Annotated[
        list[str], typer.Argument(metavar="PATH|URL|-…", help="Files, addresses, or - for standard input.")
    ],
    as_json: AsJson = False,
    as_lines: Annotated[bool, typer.Option("--jsonl", help="One JSON object a line; reads folders too.")] = False,
    kind: Annotated[InputKind, typer.Option("--as", help="What the input is.")] = InputKind.AUTO,
    url: Annotated[str | None, typer.Option(help="The article's address, where the input cannot tell.")] = None,
    published: Annotated[str | None, typer.Option(help="When it was published, where the input cannot tell.")] = None,
    no_analysis: Annotated[bool, typer.Option("--no-analysis", help="Stop after the article itself.")] = False,
) -> None:
    """Read articles and print what is known of them.

    Exit status: 0 read, 3 the input holds no article, 2 wrong usage, 1 any other error.
    """
    settings: Settings = context.obj
    when = parse_published(published)
    if as_lines:
        for line in read_lines(sources, kind, settings, url, when):
            write_json(line, lines=True)
        return
    if as_json and len(sources) > 1:
        raise UsageError("--json prints one article.", "Use --jsonl for several inputs.")
    console = Console()
    for source in sources:
        for number, article in enumerate(read_input(source, kind, settings, url, when)):
            if as_json:
                write_json(to_json(article))
                break
            if number or source is not sources[0]:
                console.rule()
            print_page(article, console)


@app.command()
def doctor(context: typer.Context, as_json: AsJson = False) -> None:
    """Check the installation, and say what to do about what is wrong."""
    from firsthand.cli.doctor import examine, print_report

    report = examine(context.obj)
    if as_json:
        write_json([finding.to_json() for finding in report])
    else:
        print_report(report, Console())
    if any(finding.broken for finding in report):
        raise typer.Exit(EXIT_ERROR)


@app.command()
def migrate(context: typer.Context) -> None:
    """Bring the database to the schema of this version. `serve` does so by itself."""
    from firsthand.cli.house import open_migrated

    with open_migrated(context.obj):
        typer.echo("The database has the schema of this version.")


@app.command()
def version(as_json: AsJson = False) -> None:
    """Print the version."""
    if as_json:
        write_json({"version": firsthand.__version__})
    else:
        typer.echo(firsthand.__version__)


def _listening(settings: Settings, host: str | None, port: int | None) -> Settings:
    from dataclasses import replace

    web = settings.web
    web = replace(web, host=host if host is not None else web.host, port=port if port is not None else web.port)
    return replace(settings, web=web)


def main() -> None:
    """Run the command; a FirsthandError becomes its sentence and remedy on standard error."""
    try:
        app()
    except FirsthandError as error:
        console = Console(stderr=True, highlight=False)
        console.print(
            f"[bold red]Error:[/] {escape(error.message)}" + (f"\n{escape(error.remedy)}" if error.remedy else "")
        )
        sys.exit(_exit_status(error))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output (`| head`) has gone; there is nobody to tell. Python flushes once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(EXIT_ERROR)


def _exit_status(error: FirsthandError) -> int:
    if isinstance(error, NotAnArticle):
        return EXIT_NO_ARTICLE
    return EXIT_USAGE if isinstance(error, UsageError) else EXIT_ERROR
