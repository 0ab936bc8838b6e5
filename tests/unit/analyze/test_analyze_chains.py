"""Chains: how a report came here, as far as its text shows."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firsthand.analyze.chains import assign_chains, find_chains
from firsthand.analyze.gazetteer import load
from firsthand.model.article import Article, Dateline, Link, OutletName, Span
from firsthand.model.findings import Chain, Deed, Speaker, SpeakerKind, Statement, StatementKind
from firsthand.model.when import When

SUNDAY = When.day(2025, 3, 9)


def article(text: str, **fields: object) -> Article:
    given = {"outlet": OutletName("Tide", None), "language": "en", "published": SUNDAY, **fields}
    return Article(text=text, **given)  # type: ignore[arg-type]


def words(chain: Chain) -> str:
    return " < ".join(f"{hop.does.value} {hop.actor.name}" for hop in chain.hops)


def chains(text: str, **fields: object) -> list[str]:
    return [words(chain) for chain in find_chains(article(text, **fields), load())]


def test_from_the_outlet_in_hand_back_to_the_documents() -> None:
    text = (
        "The Hindu newspaper on Sunday carried a report quoting a story published on Thursday by the Boston Globe.\n\n"
        "The letters show that the dam was known to leak, the Globe, which obtained the confidential letters, reported."
    )
    found = find_chains(article(text, agency="PTI"), load())
    assert [words(chain) for chain in found] == [
        "published Tide < credited Press Trust of India < carried The Hindu < obtained The Boston Globe"
        " < origin confidential letters"
    ]
    assert [hop.date for hop in found[0].hops] == [date(2025, 3, 9), None, date(2025, 3, 9), date(2025, 3, 6), None]
    assert [hop.seen for hop in found[0].hops] == [True, False, False, False, False]
    assert [hop.actor.domain for hop in found[0].hops[2:4]] == ["thehindu.com", "bostonglobe.com"]


def test_each_hop_shows_its_evidence() -> None:
    text = (
        "The plan was dropped, according to memos obtained by the Skerrow Courier, the Irish Times reported on Friday."
    )
    (chain,) = find_chains(article(text), load())
    shown = [text[hop.evidence.start : hop.evidence.end] for hop in chain.hops if hop.evidence]
    assert shown == ["the Irish Times reported on Friday", "memos obtained by the Skerrow Courier", "memos"]


def test_several_sources_are_several_chains_in_reading_order() -> None:
    assert chains("Dagny Roe told NPR it was late. Her deputy, Colm Hale, told CNN that it was not.") == [
        "published Tide < quoted NPR < origin Dagny Roe",
        "published Tide < quoted CNN < origin Colm Hale",
    ]


def test_a_credit_alone_is_a_chain_and_nothing_alone_is_none() -> None:
    assert chains("The market was quiet.", agency="dpa") == ["published Tide < credited dpa"]
    assert chains("The market was quiet.") == []


def test_words_spoken_to_the_outlet_in_hand_have_no_hop_of_it() -> None:
    text = "Ruth Hale told the Northern Post that she had asked twice. “I was told,” she told the Post."
    assert chains(text, outlet=OutletName("Northern Post", "northern-post.localhost")) == [
        "published Northern Post < origin Ruth Hale"
    ]


def test_an_outlet_that_no_page_names_is_unknown() -> None:
    found = find_chains(Article(text="The price fell, Reuters reported.", language="en"), load())
    assert [words(chain) for chain in found] == ["published unknown < reported Reuters"]
    assert found[0].hops[0].date is None


@pytest.mark.parametrize(
    "text",
    [
        "The palace rejected a report in the Irish Times that the wall would fall.",
        "Reuters did not report the incident.",
        "The BBC could not confirm the account.",
        "Neither the Guardian nor Reuters has reported it.",
        "The editor of Haaretz said the boycott would not last.",
        "A former Reuters correspondent told reporters that she was glad.",
        "The Guardian reported a loss for the third year.",
        "Mr. Solomon said that he knew nothing.",
        "Dawn Hale told the council that the noise began at five.",
        "The Sun rose at six, and the Mirror Lake lay still.",
    ],
)
def test_what_looks_like_a_chain_and_is_none(text: str) -> None:
    assert chains(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The deal is reportedly close.", "reported unknown"),
        ("Local media said the road was closed.", "reported Local media"),
        ("State television reported that the count was over.", "reported State television"),
    ],
)
def test_a_hop_that_the_text_does_not_name_stays_unnamed(text: str, found: str) -> None:
    assert chains(text) == [f"published Tide < {found}"]


def test_short_names_and_the_newspaper_join_the_chain_of_their_outlet() -> None:
    text = (
        "The Skerrow Courier reported on Friday that the pier had been sold. The newspaper said the buyer was from Cork. "
        "According to the Courier, no price was named."
    )
    assert chains(text) == ["published Tide < reported Skerrow Courier"]


def test_the_times_is_the_one_that_the_article_names() -> None:
    text = "The Seattle Times reported the strike first. The Times said 40 people had walked out."
    assert chains(text) == ["published Tide < reported The Seattle Times"]


def test_of_two_of_one_name_the_text_says_which() -> None:
    found = find_chains(article("The vote was delayed, Nigeria's The Guardian newspaper reported."), load())
    assert found[0].hops[1].actor.domain == "guardian.ng"
    found = find_chains(article("The vote was delayed, The Guardian reported."), load())
    assert found[0].hops[1].actor.domain == "theguardian.com"
    neighbor = article("The vote was delayed, The Guardian reported.", outlet=OutletName("Punch", "punchng.com"))
    assert find_chains(neighbor, load())[0].hops[1].actor.domain == "guardian.ng"


def test_a_link_names_the_outlet_that_the_text_does_not() -> None:
    text = "A local newspaper reported that the pool was empty."
    start = text.index("reported")
    link = Link(start, start + 8, "https://www.adn.com/2025/03/pool/")
    (chain,) = find_chains(article(text, links=(link,)), load())
    assert words(chain) == "published Tide < reported Anchorage Daily News"
    assert chain.hops[1].url == link.url


def test_a_weekday_counts_from_the_dateline_where_no_time_of_publication_is_known() -> None:
    text = "The ship has docked, Reuters reported on Friday."
    (chain,) = find_chains(article(text, published=None, dateline=Dateline("Cork", date(2025, 3, 8))), load())
    assert chain.hops[1].date == date(2025, 3, 7)
    (chain,) = find_chains(article(text, published=None), load())
    assert chain.hops[1].date is None


def test_whoever_calls_may_bring_a_better_reader_of_dates() -> None:
    text = "The ship has docked, Reuters reported on Friday."
    asked: list[str] = []

    def resolve(span: Span) -> date:
        asked.append(text[span.start : span.end])
        return date(2024, 2, 29)

    (chain,) = find_chains(article(text), load(), resolve=resolve)
    assert (asked, chain.hops[1].date) == (["on Friday"], date(2024, 2, 29))


def test_a_statement_tells_who_a_pronoun_is() -> None:
    text = "“It was late,” he told Reuters."
    statement = Statement(
        source=Span(15, 17),
        cue=Span(18, 22),
        content=(Span(1, 12),),
        kind=StatementKind.DIRECT,
        speaker=Speaker("Colm Hale", SpeakerKind.PERSON),
    )
    assert chains(text) == ["published Tide < quoted Reuters"]
    (chain,) = find_chains(article(text), load(), (statement,))
    assert words(chain) == "published Tide < quoted Reuters < origin Colm Hale"


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("es", "El puente sigue cerrado, informó ayer Reuters.", "reported Reuters"),
        ("fr", "Le pont reste fermé, rapporte Le Parisien.", "reported Le Parisien"),
        ("de", "Das berichtete die Süddeutsche Zeitung am Sonntag.", "reported Süddeutsche Zeitung"),
    ],
)
def test_other_languages_have_rules_of_their_own(language: str, text: str, found: str) -> None:
    assert chains(text, language=language) == [f"published Tide < {found}"]


def test_english_rules_touch_no_other_language() -> None:
    text = "Reuters reported on Friday."
    assert chains(text, language="sv") == []
    assert chains(text, language="de") == []
    assert chains(text, language="en-GB") != []


def test_without_a_language_the_stop_words_tell() -> None:
    english = "The price of the house was said to be low, and the owner said that it was for sale, Reuters reported."
    swedish = "Priset på huset var lågt och ägaren ville inte säga något mer om saken, Reuters reported."
    assert chains(english, language=None) != []
    assert chains(swedish, language=None) == []


def said(text: str, source: str, cue: str, speaker: Speaker | None = None, parent: int | None = None) -> Statement:
    at, to = text.index(source), text.index(cue)
    return Statement(
        source=Span(at, at + len(source)),
        cue=Span(to, to + len(cue)),
        content=(Span(0, 1),),
        kind=StatementKind.INDIRECT,
        speaker=speaker,
        parent=parent,
    )


def test_each_statement_belongs_to_the_chain_that_it_came_by() -> None:
    text = (
        "Documents seen by Haaretz show that the land was sold twice. Dagny Roe told CNN that she was not asked. "
        "The papers name no buyer. Roe added that she would sue. The documents list four notaries, and Ivo Tarn disagreed."
    )
    found = find_chains(article(text), load())
    assert len(found) == 2
    statements = (
        said(text, "Documents", "show"),
        said(text, "Dagny Roe", "told"),
        said(text, "Roe added", "added", Speaker("Dagny Roe", SpeakerKind.PERSON)),
        said(text, "The documents", "list"),
        said(text, "Ivo Tarn", "disagreed", Speaker("Ivo Tarn", SpeakerKind.PERSON)),
        said(text, "Ivo Tarn", "disagreed", parent=0),
    )
    assert [statement.chain for statement in assign_chains(statements, found, text)] == [0, 1, 1, 0, None, 0]


def test_what_the_papers_say_came_by_the_chain_that_began_with_papers() -> None:
    text = (
        "Cables obtained by Haaretz show that the land was sold twice. The leaked files include letters from the ministry, "
        "telling the town so. It was late, according to the meeting notes. The minutes of the council name no buyer."
    )
    found = find_chains(article(text), load())
    assert len(found) == 1
    statements = (
        said(text, "letters from the ministry", "telling"),
        said(text, "the meeting notes", "according to"),
        said(text, "The minutes of the council", "name"),
    )
    assert [statement.chain for statement in assign_chains(statements, found, text)] == [0, 0, None]


def test_where_only_a_credit_is_known_all_came_by_it() -> None:
    text = "The harbor is open, Dagny Roe said."
    found = find_chains(article(text, agency="dpa"), load())
    assert [s.chain for s in assign_chains([said(text, "Dagny Roe", "said")], found, text)] == [0]
    assert [s.chain for s in assign_chains([said(text, "Dagny Roe", "said")], (), text)] == [None]


PIECES = [
    "Reuters", "the Guardian", "Dawn", "the newspaper", "reported", " told ", " citing ", " on Friday", "memos", "obtained by ",
    "“", "”", '"', "\n\n", ". ", ", ", "; ", "according to ", "in a statement", "\x00", "\ud800", "\ue000", "\ue003", "𝔘𝔫𝔦", "é", "ﬁ",
    "local media", "said", "which ", "the ", "Mr. Hale", "quoted", "a report by ", "wrote on X", " ", "’", "\u00a0", "İ",
]  # fmt: skip


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=40),
    st.sampled_from(["en", "es", "fr", "de", None]),
)
def test_spans_lie_in_any_text_and_the_answer_is_always_the_same(pieces: list[str], language: str | None) -> None:
    text = "".join(pieces)
    told = article(text, language=language)
    found = find_chains(told, load())
    assert found == find_chains(told, load())
    for chain in found:
        assert chain.hops[0].does is Deed.PUBLISHED
        for hop in chain.hops[1:]:
            assert hop.actor.name
            if hop.evidence:
                assert 0 <= hop.evidence.start < hop.evidence.end <= len(text)


@pytest.mark.parametrize(
    ("piece", "size"),
    [("word ", 200_000), ('"a ', 200_000), ("a, ", 200_000), ("a report by ", 100_000), ("Reuters, citing ", 10_000)],
)
def test_a_text_without_end_is_read_through(piece: str, size: int) -> None:
    text = piece * (size // len(piece.split())) + "\n\nThe deal is off, Le Monde reported."
    assert chains(text)[-1].endswith("reported Le Monde")
