"""Our feed parser against feedparser: on real feeds, and on feedparser's own suite of cases.

The suite's files open with a comment `Expect: <expression over feedparser's result>`. Ours has other names and says
less, so a view in feedparser's terms is built of a `ParsedFeed`, and the expressions are evaluated over that.
"""

from __future__ import annotations

import ast
import gzip
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import feedparser
import pytest
from feedparser.datetimes import _parse_date
from feedparser.util import FeedParserDict

from firsthand.model.errors import NotAFeed
from firsthand.model.feed import Enclosure, Item, ParsedFeed
from firsthand.model.urls import absolute_url
from firsthand.model.when import Precision, When
from firsthand.sources.feeds import parse_feed

pytestmark = pytest.mark.eval

HOST = "http://127.0.0.1:8097/"
"""Where feedparser's tests are served from; their expectations hold its address."""


# --- an oracle of our own: words of HTML, by the standard library's parser --------------------------------------------


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


def words(markup: str) -> str:
    parser = _Words()
    parser.feed(markup)
    parser.close()
    return squeezed("".join(parser.pieces))


def squeezed(text: str) -> str:
    """Without white space: where tags leave a space is a matter of taste."""
    return "".join(text.split())


# --- real feeds


def feedparser_says(body: bytes) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return feedparser.parse(body)


def same_title(entry: Any, item: Item) -> bool:
    title = entry.get("title", "")
    kind = (entry.get("title_detail") or {}).get("type")
    expected = {squeezed(title)} if kind == "text/plain" else {words(title)}
    # A title that was escaped twice still shows references in feedparser's; ours has the characters.
    return squeezed(item.title) in expected | {words(text) for text in expected}


def same_date(entry: Any, item: Item) -> bool:
    """The instant is feedparser's, and the offset the one that the text ends with."""
    stated = entry.get("published_parsed") or entry.get("updated_parsed")
    when = item.published or item.updated
    if stated is None or stated[0] == 1:  # 0001-01-01 is what programs write for "no date"
        return when is None
    if when is None or when.instant().replace(microsecond=0, tzinfo=None) != datetime(*stated[:6]):
        return False
    text = (entry.get("published") or entry.get("updated")).strip()
    offset = re.search(r"(?<=[\d\s])([+-]\d\d):?(\d\d)$", text)
    if offset is None:
        zoned = text.endswith(("Z", "GMT", "UTC", "UT"))
        return (when.precision is Precision.INSTANT) == zoned and (not zoned or not when.at.utcoffset())
    return when.at.strftime("%z")[:5] == offset[1] + offset[2]


def test_title_link_and_date_of_every_entry_of_the_real_feeds(shared_data: Path) -> None:
    differing: list[str] = []
    entries = 0
    files = sorted((shared_data / "feeds" / "real").glob("*.gz"))
    assert files
    for path in files:
        body = gzip.decompress(path.read_bytes())
        theirs = feedparser_says(body).entries
        ours = parse_feed(body, url="").items
        if len(ours) != len(theirs):
            differing.append(f"{path.name}: {len(ours)} entries, feedparser {len(theirs)}")
        for number, (entry, item) in enumerate(zip(theirs, ours, strict=False)):
            entries += 1
            same = {
                "title": same_title(entry, item),
                "link": item.url == absolute_url(None, entry.get("link", "")),
                "date": same_date(entry, item),
            }
            differing += [f"{path.name}#{number}: {name}" for name, holds in same.items() if not holds]
    print(f"\nreal feeds: {len(files)}, entries: {entries}, differing fields: {len(differing)} {differing[:10]}")
    assert entries > 4000
    assert not differing


# --- the suite


@dataclass(frozen=True)
class Case:
    path: Path
    name: str
    body: bytes
    expect: str
    headers: dict[str, str]

    @property
    def url(self) -> str:
        own = urljoin(HOST, f"tests/{self.name}")
        # feedparser takes only a safe Content-Location for the base.
        return absolute_url(own, self.headers.get("content-location", "")) or own


