"""The gazetteer: what the table holds, names in a text, outlets by address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthand.analyze.gazetteer import Gazetteer, Outlet, load
from firsthand.model.findings import ActorKind


def names(text: str, gazetteer: Gazetteer | None = None) -> list[str]:
    return [text[named.start : named.end] for named in (gazetteer or load()).find(text)]


def test_the_table_is_as_large_as_promised() -> None:
    outlets = load().outlets
    assert sum(outlet.kind is ActorKind.OUTLET for outlet in outlets) >= 2000
    assert len({outlet.country for outlet in outlets}) >= 100
    assert sum(outlet.kind is ActorKind.AGENCY for outlet in outlets) >= 100


def test_no_domain_has_two_outlets_and_each_looks_like_one() -> None:
    domains = [domain for outlet in load().outlets for domain in outlet.domains]
    assert all("." in domain and domain == domain.lower() and not domain.startswith("www.") for domain in domains)
    main = [outlet.domain for outlet in load().outlets if outlet.domain]
    assert len(main) == len(set(main))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He told The New York Times so.", ["New York Times"]),
        ("It was in Nikkei Asia, not in Nikkei.", ["Nikkei Asia", "Nikkei"]),
        ("l’Humanité l'a dit au Monde", ["Humanité", "Monde"]),
        ("新华社 reported it", ["新华社"]),
        ("reuters and dawn in small letters", []),
        ("Reutersx, @Reuters, #Reuters, pro-Reuters", []),
        ("Globe-trotting is no paper", []),
        ("", []),
    ],
)
def test_names_are_met_whole_longest_and_as_written(text: str, found: list[str]) -> None:
    assert names(text) == found


@pytest.mark.parametrize("name", ["Time", "The Sun", "Mirror", "Standard", "Metro", "Today", "Dawn", "People", "AA"])
def test_a_name_that_is_a_common_word_is_weak(name: str) -> None:
    assert load().is_weak(name)


@pytest.mark.parametrize("name", ["Reuters", "The New York Times", "Politico", "AP", "BBC", "El País"])
def test_a_name_that_nothing_else_bears_is_strong(name: str) -> None:
    assert not load().is_weak(name)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://www.rediff.com/news/report/1.htm", "Rediff.com"),
        ("https://edition.cnn.com:443/2024/x", "CNN"),
        ("bbc.co.uk", "BBC"),
        ("asia.nikkei.com", "Nikkei Asia"),
        ("https://www.nikkei.com/", "Nikkei"),
    ],
)
def test_an_address_leads_to_its_outlet(address: str, name: str) -> None:
    outlet = load().by_domain(address)
    assert outlet is not None
    assert outlet.name == name


@pytest.mark.parametrize(
    "address", ["", "com", "https://example.org/", "http://[broken", "https:///x", "localhost", "\x00"]
)
def test_an_unknown_address_leads_nowhere(address: str) -> None:
    assert load().by_domain(address) is None


def test_the_best_known_of_a_name_comes_first() -> None:
    assert next(outlet.country for outlet in load().named("The Guardian")) == "GB"
    assert {outlet.country for outlet in load().named("The Guardian")} >= {"GB", "NG"}


def test_a_house_adds_its_own_outlets() -> None:
    own = Outlet("Daily Ledger", ActorKind.OUTLET, domains=("daily-ledger.localhost",))
    larger = load().plus([own])
    assert larger.by_domain("daily-ledger.localhost") is own
    assert names("as the Daily Ledger said", larger) == ["Daily Ledger"]
    assert len(larger) == len(load()) + 1


@given(st.text())
def test_spans_lie_in_the_text_and_never_overlap(text: str) -> None:
    end = 0
    for named in load().find(text):
        assert end <= named.start < named.end <= len(text)
        end = named.end
