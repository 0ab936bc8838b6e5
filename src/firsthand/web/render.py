"""Pages from templates: the environment, its filters, and what every page is given."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

import jinja2
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from firsthand import __version__
from firsthand.desk import Desk
from firsthand.desk.browse import section_slug
from firsthand.desk.query import format_search
from firsthand.model.text import clean
from firsthand.model.urls import is_web_url
from firsthand.web import telling, voices, words
from firsthand.web.body import body_parts, plain_parts
from firsthand.web.countries import country_name
from firsthand.web.links import ImageSigner, write_cursor, write_story_cursor
from firsthand.web.marked import marked
from firsthand.web.visit import Guest, Visitor

HERE: Final = Path(__file__).parent
STATIC: Final = HERE / "static"
_RIGHT_TO_LEFT: Final = frozenset(("ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"))
_HIT, _HIT_END = "\ue000", "\ue001"


class Renderer:
    """Makes pages. Everything that a template shows is escaped unless it is Markup that was made here."""

    def __init__(self, desk: Desk, signer: ImageSigner) -> None:
        self._desk = desk
        self._env = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._env.filters.update(
            cursor=write_cursor,
            story_cursor=write_story_cursor,
            proxied=signer.link,
            country=country_name,
            snippet=snippet,
            span=words.span,
            machine=words.machine,
            link=safe_link,
            marked=marked,
            segment=partial(quote, safe=""),
            urlpath=quote,
        )
        self._assets = _Assets(STATIC)
        self._env.globals.update(
            asset=self._assets.link,
            body_parts=lambda article, statements=(): body_parts(article, signer.link, statements),
            voices=voices,
            telling=telling,
            plain_parts=plain_parts,
            reading_minutes=words.reading_minutes,
            direction=direction,
            language_tag=language_tag,
            query=_query,
            slug_of=section_slug,
            version=__version__,
        )

    def page(
        self, template: str, who: Guest, *, status: int = 200, headers: Mapping[str, str] | None = None, **given: Any
    ) -> HTMLResponse:
        """A page (or a fragment of one) as an answer."""
        said = dict(headers or {})
        if isinstance(who, Visitor) and who.device_key:
            said["x-firsthand-reader"] = who.device_key
        return HTMLResponse(self.html(template, who, **given), status, said)

    def asset(self, name: str) -> str:
        """The address of a file under `static`, with its content's hash. KeyError if there is none."""
        return self._assets.link(name)

    def html(self, template: str, who: Guest, **given: Any) -> str:
        """A template's text."""
        now = self._desk.clock()
        context: dict[str, Any] = {"who": who, "now": now, "shell": None, "view": None, "section_slug": None}
        if isinstance(who, Visitor):
            context |= _times(now, who.zone)
            context["find"] = lambda found: format_search(found, who.zone)
        return self._env.get_template(template).render(context | given)


def _times(now: datetime, zone: tzinfo) -> dict[str, Any]:
    """The words for times, bound to this moment and this reader's clock."""
    return {
        "ago": lambda at: words.ago(at, now, zone),
        "listed": lambda one: words.listed(one.published, one.sort_at, now, zone),
        "day_name": lambda at: words.day_name(at, now, zone),
        "age": lambda at: words.age(at, now),
        "since": lambda at: words.since(at, now, zone),
        "until": lambda at: words.until(at, now),
        "moment": lambda at: words.day_and_time(at, zone),
        "published": words.published,
        "yours": lambda when: words.yours(when, zone),
        "today": words.full_day(now.astimezone(zone)),
    }


def snippet(text: str) -> Markup:
    """A search hit's snippet, escaped, its hits marked."""
    safe = str(escape(clean(text)))
    # Unbalanced marks would leave an element open: each opening one is paired with the next closing one.
    out = ""
    for number, part in enumerate(safe.split(_HIT)):
        hit, mark, rest = part.partition(_HIT_END)
        out += f"<mark>{hit}</mark>{rest}" if number and mark else hit + rest
    return Markup(out)  # noqa: S704 (escaped above)


def safe_link(url: str | None) -> str | None:
    """An address to link to, or None: only http and https are ever links."""
    return url if url and is_web_url(url) else None


def language_tag(tag: str | None) -> str | None:
    """A language tag that may stand in the page, or None."""
    return tag if tag and len(tag) <= 35 and all(part.isalnum() and part.isascii() for part in tag.split("-")) else None


def direction(tag: str | None) -> str:
    """The direction that a language is written in; "auto" where it is not known."""
    if not tag:
        return "auto"
    return "rtl" if tag.lower().partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


def _query(**given: Any) -> str:
    """A query string of what is given, without what is empty."""
    kept = {name: value for name, value in given.items() if value not in (None, "", False)}
    return "?" + urlencode(kept) if kept else ""


class _Assets:
    """Addresses of our own files with their content's hash, so that they can be kept for ever and still change."""

    def __init__(self, root: Path) -> None:
        self._links = {
            path.relative_to(root).as_posix(): f"/static/{path.relative_to(root).as_posix()}?v={_hash(path)}"
            for path in root.rglob("*")
            if path.is_file()
        }

    def link(self, name: str) -> str:
        """The address of a file under `static`. KeyError if there is none: a template's mistake."""
        return self._links[name]


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