def cases(folder: Path) -> Iterator[Case]:
    for path in sorted(folder.rglob("*.xml")):
        body = path.read_bytes()
        text = next(t for t in _decodings(body) if "Expect:" in t)
        match = re.search(r"Expect:\s*(.*?)\s*-->", text, re.DOTALL)
        assert match, path
        headers = {
            name.strip().lower(): value.strip() for name, value in re.findall(r"Header:\s*([\w-]+):[ \t]*(.*)", text)
        }
        yield Case(path, path.relative_to(folder.parent).as_posix(), body, " ".join(match[1].split()), headers)


def _decodings(body: bytes) -> Iterator[str]:
    for encoding in ("utf-8", "utf-16", "utf-16-be", "utf-16-le", "utf-32", "utf-32-be", "utf-32-le", "latin-1"):
        try:
            yield body.decode(encoding)
        except UnicodeError:
            continue


class Text(str):
    """Words of ours, equal to a text of feedparser's that says the same, as markup or plain."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, str):
            return False
        return squeezed(str(self)) in (squeezed(other), words(other))

    def __ne__(self, other: object) -> bool:
        return not self == other


class Markup(str):
    """HTML of ours, equal to HTML that says the same words and shows the same pictures: ours is not sanitized."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and words(str(self)) in (squeezed(other), words(other))

    def __ne__(self, other: object) -> bool:
        return not self == other


class Person(str):
    """A name, equal to feedparser's name with a mail address."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and str(self) == re.sub(r"\s*\([^()]*@[^()]*\)$", "", other)

    def __ne__(self, other: object) -> bool:
        return not self == other


class Link(str):
    """An address of ours, equal to one that is the same once made canonical (lower-case host, encoded path)."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and str(self) == absolute_url(None, other)

    def __ne__(self, other: object) -> bool:
        return not self == other


class Moment(str):
    """A date of ours, equal to a text that feedparser reads as the same instant."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and tuple(_parse_date(other)) == parsed(When.fromisoformat(str(self)))

    def __ne__(self, other: object) -> bool:
        return not self == other


def parsed(when: When) -> tuple[int, ...]:
    return tuple(when.instant().utctimetuple())


def view(feed: ParsedFeed) -> dict[str, Any]:
    """A `ParsedFeed` in feedparser's terms, as far as its fields go."""
    head = FeedParserDict()
    for name, text in (("title", feed.title), ("subtitle", feed.description), ("info", feed.description)):
        head[name], head[f"{name}_detail"] = Text(text), {"value": Text(text)}
    if feed.site_url:
        head["link"] = Link(feed.site_url)
    if feed.language:
        head["language"] = feed.language
    if feed.image:
        head["logo"], head["icon"] = Link(feed.image), Link(feed.image)
        head["image"] = FeedParserDict(href=Link(feed.image))
    return {"bozo": False, "feed": head, "entries": [entry_view(item) for item in feed.items]}


def entry_view(item: Item) -> FeedParserDict:
    author = Person(item.authors[0] if item.authors else "")
    entry = FeedParserDict(
        id=item.id,
        content=[{"value": Markup(item.content_html or "")}],
        authors=[FeedParserDict(name=Person(name)) for name in item.authors],
        author=author,
        author_detail=FeedParserDict(name=author),
        tags=[FeedParserDict(term=tag, label=tag) for tag in item.categories],
        links=[_enclosure(one) for one in item.enclosures],
        source=FeedParserDict(title=Text(item.source or "")),
        media_thumbnail=[FeedParserDict(url=Link(item.image or ""))],
    )
    for name, text in (("title", item.title), ("summary", item.summary), ("rights", item.rights or "")):
        entry[name], entry[f"{name}_detail"] = Text(text), {"value": Text(text)}
    if item.url:
        entry["link"] = Link(item.url)
    if item.source_url:
        entry["source"]["href"], entry["source"]["link"] = Link(item.source_url), Link(item.source_url)
    if item.language:
        entry["language"] = item.language
    published, updated = item.published, item.updated or item.published
    if published:
        entry["published"], entry["published_parsed"] = Moment(published.isoformat()), parsed(published)
        entry["created"], entry["created_parsed"] = Moment(published.isoformat()), parsed(published)
    if updated:
        entry["updated"], entry["updated_parsed"] = Moment(updated.isoformat()), parsed(updated)
    return entry


def _enclosure(one: Enclosure) -> FeedParserDict:
    length = "" if one.length is None else str(one.length)
    return FeedParserDict(rel="enclosure", href=Link(one.url), type=one.type, length=length)


