"""Letters on their way: to a real SMTP server in another process, and read back from where it keeps them."""

from __future__ import annotations

import imaplib
import re
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from dovecot_child import can_run, dovecot
from mail_world import (
    ADDRESS,
    DAY,
    HOUR,
    MINUTE,
    Clock,
    Server,
    World,
    count,
    mail_server,
    plain,
    publish,
    settings,
    tell,
    world,
)

from firsthand.deliver.mail import MailServerAway
from firsthand.deliver.settings import MailSettings
from firsthand.model.beats import BeatKind
from firsthand.model.editions import EntryKind, Fate, Handed, LetterState, Scope
from firsthand.model.stories import OriginMark
from firsthand.store import Store


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory):
    with mail_server(tmp_path_factory.mktemp("server") / "mail") as server:
        yield server


@pytest.fixture
def server(running: Server) -> Server:
    for key in list(running.folder.glob("*/*")):
        key.unlink()
    return running


@pytest.fixture
def mails(store: Store, server: Server, tmp_path: Path) -> World:
    return world(store, settings(tmp_path, server.port))


async def test_an_edition_comes_at_its_hour_with_what_is_new(mails: World, server: Server) -> None:
    tell(mails.store, "Sea wall cracks", mails.clock() - HOUR, outlets=6, section="Region")
    mails.edition()
    assert mails.desk.mailing.prepare(10) == 0
    mails.clock.now += HOUR
    assert mails.desk.mailing.prepare(10) == 1
    assert await mails.delivery.run_once() == {Fate.TAKEN: 1}
    (mail,) = server.mails()
    assert mail["X-Envelope-From"] == "news@example.org"
    assert mail["X-Envelope-To"] == mail["To"] == "ada@example.org"
    assert mail["Subject"] == "Morning: Sea wall cracks"
    assert mail["List-Id"] == '"Morning" <edition-1.example.org>'
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].startswith(f"<{ADDRESS}/mail/unsubscribe/1-")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"] == "Tue, 24 Nov 2026 13:00:00 +0000"
    assert mail["Message-ID"].endswith("@example.org>")
    text, html = plain(mail), mail.get_body(("html",)).get_content()
    for said in (
        "Sea wall cracks",
        "6 outlets · 1 origin",
        "●○○○○○",
        f"{ADDRESS}/stories/1",
        "What happened in Sea wall",
    ):
        assert said in text
        assert said in html
    assert "<img" not in html
    assert "http://" not in html
    assert "prefers-color-scheme: dark" in html
    assert 'style="' in html
    assert mails.letter_states() == ["sent"]
    assert mails.desk.mailing.prepare(10) == 0
    assert await mails.delivery.run_once() == {}


@pytest.mark.skipif(not can_run(), reason="DOVECOT SKIPPED: it is not installed, or may not change its user")
async def test_an_edition_is_read_back_over_imap(mails: World, server: Server) -> None:
    tell(mails.store, "Sea wall cracks: „Öffentliche Anhörung“", mails.clock() - HOUR, outlets=6, section="Region")
    mails.edition()
    mails.clock.now += HOUR
    mails.desk.mailing.prepare(10)
    await mails.delivery.run_once()
    with dovecot() as box:
        for path in server.folder.glob("new/*"):
            box.bring(path.read_bytes())
        with imaplib.IMAP4("127.0.0.1", box.port) as client:
            client.login("ada", "secret")
            client.select("INBOX", readonly=True)
            _, found = client.search(None, 'SUBJECT "Sea wall" HEADER List-Id "edition-1.example.org"')
            assert found == [b"1"]
            # The server takes it apart as a mail program does: plain text first, HTML last, both in UTF-8.
            _, (structure,) = client.fetch("1", "(BODYSTRUCTURE)")
            kinds = re.findall(rb'"text" "(\w+)" \("charset" "utf-8"\) NIL NIL "quoted-printable"', structure)  # type: ignore[arg-type]
            assert kinds == [b"plain", b"html"]
            assert b'"alternative"' in structure  # type: ignore[operator]
            _, ((_, raw), _) = client.fetch("1", "(BODY.PEEK[])")  # type: ignore[misc]
    mail = message_from_bytes(raw, policy=policy.default)
    assert mail["Subject"] == "Morning: Sea wall cracks: „Öffentliche Anhörung“"
    for kind in ("plain", "html"):
        assert "Sea wall cracks: „Öffentliche" in " ".join(mail.get_body((kind,)).get_content().split())


