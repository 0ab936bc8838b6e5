"""Every feed out of the demo's world, as real pages and feeds make it, by the rules of those who check feeds."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

import pytest
from feed_rules import complaints

from app_running import Running
from firsthand.model.beats import BeatKind

pytestmark = pytest.mark.xdist_group("web")


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
def test_every_feed_is_valid(filled: Running, form: str) -> None:
    store, desk = filled.house.store, filled.house.desk
    owner = store.readers.owner()
    sections = [f"sections/{slug}" for slug, _ in store.articles.sections(owner.id, 50)]
    outlets = [f"outlets/{one.id}" for one in store.articles.outlets(owner.id)]
    stories = [f"stories/{one.id}" for one in store.stories.front(owner.id, limit=50)]
    beat = desk.beats.add(owner, BeatKind.SEARCH, "wall")
    paths = ["front", "saved", f"beats/{beat.slug}", *sections, *outlets, *stories]
    assert sections
    assert outlets
    assert stories
    wrong = {}
    for address in [f"/out/{path}.{form}" for path in paths] + [f"/out/search.{form}?q=the+wall"]:
        body, media_type = _get(filled.base, address)
        if found := complaints(form, body, filled.base + address, media_type):
            wrong[address] = found
    desk.beats.remove(owner, beat.slug)
    assert not wrong


def _get(base: str, path: str) -> tuple[bytes, str]:
    where = urlsplit(base)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status == 200, path
    return body, answer.headers["content-type"]
