"""People: what every text must survive; the set of readings is in tests/eval/people."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firsthand.analyze.parse import is_english, parse
from firsthand.analyze.people import Cast, find_entities, resolve_speaker
from firsthand.model.article import Span
from firsthand.model.findings import SpeakerKind

WORDS = st.sampled_from(
    "Asad Majeed Khan , Mr. Ms. President of the Ministry Transport said he she they it “ ” \" . ' 's a senior official who 45 (WHO) Dawn O'Brien"
    " \n\n and for Dr. McGee-Smith von der Leyen ÉMILE I One THE LAST LINE residents memo according to \x00 \ud800 日本 é".split(
        " "
    )
)
TEXTS = st.lists(WORDS, max_size=40).map(" ".join) | st.text(max_size=200)


@settings(deadline=None, max_examples=80)
@given(TEXTS, st.sampled_from(["en", "es", "fr", "de-AT", "pt", None]), st.booleans())
def test_mentions_and_roles_lie_in_the_text(text: str, language: str | None, parsed: bool) -> None:
    doc = parse(text) if parsed and is_english(language) else None
    found = find_entities(text, doc, language, outlets=lambda name: name == "Dawn")
    assert find_entities(text, doc, language, outlets=lambda name: name == "Dawn") == found
    for one in found:
        assert one.name.strip()
        assert one.mentions
        starts = [span.start for span in one.mentions]
        assert starts == sorted(starts)
        for span in (*one.mentions, *(role.span for role in one.roles)):
            assert 0 <= span.start < span.end <= len(text)
        for role in one.roles:
            assert role.text == " ".join(text[role.span.start : role.span.end].split())


@settings(deadline=None, max_examples=60)
@given(TEXTS, st.integers(0, 200), st.integers(0, 60))
def test_any_span_may_be_asked_for(text: str, start: int, length: int) -> None:
    doc = parse(text)
    found = find_entities(text, doc, "en")
    start = min(start, len(text))
    span = Span(start, min(len(text), start + length))
    speaker = Cast(text, found, doc).speaker(span)
    assert speaker is None or speaker.entity is None or found[speaker.entity].name == speaker.name
    assert resolve_speaker(text, span, found, doc) == speaker


def test_no_source_is_nobody() -> None:
    assert resolve_speaker("It rained.", None, (), parse("It rained.")) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00",
        "\ud800",
        "x" * 100_000,
        "Mr. " * 2_000,
        "Khan " * 2_000,
        "(" * 50_000,
        "“" * 20_000,
        "A. " * 2_000,
    ],
)
def test_hostile_texts_are_read(text: str) -> None:
    doc = parse(text)
    assert len(doc.text) == len(text)
    Cast(text, find_entities(text, doc, "en"), doc).speaker(Span(0, min(len(text), 9)))
    find_entities(text, None, "de")


def test_the_parse_keeps_every_offset() -> None:
    text = "  “Yes,”\n\nMr. Khan \x00said\ud800.\n  It's …… ok!  \n"
    doc = parse(text)
    assert len(doc.text) == len(text)
    assert all(text[token.idx : token.idx + len(token)] == token.text or "\ufffd" in token.text for token in doc)


def test_english_rules_touch_no_other_language() -> None:
    text = "President Jan Peeters said he would go. Mr. Peeters left."
    assert find_entities(text, None, "nl") == ()
    assert find_entities(text, None, None) == ()


def test_outlets_are_no_persons_where_the_gazetteer_knows_them() -> None:
    text = "Dawn carried a report by Politico on Saturday."
    found = find_entities(text, parse(text), "en", outlets={"Dawn", "Politico"}.__contains__)
    assert [(one.name, one.kind.value) for one in found] == [("Dawn", "outlet"), ("Politico", "outlet")]


@pytest.mark.parametrize(
    ("text", "words", "name", "kind"),
    [
        ("Anna Berg met the mayor. She said it rained.", "She", "Anna Berg", SpeakerKind.PERSON),
        ("The firm said it was sorry.", "The firm", "firm", SpeakerKind.ORGANIZATION),
        ("Two officials said so.", "Two officials", "two officials", SpeakerKind.UNNAMED),
        ("Officials said so.", "Officials", "officials", SpeakerKind.GROUP),
        ("A set of leaked memos shows it.", "A set of leaked memos", "leaked memos", SpeakerKind.DOCUMENT),
        ("Ann Lee and Tom Orr said so.", "Ann Lee and Tom Orr", "Ann Lee and Tom Orr", SpeakerKind.GROUP),
    ],
)
def test_a_source_is_named_by_its_kind(text: str, words: str, name: str, kind: SpeakerKind) -> None:
    doc = parse(text)
    at = text.index(words)
    speaker = resolve_speaker(text, Span(at, at + len(words)), find_entities(text, doc, "en"), doc)
    assert speaker is not None
    assert (speaker.name, speaker.kind) == (name, kind)
