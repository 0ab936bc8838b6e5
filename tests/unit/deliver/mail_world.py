"""What the tests of mail say in a word: a mail server, a reader with an edition, stories."""

from __future__ import annotations

import email.policy
import json
import mailbox
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from firsthand.config import Settings
from firsthand.deliver.compose import LetterComposer
from firsthand.deliver.loop import Delivery
from firsthand.deliver.settings import MailSettings
from firsthand.desk import Desk
from firsthand.model.article import Article, Block, BlockKind, OutletName
from firsthand.model.editions import Edition, EditionPlan, Schedule
from firsthand.model.feed import Item
from firsthand.model.grouping import Origins
from firsthand.model.records import NewItem, PollOutcome, Reader, Reading
from firsthand.model.stories import OriginMark, Placed, StoryCount
from firsthand.store import Store
from firsthand.web.settings import WebSettings

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ADDRESS = "https://news.example.org"


class Clock:
    """A clock that is set by hand."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Server:
    """A running mail server."""

    port: int
    folder: Path

    def mails(self) -> list[EmailMessage]:
        """What it has taken, as mail programs read it."""
        box = mailbox.Maildir(self.folder)
        return [email.message_from_bytes(box.get_bytes(key), policy=email.policy.default) for key in sorted(box.keys())]


@contextmanager
def mail_server(folder: Path, **options: object) -> Iterator[Server]:
    """A mail server in a process of its own; see `smtp_child`."""
    command = [sys.executable, str(Path(__file__).with_name("smtp_child.py")), str(folder), json.dumps(options)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdin is not None
        port = int(child.stdout.readline())
        try:
            yield Server(port, folder)
        finally:
            child.stdin.close()


def settings(data: Path, port: int = 0, **mail: object) -> Settings:
    """Settings with a mail server on this machine."""
    given = {
        "host": "127.0.0.1" if port else "",
        "port": port or 25,
        "security": "none",
        "sender": "Firsthand <news@example.org>",
        "timeout": timedelta(seconds=20),
    }
    return Settings(data=data, web=WebSettings(port=0, address=ADDRESS), mail=MailSettings(**(given | mail)))  # type: ignore[arg-type]


@dataclass
class World:
    """A store with a desk and a delivery over it."""

    store: Store
    clock: Clock
    desk: Desk
    delivery: Delivery
    reader: Reader

    def confirmed(self, address: str = "ada@example.org") -> int:
        """Id of an address that wants letters."""
        held = self.store.addresses.add(self.reader.id, address, self.clock())
        self.store.addresses.confirm(held.id, self.clock())
        return held.id

    def edition(self, address: str = "ada@example.org", **plan: object) -> Edition:
        """An edition at 13:00 UTC to a confirmed address."""
        schedule = plan.pop("schedule", Schedule(minute=13 * 60, zone="UTC"))
        given = {"title": "Morning", "address_id": self.confirmed(address), "schedule": schedule}
        return self.desk.mailing.create(self.reader, EditionPlan(**(given | plan)))  # type: ignore[arg-type]

    def letter_states(self) -> list[str]:
        ids = [one.id for one in self.store.editions.all()]
        return [letter.state.value for letters in self.store.letters.of(ids, 100).values() for letter in letters]


def world(store: Store, given: Settings, clock: Clock | None = None) -> World:
    clock = clock or Clock()
    composer = LetterComposer(given.mail, given.web.address)
    desk = Desk(store, None, clock, composer=composer)  # type: ignore[arg-type]
    return World(store, clock, desk, Delivery(desk, composer, given.mail, clock), store.readers.owner())


def tell(
    store: Store,
    name: str,
    at: datetime = NOW,
    *,
    outlets: int = 1,
    at_least: int = 1,
    section: str = "",
    text: str = "",
    story_id: int = 0,
    image: str | None = None,
) -> tuple[int, int]:
    """A story of one article, counted as the mark says; ids of story and article."""
    feed = store.feeds.add(
        "https://herald.example/feed", title="Herald", outlet=OutletName("Herald", "herald.example"), now=at
    )
    store.readers.follow(store.readers.owner().id, feed.id, "", at)
    url = f"https://herald.example/{name.replace(' ', '-')}"
    made = Item(id=name, url=url, title=name, summary=f"What happened in {name}.")
    new = NewItem(item=made, key=url, fingerprint="1", sort_at=at)
    created = store.ingest.save_poll(
        PollOutcome(feed_id=feed.id, polled=at, next_poll=at + HOUR, interval=HOUR, new=(new,))
    )
    article_id = created[0] if created else store.articles.by_key(url) or 0
    publish(store, article_id, name, text or f"It was told that {name} took place on Monday.", at, section)
    (due,) = store.stories.load([article_id])
    story_id = story_id or store.stories.latest_id() + 1
    placed = Placed(article_id=article_id, story_id=story_id, speaker_id=article_id, score=1.0, reason="the first")
    store.stories.save(due, [], [], placed, at)
    count(store, story_id, article_id, name, at, OriginMark(outlets, at_least, at_least), section, image)
    return story_id, article_id


def publish(store: Store, article_id: int, headline: str, text: str, at: datetime, section: str = "") -> None:
    """Read an article whole; a second time, another version."""
    block = Block(BlockKind.PARAGRAPH, 0, len(text))
    found = Article(headline=headline, text=text, blocks=(block,), section=(section,) if section else ())
    store.ingest.save_reading(Reading(article_id=article_id, at=at, article=found))


def count(
    store: Store,
    story_id: int,
    article_id: int,
    title: str,
    at: datetime,
    mark: OriginMark,
    section: str = "",
    image: str | None = None,
) -> None:
    """Count a story anew."""
    held = store.stories.heads([story_id]).get(story_id)
    counted = StoryCount(
        story_id=story_id,
        title=title,
        lead=f"What happened in {title}.",
        article_id=article_id,
        section=section or None,
        section_slug=section.lower() or None,
        image=image,
        first_seen=held.first_seen if held else at,
        last_seen=at,
        articles=mark.outlets,
        mark=mark,
        origins=Origins((), mark.at_least, mark.at_most),
    )
    store.stories.save_count(story_id, counted, at)


def plain(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())
