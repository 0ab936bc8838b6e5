"""Telling a reader outside the pages: where they want to be told, by what rules, and what there is to tell.

What happens is read from the table of changes and from the alerts of beats, each with a cursor that moves in the same
transaction that keeps the notices: a crash at any line tells nothing twice and forgets nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from firsthand.desk.accounts import token_hash
from firsthand.desk.pages import NotificationsPage, Shell
from firsthand.desk.vapid import from_base64url, public_key_text
from firsthand.model.errors import UsageError
from firsthand.model.push import (
    Alert,
    Breaking,
    Channel,
    ChannelKind,
    NewNotice,
    Pushed,
    PushRules,
    Sending,
    day_of,
    grown,
    is_breaking,
    quiet_until,
)
from firsthand.model.records import Reader
from firsthand.model.stories import OriginMark
from firsthand.model.text import one_line
from firsthand.model.urls import absolute_url

if TYPE_CHECKING:
    from firsthand.store import Store

CHANGES: Final = 500
"""Changes looked at in one go."""
MOST_CHANNELS: Final = 20
MOST_A_DAY: Final = 200
MOST_OUTLETS: Final = 100
RECENT: Final = 10
"""Notices that the settings show."""
_STORIES, _ALERTS = "push:stories", "push:alerts"
_POINT, _AUTH = 65, 16
"""Bytes of a browser's public key and of its secret (RFC 8291 §3.1, §3.2)."""


