"""Mails that came back, as mail servers write them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from mail_world import DAY, HOUR, NOW, settings, tell, world

from firsthand.desk.addresses import HARD_BOUNCES
from firsthand.desk.newsletters import take_mails
from firsthand.extract.bounces import is_report, read_bounce
from firsthand.store import Store

# As Postfix writes it (RFC 3464).
REPORT = """\
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: news@example.org
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Arrival-Date: Tue, 24 Nov 2026 13:00:00 +0000

Final-Recipient: rfc822; ada@example.org
Original-Recipient: rfc822;ada@example.org
Action: {action}
Status: {status}
Remote-MTA: dns; mail.example.org
Diagnostic-Code: smtp; {said}

--b
Content-Type: {kind}

From: Firsthand <news@example.org>
Message-ID: <{message_id}>
Subject: Morning

--b--
"""


def report(message_id: str = "edition-1-x@example.org", **given: str) -> bytes:
    parts = {"action": "failed", "status": "5.1.1", "said": "550 5.1.1 No such user", "kind": "text/rfc822-headers"}
    return REPORT.format(message_id=message_id, **(parts | given)).replace("\n", "\r\n").encode()


def test_a_report_is_read() -> None:
    (one,) = read_bounce(report())
    assert (one.message_id, one.recipient, one.hard) == ("edition-1-x@example.org", "ada@example.org", True)
    assert one.reason == "550 5.1.1 No such user"
    assert read_bounce(report(kind="message/rfc822")) == [one]


@pytest.mark.parametrize(
    ("given", "hard"),
    [
        ({"status": "5.2.2", "said": "552 5.2.2 Mailbox full"}, False),
        ({"status": "5.7.1", "said": "550 5.7.1 Looks like spam"}, False),
        ({"status": "4.4.1", "said": "timed out"}, False),
        ({"status": "5.2.1", "said": "550 5.2.1 disabled"}, True),
        ({"status": "5.0.0", "said": "550 no"}, True),
    ],
)
def test_only_what_is_about_the_address_is_hard(given: dict[str, str], hard: bool) -> None:
    assert [one.hard for one in read_bounce(report(**given))] == [hard]


@pytest.mark.parametrize(
    "mail",
    [
        report(action="delayed", status="4.4.1"),
        report(action="delivered", status="2.0.0"),
        report("")[:-40],
        b"Subject: I am on holiday\r\n\r\nBack on Monday.",
        b"Content-Type: multipart/report; boundary=b\r\n\r\nno parts",
        b"",
        b"\xff\xfe" * 1000,
        report()[:300],
        report().replace(b"Message-ID", b"X-Other"),
    ],
)
def test_what_is_no_failure_is_none(mail: bytes) -> None:
    assert read_bounce(mail) == []


@pytest.mark.parametrize("line", [b"\n", b"\r\n"])
def test_a_report_is_known_by_its_head(line: bytes) -> None:
    mail = report().replace(b"\r\n", b"\n")
    assert is_report(mail.replace(b"\n", line))
    forwarded = b"From: ada@example.org\n\nSee:\n\n" + mail
    assert not is_report(forwarded.replace(b"\n", line))


def test_letters_that_keep_coming_back_stop(store: Store, tmp_path: Path) -> None:
    mails = world(store, settings(tmp_path / "data"))
    edition = mails.edition()
    addresses = mails.desk.addresses
    assert addresses.came_back("nobody@nowhere", "forged", hard=True) is None
    for number in range(HARD_BOUNCES):
        tell(store, f"News {number}", mails.clock())
        mails.clock.now += DAY
        assert mails.desk.mailing.prepare(5) == 1
        letter = store.letters.of([edition.id], 1)[edition.id][0]
        for _ in range(2):  # the same letter counts once
            (bounce,) = read_bounce(report(letter.message_id))
            held = addresses.came_back(bounce.message_id, bounce.reason, hard=bounce.hard)
        assert held is not None
        assert held.bounces == number + 1
    assert held.stopped is not None
    tell(store, "More news", mails.clock())
    mails.clock.now += DAY
    assert mails.desk.mailing.prepare(5) == 0
    addresses.ask_again(mails.reader, held.id)
    begun = addresses.begin_question(addresses.to_ask(5)[0])
    assert begun is not None
    addresses.confirm(begun[0])
    assert mails.desk.mailing.prepare(5) == 1


def test_reports_in_a_mailbox_that_is_followed_are_no_articles_and_stop_letters(store: Store, tmp_path: Path) -> None:
    mails = world(store, settings(tmp_path / "data"))
    edition = mails.edition()
    ids = []
    for number in range(HARD_BOUNCES):
        tell(store, f"News {number}", mails.clock())
        mails.clock.now += DAY
        mails.desk.mailing.prepare(5)
        ids.append(store.letters.of([edition.id], 1)[edition.id][0].message_id)
    delayed = report().replace(b"Action: failed", b"Action: delayed")
    taken = take_mails(store, [mails.reader.id], [*map(report, ids), delayed, report("forged@example.org")], NOW)
    assert (taken.new, taken.refused, taken.reports) == (0, 0, HARD_BOUNCES + 2)
    assert not store.feeds.followed_at("mail:")
    (address,) = store.addresses.of(mails.reader.id)
    assert address.stopped is not None


def test_letters_that_came_back_long_ago_are_forgiven(store: Store, tmp_path: Path) -> None:
    mails = world(store, settings(tmp_path / "data"))
    edition = mails.edition()
    counts = []
    for number in range(3):
        tell(store, f"News {number}", mails.clock() + HOUR)
        mails.clock.now += timedelta(days=40)
        mails.desk.mailing.prepare(5)
        letter = store.letters.of([edition.id], 1)[edition.id][0]
        held = mails.desk.addresses.came_back(letter.message_id, "550", hard=True)
        counts.append(held.bounces if held else None)
    assert counts == [1, 1, 1]
