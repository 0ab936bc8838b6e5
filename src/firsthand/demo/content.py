"""The world's articles, read from `world/*.md` into frozen dataclasses for one run.

`load_world` resolves everything that depends on the run: when each article comes out, what its dates say, where it
stands. Copies are derived here from the agency's text by the edits that their headers declare, so that what a copy
cut, changed and added is known, not guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib import resources
from zlib import crc32

from firsthand.demo import calendar, derive
from firsthand.demo.markup import ContentError, Entry, Header, TextBlock, parse_file
from firsthand.demo.outlets import BY_ID, MAINLAND, Outlet
from firsthand.model.article import BlockKind

RUN = timedelta(minutes=10)
"""The length of the run that the content files are written for; a world's `duration` scales it."""

_KINDS = {"original", "copy", "excerpt", "quotes"}
_KEYS = frozenset(
    [
        "id",
        "headline",
        "out",
        "published",
        "kind",
        "of",
        "origin",
        "chain",
        "by",
        "section",
        "standfirst",
        "place",
        "image",
        "caption",
        "credit",
        "rights",
        "tags",
        "lang",
        "paywall",
        "status",
        "drop",
        "keep",
        "swap",
        "edit",
        "append",
        "withdrawn",
    ]
)


@dataclass(frozen=True, slots=True)
class Gold:
    """What is true of an article, known because it was written so. For tests and evals; never shown by a page.

    `kind`: original, copy (all or most of `of`), excerpt (a small part of it), or quotes (own words about `of`).
    `origins`: where its facts come from at first hand, as names. `chain`: the hops from the origin to this article.
    `dropped`, `inserted`, `swapped`: what a derived text cut (the original's block numbers), added and replaced.
    """

    story: str
    kind: str
    of: str | None = None
    origins: tuple[str, ...] = ()
    chain: tuple[str, ...] = ()
    dropped: tuple[int, ...] = ()
    inserted: int = 0
    swapped: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    """An article's text from one time on."""

    at: datetime
    headline: str
    standfirst: str
    blocks: tuple[TextBlock, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoArticle:
    """One article of a run. Times are aware, in the outlet's zone."""

    id: str
    """`outlet/slug`, unique in the world."""
    outlet: Outlet
    out: datetime
    """When it appears on its site and in its feed."""
    published: datetime
    """The time that it shows; earlier than `out` only for an old article that resurfaces."""
    editions: tuple[Edition, ...]
    """At least one, oldest first; more where the outlet edits the article during the run."""
    withdrawn: datetime | None
    byline: tuple[str, ...]
    section: tuple[str, ...]
    image: TextBlock | None
    credit: str
    """The agency credit that the page prints, in the outlet's words."""
    rights: str
    tags: tuple[str, ...]
    language: str
    free_blocks: int | None
    """Blocks before the paywall; None: all of it is free."""
    status: int
    path: str
    gold: Gold

    @property
    def slug(self) -> str:
        return self.id.partition("/")[2]

    def edition(self, now: datetime) -> Edition:
        """The text that stands at `now`."""
        return [edition for edition in self.editions if edition.at <= now or edition is self.editions[0]][-1]

    def stands(self, now: datetime) -> bool:
        """Whether it is out and not withdrawn at `now`."""
        return self.out <= now and (self.withdrawn is None or now < self.withdrawn)

    def changed(self, now: datetime) -> datetime:
        """When its page last changed, as of `now`."""
        moments = [self.out, *(edition.at for edition in self.editions), *([self.withdrawn] if self.withdrawn else [])]
        return max(moment for moment in moments if moment <= now or moment == self.out)


@dataclass(frozen=True, slots=True)
class Story:
    id: str
    title: str
    note: str


@dataclass(frozen=True, slots=True)
class World:
    """All stories, and all articles in the order in which they come out."""

    stories: tuple[Story, ...]
    articles: tuple[DemoArticle, ...]

    def article(self, article_id: str) -> DemoArticle:
        """Raises KeyError for an unknown id."""
        for article in self.articles:
            if article.id == article_id:
                return article
        raise KeyError(article_id)


@dataclass(frozen=True, slots=True)
class _Run:
    """What a run decides: its start and how fast its ten minutes pass."""

    start: datetime
    duration: timedelta

    def moment(self, text: str, where: str) -> datetime:
        """A time of the run: `+4:30` into its ten minutes, `-3h` or `-40m` before the start, `-2d 09:12` by clock."""
        if match := re.fullmatch(r"\+(\d+):(\d\d)", text):
            share = timedelta(minutes=int(match[1]), seconds=int(match[2])) / RUN
            return self.start + self.duration * share
        if match := re.fullmatch(r"-(\d+)(h|m)", text):
            return self.start - timedelta(**{"hours" if match[2] == "h" else "minutes": int(match[1])})
        if match := re.fullmatch(r"-([1-9]\d*)d (\d\d):(\d\d)", text):
            day = calendar.day_zero(self.start) - timedelta(days=int(match[1]))
            return datetime(day.year, day.month, day.day, int(match[2]), int(match[3]), tzinfo=MAINLAND)
        raise ContentError(f"{where}: “{text}” is no time of the run")


def load_world(start: datetime, duration: timedelta = RUN) -> World:
    """The world as it runs from `start` (aware) over `duration`.

    Raises:
        ContentError: a content file breaks the format or contradicts another.
    """
    files = sorted(resources.files("firsthand.demo").joinpath("world").iterdir(), key=lambda file: file.name)
    parsed = [parse_file(file.read_text("utf-8"), file.name) for file in files if file.name.endswith(".md")]
    return build_world(parsed, start, duration)


def build_world(files: Iterable[tuple[Header, tuple[Entry, ...]]], start: datetime, duration: timedelta = RUN) -> World:
    """A world from parsed files; see `load_world`."""
    run = _Run(start, duration)
    stories: list[Story] = []
    entries: dict[str, tuple[str, Entry]] = {}
    for header, articles in files:
        story = Story(header.require("story"), header.require("title"), header.get("note"))
        stories.append(story)
        for entry in articles:
            article_id = entry.header.require("id")
            if article_id in entries:
                raise ContentError(f"{entry.header.where}: the id stands twice")
            entries[article_id] = (story.id, entry)
    built = [_article(article_id, entries, run) for article_id in entries]
    return World(tuple(stories), tuple(sorted(built, key=lambda article: (article.out, article.id))))


def _article(article_id: str, entries: Mapping[str, tuple[str, Entry]], run: _Run) -> DemoArticle:
    story, entry = entries[article_id]
    header = entry.header
    if unknown := {key for key, _ in header.lines} - _KEYS:
        raise ContentError(f"{header.where}: unknown header {', '.join(sorted(unknown))}")
    outlet = BY_ID[article_id.partition("/")[0]]
    parent = _parent(entry, entries)
    out = run.moment(header.require("out"), header.where).astimezone(outlet.zone)
    published = run.moment(header.get("published") or header.require("out"), header.where).astimezone(outlet.zone)
    language = header.get("lang") or outlet.language
    zero = calendar.day_zero(run.start)

    def fill(text: str) -> str:
        return calendar.fill_dates(text, zero=zero, published=published.date(), language=language)

    def inherited(key: str) -> str:
        return fill(header.get(key) or (parent.header.get(key) if parent else ""))

    if parent is None:
        header.require("headline")
    gold, blocks = _body(story, entry, parent)
    # A portal without a dateline of its own leaves the agency's in the copy.
    dateline = outlet.dateline or (BY_ID[gold.of.partition("/")[0]].dateline if parent and gold.of else "")
    if dateline and (place := inherited("place")):
        pattern = dateline.replace("{PLACE}", place.upper()).replace("{Place}", place)
        blocks = derive.with_dateline(blocks, calendar.spell(published, pattern, language))
    first = Edition(out, inherited("headline"), inherited("standfirst"), tuple(block.map(fill) for block in blocks))
    image = inherited("image")
    withdrawn = header.get("withdrawn")
    section = _names(header.require("section"), "/")
    return DemoArticle(
        id=article_id,
        outlet=outlet,
        out=out,
        published=published,
        editions=_editions(first, header, run, fill),
        withdrawn=run.moment(withdrawn, header.where).astimezone(outlet.zone) if withdrawn else None,
        byline=_names(header.get("by"), ","),
        section=section,
        image=TextBlock(BlockKind.IMAGE, inherited("caption"), scene=image) if image else None,
        credit=header.get("credit"),
        rights=(header.get("rights") or outlet.rights).format(year=published.year),
        tags=_names(header.get("tags"), ","),
        language=language,
        free_blocks=int(header.get("paywall")) if header.get("paywall") else None,
        status=int(header.get("status", "200")),
        path=_path(article_id, outlet, published, section[0]),
        gold=gold,
    )


def _parent(entry: Entry, entries: Mapping[str, tuple[str, Entry]]) -> Entry | None:
    """The article whose text this one repeats; None if it has a text of its own."""
    kind, of = entry.header.require("kind"), entry.header.get("of")
    if kind not in _KINDS:
        raise ContentError(f"{entry.header.where}: “{kind}” is no kind")
    if of and of not in entries:
        raise ContentError(f"{entry.header.where}: “{of}” is no article")
    return entries[of][1] if kind in {"copy", "excerpt"} else None


def _body(story: str, entry: Entry, parent: Entry | None) -> tuple[Gold, tuple[TextBlock, ...]]:
    header = entry.header
    gold = Gold(
        story=story,
        kind=header.require("kind"),
        of=header.get("of") or None,
        origins=_names(header.get("origin") or (parent.header.get("origin") if parent else ""), ","),
        chain=_names(header.get("chain"), ">"),
    )
    if parent is None:
        return gold, tuple(placed.block for placed in entry.body)
    everything = range(1, len(parent.body) + 1)
    dropped = derive.numbers(header.get("drop"))
    if header.get("keep"):
        kept = derive.numbers(header.get("keep"))
        dropped = tuple(number for number in everything if number not in kept)
    if not set(dropped) <= set(everything) or any(placed.after is None for placed in entry.body):
        raise ContentError(f"{header.where}: an edit names no block of the original")
    swaps = tuple(derive.arrow(value, header.where) for value in header.all("swap"))
    blocks = derive.derive(parent.body, entry.body, frozenset(dropped), swaps, header.where)
    return replace(gold, dropped=dropped, inserted=len(entry.body), swapped=swaps), blocks


def _editions(first: Edition, header: Header, run: _Run, fill: Callable[[str], str]) -> tuple[Edition, ...]:
    """The first text and those that its edits make: `edit: +6:00 | old => new`, `append: +6:00 | paragraph`."""
    changes: dict[datetime, list[tuple[str, str]]] = {}
    for key in ("edit", "append"):
        for value in header.all(key):
            at, _, what = value.partition("|")
            moment = run.moment(at.strip(), header.where).astimezone(first.at.tzinfo)
            changes.setdefault(moment, []).append((key, fill(what.strip())))
    editions = [first]
    for moment in sorted(changes):
        editions.append(_edited(editions[-1], moment, changes[moment], header.where))
    return tuple(editions)


def _edited(before: Edition, at: datetime, changes: Iterable[tuple[str, str]], where: str) -> Edition:
    """The text after `changes`. Headline and standfirst are edited along with the blocks."""
    heads = tuple(TextBlock(BlockKind.PARAGRAPH, text) for text in (before.headline, before.standfirst))
    blocks = heads + before.blocks
    for key, what in changes:
        if key == "append":
            blocks = (*blocks, TextBlock(BlockKind.PARAGRAPH, what))
        else:
            blocks = derive.swap(blocks, (derive.arrow(what, where),), where)
    return Edition(at, blocks[0].text, blocks[1].text, blocks[2:])


def _names(text: str, separator: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(separator) if name.strip())


def _path(article_id: str, outlet: Outlet, published: datetime, section: str) -> str:
    """The article's address on its outlet, by the outlet's pattern; the number is stable from run to run."""
    return outlet.path.format(
        slug=article_id.partition("/")[2],
        section=section_slug(section),
        number=10_000 + crc32(article_id.encode()) % 90_000,
        year=published.year,
        month=published.month,
        mon=published.strftime("%b").lower(),
        day=published.day,
    )


def section_slug(section: str) -> str:
    """A section's name as it stands in addresses: lower case, no accents, hyphens."""
    plain = unicodedata.normalize("NFKD", section).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
