"""From what happens to what a device shows: real requests to receivers on loopback, decrypted and verified there."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from push_world import FakeBrowser, Receiver, from_text, receiving

from firsthand.deliver.push import message
from firsthand.deliver.pushing import Pushing
from firsthand.desk import Desk
from firsthand.model.article import OutletName
from firsthand.model.errors import UsageError
from firsthand.model.feed import Item
from firsthand.model.push import ChannelKind, Notice, PushRules
from firsthand.model.records import ChangeKind, NewItem, PollOutcome, Reader
from firsthand.model.stories import Placed
from firsthand.sources.fetcher import Fetcher, FetchSettings
from firsthand.store import Store, changes
from firsthand.store import schema as s

START = datetime(2026, 11, 24, 12, tzinfo=UTC)
OUTLETS = ("ledger", "gazette", "post", "tide", "wave", "shore")


class World:
    """A desk whose clock is set by hand, its sender, and stories as ingestion would leave them."""

    def __init__(self, store: Store, fetcher: Fetcher) -> None:
        self.now = START
        self.store = store
        self.desk = Desk(store, fetcher, lambda: self.now)
        self.reader: Reader = store.readers.owner()
        self.pushing = Pushing(
            self.desk, fetcher, lambda: self.now, base="https://news.example", contact="mailto:a@b.example"
        )
        self.desk.push.plan()

    def told(self, outlet: str, story_id: int, *, origins: int = 1) -> int:
        """An outlet takes a story up now."""
        feed = self.store.feeds.add(
            f"https://{outlet}.example/feed",
            title=outlet,
            outlet=OutletName(outlet.title(), f"{outlet}.example"),
            now=self.now,
        )
        self.store.readers.follow(self.reader.id, feed.id, "", self.now)
        name = f"{outlet}-{story_id}"
        item = Item(id=name, url=f"https://{outlet}.example/{name}", title=f"Sea wall {story_id} cracks", summary="")
        new = NewItem(item=item, key=item.url or "", fingerprint="1", sort_at=self.now)
        polled = PollOutcome(
            feed_id=feed.id, polled=self.now, next_poll=self.now, interval=timedelta(minutes=10), new=(new,)
        )
        (article_id,) = self.store.ingest.save_poll(polled)
        self._place(article_id, story_id, origins)
        return article_id

    def _place(self, article_id: int, story_id: int, origins: int) -> None:
        with self.store.engine.begin() as connection:
            held = connection.execute(s.stories.select().where(s.stories.c.id == story_id)).one_or_none()
            if held is None:
                row = {"id": story_id, "title": f"Sea wall {story_id} cracks", "article_id": article_id, "origins": []}
                connection.execute(s.stories.insert().values(row | {"first_seen": self.now, "changed": self.now}))
            member = {
                "article_id": article_id,
                "story_id": story_id,
                "speaker_id": article_id,
                "score": 1.0,
                "reason": "",
            }
            connection.execute(s.story_articles.insert().values(member))
            counted = {"outlets": (held.outlets if held else 0) + 1, "at_least": origins, "at_most": origins}
            connection.execute(s.stories.update().where(s.stories.c.id == story_id).values(counted))
            changes.append(connection, self.now, ChangeKind.STORY_CHANGED, story_id=story_id)

    def add_browser(self, receiver: Receiver, path: str = "/push/1") -> FakeBrowser:
        browser = FakeBrowser(receiver.url + path)
        self.desk.push.add_device(self.reader, browser.subscription, label="Phone", token="", zone="Europe/Rome")
        return browser

    def rules(self, **given: object) -> None:
        values = {"outlets": 3, "origins": 2, "quiet_from": None, "quiet_to": None, "zone": "Europe/Rome"} | given
        self.desk.push.set_rules(self.reader, PushRules(**values))  # type: ignore[arg-type]

    async def run(self) -> int:
        return await self.pushing.run_once()


@pytest.fixture
async def world(store: Store) -> AsyncIterator[World]:
    async with Fetcher(FetchSettings(allow_networks=("127.0.0.0/8",), timeout=timedelta(seconds=5))) as fetcher:
        yield World(store, fetcher)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


async def test_a_breaking_story_reaches_the_browser_encrypted_and_signed(world: World, receiver: Receiver) -> None:
    browser = world.add_browser(receiver)
    world.rules()
    for outlet in OUTLETS[:2]:
        world.told(outlet, 7)
    assert await world.run() == 0
    world.told(OUTLETS[2], 7)
    assert await world.run() == 1
    (got,) = receiver.got
    assert browser.read(got.body) == {
        "title": "Sea wall 7 cracks",
        "body": "3 outlets · 1 origin · Ledger",
        "tag": "story:7",
        "path": "/stories/7",
        "at": "2026-11-24T12:00:00+00:00",
        "quiet": False,
    }
    assert got.headers["content-encoding"] == "aes128gcm"
    assert got.headers["urgency"] == "high"
    assert int(got.headers["ttl"]) > 0
    assert len(got.headers["topic"]) == 32
    assert claims_of(got.headers["authorization"], world.desk.push.public_key) == {
        "aud": receiver.url,
        "sub": "mailto:a@b.example",
        "exp": int((START + timedelta(hours=12)).timestamp()),
    }


def claims_of(authorization: str, public_key: str) -> dict[str, object]:
    """What the VAPID token says, once its signature has been found to be by the key that browsers were given."""
    scheme, _, parts = authorization.partition(" ")
    given = dict(part.strip().split("=", 1) for part in parts.split(","))
    assert scheme == "vapid"
    assert given["k"].rstrip("=") == public_key
    signed, _, signature = given["t"].rpartition(".")
    raw = from_text(signature)
    numbers = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_text(public_key))
    key.verify(utils.encode_dss_signature(*numbers), signed.encode(), ec.ECDSA(hashes.SHA256()))
    claims: dict[str, object] = json.loads(from_text(signed.split(".")[1]))
    return claims


async def test_a_story_that_goes_on_changes_its_notice_quietly(world: World, receiver: Receiver) -> None:
    browser = world.add_browser(receiver)
    world.rules()
    for outlet in OUTLETS[:3]:
        world.told(outlet, 7)
    await world.run()
    world.told(OUTLETS[3], 7)
    assert await world.run() == 0  # one outlet more is no news
    world.told(OUTLETS[4], 7, origins=2)
    assert await world.run() == 1
    first, second = (browser.read(one.body) for one in receiver.got)
    assert first["tag"] == second["tag"]
    assert second["quiet"]
    assert "2 origins" in str(second["body"])
    assert receiver.got[0].headers["topic"] == receiver.got[1].headers["topic"]
    assert receiver.got[1].headers["urgency"] == "normal"
    assert await world.run() == 0


async def test_a_story_that_went_into_another_goes_on_in_its_own_notice(world: World, receiver: Receiver) -> None:
    browser = world.add_browser(receiver)
    world.rules(outlets=2)
    articles = [world.told(outlet, 7) for outlet in OUTLETS[:2]]
    assert await world.run() == 1
    world.told(OUTLETS[2], 3)
    moved = [
        Placed(article_id=one, story_id=3, speaker_id=one, score=0.0, reason="Later articles.") for one in articles
    ]
    world.store.stories.move(moved, {7: 3}, world.now)
    world.told(OUTLETS[3], 3, origins=2)
    assert await world.run() == 1
    first, then = (browser.read(one.body) for one in receiver.got)
    assert first["tag"] == then["tag"] == "story:7"
    assert then["path"] == "/stories/3"


async def test_what_nobody_follows_is_told_to_nobody(world: World, receiver: Receiver) -> None:
    world.add_browser(receiver)
    world.rules()
    for outlet in OUTLETS[:4]:
        world.told(outlet, 7)
    for followed in world.store.readers.followed(world.reader.id):
        world.store.readers.unfollow(world.reader.id, followed.feed.id)
    assert await world.run() == 0


async def test_quiet_hours_hold_it_back_until_they_end(world: World, receiver: Receiver) -> None:
    browser = world.add_browser(receiver)
    world.rules(quiet_from=12 * 60, quiet_to=15 * 60)  # it is 13:00 in Rome
    for outlet in OUTLETS[:3]:
        world.told(outlet, 7)
    assert await world.run() == 0
    world.told(OUTLETS[3], 7, origins=2)
    assert await world.run() == 0
    world.now = START + timedelta(hours=2)
    assert await world.run() == 1  # the newest word only
    assert "2 origins" in str(browser.read(receiver.got[0].body)["body"])


async def test_no_more_in_a_day_than_the_reader_wants(world: World, receiver: Receiver) -> None:
    world.add_browser(receiver)
    world.rules(per_day=2)
    for story_id in range(1, 5):
        for outlet in OUTLETS[:3]:
            world.told(outlet, story_id)
    assert await world.run() == 2
    world.now = START + timedelta(hours=11, minutes=1)  # midnight in Rome is past
    for outlet in OUTLETS[:3]:
        world.told(outlet, 9)
    assert await world.run() == 1


async def test_ntfy_is_told_with_its_token_and_a_link(world: World, receiver: Receiver) -> None:
    world.desk.push.add_channel(world.reader, ChannelKind.NTFY, receiver.url + "/news", label="", token="tk_secret")
    world.rules()
    for outlet in OUTLETS[:3]:
        world.told(outlet, 7)
    assert await world.run() == 1
    (got,) = receiver.got
    assert got.path == "/"
    assert got.headers["authorization"] == "Bearer tk_secret"
    said = json.loads(got.body)
    assert (said["topic"], said["title"], said["sequence_id"]) == ("news", "Sea wall 7 cracks", "story-7")
    assert said["click"] == "https://news.example/stories/7"


async def test_a_webhook_is_signed_and_its_id_stays_the_same_when_it_is_sent_again(
    world: World, receiver: Receiver
) -> None:
    channel = world.desk.push.add_channel(world.reader, ChannelKind.WEBHOOK, receiver.url + "/hook?a=1", label="Bot")
    world.rules()
    receiver.answers += [(503, {"retry-after": "120"})]
    for outlet in OUTLETS[:3]:
        world.told(outlet, 7)
    assert await world.run() == 1
    world.now += timedelta(seconds=90)
    assert await world.run() == 0
    world.now += timedelta(seconds=60)
    assert await world.run() == 1
    first, second = receiver.got
    assert first.path == "/hook?a=1"
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    secret = base64.b64decode(world.desk.push.webhook_secret_text(channel.id).removeprefix("whsec_"))
    for got in (first, second):
        signed = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
        wanted = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
        assert got.headers["webhook-signature"] == f"v1,{wanted}"
    assert int(second.headers["webhook-timestamp"]) == int(world.now.timestamp())
    assert json.loads(first.body)["type"] == "story.told"
    assert json.loads(first.body)["data"]["url"] == "https://news.example/stories/7"


@pytest.mark.parametrize("status", [404, 410])
async def test_a_subscription_that_has_ended_is_told_no_more(world: World, receiver: Receiver, status: int) -> None:
    world.add_browser(receiver)
    (channel,) = world.store.push.channels(world.reader.id)
    receiver.answers += [(status, {})]
    world.desk.push.test(world.reader, channel.id)
    assert await world.run() == 1
    (channel,) = world.store.push.channels(world.reader.id)
    assert channel.stopped is not None
    world.desk.push.test(world.reader, channel.id)
    assert await world.run() == 0


async def test_an_address_inside_the_house_is_never_connected_to(store: Store, receiver: Receiver) -> None:
    """Whoever may set a channel could else reach what stands beside the server (SSRF)."""
    async with Fetcher(FetchSettings()) as guarded:
        world = World(store, guarded)
        world.add_browser(receiver)
        world.desk.push.add_channel(world.reader, ChannelKind.WEBHOOK, receiver.url, label="")
        world.desk.push.add_channel(world.reader, ChannelKind.NTFY, "http://localhost:8081/topic", label="")
        for channel in store.push.channels(world.reader.id):
            world.desk.push.test(world.reader, channel.id)
            world.now += timedelta(seconds=1)
        assert await world.run() == 3
        assert receiver.got == []
        assert all("only public addresses" in (one.problem or "") for one in store.push.channels(world.reader.id))


async def test_a_redirect_is_not_followed(world: World, receiver: Receiver) -> None:
    world.desk.push.add_channel(world.reader, ChannelKind.WEBHOOK, receiver.url + "/a", label="")
    (channel,) = world.store.push.channels(world.reader.id)
    receiver.answers += [(307, {"location": receiver.url + "/b"})]
    world.desk.push.test(world.reader, channel.id)
    await world.run()
    assert [one.path for one in receiver.got] == ["/a"]


async def test_an_alert_of_a_beat_is_told_and_joins_the_notice_of_its_story(world: World, receiver: Receiver) -> None:
    browser = world.add_browser(receiver)
    world.rules(breaking=False)
    article_id = world.told("ledger", 7)
    _alert(world, "first", "1", article_id=article_id)
    _alert(world, "origin", "2", story_id=7)
    _alert(world, "origin", "3", story_id=7)
    assert await world.run() == 2
    notices = {one["tag"]: one for one in (browser.read(one.body) for one in receiver.got)}
    assert notices.keys() == {"alert:1", "story:7"}  # sent side by side: either may come first
    assert notices["alert:1"]["title"] == "Sea wall: Sea wall told"
    assert notices["alert:1"]["path"] == f"/articles/{article_id}"
    world.rules(beats=False)
    _alert(world, "correction", "4", article_id=article_id)
    assert await world.run() == 0


def _alert(world: World, kind: str, key: str, **about: int) -> None:
    with world.store.engine.begin() as connection:
        if connection.execute(s.beats.select()).first() is None:
            beat = {"id": 1, "reader_id": world.reader.id, "name": "Sea wall", "slug": "sea-wall", "kind": "search"}
            connection.execute(s.beats.insert().values(beat | {"key": "wall", "alerts": "first", "created": world.now}))
        row = {"reader_id": world.reader.id, "beat_id": 1, "kind": kind, "key": key, "at": world.now}
        connection.execute(s.alerts.insert().values(row | {"title": "Sea wall told", "text": "By Ledger."} | about))


def test_the_longest_notice_fits_into_a_push() -> None:
    notice = Notice(id=1, tag="story:1", stage=1, title="墙" * 999, body="裂" * 999, path="/stories/1", made=START)
    assert len(message(notice)) < 3900


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"endpoint": 5, "keys": {}}',
        '{"endpoint": "https://a.example", "keys": {"p256dh": "AA", "auth": "AA"}}',
    ],
)
async def test_what_is_no_subscription_is_refused(world: World, text: str) -> None:
    with pytest.raises(UsageError):
        world.desk.push.add_device(world.reader, text, label="", token="", zone="")


@pytest.mark.parametrize("address", ["", "ftp://a.example/x", "https://user:pass@a.example/x", "https://ntfy.example/"])
async def test_what_is_no_topic_is_refused(world: World, address: str) -> None:
    with pytest.raises(UsageError):
        world.desk.push.add_channel(world.reader, ChannelKind.NTFY, address, label="")
