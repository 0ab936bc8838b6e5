"""Folders of feeds: on the page of feeds, where a feed is moved from one to another, and in the list beside the front page."""

from __future__ import annotations

import re

from apis_world import add_feed
from web_client import Client

from app_running import Running


def listed(page: str) -> list[tuple[str, list[str]]]:
    """The folders of the page of feeds, each with the titles in it."""
    parts = re.split(r'<h2 class="of-feeds"[^>]*>', page)[1:]
    return [
        (part.partition(" <span")[0].partition("</h2")[0], re.findall(r'<h3 id="f-\d+"><a [^>]*>([^<]*)<', part))
        for part in parts
    ]


def test_feeds_stand_in_their_folders_and_are_moved(app: Running) -> None:
    house = app.house
    for url, title, folder in (
        ("https://a.example/feed", "Anchor", "Coast"),
        ("https://b.example/feed", "Beacon", ""),
        ("https://c.example/feed", "Canal", "Coast"),
    ):
        add_feed(house, url, title, folder)
    browser = Client(app.base)
    assert listed(browser.ask("GET", "/feeds")[2]) == [("In no folder", ["Beacon"]), ("Coast", ["Anchor", "Canal"])]
    rail = browser.ask("GET", "/?show=latest")[2].partition('<aside class="rail"')[2]
    assert '<summary dir="auto">Coast</summary>' in rail
    assert rail.index("b.example") < rail.index("<summary") < rail.index("a.example") < rail.index("c.example")
    token = browser.token()
    status, _, _ = browser.ask("POST", "/feeds/1/folder", {"csrf": token, "folder": " <Harbour> "})
    assert status == 303
    assert listed(browser.ask("GET", "/feeds")[2]) == [
        ("In no folder", ["Beacon"]),
        ("&lt;Harbour&gt;", ["Anchor"]),
        ("Coast", ["Canal"]),
    ]
    for feed_id in ("1", "3"):
        browser.ask("POST", f"/feeds/{feed_id}/folder", {"csrf": token, "folder": ""})
    assert listed(browser.ask("GET", "/feeds")[2]) == [("All feeds", ["Anchor", "Beacon", "Canal"])]
    assert '<summary dir="auto">' not in browser.ask("GET", "/?show=latest")[2].partition('<aside class="rail"')[2]


def test_a_feed_is_renamed_and_gets_its_own_name_back(app: Running) -> None:
    add_feed(app.house, "https://a.example/feed", "Anchor", "")
    browser = Client(app.base)
    form = {"csrf": browser.token(), "name": " The <Anchor> "}
    assert browser.ask("POST", "/feeds/1/name", form)[0] == 303
    assert listed(browser.ask("GET", "/feeds")[2]) == [("All feeds", ["The &lt;Anchor&gt;"])]
    for path in ("/opml", "/feeds/1"):
        assert "The &lt;Anchor&gt;" in browser.ask("GET", path)[2]
    assert browser.ask("POST", "/feeds/1/name", form | {"name": ""})[0] == 303
    assert listed(browser.ask("GET", "/feeds")[2]) == [("All feeds", ["Anchor"])]
    assert browser.ask("POST", "/feeds/99/name", form)[0] == 404
