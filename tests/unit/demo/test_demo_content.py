"""The demo's content files: the format, the derived texts, the dates, and the world as a whole."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from firsthand.demo.calendar import fill_dates
from firsthand.demo.content import RUN, DemoArticle, World, build_world, load_world
from firsthand.demo.markup import LINK, ContentError, parse_body, parse_file
from firsthand.demo.outlets import OUTLETS
from firsthand.demo.pictures import HEIGHT, SCENES, WIDTH, paint
from firsthand.demo.site import caption_of
from firsthand.model.article import BlockKind

START = datetime(2025, 3, 8, 14, 0, tzinfo=UTC)  # a Saturday


@pytest.fixture(scope="module")
def world() -> World:
    return load_world(START)


def _words(article: DemoArticle) -> str:
    edition = article.editions[0]
    return "\n".join([edition.headline, edition.standfirst, *(block.plain for block in edition.blocks)])


def test_the_world_has_the_size_and_cast_that_it_promises(world: World) -> None:
    assert len(OUTLETS) == 8
    assert len(world.articles) >= 115
    assert len(world.stories) >= 20
    assert {article.outlet.id for article in world.articles} == {outlet.id for outlet in OUTLETS}
    out = sum(article.out <= START for article in world.articles)
    assert 0.25 <= out / len(world.articles) <= 0.45
    assert all(article.out <= START + RUN for article in world.articles)


def test_ids_and_addresses_are_unique(world: World) -> None:
    ids = [article.id for article in world.articles]
    addresses = [(article.outlet.id, article.path) for article in world.articles]
    assert len(set(ids)) == len(ids)
    assert len(set(addresses)) == len(addresses)


@pytest.mark.parametrize(
    "start", [START, datetime(2024, 2, 29, 23, 40, tzinfo=UTC), datetime(2025, 1, 1, 0, 5, tzinfo=UTC)]
)
def test_no_mark_is_left_in_any_text(start: datetime) -> None:
    for article in load_world(start).articles:
        for edition in article.editions:
            captions = [" ".join(caption_of(block)) for block in edition.blocks if block.kind is BlockKind.IMAGE]
            prose = [block.plain for block in edition.blocks if block.kind is not BlockKind.IMAGE]
            text = "\n".join([edition.headline, edition.standfirst, *prose, *captions])
            assert not re.search(r"[{}@|]|\]\(|=>|  ", text), article.id


def test_sections_and_motifs_are_known(world: World) -> None:
    for article in world.articles:
        assert article.section[0] in article.outlet.sections, article.id
        blocks = [block for block in article.editions[0].blocks if block.kind is BlockKind.IMAGE]
        assert {block.scene for block in [*blocks, *([article.image] if article.image else [])]} <= SCENES, article.id


def test_links_lead_to_articles_that_are_out_before(world: World) -> None:
    links = 0
    for article in world.articles:
        for block in article.editions[0].blocks:
            for match in LINK.finditer(block.text):
                links += 1
                assert world.article(match["target"]).out < article.out, article.id
    assert links >= 5


def test_what_a_text_repeats_was_out_before_it(world: World) -> None:
    for article in world.articles:
        if article.gold.of:
            assert world.article(article.gold.of).out < article.out, article.id


def test_copies_contain_what_they_declare(world: World) -> None:
    copies = [article for article in world.articles if article.gold.kind in {"copy", "excerpt"}]
    assert len(copies) >= 30
    for copy in copies:
        assert copy.gold.of is not None
        original = world.article(copy.gold.of).editions[0].blocks
        mine = {_bare(block.plain) for block in copy.editions[0].blocks}
        for number, block in enumerate(original, start=1):
            text = _bare(block.plain)
            for old, new in copy.gold.swapped:
                text = text.replace(old, new)
            assert (text in mine) == (number not in copy.gold.dropped), (copy.id, number)
        assert len(mine) == len(original) - len(copy.gold.dropped) + copy.gold.inserted, copy.id


def _bare(text: str) -> str:
    """Text without the dateline, which each outlet writes in its own way."""
    return re.sub(r"^[A-Z][A-Za-z ]+(?: \(CNA\) –|:) ", "", text)


def test_every_kind_of_thing_shows_somewhere(world: World) -> None:
    kinds = {block.kind for article in world.articles for block in article.editions[0].blocks}
    assert kinds >= set(BlockKind) - {BlockKind.EMBED}
    lengths = [len(_words(article).split()) for article in world.articles]
    assert max(lengths) > 1500
    assert min(lengths) < 40
    assert {article.language for article in world.articles} == {"en", "es", "de"}
    assert any(article.free_blocks for article in world.articles)
    assert any(article.status == 403 for article in world.articles)
    assert any(article.withdrawn for article in world.articles)
    assert any(article.published < article.out - timedelta(days=700) for article in world.articles)


def test_the_ledger_corrects_and_three_copies_keep_the_old_figure(world: World) -> None:
    memos = world.article("daily-ledger/sea-wall-memos")
    before, after = (" ".join(block.plain for block in edition.blocks) for edition in memos.editions)
    assert "170 homes" in before
    assert "183" not in before
    assert "183 homes" in after
    assert "An earlier version of this article said 170 homes" in after
    copies = [one for one in world.articles if one.gold.of == "coast-news/sea-wall-cracks" and one.gold.kind == "copy"]
    assert len(copies) == 3
    for copy in copies:
        assert len(copy.editions) == 1
        assert "170 homes" in _words(copy)


def test_days_are_true_of_the_day_on_which_they_are_read(world: World) -> None:
    memos = world.article("daily-ledger/sea-wall-memos")
    assert memos.published.date() == date(2025, 3, 7)
    assert "a report published on Friday by the Daily Ledger" in _words(
        world.article("northern-post/sea-wall-ledger-memos")
    )
    assert "este sábado" in _words(world.article("el-correo/dique-harborview"))
    assert "am 17. Februar" in _words(world.article("radio-meridian/flutschutz-deutsch"))


def test_today_is_the_readers_day_where_it_is_still_yesterday() -> None:
    text = fill_dates("{weekday:0} {weekday:-1}", zero=date(2025, 3, 8), published=date(2025, 3, 7), language="en")
    assert text == "Friday Friday"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Saturday, 5 March, March, 2025, 8 March 2025"),
        ("es", "sábado, 5 de marzo, marzo, 2025, 8 de marzo de 2025"),
        ("de", "Samstag, 5. März, März, 2025, 8. März 2025"),
    ],
)
def test_dates_are_written_in_the_language_of_the_text(language: str, expected: str) -> None:
    day = date(2025, 3, 8)
    text = "{weekday:0}, {date:-3}, {month:0}, {year:0}, {fulldate:0}"
    assert fill_dates(text, zero=day, published=day, language=language) == expected


def test_duration_scales_the_run_and_leaves_the_past_alone() -> None:
    whole, short = load_world(START), load_world(START, timedelta(seconds=10))
    for one in whole.articles:
        other = short.article(one.id)
        if one.out <= START:
            assert other.out == one.out
        else:
            assert abs((other.out - START) * 60 - (one.out - START)) < timedelta(milliseconds=1)


def test_body_blocks_are_told_apart() -> None:
    source = "One\nline.\n\n## Head\n\n> Said.\n\n- a\n- b\n  c\n\n1. x\n\n| A | B |\n| 1 | 2 |\n\n![sea](Cap | Me)"
    blocks = [placed.block for placed in parse_body(source)]
    assert [block.kind.value for block in blocks] == [
        "paragraph", "heading", "quote", "list", "list", "table", "image",
    ]  # fmt: skip
    assert blocks[0].text == "One line."
    assert blocks[3].items == ("a", "b c")
    assert (blocks[3].level, blocks[4].level) == (0, 1)
    assert blocks[5].rows == (("A", "B"), ("1", "2"))
    assert (blocks[6].scene, blocks[6].text) == ("sea", "Cap | Me")


_STORY = "---\nstory: s\ntitle: T\n"
_ORIGINAL = "---\nid: tide/a\nheadline: H\nout: -1h\nkind: original\nsection: Top\n---\nOne two.\n\nThree.\n"


@pytest.mark.parametrize(
    ("article", "complaint"),
    [
        (
            "---\nid: tide/b\nout: +1:00\nkind: copy\nof: tide/a\nsection: Top\nswap: four => five\n---\n",
            "not in the text",
        ),
        ("---\nid: tide/b\nout: +1:00\nkind: copy\nof: tide/a\nsection: Top\ndrop: 3\n---\n", "no block"),
        ("---\nid: tide/b\nout: +1:00\nkind: copy\nof: tide/a\nsection: Top\n---\nNot placed.\n", "no block"),
        ("---\nid: tide/b\nout: +1:00\nkind: copy\nof: tide/x\nsection: Top\n---\n", "no article"),
        ("---\nid: tide/b\nout: soon\nkind: copy\nof: tide/a\nsection: Top\n---\n", "no time"),
        ("---\nid: tide/b\nout: +1:00\nkind: rumor\nsection: Top\n---\nX.\n", "no kind"),
        ("---\nid: tide/b\nout: +1:00\nkind: copy\nof: tide/a\nsection: Top\ncolor: red\n---\n", "unknown header"),
        ("---\nid: tide/a\nheadline: H\nout: -1h\nkind: original\nsection: Top\n---\nX.\n", "twice"),
        ("---\nid: tide/b\nout: -1h\nkind: original\nsection: Top\n---\nX.\n", "lacks"),
        ("---\nid: tide/b\nwhat is this\n---\nX.\n", "no “key: value”"),
        ("---\nid: tide/b\nheadline: H\n", "alternate"),
    ],
)
def test_mistakes_in_content_files_are_named(article: str, complaint: str) -> None:
    with pytest.raises(ContentError, match=complaint):
        build_world([parse_file(_STORY + _ORIGINAL + article, "file.md")], START)


@pytest.mark.parametrize("scene", sorted(SCENES))
def test_pictures_are_png_of_the_size_they_state(scene: str) -> None:
    picture = paint(scene, 7)
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(picture[16:20]) == WIDTH
    assert int.from_bytes(picture[20:24]) == HEIGHT
    assert picture.endswith(b"IEND\xaeB`\x82")
    assert paint(scene, 8) != picture
