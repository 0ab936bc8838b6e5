"""`firsthand stories` and `firsthand story`: what is told by several, and how many know it first hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.text import Text

from firsthand.cli.house import open_migrated
from firsthand.cli.read import write_json
from firsthand.cli.screen import out
from firsthand.desk.stories import Stories
from firsthand.desk.story_page import StoryPage
from firsthand.model.groupform import copy_to_json, origins_to_json
from firsthand.model.records import Headline
from firsthand.model.stories import StoryHead
from firsthand.store import Store

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
MOST = 500


def add_to(app: typer.Typer) -> None:
    """Register these commands."""
    for command in (stories, story):
        app.command()(command)


def stories(
    context: typer.Context,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=MOST, help="Stories to print.")] = 30,
    as_json: AsJson = False,
) -> None:
    """List stories as the front page ranks them, each with its outlets and independent origins."""
    with open_migrated(context.obj) as store:
        heads = store.stories.front(store.readers.owner().id, limit=limit)
    if as_json:
        for head in heads:
            write_json(head_to_json(head), lines=True)
        return
    for head in heads:
        line = Text(f"{head.id:>6}  ")
        line.append(f"{head.mark.dots:<9} ", style="green").append(head.title, style="bold")
        line.append(f"  {head.mark.words}", style="dim")
        out().print(line)
    if not heads:
        out().print("There are no stories yet. Follow outlets and run `firsthand fetch --once`.")


def story(
    context: typer.Context,
    story_id: Annotated[int, typer.Argument(metavar="ID", help="A story's number, as `firsthand stories` prints it.")],
    as_json: AsJson = False,
) -> None:
    """Print one story: its origins with why, its articles, and which of them repeat which."""
    with open_migrated(context.obj) as store:
        desk = Stories(store)
        reader = store.readers.owner()
        page = desk.story(reader, story_id)
        if as_json:
            write_json(_story_to_json(store, page))
            return
    _print(page)


def head_to_json(head: StoryHead) -> dict[str, Any]:
    """A story of a list as programs get it."""
    return {
        "id": head.id,
        "title": head.title,
        "lead": head.lead,
        "outlet": head.outlet,
        "article": head.article_id,
        "section": head.section,
        "first_seen": _at(head.first_seen),
        "last_seen": _at(head.last_seen),
        "changed": _at(head.changed),
        "articles": head.articles,
        "outlets": head.mark.outlets,
        "origins": {"at_least": head.mark.at_least, "at_most": head.mark.at_most},
        "mark": head.mark.words,
    }


def _story_to_json(store: Store, page: StoryPage) -> dict[str, Any]:
    head = page.head
    whys = store.stories.reasons(head.id)
    reader = store.readers.owner().id
    listed = {one.id: one for one in store.articles.listed(reader, list(whys))}
    return head_to_json(head) | {
        "origins": origins_to_json(store.stories.origins(head.id)),
        "members": [_member(listed[one], whys) for one in whys if one in listed],
        "copies": [copy_to_json(match) for match in store.copies.among(listed)],
        "people": [{"id": one.person, "name": one.name} for one in page.people],
        "places": list(page.places),
        "storyline": [{"id": one.id, "title": one.title, "first_seen": _at(one.first_seen)} for one in page.line],
    }


def _member(headline: Headline, whys: Mapping[int, str]) -> dict[str, Any]:
    return {
        "id": headline.id,
        "headline": headline.headline,
        "outlet": headline.outlet.name,
        "url": headline.url,
        "published": headline.published.isoformat() if headline.published else None,
        "seen": _at(headline.seen),
        "why": whys[headline.id],
    }


def _at(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _print(page: StoryPage) -> None:
    head = page.head
    out().print(Text(head.title, style="bold"))
    out().print(Text(f"{head.mark.dots}  {head.mark.words}", style="green"))
    out().print(f"Earliest that we saw: {page.first.outlet.name}, {_at(page.first.seen)}", highlight=False)
    for group in page.origins:
        known = "reporting of its own" if group.own else "not shown to be independent"
        names = ", ".join(dict.fromkeys(one.outlet.name for one in group.carriers))
        out().print(Text(f"\nOrigin {group.number}, {known}: {names}"))
        for why in group.whys:
            out().print(Text(f"  {why.says}{f' “{why.words}”' if why.words else ''}", style="dim"))
    if page.line:
        out().print(Text("\nStoryline"))
    for one in page.line:
        here = "  (this story)" if one.id == head.id else ""
        out().print(Text(f"  {one.id:>6}  {one.first_seen:%Y-%m-%d}  {one.title}{here}"))
    out().print(Text("\nArticles"))
    for carrier in page.carriers:
        it = carrier.headline
        out().print(Text(f"  {it.id:>6}  {it.outlet.name}: {it.headline}"))
        for line in carrier.copies:
            share = f"prints {line.kept} % of it" + ("" if line.decided else ", who had it first is not known")
            out().print(Text(f"          {line.headline.id:>6}  {line.headline.outlet.name}: {share}", style="dim"))
