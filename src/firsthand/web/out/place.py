"""Where a feed out stands: its own address, that of its pages, its hub. What every format writes into its head."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from urllib.parse import quote, urlencode

from firsthand.model.out import FeedName, OutEntry


class Form(Enum):
    """The formats. Each value is the end of a feed's address."""

    ATOM = "atom"
    RSS = "rss"
    JSON = "json"

    @property
    def media_type(self) -> str:
        types = {"atom": "application/atom+xml", "rss": "application/rss+xml", "json": "application/feed+json"}
        return types[self.value]

    @property
    def label(self) -> str:
        return {"atom": "Atom", "rss": "RSS 2.0", "json": "JSON Feed"}[self.value]


@dataclass(frozen=True, slots=True)
class Place:
    """Where one answer stands."""

    base: str
    """`https://news.example.org`, without a slash at its end."""
    form: Form
    secret: str = ""
    """What the address holds to be let in; it is a part of the feed's own address."""
    hub: str = ""
    """The WebSub hub that is told when this feed changes; "" for none."""
    pages: bool = True
    """Whether who reads this may read our pages; else entries lead to the outlets alone."""

    def self_url(self, name: FeedName) -> str:
        """The feed's own address."""
        return self.base + feed_path(name, self.form, self.secret)

    def page_url(self, path: str) -> str:
        """A page of ours."""
        return self.base + path

    def entry_url(self, entry: OutEntry) -> str:
        """Where an entry leads: a story to its page, an article to its outlet; what has no other address, to its page."""
        ours = self.page_url(entry.page)
        if entry.page.startswith("/stories/") and self.pages:
            return ours
        return entry.url or ours


def feed_path(name: FeedName, form: Form, secret: str = "") -> str:
    """The path and query of a feed."""
    asked = {key: value for key, value in (("q", name.words), ("key", secret)) if value}
    return f"/out/{quote(name.path)}.{form.value}" + ("?" + urlencode(asked) if asked else "")