DATES = {
    f"{name}{kind}" for name in ("published", "issued", "updated", "modified", "created") for kind in ("", "_parsed")
}
ENTRY_TEXTS = {"title", "summary", "description", "rights", "copyright"}
FEED_TEXTS = {"title", "description", "subtitle", "tagline", "info"}
ENTRY_FIELDS = {*ENTRY_TEXTS, *(f"{name}_detail" for name in ENTRY_TEXTS), *DATES, "link", "id", "guid", "language"}
ENTRY_FIELDS |= {
    "author",
    "author_detail",
    "authors",
    "content",
    "category",
    "tags",
    "enclosures",
    "source",
    "media_thumbnail",
}
FEED_FIELDS = {*FEED_TEXTS, *(f"{name}_detail" for name in FEED_TEXTS), "link", "language", "image", "logo", "icon"}
INNER_FIELDS = {"value", "name", "term", "label", "title", "href", "url", "link", "type", "length"}

OTHER_MEANINGS = [[f"{name}_detail", "type"] for name in ENTRY_TEXTS | FEED_TEXTS] + [["content", "type"]]
OTHER_MEANINGS += [["author_detail", "url"], ["authors", "url"], ["image", "title"], ["image", "link"]]
"""Looked up by names that are core elsewhere: what type a text has, a person's page, an image's title."""

OUT = {
    "wellformed/sanitize/": "what is left of hostile markup; ours is not sanitized until it is shown (nh3)",
    "wellformed/amp/": "how references are written in sanitized markup",
    "wellformed/cdf/": "CDF, a format of 1997 that is not read here",
    "wellformed/itunes/": "podcasts",
    "wellformed/geo/": "places",
    "wellformed/psc/": "podcasts",
    "entities/": "how references are written in sanitized markup",
}


def core_field(expression: str) -> bool:
    """Whether an expectation is about core fields only.

    Those are the fields that our model has (an entry's title, link, id, dates, summary, content, authors, categories,
    enclosures, source, rights and language; a feed's title, description, link, language and image): every name that it
    looks up must be one of these.
    """
    tree = ast.parse(expression.replace("\n", " "), mode="eval")
    chains = [chain for node in ast.walk(tree) if (chain := _chain(node)) and not _is_inner(tree, node)]
    return bool(chains) and all(_is_core(chain) for chain in chains)


def _chain(node: ast.AST) -> list[object] | None:
    """`entries[0]['content'][0]['value']` as ["entries", 0, "content", 0, "value"]."""
    keys: list[object] = []
    while True:
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            keys.append(node.slice.value)
            node = node.value
        elif isinstance(node, ast.Attribute):
            keys.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Name):
            return [node.id, *reversed(keys)] if node.id != "bozo" else None
        else:
            return None


def _is_inner(tree: ast.AST, node: ast.AST) -> bool:
    return any(node is child.value for child in ast.walk(tree) if isinstance(child, ast.Subscript | ast.Attribute))


def _is_core(chain: list[object]) -> bool:
    names = [key for key in chain if isinstance(key, str)]
    if len(names) < 2 or not set(names[2:]) <= INNER_FIELDS or names[1:3] in OTHER_MEANINGS:
        return False
    return names[1] in {"entries": ENTRY_FIELDS, "feed": FEED_FIELDS}.get(names[0], set())


def holds(case: Case) -> bool:
    try:
        feed = parse_feed(case.body, url=case.url, content_type=case.headers.get("content-type", ""))
        return bool(eval(case.expect, {"__builtins__": {"len": len, "ord": ord}}, view(feed)))
    except (NotAFeed, LookupError, AttributeError, TypeError):
        return False


# Cases of core fields where we differ, each with the reason.
_SVG = "words inside a drawing are not the item's"
_RELATIVE_ID = "a relative id is kept as the feed writes it, the same when the feed moves"
_LABEL = "of a category one name is kept, the label for people"
DIFFERENT = {
    "wellformed/atom10/entry_category_term.xml": _LABEL,
    "wellformed/atom10/entry_category_term_non_ascii.xml": _LABEL,
    "wellformed/feedburner/feedburner_browserfriendly.xml": "FeedBurner's note to browsers is no description",
    "wellformed/lang/http_content_language.xml": "the header Content-Language is not read",
    "wellformed/rss/item_madeup_tags_element.xml": "elements that no format has",
    "wellformed/base/http_entry_id_base_content_location.xml": _RELATIVE_ID,
    "wellformed/base/http_entry_id_base_docuri.xml": _RELATIVE_ID,
    "wellformed/namespace/atomsvgdesc.xml": _SVG,
    "wellformed/namespace/atomsvgtitle.xml": _SVG,
    "wellformed/namespace/rss2.0svgtitle.xml": _SVG,
}


