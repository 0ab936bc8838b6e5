"""Flattened pages in different manners: what a crawler or a browser's "save as text" leaves of a page."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from firsthand.extract import read_body, read_text
from firsthand.model.article import Article, BlockKind, Dateline, Redistribution
from firsthand.model.errors import NotAnArticle
from firsthand.model.when import When

FLAT = Path(__file__).parent / "flat"


def read(name: str, url: str | None = None) -> Article:
    return read_text((FLAT / f"{name}.txt").read_text("utf-8"), url=url)


@pytest.mark.parametrize(
    ("name", "headline", "byline", "agency", "published", "modified", "language"),
    [
        (
            "harbor-gazette",
            "Port authority knew of cracks, memos show",
            ("Ada Quist", "Tom Bellweather"),
            "AP",
            "2025-03-08T14:19:00-05:00",
            "2025-03-09T08:02:00-04:00",  # the clocks went forward that night
            "en",
        ),
        (
            "kuestenblatt",
            "Land will Deiche schneller erhöhen",
            ("Jana Petersen",),
            "dpa",
            "2025-03-08T14:19:00",
            "2025-03-09T08:02:00",
            "de",
        ),
        (
            "le-phare",
            "Le gouvernement renonce à la réforme du port",
            ("Lucie Moreau",),
            "AFP",
            "2025-03-08T14:19:00",
            "2025-03-09T08:02:00",
            "fr",
        ),
        (
            "el-faro",
            "El puerto de Altamar despide a 300 estibadores",
            ("Marta Cruz Salcedo",),
            None,
            "2025-03-08T14:19:00+01:00",
            None,
            "es",
        ),
        (
            "shore-times",
            "Trawlers told to stay in port as cyclone nears coast",
            ("Meera Pillai",),
            "PTI",
            "2025-03-08T14:19:00+05:30",
            None,
            "en",
        ),
        (
            "minato-nippo",
            "湾岸道路、３年ぶりに全線開通 物流の改善に期待",
            ("山田太郎",),
            None,
            "2025-03-08T14:19:00",
            None,
            "ja",
        ),
        (
            "wire-wrapped",
            "Ferry service to the islands to resume on Monday",
            (),
            "Coast News Agency",
            None,
            None,
            "en",
        ),
    ],
)
def test_the_furniture_names_the_article(
    name: str,
    headline: str,
    byline: tuple[str, ...],
    agency: str | None,
    published: str | None,
    modified: str | None,
    language: str,
) -> None:
    article = read(name)
    assert article.headline == headline
    assert article.byline == byline
    assert article.agency == agency
    assert (article.published and article.published.isoformat()) == published
    assert (article.modified and article.modified.isoformat()) == modified
    assert article.language == language


@pytest.mark.parametrize(
    ("name", "begins", "ends"),
    [
        ("harbor-gazette", "HARBORVIEW, March 8 (AP) - The harbor authority", "The council meets again on Tuesday."),
        ("kuestenblatt", "Norderhafen (dpa) – Das Land will seine Deiche", "ein Gespräch noch vor Ostern."),
        ("le-phare", "Le gouvernement a annoncé samedi", "ses pertes à 85 millions d'euros."),
        ("el-faro", "La empresa que gestiona la terminal", "la autoridad portuaria publicados en enero."),
        ("shore-times", "Fishing boats along the eastern coast", "remain closed on Monday and Tuesday."),
        ("minato-nippo", "湾岸地区と港を結ぶ湾岸道路が八日", "通勤時間帯の渋滞も解消される見通しだ。"),
        ("wire-wrapped", "HARBORVIEW, March 8 (Coast News Agency) - Ferries", "calmer weather from Sunday evening."),
    ],
)
def test_the_body_is_the_body_and_nothing_else(name: str, begins: str, ends: str) -> None:
    article = read(name)
    assert article.text.startswith(begins)
    assert article.text.endswith(ends)
    for furniture in (
        "ADVERTISEMENT",
        "Anzeige",
        "Lesen Sie auch",
        "Lire aussi",
        "ALSO READ",
        "newsletter",
        "©",
        "Avec AFP",
    ):
        assert furniture not in article.text


def test_section_paths_come_from_breadcrumbs_without_home_and_headline() -> None:
    assert read("kuestenblatt").section == ("Politik", "Landespolitik")
    assert read("le-phare").section == ("Monde", "Europe")
    assert read("shore-times").section == ("India News",)
    assert read("harbor-gazette").section == ()


def test_outlets_come_from_title_copyright_line_or_address() -> None:
    assert read("harbor-gazette").outlet.name == "The Harbor Gazette"
    assert read("shore-times").outlet.name == "Shore Times"
    assert read("le-phare", "https://www.lephare.example/a/1").outlet.domain == "lephare.example"


def test_rights_lines_and_what_they_say() -> None:
    forbidden = read("kuestenblatt").rights
    assert forbidden is not None
    assert forbidden.redistribution is Redistribution.FORBIDDEN
    assert "Weiterverbreitung" in forbidden.line
    assert read("le-phare").rights == read("le-phare").rights
    plain = read("harbor-gazette").rights
    assert plain is not None
    assert plain.line == "© 2025 The Harbor Gazette. All rights reserved."
    assert plain.redistribution is None
    assert read("minato-nippo").rights is not None
    assert read("minato-nippo").rights.redistribution is Redistribution.FORBIDDEN  # type: ignore[union-attr]


def test_datelines() -> None:
    assert read("harbor-gazette").dateline == Dateline("Harborview", date(2025, 3, 8))
    assert read("kuestenblatt").dateline == Dateline("Norderhafen")
    assert read("el-faro").dateline is None


def test_subheads_are_headings() -> None:
    article = read("harbor-gazette")
    headings = [article.text[block.start : block.end] for block in article.blocks if block.kind is BlockKind.HEADING]
    assert headings == ["What the memos say"]


def test_lines_wrapped_at_a_fixed_width_are_paragraphs_again() -> None:
    article = read("wire-wrapped")
    assert len(article.blocks) == 5
    assert "\n" not in article.text[article.blocks[1].start : article.blocks[1].end]


def test_what_the_text_does_not_say_may_be_told() -> None:
    told = When.day(2025, 3, 8)
    article = read_text((FLAT / "wire-wrapped.txt").read_text("utf-8"), url="https://wire.example/1", published=told)
    assert article.published == told
    assert article.url == "https://wire.example/1"
    assert article.outlet.domain == "wire.example"
    assert article.dateline == Dateline("Harborview", date(2025, 3, 8))


@pytest.mark.parametrize("text", ["", "\n\n\n", "Menu\nHome\nLog in\nSearch", "One short line.", "\x00\ud800"])
def test_a_text_without_prose_is_no_article(text: str) -> None:
    with pytest.raises(NotAnArticle):
        read_text(text)


def test_a_body_stays_as_it_is_to_the_last_character() -> None:
    text = "  First paragraph,\ntwo lines.\n\n\n \t\nSecond one.\n\n© 2025 nobody.  \n\n"
    article = read_body(text)
    assert article.text == text
    assert article.headline is None
    parts = [text[block.start : block.end] for block in article.blocks]
    assert parts == ["First paragraph,\ntwo lines.", "Second one.", "© 2025 nobody."]


def test_an_empty_body_has_no_blocks() -> None:
    assert read_body("").blocks == ()
    assert read_body(" \n\n ").blocks == ()


def test_a_body_keeps_every_place_whatever_it_holds() -> None:
    text = "One\x00 two\x83 \ud800three.\n\nFour \x1b[31mfive."
    article = read_body(text)
    assert len(article.text) == len(text)
    assert article.text.index("Four") == text.index("Four")
    assert not set(article.text) & set("\x00\x83\ud800\x1b")