async def test_the_next_edition_holds_only_what_is_new_since(mails: World, server: Server) -> None:
    store, clock = mails.store, mails.clock
    told, article = tell(store, "Sea wall cracks", clock() - HOUR, outlets=3)
    _, quiet = tell(store, "Ferry delayed", clock() - HOUR)
    _, wrong = tell(store, "Mayor resigns", clock() - HOUR, text="The mayor resigned on Monday.")
    edition = mails.edition()
    clock.now += HOUR
    mails.desk.mailing.prepare(10)
    clock.now += HOUR
    count(store, told, article, "Sea wall cracks", clock(), OriginMark(5, 2, 2))
    publish(store, quiet, "Ferry delayed", "It was told that Ferry delayed took place on Monday morning.", clock())
    note = "Correction: An earlier version of this article misstated the day. It was Tuesday."
    publish(store, wrong, "Mayor resigns", f"The mayor resigned on Tuesday.\n\n{note}", clock())
    tell(store, "Bridge closes", clock())
    clock.now += DAY
    mails.desk.mailing.prepare(10)
    second = store.letters.of([edition.id], 5)[edition.id][0].content
    assert [(one.kind, one.title) for one in second.entries] == [
        (EntryKind.MORE, "Sea wall cracks"),
        (EntryKind.NEW, "Bridge closes"),
        (EntryKind.CORRECTION, "Mayor resigns"),
    ]
    assert second.entries[0].note == "A new independent origin."
    assert second.entries[0].was == OriginMark(3, 1, 1)
    assert second.entries[2].note == note
    await mails.delivery.run_once()
    text = next(plain(mail) for mail in server.mails() if mail["Date"].startswith("Wed"))
    assert "5 outlets · 2 origins; it was 3 outlets" in " ".join(text.split())
    assert "misstated the day" in text
    clock.now += DAY
    mails.desk.mailing.prepare(10)
    assert len(store.letters.of([edition.id], 5)[edition.id]) == 2  # nothing new: no letter, and no correction twice


async def test_an_edition_of_a_section_an_outlet_or_a_search(mails: World) -> None:
    _, article = tell(mails.store, "Cup final", mails.clock() - HOUR, section="Sport")
    tell(mails.store, "Budget vote", mails.clock() - HOUR, section="Politics")
    outlet = mails.store.articles.get(1, article).outlet.id
    beat = mails.desk.beats.add(mails.reader, BeatKind.SEARCH, "budget")
    found = {}
    about = {
        Scope.SECTION: "sport",
        Scope.OUTLET: str(outlet),
        Scope.SEARCH: "budget",
        Scope.BEAT: beat.slug,
        Scope.ALL: "",
    }
    for scope, key in about.items():
        edition = mails.edition(scope=scope, scope_key=key)
        found[scope] = {one.title for one in mails.desk.mailing.preview(edition).content.entries}
    assert found[Scope.SECTION] == {"Cup final"}
    assert found[Scope.SEARCH] == found[Scope.BEAT] == {"Budget vote"}
    assert found[Scope.OUTLET] == found[Scope.ALL] == {"Cup final", "Budget vote"}


async def test_breaking_news_comes_once_and_at_most_once_an_hour(mails: World) -> None:
    from firsthand.model.editions import Rhythm, Schedule

    mails.edition(schedule=Schedule(rhythm=Rhythm.BREAKING, zone="UTC"), outlets=3)
    story, article = tell(mails.store, "Wall breaks", mails.clock(), outlets=2)
    mails.clock.now += 6 * MINUTE
    assert mails.desk.mailing.prepare(10) == 1
    assert mails.letter_states() == []
    count(mails.store, story, article, "Wall breaks", mails.clock(), OriginMark(3, 1, 1))
    mails.clock.now += 6 * MINUTE
    mails.desk.mailing.prepare(10)
    assert mails.letter_states() == ["due"]
    tell(mails.store, "Minister falls", mails.clock(), outlets=9)
    mails.clock.now += 30 * MINUTE
    assert mails.desk.mailing.prepare(10) == 0
    mails.clock.now += 31 * MINUTE
    mails.desk.mailing.prepare(10)
    assert mails.letter_states() == ["due", "due"]


async def test_what_a_server_says_decides_what_becomes_of_a_letter(mails: World, server: Server) -> None:
    tell(mails.store, "News", mails.clock() - HOUR)
    for name in ("ada", "gone", "later", "full", "silent"):
        mails.edition(f"{name}@example.org", title=name)
    mails.clock.now += HOUR
    mails.desk.mailing.prepare(10)
    assert await mails.delivery.run_once() == {
        Fate.TAKEN: 1, Fate.NO_SUCH_ADDRESS: 1, Fate.AGAIN: 1, Fate.REFUSED: 1, Fate.UNKNOWN: 1
    }  # fmt: skip
    ids = {one.plan.title: one.id for one in mails.store.editions.all()}
    letters = {name: mails.store.letters.of([key], 1)[key][0] for name, key in ids.items()}
    assert {name: one.state for name, one in letters.items()} == {
        "ada": LetterState.SENT,
        "gone": LetterState.FAILED,
        "later": LetterState.DUE,
        "full": LetterState.FAILED,
        "silent": LetterState.DOUBTFUL,
    }
    assert "No such user" in (letters["gone"].problem or "")
    gone = next(one for one in mails.store.addresses.of(1) if one.address.startswith("gone"))
    assert gone.bounces == 1
    mails.clock.now += 2 * MINUTE
    assert await mails.delivery.run_once() == {Fate.AGAIN: 1}  # the doubtful one is not repeated
    mails.desk.mailing.settle(mails.reader, letters["silent"].id, again=False)
    assert mails.store.letters.get(1, letters["silent"].id).state is LetterState.SENT


