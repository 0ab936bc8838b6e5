"""The pages that show what changed, over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from web_client import Client

from firsthand.desk.compared import Mark, Piece
from firsthand.model.article import Article, Block, BlockKind
from firsthand.model.records import Reading
from firsthand.web.marked import marked

NOW = datetime.now(UTC)
FIRST = "The flood put 170 homes under water, the office said. <b>Nobody</b> was killed. The board will meet on Friday."
SECOND = FIRST.replace("170", "183") + "\n\nCorrection: An earlier version of this article said 170 homes."


def article(text: str) -> Article:
    return Article(
        url="https://herald.example/a", headline="Flood", text=text, blocks=(Block(BlockKind.PARAGRAPH, 0, len(text)),)
    )


@pytest.fixture
def client(app) -> Client:
    return Client(app.base)


def held(app, *texts: str, name: str = "a", **more: object) -> int:
    """An article that was read several times, each time with another text."""
    store, url = app.house.store, f"https://herald.example/{name}"
    store.readers.owner()
    key = store.ingest.add_page(url, url, NOW)
    for minute, text in enumerate(texts):
        at = NOW + timedelta(minutes=minute)
        given = {"corrected": minute > 0} | more
        store.ingest.save_reading(Reading(article_id=key, at=at, article=article(text), **given))
    return key


def test_what_an_outlet_changed_stands_on_the_page_with_its_figures_on_top(app, client: Client) -> None:
    key = held(app, FIRST, SECOND)
    status, _, page = client.ask("GET", f"/articles/{key}/changes")
    assert status == 200
    assert "<del>170 homes</del> became <ins>183 homes</ins>" in page
    assert '<del><span class="vh">[cut: </span>170<span class="vh">]</span></del>' in page
    assert '<ins><span class="vh">[added: </span>183<span class="vh">]</span></ins>' in page
    assert "1 sentence changed, 1 added" in page
    assert "&lt;b&gt;Nobody" in page
    assert "<b>Nobody" not in page


def test_the_switch_needs_no_script(app, client: Client) -> None:
    key = held(app, FIRST, SECOND)
    beside, inline = (client.ask("GET", f"/articles/{key}/changes{query}")[2] for query in ("", "?view=inline"))
    assert '<article class="compare">' in beside
    assert '<article class="compare inline">' in inline
    assert f'href="/articles/{key}/changes?view=inline&amp;from=1&amp;to=2"' in beside
    assert client.ask("GET", f"/articles/{key}/changes?view=upside-down")[0] == 400


def test_versions_are_listed_newest_first_with_what_each_changed(app, client: Client) -> None:
    key = held(app, FIRST, SECOND, SECOND + "\n\nMore rain is expected on Sunday.")
    page = client.ask("GET", f"/articles/{key}/versions")[2]
    places = [page.index(f"Version {number}<") for number in (3, 2, 1)]
    assert places == sorted(places)
    assert "1 sentence added" in page
    assert "Correction: An earlier version of this article said 170 homes." in page
    assert f'href="/articles/{key}/changes?to=3&amp;from=2"' in page
    assert f'href="/articles/{key}?version=1"' in page


def test_any_two_versions_can_be_compared_and_the_changes_around_are_linked(app, client: Client) -> None:
    key = held(app, FIRST, SECOND, SECOND.replace("Friday", "Monday"))
    page = client.ask("GET", f"/articles/{key}/changes?from=1&to=2")[2]
    assert "The change after" in page
    assert "The change before" not in page
    assert "The change before" in client.ask("GET", f"/articles/{key}/changes?from=3&to=2")[2]
    whole = client.ask("GET", f"/articles/{key}/changes?from=1&to=3")[2]
    assert "2 sentences changed, 1 added" in whole


@pytest.mark.parametrize("query", ["?from=1&to=9", "?from=7"])
def test_a_version_that_is_not_there_is_not_found(app, client: Client, query: str) -> None:
    key = held(app, FIRST, SECOND)
    assert client.ask("GET", f"/articles/{key}/changes{query}")[0] == 404


@pytest.mark.parametrize("query", ["?from=0", "?to=x", "?from=1&to=99999999999999999999"])
def test_a_number_that_is_none_is_a_bad_request(app, client: Client, query: str) -> None:
    key = held(app, FIRST, SECOND)
    assert client.ask("GET", f"/articles/{key}/changes{query}")[0] == 400


def test_an_article_that_never_changed_says_so(app, client: Client) -> None:
    key = held(app, FIRST)
    assert client.ask("GET", f"/articles/{key}/changes")[0] == 404
    assert "has not changed this article" in client.ask("GET", f"/articles/{key}/versions")[2]
    assert "what changed" not in client.ask("GET", f"/articles/{key}")[2]


def test_the_article_tells_of_its_correction_and_leads_to_what_changed(app, client: Client) -> None:
    key = held(app, FIRST, SECOND)
    page = client.ask("GET", f"/articles/{key}")[2]
    note = page.index('<aside class="notice correction"')
    assert note < page.index('<div class="body"')
    assert "corrected <time" in page
    assert f'href="/articles/{key}/changes"' in page
    assert f'href="/articles/{key}/versions"' in page
    assert '<aside class="notice correction"' not in client.ask("GET", f"/articles/{key}?version=1")[2]


def test_a_removed_article_says_so_and_is_readable(app, client: Client) -> None:
    key = held(app, FIRST)
    gone = Reading(article_id=key, at=NOW, stands=True, missing=NOW, removed=NOW)
    app.house.store.ingest.save_reading(gone)
    page = client.ask("GET", f"/articles/{key}")[2]
    assert "The outlet has removed this article." in page
    assert "The flood put 170 homes under water" in page
    assert "has removed this article" in client.ask("GET", f"/articles/{key}/versions")[2]


def test_two_articles_are_compared(app, client: Client) -> None:
    one, other = (
        held(app, FIRST),
        held(app, "In short: " + FIRST.replace(" The board will meet on Friday.", ""), name="b"),
    )
    status, _, page = client.ask("GET", f"/compare/{one}/{other}")
    assert status == 200
    assert "1 sentence changed, 1 cut" in page
    assert "words stand in" in page
    assert client.ask("GET", f"/compare/{one}/99")[0] == 404
    assert client.ask("GET", f"/compare/{one}/x")[0] in (400, 404)


def test_an_article_that_went_into_another_redirects(app, client: Client) -> None:
    one, other = held(app, FIRST, SECOND), held(app, "Another text altogether.", name="b")
    keys = ("https://herald.example/b", "https://herald.example/a")
    app.house.store.ingest.save_reading(
        Reading(article_id=other, at=NOW + timedelta(hours=1), article=article("A third text."), keys=keys)
    )
    for path, to in (
        (f"/compare/{other}/{one}", f"/compare/{one}/{one}"),
        (f"/articles/{other}/changes", f"/articles/{one}/changes"),
        (f"/articles/{other}/versions", f"/articles/{one}/versions"),
    ):
        status, headers, _ = client.ask("GET", path)
        assert (status, headers["location"]) == (301, to)


def test_copies_that_still_have_the_old_words_are_named(app, client: Client) -> None:
    long = " ".join(
        f"Line {n} of the report tells of the {word} night."
        for n, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split())
    )
    key = held(app, f"{FIRST} {long}")
    copy = held(app, f"{FIRST} {long}", name="copy")
    app.call(app.house.pipeline.run_once())
    text = f"{SECOND} {long}"
    app.house.store.ingest.save_reading(
        Reading(article_id=key, at=NOW + timedelta(hours=1), article=article(text), corrected=True)
    )
    page = client.ask("GET", f"/articles/{key}/changes")[2]
    assert "Copies that still have the old words" in page
    assert "“170 homes”" in page
    (one,) = app.house.desk.compare.changed(app.house.store.readers.owner(), [key, copy])
    assert (one.headline.id, one.number, one.words) == (key, 2, "1 sentence changed, 1 added")
    assert [told.after for told in one.told] == ["183 homes"]
    assert [carrier.headline.id for carrier in one.carriers] == [copy]


def test_what_was_corrected_is_found_by_its_time_with_the_note(app) -> None:
    key = held(app, FIRST, SECOND)
    reader = app.house.store.readers.owner()
    found = app.house.desk.compare.corrections_since(reader, NOW, followed=False)
    assert [(one.headline.id, one.at, one.note) for one in found] == [
        (key, NOW + timedelta(minutes=1), "Correction: An earlier version of this article said 170 homes.")
    ]
    assert app.house.desk.compare.corrections_since(reader, NOW + timedelta(hours=1), followed=False) == []


def test_marks_are_escaped_and_white_space_stays_outside_them() -> None:
    pieces = (Piece("<i> "), Piece("a & b ", Mark.CUT), Piece("c", Mark.ADDED))
    assert marked(pieces, True) == "&lt;i&gt; <del>a &amp; b</del> <ins>c</ins>"


def test_texts_that_have_nothing_in_common_are_told_so_and_labels_are_said_but_seen_once(app, client: Client) -> None:
    one = held(app, "The ferry did not sail. The trams stood still.")
    other = held(app, "Shares fell on Monday. Nobody knew why.", name="b")
    page = client.ask("GET", f"/compare/{one}/{other}")[2]
    assert "These two texts have hardly anything in common." in page
    assert page.count('<p class="what">Cut</p>') == 1
    assert page.count('<p class="what vh">Cut</p>') == 1
    assert "hardly anything" not in client.ask("GET", f"/compare/{one}/{one}")[2]