def test_core_fields_of_the_suite(shared_data: Path) -> None:
    suite = shared_data / "feeds" / "suite"
    selected: list[Case] = []
    left_out: Counter[str] = Counter()
    for case in cases(suite / "wellformed"):
        reason = next((why for prefix, why in OUT.items() if case.name.startswith(prefix)), None)
        if reason is None and not core_field(case.expect):
            reason = "other fields, types, languages, bases, headers or versions"
        if reason is None:
            reason = DIFFERENT.get(case.name)
        if reason is None:
            selected.append(case)
        else:
            left_out[reason] += 1
    failing = [case for case in selected if not holds(case)]
    print(f"\nsuite, core fields: {len(selected) - len(failing)} of {len(selected)}")
    for reason, count in left_out.most_common():
        print(f"  left out {count}: {reason}")
    for case in failing:
        print(f"  fails {case.name}: {case.expect[:120]}")
    assert len(selected) >= 325
    assert not failing


# --- broken feeds


def test_malformed_kinds_of_the_suite(shared_data: Path) -> None:
    """Broken XML, wrong and missing encodings, undeclared entities: read, or refused in words, and the text is right.

    Where the expectation is a text, that is asked for; where it is feedparser's `bozo` flag or the name of an encoding,
    the titles and summaries that feedparser finds in the text, decoded by that name.
    """
    suite = shared_data / "feeds" / "suite"
    short: dict[str, int] = {}
    for folder, floor in (("illformed", 18), ("encoding", 81), ("entities", 254)):
        found = list(cases(suite / folder))
        failing = [case for case in found if not survives(case)]
        print(f"\n{folder}: {len(found) - len(failing)} of {len(found)}")
        for case in failing:
            print(f"  fails {case.name}: {case.expect[:150]}")
        short[folder] = floor - (len(found) - len(failing))
    assert all(missing <= 0 for missing in short.values()), short


def survives(case: Case) -> bool:
    expression = re.sub(r"^(?:not )?bozo(?: and )?", "", case.expect)
    try:
        feed = parse_feed(case.body, url=case.url, content_type=case.headers.get("content-type", ""))
    except NotAFeed:
        # A document without any feed in it may be refused, if feedparser finds nothing in it either.
        theirs = feedparser_says(case.body)
        return not theirs.entries and not theirs.feed
    if core_field(expression or "1"):
        return bool(eval(expression, {"__builtins__": {"len": len, "ord": ord}}, view(feed)))
    ours = [(squeezed(item.title), squeezed(item.summary)) for item in feed.items]
    theirs = feedparser_says(named_encoding(case)).entries
    expected = [(words(entry.get("title", "")), words(entry.get("summary", ""))) for entry in theirs]
    return [title for title, _ in ours] == [title for title, _ in expected] and all(
        summary.startswith(start.rstrip("…")[:200]) for (_, start), (_, summary) in zip(ours, expected, strict=True)
    )


def named_encoding(case: Case) -> bytes:
    """The case's document in UTF-8, decoded by the encoding that its expectation names."""
    named = re.search(r"encoding == '([^']+)'", case.expect)
    try:
        text = case.body.decode(named[1]) if named else None
    except UnicodeError:
        text = None
    return case.body if text is None else re.sub(r"<\?xml.*?\?>", "", text.lstrip("\ufeff")).encode()


def test_json_feed_of_the_suite(shared_data: Path) -> None:
    (path,) = (shared_data / "feeds" / "suite" / "json").iterdir()
    feed = parse_feed(path.read_bytes(), url=urljoin(HOST, "feed.json"), content_type="application/feed+json")
    assert feed.title == "My Example Feed"
    assert [item.id for item in feed.items] == ["2", "1"]
