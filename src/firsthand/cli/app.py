"""The `firsthand` command: its options, its commands, and how an error reaches the user: one sentence, no traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Annotated

import structlog
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn

import firsthand
from firsthand.cli import beats, compare, editions, exchange, feeds, group, people, stories, tokens, voices
from firsthand.cli.read import (
    Form,
    InputKind,
    Profile,
    expand,
    parse_published,
    print_block,
    print_page,
    read_input,
    read_lines,
    to_json,
    write_json,
)
from firsthand.cli.screen import out, progress
from firsthand.cli.trouble import EXIT_ERROR, as_ours, exit_status, mend_streams, silence_stdout, tell
from firsthand.config import Settings, load
from firsthand.model.article import Article
from firsthand.model.errors import FirsthandError, UsageError
from firsthand.model.when import When

app = typer.Typer(
    help="Read the news as it happens, and see who said it first.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(people.app, name="user")
app.add_typer(beats.app, name="beat")
app.add_typer(editions.app, name="edition")
app.add_typer(tokens.app, name="token")
feeds.add_to(app)
exchange.add_to(app)
group.add_to(app)
voices.add_to(app)
compare.add_to(app)
stories.add_to(app)

MOST_MINUTES = 1440

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Host = Annotated[str | None, typer.Option(help="Address to listen on.")]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes any free one.")]


@app.callback()
def start(
    context: typer.Context,
    data: Annotated[
        Path | None, typer.Option(readable=False, help="Data folder. [env: FIRSTHAND_DATA; default: ./data]")
    ] = None,
    config: Annotated[Path | None, typer.Option(readable=False, help="Settings file. [env: FIRSTHAND_CONFIG]")] = None,
) -> None:
    """Read the news as it happens, and see who said it first."""
    from firsthand.cli.logs import start_logging

    settings = load(data, file=config)
    start_logging(settings.log, settings.log_format)
    context.obj = settings


@app.command()
def serve(
    context: typer.Context,
    host: Host = None,
    port: Port = None,
) -> None:
    """Serve the app and follow the news, in one process."""
    from firsthand.cli.serve import serve as run

    run(_listening(context.obj, host, port), Console())


@app.command()
def demo(
    context: typer.Context,
    minutes: Annotated[float, typer.Option(help="How long the world takes to come out.")] = 10.0,
    keep: Annotated[Path | None, typer.Option(readable=False, help="Keep the demo's data in this folder.")] = None,
    host: Host = None,
    port: Port = None,
) -> None:
    """Show a small invented world of news that comes out live. Needs no network."""
    from firsthand.cli.serve import demo as run

    if not 0 <= minutes <= MOST_MINUTES:  # also refuses what is no number
        raise UsageError(f"The demo cannot take {minutes:g} minutes.", "Give --minutes between 0 and 1440.")
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
    profile: Annotated[
        Profile, typer.Option("--profile", help="full, or fast: by a smaller network, for archives.")
    ] = Profile.FULL,
) -> None:
    """Read articles and print what is known of them.

    Exit status: 0 read, 3 the input holds no article, 2 wrong usage, 1 any other error.
    """
    settings: Settings = context.obj
    when = parse_published(published)
    if as_lines:
        _read_lines(expand(sources), kind, settings, url, when, profile=None if no_analysis else profile)
        return
    if as_json and len(sources) > 1:
        raise UsageError("--json prints one article.", "Use --jsonl for several inputs.")
    status = 0
    for number, source in enumerate(sources):
        if number:
            out().rule()
        try:
            articles = read_input(source, kind, settings, url, when)
        except FirsthandError as error:
            if len(sources) == 1:
                raise
            tell(error, about=source)
            status = status or exit_status(error)
            continue
        _print_articles(articles, as_json=as_json, profile=None if no_analysis else profile)
    if status:
        raise typer.Exit(status)


def _print_articles(articles: list[Article], *, as_json: bool, profile: Profile | None) -> None:
    if as_json:
        write_json(_form(profile)(articles[0]))
        return
    for number, article in enumerate(articles):
        if number:
            out().rule()
        print_page(article, Console())
        if profile:
            from firsthand.analyze import analyze
            from firsthand.analyze.profiles import PROFILES
            from firsthand.cli.voices import findings_of

            print_block(findings_of(article, analyze(article, PROFILES[profile])), Console())


def _form(profile: Profile | None) -> Form:
    """How an article is written as JSON: with what was found in it, or by itself."""
    if profile is None:
        return to_json
    from firsthand.analyze.profiles import PROFILES
    from firsthand.cli.voices import analyzed_json

    return partial(analyzed_json, steps=PROFILES[profile])


def _read_lines(
    sources: Iterable[str],
    kind: InputKind,
    settings: Settings,
    url: str | None,
    published: When | None,
    *,
    profile: Profile | None,
) -> None:
    # Where the lines themselves go to the terminal, they are the progress.
    inputs, form = list(sources), _form(profile)
    with progress(BarColumn(), MofNCompleteColumn(), shown=len(inputs) > 1 and not sys.stdout.isatty()) as bar:
        for source in bar.track(inputs):
            for line in read_lines([source], kind, settings, url, published, form):
                write_json(line, lines=True)


@app.command()
def doctor(context: typer.Context, as_json: AsJson = False) -> None:
    """Check the installation, and say what to do about what is wrong."""
    from firsthand.cli.doctor import examine, print_report

    report = examine(context.obj)
    if as_json:
        write_json([finding.to_json() for finding in report])
    else:
        print_report(report, out())
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


def run() -> None:
    """Run the command and exit with its status; no traceback reaches a user unless the log's level is debug."""
    mend_streams()
    status: int | str | None = 0
    try:
        try:
            app()
        except SystemExit as ended:
            status = ended.code
        sys.stdout.flush()  # here, where a full disk can still be told, not at the interpreter's end
    except FirsthandError as error:
        tell(error)
        status = exit_status(error)
    except BrokenPipeError:
        silence_stdout()
        status = EXIT_ERROR
    except Exception as error:
        silence_stdout()
        structlog.get_logger(__name__).debug("the command failed", exc_info=True)
        tell(as_ours(error))
        status = EXIT_ERROR
    sys.exit(status)
