"""Newsletters in: from a file and from a mailbox, without what reports the reader to the sender."""

from __future__ import annotations

import base64
import json
import sys
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from imap_child import Box, mailbox
from mail_world import NOW

from firsthand.desk.following import Following
from firsthand.desk.newsletters import looks_like_mail, split_mbox, take_mails
from firsthand.extract.newsletter import STOP_WORDS, plain_link, read_newsletter
from firsthand.model.access import Role
from firsthand.model.errors import AccessDenied, AddressRefused, ConfigError, FetchError
from firsthand.model.records import ReadState
from firsthand.pipeline import PipelineSettings
from firsthand.pipeline.mailboxes import Access, poll
from firsthand.sources.guard import AddressGuard
from firsthand.sources.mailbox import MailboxSettings, parse_mailbox, visit
from firsthand.store import Store

sys.path.insert(0, str(Path(__file__).parents[1] / "cli"))

from cli_runner import call

BODY = """<html><body><p>The sea wall was checked every day, the director of the port said on Friday, and nobody had told
 her of any crack in it until the storm came.</p>
<img src="https://gazette.example/wall.jpg" width="600" height="400" alt="The wall">
<p>More is in <a href="https://gazette.list-manage.com/track/click?u=abc&id=def&e=me">the report</a> and on
<a href="https://click.gazette.example/ls/click?url=https%3A%2F%2Fgazette.example%2Fsea-wall%3Futm_source%3Dnl%26page%3D2">our site</a>.</p>
<img src="https://gazette.list-manage.com/track/open.php?u=abc&id=def&e=me" height="1" width="1">
<img src="https://px.example/beacon?me" style="display:none">
<p><a href="https://gazette.list-manage.com/unsubscribe?u=abc&e=me">Unsubscribe</a></p></body></html>"""


