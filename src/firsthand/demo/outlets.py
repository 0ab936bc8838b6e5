"""The eight outlets of the demo world, and the habits that set each apart: zone, addresses, datelines, feed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta, timezone
from enum import Enum

MAINLAND = timezone(timedelta(hours=1))
"""The zone of Halvern, where most of the world's news happens; its calendar numbers the world's days."""


class FeedKind(Enum):
    """One feed format per outlet, so that a reader of the demo meets them all."""

    RSS = "rss"
    RSS_FULL = "rss-content"
    RSS_092 = "rss-0.92"
    RDF = "rdf"
    ATOM = "atom"
    ATOM_FULL = "atom-content"
    JSON = "json"
    NEWS_SITEMAP = "news-sitemap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One publisher. `id` is its host name before `.localhost`.

    `path` is the pattern of an article's address, `dateline` what stands before the first paragraph of a report that
    has a place, `feed_query` the tracking parameters that its feed adds to links, `charset` how its pages are sent.
    """

    id: str
    name: str
    kind: str
    language: str
    zone: timezone
    tagline: str
    sections: tuple[str, ...]
    path: str
    feed: FeedKind
    feed_path: str
    dateline: str = ""
    feed_query: str = ""
    charset: str = "utf-8"
    rights: str = ""
    country: str = ""
    """ISO 3166-1 code; "" because none of these countries exists."""


OUTLETS: tuple[Outlet, ...] = (
    Outlet(
        id="daily-ledger",
        name="Daily Ledger",
        kind="newspaper",
        language="en",
        zone=MAINLAND,
        tagline="Harborview and the coast, on the record since 1884",
        sections=("News", "Politics", "Economy", "World", "Science", "Culture", "Sport"),
        path="/{section}/{year}/{mon}/{day:02d}/{slug}",
        feed=FeedKind.RSS,
        feed_path="/rss.xml",
        rights="© {year} Ledger Media Trust. All rights reserved.",
    ),
    Outlet(
        id="northern-post",
        name="Northern Post",
        kind="newspaper",
        language="en",
        zone=MAINLAND,
        tagline="The paper of the north, from Skerrow",
        sections=("The North", "Nation", "Business", "World", "Life", "Sport"),
        path="/{year}/{month:02d}/{day:02d}/{slug}/",
        feed=FeedKind.NEWS_SITEMAP,
        feed_path="/news-sitemap.xml",
        dateline="{PLACE}, {day} {month} – ",
        rights="Copyright {year} Northern Post Cooperative",
    ),
    Outlet(
        id="coast-news",
        name="Coast News Agency",
        kind="agency",
        language="en",
        zone=UTC,
        tagline="CNA. First, plain, checked.",
        sections=("Halvern", "World", "Markets", "Science", "Sport"),
        path="/story/{slug}-{number}",
        feed=FeedKind.ATOM,
        feed_path="/wire/atom.xml",
        dateline="{PLACE} (CNA) – ",
        rights="© {year} CNA. Redistribution is prohibited without a licence.",
    ),
    Outlet(
        id="harbor-gazette",
        name="Harbor Gazette",
        kind="newspaper",
        language="en",
        zone=MAINLAND,
        tagline="Your town, your tide tables, your paper",
        sections=("News", "Harbor", "Council", "Business", "Sport", "Notices"),
        path="/{section}/{slug}-{number}.html",
        feed=FeedKind.RSS_092,
        feed_path="/feeds/all.rss",
        dateline="{PLACE}: ",
        rights="© {year} Harbor Gazette Ltd.",
    ),
    Outlet(
        id="tide",
        name="Tide",
        kind="portal",
        language="en",
        zone=timezone(timedelta(hours=5, minutes=30)),
        tagline="News that comes to you",
        sections=("Top", "World", "Money", "Tech", "Sport", "Life"),
        path="/a/{number}/{slug}",
        feed=FeedKind.JSON,
        feed_path="/feed.json",
        feed_query="utm_source=tide&utm_medium=feed",
        rights="© {year} Tide Interactive. Agency material © its owners.",
    ),
    Outlet(
        id="northshore",
        name="Northshore Online",
        kind="portal",
        language="en",
        zone=MAINLAND,
        tagline="Everything north of the Sill, all day",
        sections=("News", "Regional", "Money", "World", "Sports", "Weather"),
        path="/news/{slug}.html",
        feed=FeedKind.RSS_FULL,
        feed_path="/index.xml",
        dateline="{Place}: ",
        feed_query="utm_source=rss&utm_campaign=northshore",
        rights="Copyright {year} Northshore Online. All rights reserved. Terms of use apply.",
    ),
    Outlet(
        id="radio-meridian",
        name="Radio Meridian",
        kind="broadcaster",
        language="en",
        zone=MAINLAND,
        tagline="Public radio for the coast and the strait",
        sections=("News", "Interviews", "World", "Science", "Culture", "Deutsch"),
        path="/{section}/{slug}",
        feed=FeedKind.ATOM_FULL,
        feed_path="/atom",
        rights="© {year} Radio Meridian. Quotation is free with credit.",
    ),
    Outlet(
        id="el-correo",
        name="El Correo de Puerto Claro",
        kind="newspaper",
        language="es",
        zone=timezone(timedelta(hours=-3)),
        tagline="Diario independiente de Santa Aldara",
        sections=("Portada", "Isla", "Internacional", "Economía", "Cultura", "Deportes"),
        path="/noticias/{section}/{year}{month:02d}{day:02d}/{slug}.html",
        feed=FeedKind.RDF,
        feed_path="/rss/portada.rdf",
        dateline="{PLACE}.- ",
        charset="windows-1252",
        rights="© {year} Editorial Puerto Claro. Prohibida su reproducción sin autorización.",
    ),
)

BY_ID: dict[str, Outlet] = {outlet.id: outlet for outlet in OUTLETS}
