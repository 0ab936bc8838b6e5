"""What the pieces of pages say of findings: hops that are held are links of ours, wordings are marked and escaped."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from firsthand.desk.quotes import quotes
from firsthand.model.article import Article, Span
from firsthand.model.findings import (
    Actor,
    ActorKind,
    Analysis,
    Chain,
    DateMention,
    Deed,
    Hop,
    Polarity,
    Speaker,
    SpeakerKind,
    Statement,
    StatementKind,
)
from firsthand.model.people import Said
from firsthand.web import telling, voices
from firsthand.web.links import ImageSigner
from firsthand.web.render import Renderer

NOW = datetime(2025, 3, 8, 14, 0, tzinfo=UTC)
CHAIN = Chain(
    (
        Hop(actor=Actor("Tide", ActorKind.OUTLET), does=Deed.PUBLISHED, seen=True),
        Hop(
            actor=Actor("<b>Ledger", ActorKind.OUTLET),
            does=Deed.REPORTED,
            seen=True,
            article=7,
            url="https://l.example/1",
        ),
        Hop(actor=Actor("Herald", ActorKind.OUTLET), does=Deed.OBTAINED, url="https://h.example/1"),
        Hop(actor=Actor("memos", ActorKind.DOCUMENT), does=Deed.ORIGIN, url="javascript:alert(1)"),
    )
)


@pytest.fixture
def pieces() -> Any:
    desk = cast(Any, SimpleNamespace(clock=lambda: NOW))
    template = Renderer(desk, ImageSigner(b"k" * 32))._env.get_template("_findings.html")
    return template.make_module({"moment": lambda at: f"{at:%H:%M}"})


def test_a_hop_that_is_held_links_to_the_article_here(pieces: Any) -> None:
    html = str(pieces.chain_of(CHAIN, "", 1, 1))
    assert '<a href="/articles/7">&lt;b&gt;Ledger</a>' in html
    assert "https://l.example" not in html
    assert '<a href="https://h.example/1" rel="noopener noreferrer">Herald</a>' in html
    assert "javascript:" not in html
    assert html.count('class="seen"') == 2
    assert html.count("(named in the text)") == 2


def test_a_way_in_one_line(pieces: Any) -> None:
    html = " ".join(str(pieces.way_of(CHAIN)).split())
    assert html == (
        '<p class="meta way">memos, the origin › Herald obtained it › <a href="/articles/7">&lt;b&gt;Ledger</a>'
        " reported it › Tide prints it</p>"
    )


def test_wordings_side_by_side(pieces: Any) -> None:
    def said(article_id: int, content: str) -> Said:
        return Said(
            article_id=article_id, number=2, headline="", outlet=f"Outlet {article_id}", content=content,
            kind=StatementKind.DIRECT, polarity=Polarity.ASSERTS, role=None, day=None,
            published=NOW.replace(minute=article_id), speaker="Ada Quist", person_id=1,
        )  # fmt: skip

    whole = "We knew of the <cracks> in the wall since January and nobody wanted to hear of it"
    (quote,) = quotes([said(1, whole), said(2, whole.replace("of the <cracks> ", "").replace("hear", "<hear>"))])
    html = str(pieces.wordings_of(quote))
    assert '<a href="/articles/1#said-3">Outlet 1</a>' in html
    assert "We knew <del>of the &lt;cracks&gt; </del>in the wall" in html
    assert "&lt;hear&gt;" in html
    assert "<cracks>" not in html
    assert "word for word" in html


def test_a_card_says_who_how_and_by_way_of_whom() -> None:
    text = (
        "The meeting notes did not mention the wall, and the port would not pay, Mr Roe said, adding that he was sorry."
    )

    def span(words: str) -> Span:
        return Span(text.index(words), text.index(words) + len(words))

    def said(source: str, cue: str, content: str, speaker: Speaker | None, **more: int) -> Statement:
        return Statement(
            source=span(source) if source else None, cue=span(cue), content=(span(content),), speaker=speaker,
            kind=StatementKind.INDIRECT, **more,
        )  # fmt: skip

    roe = Speaker("Abel Roe", SpeakerKind.PERSON)
    found = Analysis(
        statements=(
            said(
                "The meeting notes",
                "did not mention",
                "the wall",
                Speaker("meeting notes", SpeakerKind.DOCUMENT),
                chain=0,
            ),
            said("Mr Roe", "said", "the port would not pay", roe, parent=0),
            said("he", "adding", "that he was sorry", roe, parent=1),
            said("", "said", "the wall", None),
            said("the port", "said", "the wall", None),
        ),
        chains=(CHAIN,),
    )
    cards = voices.cards(Article(text=text), found, {})
    assert [(one.who, one.cue, one.facts) for one in cards] == [
        ("the meeting notes", "did not mention", ("via Herald, <b>Ledger",)),
        ("Abel Roe", "said", ("as told by the meeting notes",)),
        ("Abel Roe", "adding", ()),
        ("Nobody is named", "said", ()),
        ("Not clear who (“the port”)", "said", ()),
    ]


def test_a_hop_that_nobody_names_is_unknown_and_one_of_the_credit_line_is_said_to_be() -> None:
    hops = (
        Hop(actor=Actor("Tide", ActorKind.OUTLET), does=Deed.PUBLISHED, seen=True),
        Hop(actor=Actor("dpa", ActorKind.AGENCY), does=Deed.CREDITED),
        Hop(actor=Actor("unknown", ActorKind.UNNAMED), does=Deed.REPORTED, evidence=Span(0, 2)),
    )
    links = voices.links(Chain(hops), "is said to")
    assert [(one.name, one.named, one.unknown) for one in links] == [
        ("Unknown", "not named", True),
        ("dpa", "named in the credit line", False),
        ("Tide", "", False),
    ]


def test_a_timeline_says_what_was_said_and_leaves_to_the_chain_who_reported_it() -> None:
    text = "Ada Quist on Tuesday denied that the wall was cracked, the Ledger reported on Monday. It fell on Sunday."

    def span(words: str) -> Span:
        return Span(text.index(words), text.index(words) + len(words))

    dated = [
        ("on Tuesday", date(2025, 3, 4), "Ada Quist on Tuesday denied"),
        ("on Monday", date(2025, 3, 3), "the Ledger reported"),
        ("on Sunday", date(2025, 3, 2), "It fell"),
    ]
    denial = Statement(
        source=span("Ada Quist"),
        cue=span("denied"),
        content=(span("the wall was cracked"),),
        kind=StatementKind.INDIRECT,
    )
    report = Hop(actor=Actor("Ledger", ActorKind.OUTLET), does=Deed.REPORTED, evidence=span("the Ledger reported"))
    found = Analysis(
        statements=(denial,),
        chains=(Chain((report,)),),
        dates=tuple(DateMention(span(at).start, span(at).end, day, day, span(event)) for at, day, event in dated),
    )
    moments = voices.timeline(Article(text=text), found)
    assert [(one.when, one.event) for one in moments] == [
        ("2 March 2025", "It fell"),
        ("4 March 2025", "Ada Quist on Tuesday denied that the wall was cracked"),
    ]


def test_a_story_s_timeline_tells_an_event_once_and_nothing_that_is_none() -> None:
    text = (
        "The port authority had known of cracks in the wall. The authority had known of cracks in the eastern wall."
        " It could not be reached. Its board is to meet. The board meets."
    )

    def span(words: str) -> Span:
        return Span(text.index(words), text.index(words) + len(words))

    day = date(2025, 3, 4)
    events = (
        "The port authority had known of cracks in the wall",
        "The authority had known of cracks in the eastern wall",
        "It could not be reached",
        "Its board is to meet",
        "The board meets",
    )
    dates = tuple(DateMention(span(one).start, span(one).end, day, day, span(one)) for one in events)
    moments = telling.timeline(((Article(text=text), Analysis(dates=dates)),))
    assert [one.event for one in moments] == [events[0], events[4]]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(1974, 5, 25), date(1975, 5, 26), "1974–1975"),
        (date(2025, 1, 5), date(2025, 11, 5), "2025"),
        (date(2025, 5, 30), date(2025, 6, 2), "30 May 2025 to 2 June 2025"),
    ],
)
def test_a_stretch_of_time_is_told_as_roughly_as_it_is_known(first: date, last: date, words: str) -> None:
    assert voices.days(first, last) == words
