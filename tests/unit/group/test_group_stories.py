"""Stories: joining, splitting, ids that stay, and the bad cases of real streams."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from firsthand.group.engine import Grouper, Incoming
from firsthand.group.notices import corrects
from firsthand.group.repair import average_link, keep_ids
from firsthand.group.story_line import StoryLine
from firsthand.model.when import When

START = datetime(2024, 3, 5, 8, tzinfo=UTC)

FERRY = (
    "Ferry Aurora runs aground off Skerrow with 140 aboard",
    "The ferry Aurora ran aground on a reef off Skerrow on Tuesday morning with 140 passengers aboard, the coast guard "
    "said. Lifeboats took everyone off within two hours, and nobody was hurt. Captain Ines Dahl told the coast guard that the "
    "Aurora had lost power near the Kettle reef. The ferry company Norlink stopped all crossings between Skerrow and Harborview.",
)
FERRY_TOO = (
    "All 140 passengers safe after Aurora ferry hits reef near Skerrow",
    "Everyone aboard the ferry Aurora was rescued after it struck the Kettle reef off Skerrow, the coast guard said on "
    "Tuesday. The Norlink ferry had lost power on its way to Harborview. Captain Ines Dahl and 140 passengers were brought ashore "
    "by lifeboats. Norlink has stopped its crossings until the reef has been searched.",
)
BUDGET = (
    "Parliament passes budget with a cut in the fuel tax",
    "Parliament in Vellin passed the budget on Tuesday by 61 votes to 58 after a night of debate. Finance Minister Tomas Brandt "
    "said that the fuel tax would fall by four cents in July. The Green Party voted against it. Prime Minister Alva Renn called the "
    "vote a relief, and said that talks on pensions would begin next month.",
)


def incoming(
    key: str, piece: tuple[str, str], hours: float | None = 0.0, source: str = "ledger", language: str = "en"
) -> Incoming:
    date = None if hours is None else When.of(START + timedelta(hours=hours))
    return Incoming(id=key, title=piece[0], text=piece[1], date=date, source=source, language=language)


def stories(*articles: Incoming) -> dict[object, str]:
    grouper = Grouper()
    for article in articles:
        grouper.add(article)
    return dict(grouper.finish())


@pytest.mark.parametrize("hours", [None, 0.0])
def test_two_reports_of_one_event_are_one_story_and_another_event_is_not(hours: float | None) -> None:
    found = stories(
        incoming("a", FERRY, hours), incoming("b", BUDGET, hours, "post"), incoming("c", FERRY_TOO, hours, "post")
    )
    assert found["a"] == found["c"] != found["b"]


def test_a_grouper_takes_the_stories_that_it_is_given_though_they_are_empty() -> None:
    line = StoryLine()
    assert Grouper(line).stories is line


def test_a_headline_joins_the_report_that_it_stands_over() -> None:
    found = stories(
        incoming("a", FERRY), incoming("b", BUDGET, 0.0, "post"), incoming("c", (FERRY_TOO[0], ""), 1.0, "wire")
    )
    assert found["a"] == found["c"] != found["b"]


def test_the_same_ferry_a_month_later_is_another_story() -> None:
    again = (
        "Ferry Aurora back in service after new rudder is fitted",
        "The ferry Aurora left Skerrow on Friday for the first time with a new rudder. Norlink said that the yard had taken nine "
        "days longer than planned. Tickets cost half for a week. The harbor master welcomed the crew with flowers and a brass band.",
    )
    found = stories(incoming("a", FERRY), incoming("b", again, 24 * 31))
    assert found["a"] != found["b"]


def test_an_anniversary_piece_that_repeats_old_text_is_another_story() -> None:
    piece = ("A year ago: the night the Aurora ran aground", "A year ago this week the Aurora was lost. " + FERRY[1])
    found = stories(incoming("a", FERRY), incoming("b", piece, 24 * 365))
    assert found["a"] != found["b"]


def test_a_copy_joins_the_story_of_its_original_whatever_its_headline() -> None:
    found = stories(incoming("a", FERRY), incoming("b", ("Watch this", FERRY[1]), 3, "portal"))
    assert found["a"] == found["b"]


def test_a_daily_table_of_one_outlet_is_each_day_its_own_story() -> None:
    days = [
        (
            "Weather for the coast",
            "Today on the coast: wind from the west, force four, showers. Sea state moderate. " + table,
        )
        for table in (
            "High water at Harborview 6.12 and 18.40, at Skerrow 7.03 and 19.25. Temperature 11 at noon.",
            "High water at Harborview 7.02 and 19.31, at Skerrow 7.55 and 20.16. Temperature 9 at noon.",
        )
    ]
    grouper = Grouper()
    first, second = (grouper.add(incoming(str(day), piece, 24.0 * day)) for day, piece in enumerate(days))
    assert first.assignment.story is None
    assert "repeats" not in second.assignment.reason


def test_a_live_blog_that_grows_stays_in_its_story() -> None:
    grown = (
        FERRY[1]
        + " Update at noon: divers have found a crack in the hull. Norlink will tow the Aurora to Harborview on Thursday."
    )
    found = stories(incoming("a", FERRY), incoming("b", (FERRY[0], grown), 4), incoming("c", FERRY_TOO, 5, "post"))
    assert len(set(found.values())) == 1


def test_two_languages_do_not_meet_by_chance() -> None:
    german = (
        "Parlament beschließt Haushalt mit niedrigerer Steuer auf Benzin",
        "Das Parlament hat am Dienstag nach einer langen Nacht den Haushalt beschlossen. Die Steuer auf Benzin sinkt im Juli.",
    )
    found = stories(incoming("a", FERRY), incoming("b", german, 1, "bote", "de"), incoming("c", BUDGET, 1, "post"))
    assert len(set(found.values())) == 3


def test_a_reason_is_given_in_words() -> None:
    grouper = Grouper()
    grouper.add(incoming("a", FERRY))
    grouped = grouper.add(incoming("b", FERRY_TOO, 1, "post"))
    assert grouped.assignment.story is not None
    assert grouped.assignment.reason.endswith(".")
    assert "aurora" in grouped.assignment.reason.casefold()


@pytest.mark.parametrize("text", ["", "\x00\ud800", "x" * 1_000_000, "a b " * 250_000, "新闻" * 5_000, "“" * 10_000])
def test_any_text_can_come(text: str) -> None:
    found = stories(incoming("a", (text[:2_000], text)), incoming("b", ("", text), 1))
    assert set(found) == {"a", "b"}


def test_forty_thousand_words_and_forty_can_come() -> None:
    long = " ".join(f"word{number % 5_003}" for number in range(40_000))
    grouper = Grouper()
    grouper.add(incoming("long", ("A long report", long)))
    grouped = grouper.add(incoming("short", ("A brief", " ".join(long.split()[100:300])), 1))
    assert [match.of for match in grouped.copies] == ["long"]


def test_average_link_joins_what_is_like_on_the_whole() -> None:
    scores = {("a", "b"): 2.0, ("b", "c"): 1.0, ("a", "c"): -3.5, ("d", "e"): 0.5}
    assert sorted(map(sorted, average_link("abcde", scores))) == [["a", "b"], ["c"], ["d", "e"]]


def test_ids_stay_with_the_larger_part_and_merged_stories_redirect() -> None:
    before = {"a": 1, "b": 1, "c": 1, "d": 2, "e": 3}
    repaired = keep_ids([["a", "b"], ["c"], ["d", "e"]], before, lambda _: 9)
    assert repaired.stories == {"a": 1, "b": 1, "c": 9, "d": 2, "e": 2}
    assert dict(repaired.redirects) == {3: 2}


def test_two_events_that_are_told_by_way_of_one_newspaper_are_two_stories() -> None:
    fire = (
        "Report warned of rotten poles near island fire, paper says",
        "A report warned that poles of a power line near the source of a wildfire were rotten, El Correo de "
        "Porto Velho reported on Tuesday. The company Red Aldara told El Correo that the report had been assessed. The burned area "
        "has grown to 420 hectares.",
    )
    bronze = (
        "Museum returns bronze; affidavit tells of theft",
        "A bronze figure that the City Museum is to return was stolen, according to a sworn statement of 114 "
        "years ago, El Correo de Porto Velho has reported. A resident saw four sailors wheel the figure away under a blanket. "
        "The museum told the agency, and El Correo, that it had not known of the document.",
    )
    paper = incoming("p", ("Encalla el ferry", "El ferry encalló el martes."), 0.0, "El Correo de Porto Velho", "es")
    found = stories(paper, incoming("a", fire, 1.0, "wire"), incoming("b", bronze, 2.0, "wire"))
    assert found["a"] != found["b"]


WALL = (
    "Harborview port knew of sea wall cracks, memos show",
    "HARBORVIEW (CNA) – The port authority knew nine weeks before the flood that the sea wall had cracks, memos show. The wall at "
    "Ropewalk broke on 5 November, and 170 homes were flooded. The director, Ida Marsh, denied on Monday that she was warned. "
    "The council will ask for an inquiry. The wall was built fifty years ago, and its gates were last repaired in spring.",
)
NOTICE = (
    "CORRECTION: Number of homes flooded in Harborview is 183",
    "HARBORVIEW (CNA) – In stories about the sea wall at Harborview sent since Monday, CNA reported that 170 homes were flooded "
    "on 5 November. The figure is 183. Clients who have used the stories are asked to correct them.",
)


@pytest.mark.parametrize("source", ["cna", "ledger"])
def test_a_notice_of_correction_joins_what_its_own_house_had_sent(source: str) -> None:
    grouper = Grouper()
    for article in (
        incoming("a", WALL, 0.0, "cna"),
        incoming("b", BUDGET, 1.0, source),
        incoming("c", FERRY, 2.0, "cna"),
    ):
        grouper.add(article)
    grouped = grouper.add(incoming("n", NOTICE, 30.0, source))
    assert ("corrects" in grouped.assignment.reason) == (source == "cna")
    if source == "cna":
        found = grouper.finish()
        assert found["n"] == found["a"] != found["b"]


def test_a_notice_that_corrects_nothing_held_is_a_story_by_itself() -> None:
    found = stories(incoming("a", BUDGET, 0.0, "cna"), incoming("n", NOTICE, 1.0, "cna"))
    assert found["a"] != found["n"]


@pytest.mark.parametrize(
    ("title", "notice"),
    [
        ("CORRECTION: Number of homes is 183", True),
        ("Eds: Corrects – name of the mayor", True),
        ("Berichtigung: 183 Häuser", True),
        ("Rectificatif : le nombre est de 183", True),
        ("Correction in markets goes on", False),
        ("Corrections officers strike", False),
        ("", False),
    ],
)
def test_what_is_a_notice_of_correction(title: str, notice: bool) -> None:
    assert corrects(title, 40) is notice
    assert not corrects(title, 400)