async def test_a_letter_that_is_sent_again_keeps_its_message_id(mails: World, server: Server) -> None:
    tell(mails.store, "News", mails.clock() - HOUR)
    mails.edition("silent@example.org")
    mails.clock.now += HOUR
    mails.desk.mailing.prepare(10)
    await mails.delivery.run_once()
    mails.desk.mailing.settle(mails.reader, 1, again=True)
    await mails.delivery.run_once()
    one, two = server.mails()
    assert one["Message-ID"] == two["Message-ID"]
    assert one["Date"] == two["Date"]


async def test_one_connection_carries_many_letters(mails: World, server: Server) -> None:
    tell(mails.store, "News", mails.clock() - HOUR)
    for number in range(9):
        mails.store.readers.add(f"r{number}", "hash", mails.clock())
    for number in range(12):
        mails.edition("ada@example.org", title=f"Number {number}")
    mails.clock.now += HOUR
    mails.desk.mailing.prepare(50)
    await mails.delivery.run_once()
    mails_sent = server.mails()
    assert len(mails_sent) == 12
    assert len({one["X-Peer"] for one in mails_sent}) <= MailSettings().connections


async def test_a_server_that_is_away_costs_nothing_but_time(store: Store, tmp_path: Path) -> None:
    mails = world(store, settings(tmp_path, 1))
    tell(store, "News", mails.clock() - HOUR)
    mails.edition()
    mails.clock.now += HOUR
    mails.desk.mailing.prepare(10)
    with pytest.raises(MailServerAway, match=r"127\.0\.0\.1:1"):
        await mails.delivery.run_once()
    assert mails.letter_states() == ["due"]
    assert store.letters.of([1], 1)[1][0].attempts == 0


def test_what_was_being_handed_over_when_the_program_ended_is_doubtful(mails: World) -> None:
    tell(mails.store, "News", mails.clock() - HOUR)
    mails.edition()
    mails.clock.now += HOUR
    mails.desk.mailing.prepare(10)
    (letter,) = mails.desk.mailing.letters_due(5)
    assert mails.desk.mailing.record([letter], []) == {letter.id}
    assert mails.desk.mailing.record([letter], []) == set()
    assert mails.desk.mailing.recover(starting=False) == 0
    assert mails.desk.mailing.recover(starting=True) == 1
    assert mails.letter_states() == ["doubtful"]
    assert mails.desk.mailing.letters_due(5) == []


def test_a_letter_that_was_listed_twice_is_not_tried_again_before_its_time(mails: World) -> None:
    tell(mails.store, "News", mails.clock() - HOUR)
    mails.edition()
    mails.clock.now += HOUR
    mails.desk.mailing.prepare(10)
    (one,), (same,) = mails.desk.mailing.letters_due(5), mails.desk.mailing.letters_due(5)
    assert mails.desk.mailing.record([one], []) == {one.id}
    assert mails.desk.mailing.record([], [(one, Handed(Fate.AGAIN, "451 Greylisted"))]) == set()
    assert mails.desk.mailing.record([same], []) == set()
    mails.clock.now += 2 * MINUTE
    assert mails.desk.mailing.record([same], []) == {one.id}


def test_an_edition_that_is_put_off_sends_nothing(mails: World) -> None:
    tell(mails.store, "News", mails.clock() - HOUR)
    edition = mails.edition()
    mails.clock.now += HOUR
    mails.desk.mailing.prepare(10)
    mails.desk.mailing.unsubscribe(mails.desk.mailing.unsubscribe_token(edition.id))
    assert mails.letter_states() == ["dropped"]
    mails.clock.now += DAY
    assert mails.desk.mailing.prepare(10) == 0


async def test_an_address_is_asked_first_and_gets_nothing_before_it_agrees(mails: World, server: Server) -> None:
    address = mails.desk.addresses.add(mails.reader, "ada@example.org")
    tell(mails.store, "News", mails.clock() - HOUR)
    from firsthand.model.editions import EditionPlan, Schedule

    mails.desk.mailing.create(
        mails.reader, EditionPlan(title="M", schedule=Schedule(minute=0, zone="UTC"), address_id=address.id)
    )
    mails.clock.now += DAY
    assert mails.desk.mailing.prepare(10) == 0
    assert await mails.delivery.ask_once() == 1
    (mail,) = server.mails()
    assert mail["List-Unsubscribe"] is None
    token = plain(mail).split("/mail/confirm/")[1].split()[0]
    assert token not in str(mails.store.addresses.of(1))
    assert mails.desk.addresses.asked(token).address == "ada@example.org"
    mails.desk.addresses.confirm(token)
    assert mails.desk.mailing.prepare(10) == 1
    assert await mails.delivery.run_once() == {Fate.TAKEN: 1}


def test_the_clock_is_the_reader_s(store: Store, tmp_path: Path) -> None:
    clock = Clock()
    mails = world(store, settings(tmp_path), clock)
    from firsthand.model.editions import Schedule

    edition = mails.edition(schedule=Schedule(minute=7 * 60, zone="Asia/Kolkata"))
    assert edition.next_due is not None
    assert edition.next_due.isoformat() == "2026-11-25T01:30:00+00:00"
