"""Letters as text: HTML with its styles inlined, for mail programs that drop style sheets, and plain text of equal worth."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, tzinfo
from functools import cached_property, lru_cache, partial
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import jinja2
from css_inline import CSSInliner
from markupsafe import Markup

from firsthand.deliver.mail import sender_address
from firsthand.deliver.mime import Envelope
from firsthand.deliver.settings import MailSettings
from firsthand.deliver.wrap import wrapped
from firsthand.desk.composer import Picture
from firsthand.model.editions import Entry, EntryKind, Letter, Mail
from firsthand.model.urls import is_web_url

TEMPLATES: Final = Path(__file__).parent / "templates"
PLACE: Final = Markup("<!--story-->")
COLUMN: Final = '<div class="column">'
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class LetterComposer:
    """Makes text of letters and questions. Thread-safe.

    Args:
        address: the address under which readers reach the app, `https://news.example.org`; links lead there.
    """

    def __init__(self, settings: MailSettings, address: str) -> None:
        self._settings = settings
        self.address = address.rstrip("/")
        self._env = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES),
            autoescape=jinja2.select_autoescape(["html"]),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._env.filters["wrapped"] = wrapped
        # No style sheet is ever fetched, and no file read: what is inlined is given here.
        self._inliner = CSSInliner(
            load_remote_stylesheets=False, keep_style_tags=False, keep_at_rules=True, extra_css=None
        )

        # Many letters tell the same stories: their pieces are kept, styles and line breaks and all.
        self._kept = lru_cache(maxsize=4096)(self._piece)

    @property
    def ready(self) -> bool:
        """Whether mail is set up: a server, a sender, and an address for links to lead to."""
        return bool(self._settings.host and self.domain and is_web_url(self.address))

    @property
    def domain(self) -> str:
        """The right side of Message-IDs and List-Ids: the sender's domain."""
        return sender_address(self._settings).rpartition("@")[2].lower()

    @cached_property
    def stylesheet(self) -> str:
        """The style sheet of letters."""
        return (TEMPLATES / "letter.css").read_text("utf-8")

    def letter(
        self, letter: Letter, unsubscribe: str, *, sheet: str | None = None, picture: Picture | None = None
    ) -> Mail:
        """A letter as text.

        Args:
            unsubscribe: the token that stops its edition.
            sheet: address of the style sheet, for a look at it in the browser; None inlines the styles.
            picture: the address under which a picture is shown there; None for its own.
        """
        zone = _zone(letter.zone)
        given = {
            "letter": letter,
            "content": letter.content,
            "base": self.address,
            "unsubscribe": f"{self.address}/mail/unsubscribe/{unsubscribe}",
            "day": _day(letter.made, zone),
            "ago": lambda at: _time(at, letter.made, zone),
            "more": letter.content.of(EntryKind.MORE, EntryKind.SAID),
            "corrections": letter.content.of(EntryKind.CORRECTION),
            "sheet": sheet,
        }
        story = partial(self._story, letter, zone, picture)
        plain = {"story_text": partial(story, "_story.txt", inline=False)}
        if sheet is not None:
            return self._mail(
                "letter", letter.subject, given | plain | {"story": partial(story, "_story.html", inline=False)}
            )
        stories: list[str] = []

        def place(one: Entry, lead: bool) -> Markup:
            """A mark, in whose place the story is put once the styles around it are inlined; text cannot look like it."""
            stories.append(story("_story.html", one, lead, inline=True))
            return PLACE

        mail = self._mail("letter", letter.subject, given | plain | {"story": place}, inline=True)
        around = mail.html.split(PLACE)
        return replace(mail, html="".join(part for pair in zip_longest(around, stories, fillvalue="") for part in pair))

    def question(self, address: str, reader: str, token: str) -> Mail:
        """The question whether an address wants letters; whoever does nothing gets none."""
        given = {
            "address": address,
            "reader": reader,
            "confirm": f"{self.address}/mail/confirm/{token}",
            "base": self.address,
        }
        return self._mail("question", "Confirm this address for Firsthand", given | {"sheet": None}, inline=True)

    def envelope(self, letter: Letter, unsubscribe: str) -> Envelope:
        """The head of a letter."""
        return Envelope(
            sender=self._settings.sender,
            to=letter.address,
            message_id=letter.message_id,
            date=letter.made,
            list_name=letter.title,
            list_id=f"edition-{letter.edition_id}.{self.domain}",
            unsubscribe=f"{self.address}/mail/unsubscribe/{unsubscribe}",
        )

    def question_envelope(self, address: str, message_id: str, date: datetime) -> Envelope:
        """The head of a question."""
        return Envelope(sender=self._settings.sender, to=address, message_id=message_id, date=date)

    def _mail(self, name: str, subject: str, given: dict[str, Any], *, inline: bool = False) -> Mail:
        given |= {"subject": subject, "css": self.stylesheet}
        html = self._env.get_template(f"{name}.html").render(given)
        text = self._env.get_template(f"{name}.txt").render(given)
        return Mail(subject, self._inliner.inline(html) if inline else html, text)

    def _story(
        self,
        letter: Letter,
        zone: tzinfo,
        picture: Picture | None,
        template: str,
        one: Entry,
        lead: bool,
        *,
        inline: bool,
    ) -> Markup:
        """One story of a letter."""
        image = (picture or _picture)(one.image) if letter.images else None
        return self._kept(template, one, lead, image, _time(one.at, letter.made, zone), inline)

    def _piece(self, template: str, one: Entry, lead: bool, image: str | None, when: str, inline: bool) -> Markup:
        given = {"one": one, "lead": lead, "image": image, "when": when, "link": self._link(one)}
        piece = self._env.get_template(template).render(given)
        if inline:  # within a column as in `_frame.html`, since some styles are for what stands in one
            _, piece, _ = self._inliner.inline_fragment(f"{COLUMN}{PLACE}{piece}{PLACE}</div>", self.stylesheet).split(
                PLACE
            )
        return Markup(piece)  # noqa: S704 (escaped by its template)

    def _link(self, entry: Entry) -> str:
        if entry.story_id and entry.kind is not EntryKind.CORRECTION:
            return f"{self.address}/stories/{entry.story_id}"
        return f"{self.address}/articles/{entry.article_id}"


def _picture(url: str | None) -> str | None:
    """A picture that a mail program may show: over https only, since it is fetched from wherever the reader is."""
    return url if url and url.startswith("https://") and is_web_url(url) else None


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _day(at: datetime, zone: tzinfo) -> str:
    local = at.astimezone(zone)
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} {local.year}"


def _time(at: datetime, now: datetime, zone: tzinfo) -> str:
    """When something was first seen, on the reader's clock: `06:12`, `yesterday 21:40`, `Friday 09:12`, `3 March`."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    days = (today.date() - local.date()).days
    if days <= 0:
        return f"{local:%H:%M}"
    if days == 1:
        return f"yesterday {local:%H:%M}"
    return f"{_DAYS[local.weekday()]} {local:%H:%M}" if days < 7 else f"{local.day} {_MONTHS[local.month - 1]}"
