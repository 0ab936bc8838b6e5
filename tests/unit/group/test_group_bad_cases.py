"""Streams that mislead: what goes through `firsthand group` as it came, and the stories that a reader would make of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from firsthand.group.engine import Grouper, Incoming
from firsthand.group.story_terms import story_features
from firsthand.group.storylines import carries_on, subject, topic
from firsthand.model.grouping import CopyKind
from firsthand.model.storylines import Near
from firsthand.model.when import When

START = datetime(2024, 3, 5, 8, tzinfo=UTC)

STRIKE = (
    "Ferry captains at Marrow Sound walk out over pay",
    "Captains of the Marrow Sound ferry walked out on Monday, and 4,000 people were left on the quay. The union Harbour Hands "
    "wants seven percent more pay from Norline, said its head Tilda Brekke. Norline called the walkout of the captains a surprise "
    "and offered talks in April. The island of Marrow has food for nine days, the district council said.",
)
STRIKE_TOO = (
    "No ferries to Marrow as captains strike for more pay",
    "Some 4,000 passengers were stranded at Marrow Sound on Monday when ferry captains walked out over pay. Tilda Brekke of the "
    "union Harbour Hands said that Norline had refused seven percent. The council of Marrow said that food on the island would "
    "last nine days. Norline was surprised by the walkout, its spokesman said, and would talk in April.",
)
TALKS = (
    "Norline and ferry captains meet over pay",
    "Three weeks after the walkout at Marrow Sound, Norline sat down with Harbour Hands. Tilda Brekke said that the captains would "
    "run the ferry again if Norline raised pay. Norline gave no figure.",
)
OPENING = "Every morning before the street wakes, I walk the dog along the canal and think about what the paper has left out. "


def came(key: str, title: str, text: str, hours: float = 0.0, source: str = "ledger", **more: str) -> Incoming:
    return Incoming(
        id=key, title=title, text=text, date=When.of(START + timedelta(hours=hours)), source=source, **more
    )  # fmt: skip


def stories(*articles: Incoming) -> dict[object, str]:
    grouper = Grouper()
    for article in articles:
        grouper.add(article)
    return dict(grouper.finish())


def test_a_live_blog_that_grows_all_day_is_one_story() -> None:
    updates = [f"{9 + n}.20: The council has found {n + 2} buses for people from pier {n}. " for n in range(12)]
    blog = [
        came(f"v{n}", STRIKE[0] + " - live", "".join(reversed(updates[:n])) + STRIKE[1], 1.0 + n) for n in range(13)
    ]
    found = stories(*blog, came("other", *STRIKE_TOO, 9.0, "post"))
    assert len(set(found.values())) == 1


def test_a_daily_column_with_the_same_opening_is_each_day_another_story() -> None:
    found = stories(
        came(
            "mon",
            "Notes: On bread",
            OPENING + "A baker in Tollgate has given up sourdough, and I do not miss it at all.",
        ),
        came(
            "tue",
            "Notes: On chess",
            OPENING + "My niece beat a grandmaster online, who then asked for her homework.",
            24,
        ),
        came(
            "wed",
            "Notes: On rain",
            OPENING + "The gutters of Saint Anne spilled over again; somebody has planted cress.",
            48,
        ),
    )
    assert len(set(found.values())) == 3


def test_market_tables_of_two_days_are_two_stories() -> None:
    def table(day: str, prices: tuple[float, ...]) -> str:
        names = ("Nordlys", "Bright Loom", "Halvern Rail", "Tidewater", "Ostra Bank")
        return f"Closing prices on {day}. " + " ".join(
            f"{name} {price:.2f}." for name, price in zip(names, prices, strict=True)
        )

    found = stories(
        came("mon", "Markets at a glance", table("Monday", (12.1, 4.02, 88.4, 7.7, 19.3))),
        came("tue", "Markets at a glance", table("Tuesday", (12.4, 3.97, 87.9, 7.9, 18.8)), 24),
    )
    assert found["mon"] != found["tue"]


def test_obituaries_in_the_same_words_are_of_two_people_and_of_one_are_one() -> None:
    def obituary(name: str, age: int, what: str, where: str) -> tuple[str, str]:
        return (
            f"{name}, {what}, dies at {age}",
            f"{name}, {what}, has died at the age of {age}, the family said on Tuesday. Born in {where}, {name.split()[1]} is "
            f"survived by two children and four grandchildren. The funeral will be held on Friday at {where}.",
        )

    singer, judge = (
        obituary("Mira Solberg", 81, "the singer of “Salt Road”", "Anker"),
        obituary("Otto Feld", 90, "the judge who freed the miners", "Karrow"),
    )
    again = (
        "Singer Mira Solberg is dead",
        "Mira Solberg died in Anker at 81, her children said. With “Salt Road” the singer filled halls for forty years. Anker will "
        "name a square after Solberg, the mayor said on Tuesday.",
    )
    found = stories(came("a", *singer), came("b", *judge, 1.0), came("c", *again, 2.0, "post"))
    assert found["a"] == found["c"] != found["b"]


def test_obituaries_of_one_house_in_the_same_words_are_as_many_stories_as_people() -> None:
    def obituary(name: str, age: int, what: str, where: str) -> tuple[str, str]:
        return (
            f"{name}, {what}, dies aged {age}",
            f"{name}, {what}, has died in {where} at the age of {age}, the family announced on Monday. {name.split()[1]} leaves three "
            f"children and five grandchildren. A service will be held at {where} cathedral on Saturday at eleven. Donations to the "
            "hospice are asked for in place of flowers.",
        )

    dead = (
        ("Nora Quill", 91, "novelist", "Brill"),
        ("Stefan Ruud", 84, "mountaineer", "Hede"),
        ("Ines Calder", 76, "cellist", "Amel"),
    )
    found = stories(*(came(name, *obituary(name, *rest), hours=n) for n, (name, *rest) in enumerate(dead)))  # type: ignore[arg-type]
    assert len(set(found.values())) == 3


def test_obituaries_of_two_houses_are_of_two_people() -> None:
    found = stories(
        came(
            "painter", "Painter Ulla Brandt has died",
            "The painter Ulla Brandt died in Kolm on Tuesday. She was 84. Her large grey seas hang in the state museum. Brandt studied "
            "under Otto Holm and taught for thirty years at the art school of Lund.",
        ),
        came(
            "conductor", "Conductor Milo Fenn has died",
            "The conductor Milo Fenn died in Lund on Tuesday. He was 77. His recordings of the late quartets for strings won prizes. "
            "Fenn led the orchestra of Kolm for twenty years and taught at the music school of Lund.", 2.0, "post",
        ),
        came(
            "again", "Ulla Brandt, painter of grey seas, dead at 84",
            "Ulla Brandt, whose grey seas hang in the state museum, has died in Kolm at 84, the art school of Lund said. She had "
            "taught there for thirty years.", 3.0, "wire",
        ),
    )  # fmt: skip
    assert found["painter"] == found["again"] != found["conductor"]


def test_one_name_in_two_events_is_two_stories() -> None:
    found = stories(
        came("a", *STRIKE),
        came(
            "b", "Tilda Brekke’s choir wins prize in Lugano",
            "A choir from the north won the prize of the jury in Lugano on Sunday. Tilda Brekke sings alto in it. They sang four "
            "psalms and one song about herring, and were given a glass bell.", 3.0, "post",
        ),
    )  # fmt: skip
    assert found["a"] != found["b"]


def test_a_name_that_two_people_have_makes_no_story() -> None:
    found = stories(
        came(
            "striker", "Striker Hanno Brill signs for Lund",
            "The striker Hanno Brill has signed for Lund until 2027, the club said on Tuesday. Brill scored 19 goals for Kolm last "
            "season. The fee was not given.",
        ),
        came(
            "governor", "Central bank of Morvia raises rate to 4.5 percent",
            "The central bank of Morvia raised its key rate by a quarter point to 4.5 percent on Tuesday. Governor Hanno Brill said "
            "that inflation, at 6.2 percent, remained far above the goal of two. Economists had expected no change.", 1.0, "post",
        ),
    )  # fmt: skip
    assert found["striker"] != found["governor"]


def test_a_list_of_notices_is_of_no_prize_that_is_called_like_a_thing_found() -> None:
    found = stories(
        came(
            "notices", "Harbour notes for Tuesday",
            "Berth 3 is closed for dredging. Found at the pier: a left glove and a silver oar. The office opens at nine.",
        ),
        came(
            "prize", "Silver Oar for rower Mads Lie at Amel",
            "The rower Mads Lie won the Silver Oar at the regatta of Port Amel on Tuesday. Second was Ines Calder of Hede.", 2.0, "wire",
        ),
    )  # fmt: skip
    assert found["notices"] != found["prize"]


@pytest.mark.parametrize(
    "titles", [("Garden letters, 11 May", "Garden letters, 12 May"), ("Weather for Tuesday", "Weather for Wednesday")]
)
def test_a_column_whose_headline_tells_its_date_is_each_day_another_story(titles: tuple[str, str]) -> None:
    opening = "Every day we answer letters about balconies and window sills. Send yours to the usual address and enclose a leaf. "
    found = stories(
        came("a", titles[0], opening + "My hydrangea drops its buds. Water it in the morning and not at noon."),
        came("b", titles[1], opening + "Ants in the lawn. Let them live; they eat what eats your roses.", 24.0),
    )
    assert found["a"] != found["b"]


def test_a_new_figure_in_a_headline_is_no_new_column() -> None:
    found = stories(
        came("a", "Ferry stranded: 4,000 wait", STRIKE[1]),
        came("b", "Ferry stranded: 1,400 wait", STRIKE_TOO[1], 20.0),
    )
    assert found["a"] == found["b"]


def test_an_old_report_that_comes_late_is_not_of_the_story_that_prints_it_again_today() -> None:
    again = came("again", "A year on: the walkout at Marrow Sound", "A year ago today we wrote: " + STRIKE[1])
    old = came("old", *STRIKE, -24 * 365, "wire")
    found = stories(again, old)
    assert found["again"] != found["old"]


def test_a_story_that_pauses_three_weeks_is_a_new_event_of_the_same_line() -> None:
    found = stories(came("a", *STRIKE), came("b", *STRIKE_TOO, 2.0, "post"), came("c", *TALKS, 24 * 21))
    assert found["a"] == found["b"] != found["c"]
    before = subject([topic(story_features(n, *one)) for n, one in enumerate((STRIKE, STRIKE_TOO))])
    mine = subject([topic(story_features(9, *TALKS))])
    near = Near(earlier={1: mine.beside(before)}, seen=dict.fromkeys(mine.terms, 2), stories=1_000)
    assert carries_on(mine, near) == 1


def test_an_agency_that_corrects_itself_after_forty_copies_stays_in_its_story() -> None:
    wire = [came("wire", *STRIKE, 0.0, "wire")]
    copies = [came(f"c{n}", f"Ferries stop, version {n}", STRIKE[1], 0.5 + n / 20, f"paper{n}") for n in range(40)]
    anew = came("anew", "CORRECTED: " + STRIKE[0], STRIKE[1].replace("4,000", "1,400"), 4.0, "wire")
    note = came(
        "note", "CORRECTION: Number of people at Marrow Sound is 1,400",
        "In its story of Monday on the ferry captains at Marrow Sound the agency gave the number of people on the quay as 4,000. "
        "It is 1,400.", 4.5, "wire",
    )  # fmt: skip
    grouper = Grouper()
    grouped = {article.id: grouper.add(article) for article in (*wire, *copies, anew, note)}
    assert len(set(grouper.finish().values())) == 1
    # Of all that print it the agency's new version is found to repeat them, word for word but one.
    assert {match.kind for match in grouped["anew"].copies} <= {CopyKind.COPY, CopyKind.IDENTICAL}


@pytest.mark.parametrize("hours", [-24 * 400, -24 * 9, -24, 24])
def test_a_copy_with_a_wrong_clock_or_a_date_of_long_ago_is_still_of_its_story(hours: float) -> None:
    found = stories(came("a", *STRIKE), came("b", "Ferries stop", STRIKE[1], hours, "portal"))
    assert found["a"] == found["b"]


@pytest.mark.parametrize("hours", [-24, 24])
def test_a_report_by_a_clock_that_is_wrong_by_a_day_joins(hours: float) -> None:
    found = stories(came("a", *STRIKE), came("b", *STRIKE_TOO, hours, "post"))
    assert found["a"] == found["b"]


def test_two_languages_are_two_stories_until_somebody_translates() -> None:
    german = (
        "Fähren nach Marrow stehen still: Kapitäne streiken",
        "Die Kapitäne der Fähre am Marrow Sound haben am Montag die Arbeit niedergelegt. Tilda Brekke von der Gewerkschaft "
        "Harbour Hands fordert sieben Prozent mehr Lohn von Norline.",
    )
    found = stories(
        came("a", *STRIKE), came("b", *german, 1.0, "bote", language="de"), came("c", *german, 2.0, "x", language="de")
    )
    assert found["b"] == found["c"] != found["a"]


def test_forty_words_and_forty_thousand_of_one_event() -> None:
    short = " ".join(STRIKE_TOO[1].split()[:40])
    long = STRIKE[1] + " " + " ".join(f"clause{n % 4_999} of the contract" for n in range(10_000))
    found = stories(
        came("a", *STRIKE), came("b", STRIKE_TOO[0], short, 1.0, "post"), came("c", STRIKE[0], long, 2.0, "gazette")
    )
    assert found["a"] == found["b"] == found["c"]
