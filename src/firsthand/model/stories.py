"""Stories as lists and pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OriginMark:
    """The signature beside a headline: `6 outlets · 1 origin, perhaps 2`."""

    outlets: int
    """Outlets that carry the story."""
    at_least: int
    """Independent origins with evidence of own reporting; at least 1."""
    at_most: int
    """Groups of articles that nothing shown joins; at least `at_least`."""

    @property
    def dots(self) -> str:
        """● an independent origin, ◌ perhaps one, ○ a copy; one for each outlet, nine at most."""
        perhaps = max(0, min(self.at_most, self.outlets) - self.at_least)
        return ("●" * self.at_least + "◌" * perhaps + "○" * (self.outlets - self.at_least - perhaps))[:9]

    @property
    def words(self) -> str:
        """`6 outlets · 1 origin, perhaps 2`: the mark for everybody who does not see dots."""
        outlets = "1 outlet" if self.outlets == 1 else f"{self.outlets} outlets"
        origins = "1 origin" if self.at_least == 1 else f"{self.at_least} origins"
        perhaps = f", perhaps {self.at_most}" if self.at_most > self.at_least else ""
        return f"{outlets} · {origins}{perhaps}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryHead:
    """A story as a list shows it."""

    id: int
    title: str
    """The headline of its best original."""
    lead: str
    """That article's summary; "" where it has none."""
    outlet: str
    """Name of the outlet whose headline it is."""
    article_id: int
    """The article whose headline it is."""
    section: str | None
    """Label of its section."""
    section_slug: str | None
    image: str | None
    first_seen: datetime
    last_seen: datetime
    changed: datetime
    """When anything about it changed last: a new article, a new origin, a correction."""
    articles: int
    mark: OriginMark
