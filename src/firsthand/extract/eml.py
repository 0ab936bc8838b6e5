"""A mail (RFC 5322, MIME) to an Article: a newsletter, or an article that somebody sent."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime

from firsthand.extract.charset import decode
from firsthand.extract.credits import is_person
from firsthand.extract.dateline import read_dateline
from firsthand.extract.flat import read_body
from firsthand.extract.fragment import all_pieces, fragment_pieces
from firsthand.extract.language import detect_language, language_tag
from firsthand.extract.page import first_text
from firsthand.extract.piece import Composed, compose
from firsthand.extract.rights import is_rights_line, rights_in
from firsthand.model.article import Article, OutletName
from firsthand.model.errors import NotAnArticle
from firsthand.model.text import one_line
from firsthand.model.urls import absolute_url, domain_of
from firsthand.model.when import When

_LEAST = 40


def read_eml(data: bytes, cleaned: Callable[[str], str] = str) -> Article:
    """The article in a mail: its HTML part where there is one, else its text; sender, date and subject from its head.

    Args:
        cleaned: what is done to the HTML before it is read.

    Raises NotAnArticle where no part holds text.
    """
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        html, text = cleaned(_part(message, "html")), _part(message, "plain")
    except (MessageError, LookupError, ValueError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise NotAnArticle(f"The message cannot be read as mail ({type(error).__name__}).") from error
    headline = _header(message, "subject") or None
    address = absolute_url(None, _header(message, "archived-at").strip("<>")) or None
    body, lines = _body(html, text, address, headline)
    if len(body.text) < _LEAST:
        raise NotAnArticle("The message holds no text.")
    name, mail = parseaddr(_header(message, "from"))
    name = one_line(name)
    person = is_person(name) and " " in name
    published = _date(message)
    filed = read_dateline(body.text.split("\n\n", 1)[0], published)
    domain = domain_of(f"https://{mail.rsplit('@', 1)[-1]}") if "@" in mail else ""
    return Article(
        url=address,
        outlet=OutletName(None if person else name or None, domain or None),
        headline=headline,
        byline=(name,) if person else (),
        agency=filed.agency,
        dateline=filed.dateline,
        published=published,
        language=language_tag(_header(message, "content-language")) or detect_language(body.text),
        rights=rights_in([line for line in lines if is_rights_line(line)]),
        text=body.text,
        blocks=body.blocks,
        links=body.links,
    )


def _body(html: str, text: str, base: str | None, headline: str | None) -> tuple[Composed, list[str]]:
    """The better part as a body, and its lines for what they say of rights."""
    if html:
        pieces = fragment_pieces(html, base, headline)
        body = compose(piece for piece in pieces if not is_rights_line(piece.text))
        if first_text(pieces) or not text:
            return body, [piece.text for piece in all_pieces(html, base)]
    article = read_body(text.strip("\n").replace("\r\n", "\n"))
    return Composed(article.text, article.blocks, ()), text.splitlines()


def _part(message: EmailMessage, kind: str) -> str:
    """The first text part of that kind, decoded by its charset, or by detection where that is unknown or wrong."""
    for part in message.walk():
        if part.get_content_type() != f"text/{kind}" or part.get_content_disposition() == "attachment":
            continue
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and payload.strip():
            return decode(payload, f"text/{kind}; charset={part.get_content_charset() or ''}")
    return ""


def _header(message: EmailMessage, name: str) -> str:
    """A header's value; one that breaks the grammar reads as empty, as Python's parser raises many things on those."""
    try:
        return one_line(str(message.get(name, "")))
    except (MessageError, LookupError, ValueError, TypeError, AttributeError, IndexError):
        return ""


def _date(message: EmailMessage) -> When | None:
    try:
        return When.of(parsedate_to_datetime(_header(message, "date")).replace(microsecond=0))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