def newsletter(number: int = 1, *, html: str = BODY, **headers: str) -> bytes:
    mail = EmailMessage()
    given = {
        "From": "Harbor Gazette <news@gazette.example>",
        "To": "me@example.org",
        "Subject": f"Letter {number}",
        "Date": f"Tue, 24 Nov 2026 {number:02}:00:00 +0100",
        "Message-ID": f"<letter-{number}@gazette.example>",
        "List-Id": "The Harbor Letter <letter.gazette.example>",
        "List-Unsubscribe": "<mailto:stop@gazette.example>, <https://gazette.example/stop?me=1>",
    }
    for name, value in (given | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        if value:
            mail[name] = value
    mail.set_content("Plain words.")
    mail.add_alternative(html, subtype="html")
    return mail.as_bytes()


def test_a_newsletter_is_an_article_of_its_outlet_and_reports_nobody() -> None:
    letter = read_newsletter(newsletter())
    article = letter.article
    assert (article.outlet.name, article.outlet.domain) == ("Harbor Gazette", "gazette.example")
    assert (letter.list_id, letter.list_name) == ("letter.gazette.example", "The Harbor Letter")
    assert article.headline == "Letter 1"
    assert article.published is not None
    assert article.published.isoformat() == "2026-11-24T01:00:00+01:00"
    assert "More is in the report and on our site." in " ".join(article.text.split())
    links = {article.text[one.start : one.end]: one.url for one in article.links}
    assert links == {
        "our site": "https://gazette.example/sea-wall?page=2",
        STOP_WORDS: "https://gazette.example/stop?me=1",
    }
    assert [one.url for one in article.blocks if one.url] == ["https://gazette.example/wall.jpg"]
    assert article.text.endswith(STOP_WORDS)


def test_the_link_in_the_text_stops_it_where_no_header_does() -> None:
    letter = read_newsletter(newsletter(List_Unsubscribe="", List_Id=""))
    assert letter.unsubscribe == "https://gazette.list-manage.com/unsubscribe?u=abc&e=me"
    assert letter.list_id == "news@gazette.example"


@pytest.mark.parametrize(
    ("counted", "plain"),
    [
        ("https://paper.example/a?utm_source=nl&id=3&fbclid=x", "https://paper.example/a?id=3"),
        ("https://paper.example/2026/11/a", "https://paper.example/2026/11/a"),
        ("https://x.example/track/click?url=https%3A%2F%2Fpaper.example%2Fa", "https://paper.example/a"),
        ("https://eur03.safelinks.protection.outlook.com/?url=https%3A%2F%2Fpaper.example%2Fa&data=x", "https://paper.example/a"),
        ("https://substack.com/redirect/2/" + base64.urlsafe_b64encode(json.dumps({"e": "https://paper.example/a"}).encode()).decode().rstrip("=") + ".sig", "https://paper.example/a"),
        ("https://x.example/CL0/https:%2F%2Fpaper.example%2Fa/1/0100/x", "https://paper.example/a"),
        ("https://gazette.us1.list-manage.com/track/click?u=a&id=b", None),
        ("https://u123.ct.sendgrid.net/ls/click?upn=" + "x" * 90, None),
        ("https://click.paper.example/f/a/" + "x" * 90, None),
        ("mailto:me@paper.example", None),
        ("javascript:alert(1)", None),
    ],
)  # fmt: skip
def test_links_lose_their_counters(counted: str, plain: str | None) -> None:
    assert plain_link(counted) == plain


def test_newsletters_are_taken_in_once_whatever_comes_twice(store: Store) -> None:
    store.readers.owner()
    mails = [newsletter(1), newsletter(2), newsletter(3, List_Id="", From="Anna Reporter <anna@paper.example>")]
    taken = take_mails(store, [1], [*mails, newsletter(4, html="<p></p>")], NOW)
    assert (taken.new, taken.known, taken.refused) == (3, 0, 1)
    again = take_mails(store, [1], mails, NOW)
    assert (again.new, again.known) == (0, 3)
    feeds = {one.feed.title: one for one in store.readers.followed(1)}
    assert set(feeds) >= {"The Harbor Letter"}
    assert feeds["The Harbor Letter"].outlet.name == "Harbor Gazette"
    assert feeds["The Harbor Letter"].follow.folder == "Newsletters"
    front = store.articles.front(1, before=None, limit=10)
    assert {one.state for one in front} == {ReadState.WHOLE}
    held = store.articles.get(1, front[0].id)
    assert STOP_WORDS in held.article.text
    assert store.ingest.pages_due(NOW + timedelta(days=1), 10) == []


def test_mails_in_a_file_from_the_command_line(tmp_path: Path) -> None:
    box = tmp_path / "letters.mbox"
    mails = [newsletter(n).replace(b"Plain words.", b"Plain words.\n\n>From here on.\n") for n in (1, 2)]
    box.write_bytes(b"".join(b"From sender Tue Nov 24 12:00:00 2026\n" + mail + b"\n\n" for mail in mails))
    assert [b"From here on." in one for one in split_mbox(box.read_bytes())] == [True, True]
    done = call("import", str(box), data=tmp_path / "data")
    assert done.status == 0, done.err
    assert b"2 newsletters taken in." in done.out
    done = call("import", "-", data=tmp_path / "data", given=newsletter(1))
    assert b"0 newsletters taken in; 1 held before." in done.out
    assert not looks_like_mail(b'<?xml version="1.0"?><opml version="2.0">')


# ── A mailbox ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def box():
    with mailbox() as running:
        yield running


def address(box: Box, folder: str = "INBOX") -> str:
    return f"imap://news@127.0.0.1:{box.port}/{folder}"


SETTINGS = MailboxSettings(passwords=("news@127.0.0.1=secret",))
HERE = AddressGuard(["127.0.0.0/8"])


def test_a_mailbox_gives_what_is_new_and_marks_nothing(box: Box) -> None:
    box.mails = [newsletter(1), newsletter(2)]
    first = visit(parse_mailbox(address(box)), SETTINGS, HERE, None)
    assert (len(first.mails), first.state, first.more) == (2, "7:2", False)
    assert visit(parse_mailbox(address(box)), SETTINGS, HERE, first.state).mails == ()
    box.mails.append(newsletter(3))
    assert visit(parse_mailbox(address(box)), SETTINGS, HERE, first.state).mails == (box.mails[2],)
    box.validity = 8  # numbers mean other mails now
    assert len(visit(parse_mailbox(address(box)), SETTINGS, HERE, first.state).mails) == 3
    assert not any("STORE" in one or "SELECT" in one for one in box.asked)


def test_a_mailbox_that_does_not_let_us_in_says_why(box: Box) -> None:
    with pytest.raises(ConfigError, match="No password"):
        visit(parse_mailbox(address(box)), MailboxSettings(), HERE, None)
    with pytest.raises(AccessDenied, match="let news in"):
        visit(parse_mailbox(address(box)), MailboxSettings(("news@127.0.0.1=wrong",)), HERE, None)
    with pytest.raises(FetchError, match="no folder"):
        visit(parse_mailbox(address(box, "Lost")), SETTINGS, HERE, None)
    with pytest.raises(AddressRefused, match="loopback"):
        visit(parse_mailbox(address(box)), SETTINGS, AddressGuard(), None)
    with pytest.raises(FetchError, match="must not hold its password"):
        parse_mailbox("imaps://me:word@host.example/INBOX")
    with pytest.raises(FetchError, match="imaps://user@host"):
        parse_mailbox("imaps://host.example")


async def test_a_followed_mailbox_brings_newsletters_to_its_readers(box: Box, store: Store) -> None:
    box.mails = [newsletter(1), newsletter(2)]
    owner = store.readers.owner()
    following = Following(store, None, lambda: NOW)  # type: ignore[arg-type]
    feed = await following.follow(owner, address(box))
    with pytest.raises(AccessDenied, match="owner only"):
        await following.follow(replace(owner, role=Role.READER), address(box))
    access = Access(SETTINGS, HERE)
    await poll(store, store.feeds.get(feed.id), access, NOW, PipelineSettings())  # type: ignore[union-attr]
    held = store.feeds.get(feed.id)  # type: ignore[union-attr]
    assert (held.etag, held.failure) == ("7:2", None)
    assert [one.headline for one in store.articles.front(1, before=None, limit=9)] == ["Letter 2", "Letter 1"]
    letters = store.feeds.by_url("mail:letter.gazette.example")
    assert letters is not None
    await poll(store, letters, access, NOW, PipelineSettings())  # is never asked, and never fails
    assert store.feeds.get(letters.id).failing_since is None
    box.mails.append(newsletter(3))
    await poll(store, held, Access(MailboxSettings(), HERE), NOW, PipelineSettings())
    assert "No password is set" in (store.feeds.get(held.id).failure or "")
    await poll(store, held, access, NOW, PipelineSettings())
    assert store.articles.front(1, before=None, limit=1)[0].headline == "Letter 3"
