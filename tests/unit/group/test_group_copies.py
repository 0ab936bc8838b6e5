"""Copies: words, fingerprints, alignment, kinds and directions."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthand.group.align import align
from firsthand.group.boilerplate import furniture, sentences
from firsthand.group.copies import Printed, match_copies, reversed_match
from firsthand.group.direction import Named, Provenance, direction
from firsthand.group.fingerprint import fingerprints
from firsthand.group.index import MemoryIndex
from firsthand.group.wording import wording
from firsthand.group.words import split_words, word_hashes
from firsthand.model.grouping import CopyKind, Direction, Evidence, PartKind
from firsthand.model.when import When

NOON = datetime(2024, 3, 5, 12, tzinfo=UTC)


def prose(seed: int, words: int) -> str:
    """Invented prose: the same seed gives the same text, two seeds share no run of five words."""
    chance = random.Random(seed)
    vocabulary = ["".join(chance.choices("abcdefghijklmnoprstuvw", k=chance.randint(3, 9))) for _ in range(400)]
    return " ".join(chance.choice(vocabulary) for _ in range(words))


def printed(key: str, text: str, **known: object) -> Printed:
    return Printed(Provenance(article=key, **known), text, wording(text))  # type: ignore[arg-type]


@given(st.text())
def test_any_text_has_words_with_their_places(text: str) -> None:
    words = split_words(text)
    assert np.array_equal(words.hashes, word_hashes(text))
    assert all(text[start:end].strip() for start, end in zip(words.starts, words.ends, strict=True))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The mayor’s office said", "the Mayor's office said"),
        ("CAFÉ “closed”", "café closed"),
        ("sold for 4.2 million — cash", "Sold for 4.2 million, cash"),
    ],
)
def test_printings_differ_in_case_quotes_and_dashes_only(one: str, other: str) -> None:
    assert word_hashes(one).tolist() == word_hashes(other).tolist()


def test_figures_are_words() -> None:
    assert word_hashes("170 killed").tolist() != word_hashes("183 killed").tolist()


def test_scripts_without_spaces_count_by_character() -> None:
    assert len(split_words("政府は発表した")) == 7
    assert len(split_words("हिन्दी में समाचार")) == 3


def test_texts_that_share_twenty_words_share_a_fingerprint() -> None:
    for seed in range(20):
        common = prose(1000 + seed, 20)
        one = fingerprints(word_hashes(f"{prose(seed, 300)} {common} {prose(seed + 100, 300)}"))
        other = fingerprints(word_hashes(f"{prose(seed + 200, 300)} {common} {prose(seed + 300, 300)}"))
        assert len(np.intersect1d(one, other)) >= 1


def test_the_index_ranks_by_what_is_shared_and_keeps_so_many_articles_a_fingerprint() -> None:
    index: MemoryIndex[str] = MemoryIndex(postings=2)
    for key in ("a", "b", "c"):
        index.add(key, np.array([1, 2], np.uint64))
    index.add("c", np.array([3], np.uint64))
    assert index.candidates(np.array([1, 2, 3], np.uint64), 5) == [("a", 2), ("b", 2), ("c", 1)]
    assert index.candidates(np.array([9], np.uint64), 5) == []


def test_an_embedded_report_is_found_whole() -> None:
    report = prose(1, 200)
    page = f"{prose(2, 400)} {report} {prose(3, 400)}"
    (match,) = match_copies(printed("page", page), [printed("report", report)])
    assert match.kind is CopyKind.EMBEDS
    assert match.kept > 0.99
    assert 0.15 < match.reused < 0.25
    assert reversed_match(match).kind is CopyKind.EXCERPT


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (prose(1, 300), CopyKind.IDENTICAL),
        (prose(1, 300) + " " + prose(7, 60), CopyKind.COPY),
        (" ".join(prose(1, 300).split()[:120]), CopyKind.EXCERPT),
        (" ".join(prose(1, 300).split()[:120]) + " " + prose(8, 200), CopyKind.QUOTES),
    ],
)
def test_kinds(text: str, kind: CopyKind) -> None:
    (match,) = match_copies(printed("here", text), [printed("there", prose(1, 300))])
    assert match.kind is kind


def test_sixty_words_quoted_make_no_copy() -> None:
    passage = " ".join(prose(1, 400).split()[100:160])
    page = f"{prose(2, 150)} “{passage}” {prose(3, 150)}"
    assert match_copies(printed("page", page), [printed("other", prose(1, 400))]) == ()


def test_a_speech_that_both_quote_makes_no_copy() -> None:
    speech = " ".join(f"“{prose(50 + part, 30)}”" for part in range(4))
    one, other = f"{prose(2, 110)} {speech}", f"{speech} {prose(3, 300)}"
    assert all(match.kind is CopyKind.QUOTES for match in match_copies(printed("a", one), [printed("b", other)]))


def test_forty_words_printed_twice_are_a_copy() -> None:
    (match,) = match_copies(printed("a", prose(4, 40)), [printed("b", prose(4, 40))])
    assert match.kind is CopyKind.IDENTICAL


def test_furniture_of_an_outlet_is_no_copy() -> None:
    notice = f"{prose(90, 60).capitalize()}. {prose(91, 60).capitalize()}."
    pages = [f"{prose(seed, 70).capitalize()}. {notice}" for seed in range(5)]
    marks = [frozenset(sentence.mark for sentence in sentences(page)) for page in pages]
    unwanted = furniture(marks[:4])
    here = Printed(Provenance(article="e"), pages[4], wording(pages[4], unwanted))
    there = Printed(Provenance(article="a"), pages[0], wording(pages[0], unwanted))
    assert match_copies(here, [there]) == ()
    assert match_copies(printed("e", pages[4]), [printed("a", pages[0])])


def side(key: str, **known: object) -> Provenance:
    return Provenance(article=key, **known)  # type: ignore[arg-type]


def when(hours: float) -> When:
    return When.of(NOON + timedelta(hours=hours))


AGENCY = side("wire", outlet="Associated Press", aliases=("AP",), published=when(3))


@pytest.mark.parametrize(
    ("here", "there", "expected", "evidence"),
    [
        (side("a", agency=Named("AP"), published=when(0)), AGENCY, Direction.FROM, Evidence.CREDIT),
        (side("a", agency=Named("AFP")), side("b", agency=Named("AFP")), Direction.SHARED, Evidence.CREDIT),
        (
            side("a", agency=Named("AFP"), published=when(2)),
            side("b", published=when(0)),
            Direction.UNKNOWN,
            Evidence.CREDIT,
        ),
        (side("a", reported=(Named("The Ledger"),)), side("b", outlet="Ledger"), Direction.FROM, Evidence.REPORTED),
        (side("a", outlet="Ledger"), side("b", reported=(Named("Ledger"),)), Direction.TO, Evidence.REPORTED),
        (
            side("a", links=("http://www.x.test/1/?utm=2",)),
            side("b", url="https://x.test/1"),
            Direction.FROM,
            Evidence.LINK,
        ),
        (side("a", published=when(0)), side("b", published=when(2)), Direction.TO, Evidence.PUBLISHED),
        (side("a", seen=NOON), side("b", seen=NOON + timedelta(hours=1)), Direction.TO, Evidence.SEEN),
        (side("a", seen=NOON), side("b", seen=NOON + timedelta(minutes=10)), Direction.UNKNOWN, Evidence.NONE),
    ],
)
def test_direction_by_the_strongest_evidence(
    here: Provenance, there: Provenance, expected: Direction, evidence: Evidence
) -> None:
    verdict, reason = direction(here, there)
    assert (verdict, reason.evidence) == (expected, evidence)
    assert direction(there, here)[0] is expected.turned


def test_an_outlet_that_back_dates_is_not_believed() -> None:
    late = side("late", published=when(-40), seen=NOON)
    first = side("first", published=when(-2), seen=NOON - timedelta(hours=2))
    assert direction(late, first)[0] is Direction.UNKNOWN


def test_a_clock_that_runs_a_day_ahead_is_not_believed() -> None:
    ahead = side("ahead", published=when(24), seen=NOON)
    other = side("other", published=when(2), seen=NOON + timedelta(hours=2))
    verdict, reason = direction(ahead, other)
    assert (verdict, reason.evidence) == (Direction.TO, Evidence.SEEN)


def test_days_without_a_clock_decide_only_where_they_lie_apart() -> None:
    fifth, sixth, ninth = (side(str(day), published=When.day(2024, 3, day)) for day in (5, 6, 9))
    assert direction(fifth, sixth)[0] is Direction.UNKNOWN
    assert direction(fifth, ninth)[0] is Direction.TO


def test_an_alignment_shows_what_was_kept_cut_changed_and_moved() -> None:
    first, second, third = prose(1, 40), prose(2, 40), prose(3, 40)
    there = f"{first} 170 people were killed {second} {third}"
    here = f"{third} {first} 183 people were killed {second}"
    found = align(here, there)
    moved = [part for part in found.parts if part.kind is PartKind.MOVED]
    changed = [part for part in found.parts if part.kind is PartKind.CHANGED]
    assert [here[part.here.start : part.here.end] for part in moved] == [third]
    assert [(there[p.there.start : p.there.end], here[p.here.start : p.here.end]) for p in changed] == [("170", "183")]


@given(st.lists(st.sampled_from("abcdefgh"), max_size=80), st.lists(st.sampled_from("abcdefgh"), max_size=80))
def test_an_alignment_covers_every_word_of_both_once(one: list[str], other: list[str]) -> None:
    here, there = " ".join(one), " ".join(other)
    found = align(here, there)
    assert sum(len(here[p.here.start : p.here.end].split()) for p in found.parts) == len(one)
    assert sum(len(there[p.there.start : p.there.end].split()) for p in found.parts) == len(other)
    for part in found.parts:
        if part.kind in (PartKind.KEPT, PartKind.MOVED):
            assert here[part.here.start : part.here.end] == there[part.there.start : part.there.end]
    assert 0 <= found.kept <= 1
    assert 0 <= found.reused <= 1


def test_forty_thousand_words_are_aligned() -> None:
    words = prose(1, 40_000).split()
    found = align(" ".join(words[20_000:] + words[:20_000]), " ".join(words))
    assert found.kept == pytest.approx(1.0)
    assert any(part.kind is PartKind.MOVED for part in found.parts)
