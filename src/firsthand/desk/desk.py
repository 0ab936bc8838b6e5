"""The desk as a whole: its parts, and what the pages need beside them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from firsthand.desk.access import Access
from firsthand.desk.accounts import Accounts
from firsthand.desk.addresses import MailAddresses
from firsthand.desk.beats import Beats
from firsthand.desk.browse import Browse
from firsthand.desk.compare import Compare
from firsthand.desk.composer import Composer
from firsthand.desk.following import Following
from firsthand.desk.live import Live
from firsthand.desk.mailing import Mailing
from firsthand.desk.offline import Offline
from firsthand.desk.oidc import SignOn
from firsthand.desk.out import Out
from firsthand.desk.passkeys import Passkeys
from firsthand.desk.push import Push
from firsthand.desk.stories import Stories
from firsthand.desk.streams import Streams
from firsthand.desk.tokens import Tokens
from firsthand.desk.watching import Watcher
from firsthand.desk.websub import WebSub
from firsthand.model.article import OutletName
from firsthand.model.feed import Feed
from firsthand.model.urls import domain_of
from firsthand.sources.images import Image, fetch_image

if TYPE_CHECKING:
    from argon2 import PasswordHasher

    from firsthand.sources.fetcher import Fetcher
    from firsthand.store import Store


class Desk:
    """What a reader can do.

    Args:
        clock: tells the time as aware UTC.
        zone: IANA name of the zone for readers who have set none and whose browser says none; "" for the machine's.
        hasher: for passwords; None for the library's parameters.
        composer: makes text of letters; None where this program sends none.
    """

    def __init__(
        self,
        store: Store,
        fetcher: Fetcher,
        clock: Callable[[], datetime],
        *,
        zone: str = "",
        hasher: PasswordHasher | None = None,
        composer: Composer | None = None,
    ) -> None:
        self._store = store
        self._fetcher = fetcher
        self.clock = clock
        self.zone = zone
        self.accounts = Accounts(store, clock, hasher)
        self.access = Access(store, clock, self.accounts)
        self.passkeys = Passkeys(store, clock, self.accounts)
        self.sign_on = SignOn(fetcher, clock, store.secret("oidc"))
        self.browse = Browse(store, clock)
        self.compare = Compare(store)
        self.following = Following(store, fetcher, clock)
        self.live = Live(store)
        self.offline = Offline(store, clock)
        self.push = Push(store, clock, zone)
        self.stories = Stories(store)
        self.addresses = MailAddresses(store, clock)
        self.mailing = Mailing(store, clock, self.addresses, composer)
        self.tokens = Tokens(store, clock, self.accounts)
        self.streams = Streams(store, clock)
        self.beats = Beats(store, clock)
        self.watcher = Watcher(store, clock)
        self.out = Out(store, clock, self.stories, self.beats)
        self.websub = WebSub(store, fetcher, clock)

    def secret(self, name: str) -> bytes:
        """32 random bytes that this installation keeps, for signing."""
        return self._store.secret(name)

    def check(self) -> None:
        """Whether the database can be asked. Raises StoreError."""
        self._store.changes.latest()

    async def image(self, url: str) -> Image:
        """A picture from outside. Raises FetchError, ParseError."""
        return await fetch_image(self._fetcher, url)

    def follow_known(self, url: str, *, title: str, kind: str = "", country: str = "", now: datetime) -> Feed:
        """Follow, for the local owner, a feed of an outlet that is known beforehand."""
        feed = self._store.feeds.add(
            url, title=title, outlet=OutletName(title, domain_of(url)), now=now, kind=kind, country=country
        )
        self._store.readers.follow(self._store.readers.owner().id, feed.id, "", now)
        return feed
