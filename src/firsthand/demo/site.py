"""Where everything in the world stands: addresses, what is out at a time, and the entries that feeds list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from firsthand.demo.content import DemoArticle, World, section_slug
from firsthand.demo.markup import TextBlock, without_marks
from firsthand.demo.outlets import Outlet
from firsthand.model.article import BlockKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One article as its outlet's feed lists it."""

    id: str
    url: str
    title: str
    summary: str
    published: datetime
    updated: datetime
    authors: tuple[str, ...]
    sections: tuple[str, ...]
    image: str | None
    language: str
    rights: str
    html: str
    """The whole text, for the formats that carry it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image of an article: what `pictures.paint` needs, and its words."""

    path: str
    scene: str
    seed: int


class Site:
    """The addresses of one run. Every host is `<outlet>.localhost` (RFC 6761, section 6.3) on the one port."""

    def __init__(self, world: World, port: int) -> None:
        self.world = world
        self.port = port
        self._pages = {(article.outlet.id, article.path): article for article in world.articles}
        self._pictures = {
            (article.outlet.id, picture.path): picture for article in world.articles for picture in pictures_of(article)
        }

    def home(self, outlet: Outlet) -> str:
        """The outlet's address, without a trailing slash."""
        return f"http://{outlet.id}.localhost:{self.port}"

    def feed(self, outlet: Outlet) -> str:
        return self.home(outlet) + outlet.feed_path

    def url(self, article: DemoArticle) -> str:
        """The article's canonical address."""
        return self.home(article.outlet) + article.path

    def image(self, article: DemoArticle, number: int = 0) -> str:
        """The address of an article's image: 0 is the lead, others are numbered by their blocks."""
        return self.home(article.outlet) + _picture_path(article, number)

    def page(self, outlet: Outlet, path: str) -> DemoArticle | None:
        """The article that stands at `path`, whether it is out or not."""
        return self._pages.get((outlet.id, path))

    def picture(self, outlet: Outlet, path: str) -> Picture | None:
        return self._pictures.get((outlet.id, path))

    def standing(self, outlet: Outlet, now: datetime) -> list[DemoArticle]:
        """The outlet's articles that are out at `now`, newest first."""
        return [one for one in reversed(self.world.articles) if one.outlet == outlet and one.stands(now)]

    def section(self, outlet: Outlet, path: str) -> str | None:
        """The section whose page stands at `path`."""
        return next((name for name in outlet.sections if path == f"/section/{section_slug(name)}"), None)

    def changed(self, outlet: Outlet, now: datetime) -> datetime | None:
        """When what the outlet shows last changed, as of `now`; None if nothing is out yet."""
        moments = [one.changed(now) for one in self.world.articles if one.outlet == outlet and one.out <= now]
        return max(moments, default=None)


def pictures_of(article: DemoArticle) -> Iterator[Picture]:
    """The lead image and those in the text."""
    if article.image:
        yield Picture(_picture_path(article, 0), article.image.scene, _seed(article, 0))
    for number, block in enumerate(article.editions[0].blocks, start=1):
        if block.kind is BlockKind.IMAGE:
            yield Picture(_picture_path(article, number), block.scene, _seed(article, number))


def caption_of(block: TextBlock) -> tuple[str, str]:
    """An image's caption and its credit, written `caption | credit`."""
    caption, _, credit = without_marks(block.text).partition("|")
    return caption.strip(), credit.strip()


def _picture_path(article: DemoArticle, number: int) -> str:
    return f"/img/{article.slug}-{number}.png"


def _seed(article: DemoArticle, number: int) -> int:
    """A copy shows the picture of the article that it copies."""
    owner = article.gold.of if article.gold.kind == "copy" else None
    return crc32(f"{owner or article.id}#{number}".encode())