class Push:
    """Channels, rules, notices. Thread-safe."""

    def __init__(self, store: Store, clock: Callable[[], datetime], zone: str = "") -> None:
        self._store = store
        self._clock = clock
        self._zone = zone

    # ── What a reader sets ───────────────────────────────────────────────────────────────────────────────────────────

    def page(self, reader: Reader, shell: Shell) -> NotificationsPage:
        """All that a reader can set, and what they were told last."""
        return NotificationsPage(
            shell=shell,
            rules=self._store.push.rules(reader.id),
            channels=tuple(self._store.push.channels(reader.id)),
            ended=frozenset(self._store.push.ended(reader.id, self._clock())),
            recent=tuple(self._store.push.recent(reader.id, RECENT)),
            public_key=self.public_key,
        )

    @property
    def public_key(self) -> str:
        """The key that browsers subscribe with."""
        return public_key_text(self._store.secret("vapid"))

    def signing_key(self) -> bytes:
        """What the private key is made from, see `desk.vapid`."""
        return self._store.secret("vapid")

    def set_rules(self, reader: Reader, rules: PushRules) -> None:
        """Keep what a reader wants to be told of. Raises UsageError for numbers that mean nothing."""
        if not 0 <= rules.outlets <= MOST_OUTLETS or not 0 <= rules.origins <= MOST_OUTLETS:
            raise UsageError(f"Outlets and origins are numbers up to {MOST_OUTLETS}.", "Correct them.")
        if not 1 <= rules.per_day <= MOST_A_DAY:
            raise UsageError(f"The limit for a day is a number from 1 to {MOST_A_DAY}.", "Correct it.")
        self._store.push.set_rules(reader.id, rules)

    def add_device(self, reader: Reader, text: str, *, label: str, token: str, zone: str) -> None:
        """Tell a browser, by the subscription that it gives (W3C Push API, `PushSubscription.toJSON`).

        Args:
            token: the session's, with which the subscription ends; "" where there is no account.

        Raises:
            UsageError: it is no subscription.
        """
        address, keys = read_subscription(text)
        self._check_room(reader, address)
        session = token_hash(token) if token and reader.password_hash is not None else None
        kind = ChannelKind.WEB
        self._store.push.add_channel(
            reader.id, kind, address, label=label[:80], keys=keys, session_hash=session, now=self._clock()
        )
        rules = self._store.push.rules(reader.id)
        if zone and not rules.zone:
            self._store.push.set_rules(reader.id, replace(rules, zone=zone))

    def add_channel(self, reader: Reader, kind: ChannelKind, address: str, *, label: str, token: str = "") -> Channel:
        """Tell an ntfy topic or a program's address.

        Raises:
            UsageError: it is no web address, or names no topic.
        """
        url = absolute_url(None, one_line(address))
        if url is None or "@" in urlsplit(url).netloc:
            raise UsageError("This is not a web address.", "Give one that begins with https://.")
        if kind is ChannelKind.NTFY and not urlsplit(url).path.strip("/"):
            raise UsageError("This address names no topic.", "Give it with its topic, as https://ntfy.sh/my-topic.")
        self._check_room(reader, url)
        keys = {"token": one_line(token)} if one_line(token) else {}
        name = one_line(label)[:80] or (urlsplit(url).hostname or url)
        number = self._store.push.add_channel(reader.id, kind, url, label=name, keys=keys, now=self._clock())
        return self._store.push.channel(reader.id, number)

    def remove_channel(self, reader: Reader, channel_id: int) -> None:
        """Tell a channel no more."""
        self._store.push.remove_channel(reader.id, channel_id=channel_id)

    def remove_device(self, reader: Reader, address: str) -> None:
        """Tell a browser no more, which knows itself by its address at its push service."""
        self._store.push.remove_channel(reader.id, address=address)

    def ended_devices(self, reader: Reader) -> list[str]:
        """Addresses of the reader's browsers that were signed out: one that is signed in again takes itself up."""
        return self._store.push.ended(reader.id, self._clock())

    def webhook_secret(self, channel_id: int) -> bytes:
        """The key with which what goes to this webhook is signed; nobody else's is the same."""
        return hmac.new(self._store.secret("webhook"), f"channel:{channel_id}".encode(), hashlib.sha256).digest()

    def webhook_secret_text(self, channel_id: int) -> str:
        """That key as libraries of Standard Webhooks take it."""
        return f"whsec_{base64.b64encode(self.webhook_secret(channel_id)).decode()}"

    def test(self, reader: Reader, channel_id: int) -> None:
        """Send a notice to one channel, to see that it arrives. Raises NotFound."""
        channel = self._store.push.channel(reader.id, channel_id)
        now = self._clock()
        notice = NewNotice(
            reader_id=reader.id,
            tag=f"test:{now.timestamp():.6f}",
            stage=1,
            title="Firsthand",
            body=f"This is how {channel.label or 'this channel'} is told.",
            path="/settings/notifications",
            due=now,
            channel_id=channel.id,
        )
        self._store.push.save_one(notice, now)

    def _check_room(self, reader: Reader, address: str) -> None:
        channels = self._store.push.channels(reader.id)
        if len(channels) >= MOST_CHANNELS and all(one.address != address for one in channels):
            raise UsageError(f"There are {MOST_CHANNELS} channels already.", "Remove one first.")

    # ── What there is to tell ────────────────────────────────────────────────────────────────────────────────────────

    def plan(self) -> bool:
        """Make notices of what has happened; whether there is more to look at."""
        return self._plan_stories() | self._plan_alerts()

    def claim(self, limit: int) -> list[Sending]:
        """What is to be sent now, recorded as begun."""
        return self._store.push.claim(self._clock(), limit)

    def end(self, sending: Sending, pushed: Pushed) -> None:
        """Record how a sending ended."""
        self._store.push.end(sending, pushed, self._clock())

    def prune(self) -> None:
        """Forget what was told long ago."""
        self._store.push.prune(self._clock())

    def _plan_stories(self) -> bool:
        kept, now = self._store.push, self._clock()
        before = kept.cursor(_STORIES)
        if before is None:  # what happened before there was push is no news
            kept.save((), now, name=_STORIES, before=None, after=self._store.changes.latest())
            return False
        after, stories = kept.stories_after(before, CHANGES)
        if after == before:
            return False
        budget = _Budget(self._store, now, self._zone)
        notices = [one for story_id in stories for one in self._of_story(story_id, budget, now)]
        kept.save(notices, now, name=_STORIES, before=before, after=after)
        return True

    def _of_story(self, story_id: int, budget: _Budget, now: datetime) -> list[NewNotice]:
        watchers = self._store.push.watchers(story_id)
        story = self._store.push.breaking(story_id, now) if watchers else None
        if story is None:
            return []
        found = (self._breaking(reader_id, story, budget, now) for reader_id in watchers)
        return [one for one in found if one is not None]

    def _breaking(self, reader_id: int, story: Breaking, budget: _Budget, now: datetime) -> NewNotice | None:
        rules, zone = budget.rules(reader_id)
        tag = self._store.push.story_tag(reader_id, story.story_id)
        told = self._store.push.told(reader_id, tag)
        if not rules.breaking:
            return None
        if told is None:
            if not is_breaking(story, rules, now) or not budget.take(reader_id):
                return None
        elif not grown(story.outlets, story.at_least, told.outlets, told.origins):
            return None
        return NewNotice(
            reader_id=reader_id,
            tag=tag,
            stage=1 if told is None else told.stage + 1,
            title=story.title,
            body=story_words(story),
            path=f"/stories/{story.story_id}",
            due=quiet_until(rules, now, zone),
            outlets=story.outlets,
            origins=story.at_least,
        )

    def _plan_alerts(self) -> bool:
        kept, now = self._store.push, self._clock()
        before = kept.cursor(_ALERTS)
        if before is None:
            kept.save((), now, name=_ALERTS, before=None, after=kept.latest_alert())
            return False
        alerts = kept.alerts_after(before, CHANGES)
        if not alerts:
            return False
        budget = _Budget(self._store, now, self._zone)
        stages: Counter[tuple[int, str]] = Counter()
        notices = [one for alert in alerts if (one := self._alert(alert, budget, stages, now)) is not None]
        kept.save(notices, now, name=_ALERTS, before=before, after=alerts[-1].id)
        return True

    def _alert(
        self, alert: Alert, budget: _Budget, stages: Counter[tuple[int, str]], now: datetime
    ) -> NewNotice | None:
        rules, zone = budget.rules(alert.reader_id)
        if not rules.beats or not budget.has_channel(alert.reader_id):
            return None
        kept = self._store.push
        tag = kept.story_tag(alert.reader_id, alert.story_id) if alert.story_id else f"alert:{alert.id}"
        told = kept.told(alert.reader_id, tag)
        before = (told.stage if told else 0) + stages[alert.reader_id, tag]
        if not before and not budget.take(alert.reader_id):
            return None
        stages[alert.reader_id, tag] += 1
        return NewNotice(
            reader_id=alert.reader_id,
            tag=tag,
            stage=before + 1,
            title=f"{alert.beat}: {alert.title}",
            body=alert.text,
            path=alert_path(alert),
            due=quiet_until(rules, now, zone),
            outlets=told.outlets if told else 0,
            origins=told.origins if told else 0,
        )


