"""The outlets' pages: articles, fronts and sections, each outlet by its own template."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from firsthand.demo import calendar
from firsthand.demo.content import DemoArticle, section_slug
from firsthand.demo.feeds import link_type
from firsthand.demo.markup import LINK, TextBlock, without_marks
from firsthand.demo.outlets import Outlet
from firsthand.demo.site import Entry, Site, caption_of
from firsthand.model.article import BlockKind


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockView:
    """A block as templates print it."""

    kind: str
    level: int
    text: Markup
    items: tuple[Markup, ...]
    rows: tuple[tuple[Markup, ...], ...]
    url: str
    caption: str
    credit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleView:
    """An article as templates print it, at one time."""

    id: str
    url: str
    headline: str
    standfirst: str
    blocks: tuple[BlockView, ...]
    lead: BlockView | None
    byline: tuple[str, ...]
    section: tuple[str, ...]
    published: datetime
    modified: datetime | None
    """None as long as it was not edited."""
    credit: str
    rights: str
    tags: tuple[str, ...]
    language: str
    free: bool
    number: str
    """A number that the outlet's own system might give it."""
    minutes: int


class Pages:
    """Renders what the outlets show. Bytes are in the outlet's own charset."""

    def __init__(self, site: Site) -> None:
        self._site = site
        # Outlets' pages are HTML whatever the file is called; a name that a template lacks is a bug, not a blank.
        self._env = Environment(
            loader=PackageLoader("firsthand.demo", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._env.filters["section_slug"] = section_slug

    def article(self, article: DemoArticle, now: datetime) -> bytes:
        """The article's page as it stands at `now`."""
        view = self.view(article, now)
        return self._render(article.outlet, now, article=view, jsonld=self._json_ld(article, view), section=None)

    def front(self, outlet: Outlet, now: datetime, section: str | None = None) -> bytes:
        """The outlet's home page, or the page of one of its sections."""
        return self._render(outlet, now, article=None, jsonld=None, section=section)

    def entries(self, outlet: Outlet, now: datetime) -> list[Entry]:
        """What the outlet's feed lists at `now`, newest first."""
        return [self._entry(article, now) for article in self._site.standing(outlet, now)]

    def view(self, article: DemoArticle, now: datetime) -> ArticleView:
        edition = article.edition(now)
        blocks = edition.blocks if article.free_blocks is None else edition.blocks[: article.free_blocks]
        words = sum(len(block.plain.split()) for block in edition.blocks)
        return ArticleView(
            id=article.id,
            url=self._site.url(article),
            headline=edition.headline,
            standfirst=edition.standfirst,
            blocks=tuple(self._block(article, block, number) for number, block in enumerate(blocks, start=1)),
            lead=self._block(article, article.image, 0) if article.image else None,
            byline=article.byline,
            section=article.section,
            published=article.published,
            modified=edition.at if edition.at > article.out else None,
            credit=article.credit,
            rights=article.rights,
            tags=article.tags,
            language=article.language,
            free=article.free_blocks is None,
            number=article.path.strip("/").replace("/", " ").replace("-", " ").split()[-1].upper(),
            minutes=max(1, round(words / 220)),
        )

    def _render(
        self,
        outlet: Outlet,
        now: datetime,
        *,
        article: ArticleView | None,
        jsonld: dict[str, Any] | None,
        section: str | None,
    ) -> bytes:
        others = [self.view(one, now) for one in self._site.standing(outlet, now)]
        language = article.language if article else outlet.language

        def when(moment: datetime, pattern: str) -> str:
            return calendar.spell(moment, pattern, language)

        html = self._env.get_template(f"{outlet.id}.html").render(
            outlet=outlet,
            home=self._site.home(outlet),
            feed=self._site.feed(outlet),
            feed_type=link_type(outlet.feed),
            a=article,
            jsonld=jsonld,
            section=section,
            others=[one for one in others if article is None or one.id != article.id],
            listed=[one for one in others if section is None or section in one.section],
            now=now.astimezone(outlet.zone),
            when=when,
            rights=article.rights if article else outlet.rights.format(year=now.year),
        )
        return html.encode(outlet.charset, "xmlcharrefreplace")

    def _block(self, article: DemoArticle, block: TextBlock, number: int) -> BlockView:
        image = block.kind is BlockKind.IMAGE
        caption, credit = caption_of(block) if image else ("", "")
        return BlockView(
            kind=block.kind.value,
            level=block.level,
            text=self._inline(block.text),
            items=tuple(self._inline(item) for item in block.items),
            rows=tuple(tuple(self._inline(cell) for cell in row) for row in block.rows),
            url=self._site.image(article, number) if image else "",
            caption=caption,
            credit=credit,
        )

    def _inline(self, text: str) -> Markup:
        """Text with its links to other articles of the world."""
        parts: list[Markup] = []
        at = 0
        for match in LINK.finditer(text):
            target = self._site.url(self._site.world.article(match["target"]))
            parts += [escape(text[at : match.start()]), Markup('<a href="{}">{}</a>').format(target, match["words"])]
            at = match.end()
        return Markup("").join([*parts, escape(text[at:])])

    def _entry(self, article: DemoArticle, now: datetime) -> Entry:
        view = self.view(article, now)
        url = f"{view.url}?{article.outlet.feed_query}" if article.outlet.feed_query else view.url
        html = self._env.get_template("feed_text.html").render(a=view)
        first = next((block.plain for block in article.edition(now).blocks if block.kind is BlockKind.PARAGRAPH), "")
        return Entry(
            id=article.id,
            url=url,
            title=view.headline,
            summary=without_marks(view.standfirst or first),
            published=view.published,
            updated=view.modified or view.published,
            authors=view.byline,
            sections=view.section,
            image=view.lead.url if view.lead else None,
            language=view.language,
            rights=view.rights,
            html=html,
        )

    def _json_ld(self, article: DemoArticle, view: ArticleView) -> dict[str, Any]:
        """schema.org NewsArticle, for the outlets that print it (schema.org; Google's "Article" guidelines)."""
        home = self._site.home(article.outlet)
        author: list[dict[str, str]] = [{"@type": "Person", "name": name} for name in view.byline]
        publisher = {"@type": "NewsMediaOrganization", "name": article.outlet.name, "url": home + "/"}
        data: dict[str, Any] = {
            "@type": "NewsArticle",
            "mainEntityOfPage": {"@type": "WebPage", "@id": view.url},
            "headline": view.headline,
            "datePublished": view.published.isoformat(timespec="seconds"),
            "dateModified": (view.modified or view.published).isoformat(timespec="seconds"),
            "author": author or [{"@type": "Organization", "name": article.outlet.name}],
            "publisher": publisher,
            "articleSection": view.section[-1],
            "inLanguage": view.language,
            "isAccessibleForFree": view.free,
        }
        if view.standfirst:
            data["description"] = view.standfirst
        if view.lead:
            data["image"] = [view.lead.url]
        if not view.free:
            data["hasPart"] = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".paywall"}
        if view.tags:
            data["keywords"] = ", ".join(view.tags)
        return data


def stylesheet(outlet: Outlet) -> bytes:
    """The outlet's style sheet."""
    folder = resources.files("firsthand.demo").joinpath("templates")
    return folder.joinpath("common.css").read_bytes() + folder.joinpath(f"{outlet.id}.css").read_bytes()
