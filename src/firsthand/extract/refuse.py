"""Pages that hold no article, and why: a consent wall or a captcha must never be kept as one."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from firsthand.extract.dom import Element, text_of
from firsthand.extract.piece import Composed
from firsthand.extract.structured import Facts
from firsthand.model.binary import no_text
from firsthand.model.errors import NotAnArticle

_REMEDY = "Open it in a browser, or read the item's summary."
_WALL_TEXT = 1_500  # characters; a text longer than this that speaks of cookies is an article about cookies
_LEAST = 120
_PROLOG = 4096
_FEED = re.compile(rb"[\s\xef\xbb\xbf]*+(?:<\?[^>]*+>\s*+|(?><!--.*?-->)\s*+)*+<(?:rss|feed|rdf:RDF)\b", re.DOTALL)


@cache
def _walls() -> tuple[tuple[re.Pattern[str], str], ...]:
    text = files("firsthand.extract").joinpath("data/walls.toml").read_text("utf-8")
    return tuple(
        (re.compile("|".join(wall["words"]), re.IGNORECASE), wall["reason"]) for wall in tomllib.loads(text)["wall"]
    )


def refuse_if_no_text(data: bytes) -> None:
    """Raises NotAnArticle for a file of another kind than text: outlets link to PDF documents as to pages; and for a feed."""
    if what := no_text(data):
        raise NotAnArticle(f"This is {what}, not an article.", "Open it with a program for such files.")
    if _FEED.match(data[:_PROLOG]):
        raise NotAnArticle("This is a feed, not an article.", "Follow it, or read one of the pages that it names.")


def refuse_if_no_article(root: Element, facts: Facts, body: Composed, headline: str | None, url: str | None) -> None:
    """Raises NotAnArticle where what was found cannot be one."""
    title = " ".join(
        filter(None, (headline or "", text_of(root.find(".//title")) if root.find(".//title") is not None else ""))
    )
    if len(body.text) < _WALL_TEXT and not _claims_article(facts):
        for pattern, reason in _walls():
            if pattern.search(body.text[:_WALL_TEXT]) or pattern.search(title):
                raise NotAnArticle(reason, _REMEDY)
    if (
        len(body.text.strip()) >= _LEAST
        or (_claims_article(facts) and len(body.text) >= 40)
        or _is_flash(body, headline)
    ):
        if _is_home(facts, body, url):
            raise NotAnArticle("The page lists articles and is none itself.", "Follow it as a site instead.")
        return
    shown = text_of(root)[:4_000]
    for pattern, reason in _walls():
        if pattern.search(shown) or pattern.search(title):
            raise NotAnArticle(reason, _REMEDY)
    if len(shown) < 200:
        raise NotAnArticle("The page holds hardly any text.", _REMEDY)
    if url is not None and urlsplit(url).path in {"", "/"}:
        raise NotAnArticle("The page lists articles and is none itself.", "Follow it as a site instead.")
    raise NotAnArticle("No running text was found on the page.", _REMEDY)


def _is_flash(body: Composed, headline: str | None) -> bool:
    """News of two sentences under a headline: it is short, and it is prose."""
    return bool(headline) and len(body.text) >= 70 and bool(re.search(r"[.!?。]['\"”’»]?$", body.text))


def _claims_article(facts: Facts) -> bool:
    return bool(facts.article) or facts.first("og:type").lower() in {"article", "news"}


def _is_home(facts: Facts, body: Composed, url: str | None) -> bool:
    """A front page: at the root of its site, or all links; and it does not claim to be an article."""
    if _claims_article(facts):
        return False
    linked = sum(link.end - link.start for link in body.links)
    if linked > 0.7 * len(body.text):
        return True
    path = urlsplit(url).path if url else "x"
    longest = max((block.end - block.start for block in body.blocks), default=0)
    return (
        path in {"", "/"}
        and facts.first("og:type").lower() in {"website", ""}
        and (linked > 0.3 * len(body.text) or longest < 200)
    )
