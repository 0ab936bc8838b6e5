"""Following from the command line: `follow`, `unfollow`, `feeds`, `fetch`, and looking things up: `search`."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.table import Table

from firsthand.cli.house import House, clock, open_house, open_migrated
from firsthand.cli.read import write_json
from firsthand.cli.screen import counted, out, progress
from firsthand.cli.trouble import exit_status, tell
from firsthand.config import Settings
from firsthand.desk.following import Choice
from firsthand.desk.query import parse_search
from firsthand.model.errors import FirsthandError, NotFound, UsageError
from firsthand.model.feed import Feed, FeedLink
from firsthand.model.records import FollowedFeed, Headline
from firsthand.model.text import one_line

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(app: typer.Typer) -> None:
    """Register these commands."""
    for command in (follow, unfollow, feeds, fetch, search):
        app.command()(command)


def follow(
    context: typer.Context,
    urls: Annotated[list[str], typer.Argument(metavar="URL…", help="A feed, a site, or an article of it.")],
    folder: Annotated[str, typer.Option(help="Folder to put them in.")] = "",
    all_found: Annotated[bool, typer.Option("--all", help="Where a site has several feeds, follow them all.")] = False,
    as_json: AsJson = False,
) -> None:
    """Follow feeds, sites or the site of an article.

    What could not be followed is said on standard error; the others are followed all the same.
    """
    results, status = asyncio.run(_follow(context.obj, urls, folder, all_found, quiet=as_json))
    if as_json:
        write_json(results)
    if status:
        raise typer.Exit(status)


async def _follow(
    settings: Settings, urls: list[str], folder: str, all_found: bool, *, quiet: bool
) -> tuple[list[dict[str, Any]], int]:
    """What became of each address, and the exit status: that of the first trouble."""
    results: list[dict[str, Any]] = []
    status = 0
    async with open_house(settings) as house:
        for url in urls:
            try:
                followed = await _follow_one(house, url, folder, all_found)
            except FirsthandError as error:
                tell(error, about=url)
                status = status or exit_status(error)
                results.append({"asked": url, "error": str(error)})
                continue
            feeds = [{"id": feed.id, "title": feed.title, "url": feed.url} for feed in followed]
            results.append({"asked": url, "feeds": feeds})
            for feed in followed if not quiet else ():
                out().print(f"[green]✓[/] {escape(feed.title)}  [dim]{escape(feed.url)}[/]")
    return results, status


async def _follow_one(house: House, url: str, folder: str, all_found: bool) -> list[Feed]:
    following, reader = house.desk.following, house.store.readers.owner()
    result = await following.follow(reader, url, folder=folder)
    if isinstance(result, Feed):
        return [result]
    links = result.feeds if all_found else _choose(result)
    return following.follow_links(reader, links, folder, result.page_url)


def _choose(found: Choice) -> list[FeedLink]:
    """Which of several feeds to follow. Asks where there is somebody to ask."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(f"{escape(found.title or found.page_url)} has {len(found.feeds)} feeds:")
    for number, link in enumerate(found.feeds, 1):
        console.print(f"  {number}  {escape(link.title or link.url)}  [dim]{escape(link.url)}[/]")
    if not (sys.stdin.isatty() and console.is_terminal):
        raise UsageError(
            "It has several feeds, and there is no terminal to ask.", "Give a feed's address, or add --all."
        )
    answer = typer.prompt("Which? (numbers with spaces)", default="1", err=True)
    try:
        return [found.feeds[_place(part)] for part in answer.split()]
    except (ValueError, IndexError):
        raise UsageError(f"{answer!r} is no list of the numbers shown.", "Run the command again.") from None


def _place(number: str) -> int:
    """The index of a number in a list counted from 1. Raises ValueError."""
    if int(number) < 1:
        raise ValueError(number)
    return int(number) - 1


def unfollow(
    context: typer.Context,
    feeds: Annotated[
        list[str], typer.Argument(metavar="FEED…", help="Ids or addresses, as `firsthand feeds` shows them.")
    ],
) -> None:
    """Stop following feeds: all that are named, or none if one of them is not followed. Their articles stay."""
    with open_migrated(context.obj) as store:
        reader = store.readers.owner()
        by_name = {name: one for one in store.readers.followed(reader.id) for name in (str(one.feed.id), one.feed.url)}
        unknown = next((name for name in feeds if name not in by_name), None)
        if unknown is not None:
            raise NotFound(f"No followed feed is called {unknown}.", "`firsthand feeds` lists ids and addresses.")
        for one in {by_name[name].feed.id: by_name[name] for name in feeds}.values():
            store.readers.unfollow(reader.id, one.feed.id)
            typer.echo(f"{one.feed.title} is no longer followed.")


def feeds(context: typer.Context, as_json: AsJson = False) -> None:
    """List what is followed, and how each feed is.

    In a pipe it is one line a feed: id, state, title, folder and address, with tabs between them.
    """
    with open_migrated(context.obj) as store:
        followed = store.readers.followed(store.readers.owner().id)
    if as_json:
        write_json([_feed_json(one) for one in followed])
    elif not sys.stdout.isatty():
        for one in followed:
            fields = (one.feed.id, _state(one.feed), one.feed.title, one.follow.folder, one.feed.url)
            typer.echo("\t".join(one_line(str(value)) for value in fields))
    elif not followed:
        typer.echo("No feed is followed yet. Try `firsthand follow ADDRESS`.")
    else:
        out().print(_table(followed, clock()))


