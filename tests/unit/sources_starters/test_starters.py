"""The list of starter outlets is data that people click on: it is checked as such."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from urllib.parse import urlsplit

import pytest

from firsthand.model.urls import absolute_url, domain_of
from firsthand.sources.starters import KINDS, _starter, load_starters

CONTINENTS = {
    "Africa": """AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW
        MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW""",
    "Asia": """AE AF AM AZ BD BH BN BT CN CY GE HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY NP
        OM PH PK PS QA SA SG SY TH TJ TL TM TR TW UZ VN YE""",
    "Europe": """AD AL AT AX BA BE BG BY CH CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD
        ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA""",
    "North America": """AG AI AW BB BL BM BQ BS BZ CA CR CU CW DM DO GD GL GP GT HN HT JM KN KY LC MF MQ MS MX NI PA PM
        PR SV SX TC TT US VC VG VI""",
    "Oceania": "AS AU CC CK CX FJ FM GU HM KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS",
    "South America": "AR BO BR CL CO EC FK GF GY PE PY SR UY VE",
}
CONTINENT_OF = {code: name for name, codes in CONTINENTS.items() for code in codes.split()}

TOPICS = {"World", "National", "Economy", "Science", "Technology", "Climate", "Culture", "Sport"}
LANGUAGE = re.compile(r"(?P<primary>[a-z]{2,3})(?:-(?P<region>[A-Z]{2}))?")
STARTERS = load_starters()


def test_there_are_enough_outlets_from_everywhere() -> None:
    assert len(STARTERS) >= 60
    assert len({s.country for s in STARTERS}) >= 30
    per_continent = Counter(CONTINENT_OF[s.country] for s in STARTERS)
    assert set(per_continent) == set(CONTINENTS)
    assert min(per_continent.values()) >= 5


def test_agencies_papers_broadcasters_and_specialists_are_all_there() -> None:
    assert {s.kind for s in STARTERS} == KINDS
    assert {s.topic for s in STARTERS} == TOPICS


@pytest.mark.parametrize("field", ["name", "domain", "feed_url", "home"])
def test_nothing_is_listed_twice(field: str) -> None:
    counts = Counter(getattr(s, field).casefold() for s in STARTERS)
    assert [value for value, count in counts.items() if count > 1] == []


def test_countries_are_iso_codes() -> None:
    assert [s.name for s in STARTERS if s.country not in CONTINENT_OF] == []


def test_languages_are_bcp47_tags() -> None:
    def is_tag(tag: str) -> bool:
        match = LANGUAGE.fullmatch(tag)
        return match is not None and (match["region"] is None or match["region"] in CONTINENT_OF)

    assert [s.name for s in STARTERS if not is_tag(s.language)] == []


@pytest.mark.parametrize("field", ["home", "feed_url"])
def test_addresses_are_absolute_https_and_already_clean(field: str) -> None:
    urls = [getattr(s, field) for s in STARTERS]
    assert [url for url in urls if urlsplit(url).scheme != "https"] == []
    assert [url for url in urls if absolute_url(None, url) != url] == []


def test_homes_lie_on_the_outlets_own_domain() -> None:
    assert [s.name for s in STARTERS if domain_of(s.home) != s.domain] == []


def test_every_outlet_says_where_its_feed_was_seen() -> None:
    assert [s.name for s in STARTERS if not s.checked or s.checked.strip() != s.checked] == []


def test_text_fields_are_plain() -> None:
    values = [value for s in STARTERS for value in dataclasses.astuple(s)]
    assert [value for value in values if not re.fullmatch(r"[^\x00-\x1f<>]+", value)] == []


def test_a_mistyped_field_in_the_data_file_is_named() -> None:
    table = dataclasses.asdict(STARTERS[0])
    table["feedurl"] = table.pop("feed_url")
    with pytest.raises(ValueError, match="feed_url, feedurl"):
        _starter(table)