class _Budget:
    """Each reader's rules, and how many notices are left of their day."""

    def __init__(self, store: Store, now: datetime, zone: str) -> None:
        self._store = store
        self._now = now
        self._default = zone
        self._known: dict[int, tuple[PushRules, tzinfo]] = {}
        self._left: dict[int, int] = {}

    def rules(self, reader_id: int) -> tuple[PushRules, tzinfo]:
        if reader_id not in self._known:
            rules = self._store.push.rules(reader_id)
            name = self._store.readers.get(reader_id).zone or rules.zone or self._default
            self._known[reader_id] = rules, _zone(name)
        return self._known[reader_id]

    def has_channel(self, reader_id: int) -> bool:
        return any(one.stopped is None for one in self._store.push.channels(reader_id))

    def take(self, reader_id: int) -> bool:
        """One of the notices that are left of the reader's day, if there is one."""
        rules, zone = self.rules(reader_id)
        if reader_id not in self._left:
            told = self._store.push.told_since(reader_id, day_of(self._now, zone))
            self._left[reader_id] = rules.per_day - told
        self._left[reader_id] -= 1
        return self._left[reader_id] >= 0


def story_words(story: Breaking) -> str:
    """`6 outlets · 1 origin, perhaps 2 · Daily Ledger`: what a notice says beneath the headline."""
    words = OriginMark(story.outlets, story.at_least, story.at_most).words
    return f"{words} · {story.outlet}" if story.outlet else words


def alert_path(alert: Alert) -> str:
    """The page that an alert leads to."""
    if alert.article_id:
        return f"/articles/{alert.article_id}"
    return f"/stories/{alert.story_id}" if alert.story_id else f"/beats/{alert.slug}"


def read_subscription(text: str) -> tuple[str, dict[str, str]]:
    """Address and keys of a browser's subscription. Raises UsageError for what is none."""
    try:
        found: Any = json.loads(text)
        address = found["endpoint"]
        keys = {name: found["keys"][name] for name in ("p256dh", "auth")}
        sizes = len(from_base64url(keys["p256dh"])), len(from_base64url(keys["auth"]))
        sound = sizes == (_POINT, _AUTH) and len(address) <= 2000 and absolute_url(None, address) is not None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        sound = False
    if not sound:
        raise UsageError("This is no subscription of a browser.", "Load the page anew and try again.")
    return address, keys


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
