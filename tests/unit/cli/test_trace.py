"""`firsthand trace` of an article that is held, with the reports it names that are held as well."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cli_runner import call

from firsthand.model.article import Article, OutletName
from firsthand.model.feed import Item
from firsthand.model.findings import Actor, ActorKind, Analysis, Chain, Deed, Hop
from firsthand.model.records import NewItem, PollOutcome, Reading
from firsthand.model.when import When
from firsthand.store import Store, open_store

NOW = datetime(2025, 3, 8, 12, tzinfo=UTC)


def bring(store: Store, outlet: str, domain: str, hour: int) -> int:
    """An article of an outlet, read whole."""
    feed = store.feeds.add(f"https://{domain}/feed", title=outlet, outlet=OutletName(outlet, domain), now=NOW)
    url, at = f"https://{domain}/wall", NOW.replace(hour=hour)
    item = Item(id=url, url=url, title="The wall", published=When.of(at))
    new = NewItem(item=item, key=url, fingerprint="", sort_at=at)
    poll = PollOutcome(feed_id=feed.id, polled=NOW, next_poll=NOW, interval=timedelta(hours=1), new=(new,))
    (article_id,) = store.ingest.save_poll(poll)
    article = Article(url=url, headline="The wall", text="The wall held.", published=When.of(at))
    return store.ingest.save_reading(Reading(article_id=article_id, at=NOW, article=article))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    store = open_store(f"sqlite:///{tmp_path / 'firsthand.db'}")
    store.migrate()
    store.readers.owner()
    bring(store, "Daily Ledger", "ledger.example", 9)
    tide = bring(store, "Tide", "tide.example", 11)
    own = Hop(actor=Actor("Tide", ActorKind.OUTLET), does=Deed.PUBLISHED, seen=True)
    ledger = Hop(
        actor=Actor("Daily Ledger", ActorKind.OUTLET), does=Deed.REPORTED, url="http://www.ledger.example/wall/"
    )
    herald = Hop(actor=Actor("Herald", ActorKind.OUTLET), does=Deed.REPORTED, url="https://herald.example/wall")
    (due,) = [one for one in store.findings.due(9) if one.article_id == tide]
    store.findings.save(due, "steps", Analysis(chains=(Chain((own, ledger, herald)),)), NOW)
    store.close()
    return tmp_path


def test_what_is_held_is_told_with_its_number(data: Path) -> None:
    lines = [line.strip() for line in call("trace", "2", data=data).out.decode().splitlines() if line.strip()]
    assert lines == [
        "The wall",
        "◌ Herald reported it (named in the text)",
        "● Daily Ledger reported it (article 1)",
        "● Tide printed here",
    ]


def test_programs_are_told_as_well(data: Path) -> None:
    (chain,) = json.loads(call("trace", "2", "--json", data=data).out)["chains"]
    assert [(hop["actor"]["name"], hop["seen"], hop["article"]) for hop in chain["hops"]] == [
        ("Tide", True, None),
        ("Daily Ledger", True, 1),
        ("Herald", False, None),
    ]


@pytest.mark.parametrize("profile", ["full", "fast"])
def test_an_article_is_read_by_either_profile(tmp_path: Path, profile: str) -> None:
    more = (
        "The promenade stays open, and the trams go as they do in winter when the sea is high and nobody walks there. "
    )
    text = f"“The wall will hold,” the mayor said on Friday.\n\n{more * 3}"
    arguments = ("read", "-", "--as", "body", "--json", "--profile", profile)
    read = json.loads(call(*arguments, data=tmp_path, given=text.encode()).out)
    one = read["statements"][0]
    assert text[one["source"]["start"] : one["source"]["end"]] == "the mayor"
    assert call(*arguments[:-1], "quick", data=tmp_path, given=text.encode()).status == 2