def _table(followed: list[FollowedFeed], now: datetime) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("id", "feed", "folder", "health", "every", "next"):
        table.add_column(heading, style="dim" if heading == "id" else None, overflow="fold")
    for one in followed:
        feed = one.feed
        every, until = f"{feed.interval.total_seconds() / 60:.0f} min", feed.next_poll - now
        due = "now" if until.total_seconds() <= 0 else f"{until.total_seconds() / 60:.0f} min"
        name = f"{escape(feed.title)}\n[dim]{escape(feed.url)}[/]"
        table.add_row(str(feed.id), name, escape(one.follow.folder), _health(one), every, due)
    return table


def _state(feed: Feed) -> str:
    if feed.failing_since:
        return "failing"
    return "well" if feed.last_poll else "waiting"


def _health(one: FollowedFeed) -> str:
    feed = one.feed
    if feed.failing_since:
        return f"[red]failing since {feed.failing_since:%Y-%m-%d %H:%M}Z[/]: {escape(feed.failure or '')}"
    return "[green]well[/]" if feed.last_poll else "[dim]not asked yet[/]"


def _feed_json(one: FollowedFeed) -> dict[str, Any]:
    feed = one.feed

    def time(value: datetime | None) -> str | None:
        return value.isoformat(timespec="seconds") if value else None

    return {
        "id": feed.id,
        "title": feed.title,
        "url": feed.url,
        "site": feed.site_url,
        "outlet": {"name": one.outlet.name, "domain": one.outlet.domain},
        "folder": one.follow.folder,
        "format": feed.format.value if feed.format else None,
        "interval_seconds": int(feed.interval.total_seconds()),
        "last_poll": time(feed.last_poll),
        "last_success": time(feed.last_success),
        "next_poll": time(feed.next_poll),
        "failing_since": time(feed.failing_since),
        "failure": feed.failure,
        "note": feed.note,
    }


def fetch(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Ask every feed once, read what is new, and end.")] = False,
    due_only: Annotated[bool, typer.Option("--due", help="With --once: only the feeds that are due.")] = False,
) -> None:
    """Follow the news without serving pages: for ever, or once (for cron)."""
    if once:
        asyncio.run(_fetch_once(context.obj, due_only))
        return
    from firsthand.cli.serve import fetch_forever

    fetch_forever(context.obj)


async def _fetch_once(settings: Settings, due_only: bool) -> None:
    async with open_house(settings) as house:
        now = clock()
        followed = house.store.readers.followed(house.store.readers.owner().id)
        if not due_only:
            for one in followed:
                house.store.feeds.poll_now(one.feed.id, now)
        due = len(house.store.feeds.due(clock(), len(followed)))
        before = house.store.changes.latest()
        with progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()) as bar:
            polled, read = bar.add_task("feeds asked", total=due), bar.add_task("pages read", total=None)
            await house.pipeline.run_once(lambda: bar.advance(polled), lambda: bar.advance(read))
        await asyncio.to_thread(house.desk.watcher.work_all)
        _summarize(house, due, before)


def _summarize(house: House, asked: int, before: int) -> None:
    reader = house.store.readers.owner()
    new = house.store.articles.count_new(reader.id, before, 100_000)
    failing = sum(one.feed.failing_since is not None for one in house.store.readers.followed(reader.id))
    asked_of, came = counted(asked, "feed"), counted(new, "new article")
    typer.echo(f"{asked_of} asked, {came}, {counted(failing, 'feed')} failing.")


def search(
    context: typer.Context,
    words: Annotated[list[str], typer.Argument(help='Words, "phrases", outlet: by: section: before: after: -word.')],
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Results at most.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Search everything that is held, newest first."""
    query = parse_search(" ".join(f'"{word}"' if " " in word and ":" not in word else word for word in words), UTC)
    with open_migrated(context.obj) as store:
        found = store.articles.search(store.readers.owner().id, query, before=None, limit=limit)
    if as_json:
        write_json([_hit_json(hit) for hit in found])
        return
    if not found:
        typer.echo("Nothing was found.")
    console = out()
    for hit in found:
        console.print(f"[bold]{escape(hit.headline)}[/]")
        console.print(f"[dim]{escape(hit.outlet.name)} · {hit.sort_at:%Y-%m-%d %H:%M}Z · {escape(hit.url)}[/]")
        if hit.snippet:
            marked = escape(hit.snippet).replace("\ue000", "[reverse]").replace("\ue001", "[/reverse]")
            console.print(f"  {marked}")
        console.print()


def _hit_json(hit: Headline) -> dict[str, Any]:
    return {
        "id": hit.id,
        "headline": hit.headline,
        "outlet": {"name": hit.outlet.name, "domain": hit.outlet.domain},
        "published": hit.published.isoformat() if hit.published else None,
        "seen": hit.seen.isoformat(timespec="seconds"),
        "url": hit.url,
        "byline": list(hit.byline),
        "snippet": hit.snippet.replace("\ue000", "").replace("\ue001", ""),
    }
