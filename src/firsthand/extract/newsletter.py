"""A newsletter (a mail of a list) to an article of its outlet, without what reports its reader to the sender.

Pictures that only tell that a mail was opened go. Links through a counter go to where they lead, if their address says
where; else the words stay and the link goes: opening it to find out would be the very report. The link that stops the
newsletter stays as it is.
"""

from __future__ import annotations

import base64
import binascii
import email
import email.policy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

import lxml.html
from lxml.etree import LxmlError

from firsthand.extract.eml import read_eml
from firsthand.model.article import Article, Block, BlockKind, Link, OutletName
from firsthand.model.errors import NotAnArticle
from firsthand.model.text import clean, one_line
from firsthand.model.urls import absolute_url, domain_of, is_web_url, without_tracking

STOP_WORDS: Final = "Unsubscribe from this newsletter"
_SMALL = re.compile(r"\s*[0-3](?:\.\d+)?\s*(?:px)?\s*")
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?![.\d])|max-height\s*:\s*0"
    r"|(?:^|[;\s])(?:width|height)\s*:\s*[0-3](?:\.\d+)?px",
    re.IGNORECASE,
)
# Paths by which senders count openings: as Mailchimp, SendGrid, Mailgun, Substack, HubSpot, beehiiv, Matomo name them.
_PIXEL = re.compile(
    r"/(?:track/open|wf/open|open(?:\.php|\.gif|\.aspx)?|o\.gif|pixel(?:\.gif|\.png)?|beacon|e/o|e3t/[Bb]to|matomo\.php"
    r"|piwik\.php|collect|spacer\.gif|blank\.gif|1x1\.(?:gif|png)|clear\.gif|imp(?:ression)?s?)(?:[/?]|$)",
    re.IGNORECASE,
)
# Hosts and paths of counters, as those who run them document or show them.
_COUNTER_HOST = re.compile(
    r"(?:^|\.)(?:list-manage\d*\.com|sendgrid\.net|mailgun\.org|mandrillapp\.com|cmail\d+\.com|createsend\d*\.com|hubspotlinks\.com"
    r"|hs-sites\.com|mjt\.lu|mailjet\.com|sparkpostmail\d*\.com|exct\.net|exacttarget\.com|sailthru\.com|rs6\.net|ct\.sendgrid\.net"
    r"|convertkit-mail\d*\.com|ck\.page|beehiiv\.com|mailerlite\.com|sendibt\d*\.com|sendinblue\.com|brevo\.com|klclick\d*\.com"
    r"|awstrack\.me|safelinks\.protection\.outlook\.com|urldefense\.com|links?\.[a-z0-9-]+\.[a-z.]+|click\.[a-z0-9.-]+"
    r"|clicks\.[a-z0-9.-]+|email\.[a-z0-9.-]+|e\.[a-z0-9-]+\.[a-z.]+|trk\.[a-z0-9.-]+|track(?:ing)?\.[a-z0-9.-]+|go\.[a-z0-9.-]+)$",
    re.IGNORECASE,
)
_COUNTER_PATH = re.compile(
    r"/(?:track/click|ls/click|wf/click|ss/c/|c/eJ|redirect/|r/|click[/?]|f/a/|e/c/|e3t/|uni/ls|u/click|CL0/|L0/|lt\.php|tl\.php)"
)
_TARGETS: Final = ("url", "u", "target", "redirect", "redirect_url", "to", "dest", "destination", "q", "link", "r", "e")
_STOP = re.compile(
    r"unsubscribe|opt.?out|abbestellen|abmelden|désabonner|désinscri|darse de baja|cancelar (?:la )?suscripci", re.I
)
_WEB_VIEW = re.compile(
    r"(?:view|read|open) (?:(?:this|it|the) (?:e-?mail |newsletter )?)?(?:in|on|online|your) ?(?:your |a |the )?"
    r"(?:browser|web|online)?|im browser|dans (?:votre|le) navigateur|en (?:el|tu|su) navegador",
    re.IGNORECASE,
)
_LIST_ID = re.compile(r"<?([A-Za-z0-9][A-Za-z0-9._-]{0,200})>?\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsletter:
    """A newsletter, read."""

    article: Article
    message_id: str
    """Without angle brackets; made from sender, date and subject where the mail has none."""
    list_id: str
    """What names the newsletter among all: its List-Id, else the sender's address."""
    list_name: str
    unsubscribe: str | None
    """The web address that stops it."""


def read_newsletter(data: bytes) -> Newsletter:
    """A newsletter as an article of its outlet. Raises NotAnArticle where the mail holds no text."""
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        head = {
            name: _header(message, name)
            for name in ("from", "list-id", "list-unsubscribe", "message-id", "date", "subject")
        }
    except (LookupError, ValueError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise NotAnArticle(f"The message cannot be read as mail ({type(error).__name__}).") from error
    cleaner = _Cleaner()
    article = read_eml(data, cleaner.cleaned)
    name, address = parseaddr(head["from"])
    domain = domain_of(f"https://{address.rpartition('@')[2]}")
    list_id, list_name = _list(head["list-id"])
    name = one_line(name) or list_name or domain
    stop = _header_link(head["list-unsubscribe"]) or cleaner.stop
    outlet = OutletName(name or None, domain or None)
    known = f"{head['from']} {head['date']} {head['subject']}"
    found = re.search(r"<([^<>\s]+)>", head["message-id"])
    return Newsletter(
        article=_with_stop(replace(article, outlet=outlet, canonical_url=article.url or cleaner.web_view), stop),
        message_id=found[1] if found else known,
        list_id=(list_id or address or domain).lower(),
        list_name=list_name or name,
        unsubscribe=stop,
    )


def plain_link(url: str) -> str | None:
    """Where a link of a newsletter leads, without its counter; None where only the counter knows."""
    address = absolute_url(None, url)
    if address is None:
        return None
    for _ in range(3):  # a counter of a counter
        inner = _inside(address)
        if inner is None:
            break
        address = inner
    parts = urlsplit(address)
    if _COUNTER_HOST.search(parts.hostname or "") and (_COUNTER_PATH.search(parts.path) or len(parts.path) > 60):
        return None
    if _COUNTER_PATH.search(parts.path) and len(parts.path + parts.query) > 60:
        return None
    return without_tracking(address)


class _Cleaner:
    """Cleans the HTML of one mail, and notes the links that are no part of its text."""

    def __init__(self) -> None:
        self.stop: str | None = None
        self.web_view: str | None = None

    def cleaned(self, html: str) -> str:
        if not html.strip():
            return html
        try:
            root = lxml.html.document_fromstring(
                clean(html).encode("utf-8"), parser=lxml.html.HTMLParser(encoding="utf-8")
            )
        except (LxmlError, ValueError, AssertionError):
            return html
        pictures: list[Any] = list(root.iter("img"))
        for picture in pictures:
            if _reports(picture):
                picture.drop_tree()
        for link in list(root.iter("a")):
            self._link(link)
        return str(lxml.html.tostring(root, encoding="unicode"))

    def _link(self, link: Any) -> None:
        href, words = link.get("href") or "", " ".join(link.text_content().split())
        if _STOP.search(words) or _STOP.search(href[:200]):
            if is_web_url(href):
                self.stop = self.stop or href
            link.drop_tree()
            return
        address = plain_link(href)
        if address and len(words) < 60 and _WEB_VIEW.search(words):
            self.web_view = self.web_view or address
        if address is None:
            link.drop_tag()
        else:
            link.set("href", address)


def _reports(picture: Any) -> bool:
    """Whether a picture is there to be fetched, not to be seen."""
    sizes = [picture.get(name) for name in ("width", "height")]
    if any(size is not None and _SMALL.fullmatch(size) for size in sizes):
        return True
    return bool(_HIDDEN.search(picture.get("style") or "") or _PIXEL.search(urlsplit(picture.get("src") or "").path))


def _inside(url: str) -> str | None:
    """The address that stands inside a counter's: in a parameter, as it is or in base64, or in base64 JSON in the path."""
    parts = urlsplit(url)
    for name, value in parse_qsl(parts.query):
        if name.lower() in _TARGETS:
            for text in (value, _decoded(value)):
                if text and text.lower().startswith(("http://", "https://")) and is_web_url(text):
                    return absolute_url(None, text)
    for text in _texts_in_path(parts.path):
        if text.startswith(("http://", "https://")) and is_web_url(text):
            return absolute_url(None, text)
    return None


def _texts_in_path(path: str) -> Iterator[str]:
    for piece in path.split("/"):
        if piece.lower().startswith("http"):
            yield unquote(piece)
        decoded = _decoded(piece.partition(".")[0]) if len(piece) > 16 else None
        if decoded and decoded.startswith("{"):  # Substack: {"e": "https://…", …}
            try:
                value = json.loads(decoded)
            except ValueError:
                continue
            yield from (one for one in value.values() if isinstance(one, str))
        elif decoded:
            yield decoded


def _decoded(text: str) -> str | None:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("utf-8")
    except (binascii.Error, ValueError):
        return None


def _with_stop(article: Article, stop: str | None) -> Article:
    """The article with the link that stops the newsletter as its last line."""
    address = absolute_url(None, stop) if stop else None
    if address is None:
        return article
    start = len(article.text) + 2
    end = start + len(STOP_WORDS)
    return replace(
        article,
        text=f"{article.text}\n\n{STOP_WORDS}",
        blocks=(*article.blocks, Block(BlockKind.PARAGRAPH, start, end)),
        links=(*article.links, Link(start, end, address)),
    )


def _list(text: str) -> tuple[str, str]:
    """Id and name of a list (RFC 2919: `Name <id>`)."""
    found = _LIST_ID.search(text)
    name = text[: found.start()].strip().strip('"').strip() if found else ""
    return (found[1] if found and "." in found[1] else ""), one_line(name)


def _header_link(text: str) -> str | None:
    """The first web address of a List-Unsubscribe header (RFC 2369 §2)."""
    return next((one for one in re.findall(r"<([^<>\s]+)>", text) if is_web_url(one)), None)


def _header(message: EmailMessage, name: str) -> str:
    try:
        return one_line(str(message.get(name, "")))
    except (LookupError, ValueError, TypeError, AttributeError, IndexError):
        return ""
