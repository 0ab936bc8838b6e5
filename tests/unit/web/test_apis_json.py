"""The JSON API: the same as the pages show, in the shapes that its description promises."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from apis_world import NOW, App, seed

from app_running import serving
from firsthand.config import Settings
from firsthand.model.tokens import Scope
from firsthand.web.settings import WebSettings


class Program(App):
    """A program with a bearer token."""

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any, dict[str, str]]:
        sent = {"Authorization": f"Bearer {self.auth}"} | headers
        raw = None
        if body is not None:
            raw, sent = json.dumps(body).encode(), sent | {"Content_Type": "application/json"}
        status, answered, text = self.ask(method, f"/api/v1{path}", raw, **sent)
        return status, json.loads(text) if text else None, {name.lower(): value for name, value in answered.items()}

    def of(self, path: str) -> Any:
        status, found, _ = self.call("GET", path)
        assert status == 200, found
        return found

    def every(self, path: str) -> list[int]:
        """Ids of a list, part by part."""
        ids: list[int] = []
        cursor = ""
        while True:
            found = self.of(f"{path}{'&' if '?' in path else '?'}{cursor}")
            ids += [one["id"] for one in found["items"]]
            if found["next"] is None:
                return ids
            cursor = f"cursor={found['next']}"


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Program]:
    with serving(Settings(data=tmp_path / "data", web=WebSettings(port=0))) as (base, house, _):
        yield Program(base, house)


def test_articles_come_part_by_part_both_ways_and_narrowed(api: Program) -> None:
    made = seed(api.house, 3, 5)
    ids = sorted(key for some in made.values() for key in some)
    assert api.every("/articles?limit=4") == ids[::-1]
    assert api.every("/articles?limit=4&oldest_first=true") == ids
    assert api.every("/articles?feed=2") == made[2][::-1]
    assert api.every("/articles?folder=News&limit=2") == made[2][::-1]
    assert api.every(f"/articles?since={(NOW + timedelta(hours=1)).isoformat().replace('+', '%2B')}") == []
    assert api.every("/articles?until=2020-01-01T00:00:00") == []
    assert api.call("POST", "/marks", {"ids": ids[:2], "read": True, "saved": True})[0] == 204
    assert api.every("/articles?read=true") == ids[1::-1]
    assert api.every("/articles?saved=true&limit=1") == ids[1::-1]
    assert api.every("/articles?read=false&limit=4") == ids[:1:-1]
    assert api.call("POST", "/read-all", {"folder": "News", "until": NOW.isoformat()})[0] == 204
    assert set(api.every("/articles?read=true")) == {*ids[:2], *made[2]}
    assert api.call("POST", "/read-all", {})[0] == 204
    assert api.every("/articles?read=false") == []


def test_an_article_whole(api: Program) -> None:
    (ids,) = seed(api.house, 1, 1).values()
    found = api.of(f"/articles/{ids[0]}")
    assert found["head"]["headline"] == "Council meets"
    assert found["head"]["outlet"]["domain"] == "f0.example"
    assert found["article"]["text"] == "The council met <on> Monday."
    assert "<p>The council met &lt;on&gt; Monday.</p>" in found["html"]
    assert [one["number"] for one in found["versions"]] == [1]
    assert found["feeds"] == [{"id": 1, "title": "Feed <0> & co"}]
    assert not api.of(f"/articles/{ids[0]}")["head"]["read"]  # looking is not reading
    assert api.of("/search?q=council")["items"][0]["id"] == ids[0]
    assert api.of("/search?q=nothing")["items"] == []


def test_what_is_held_already_is_not_sent_again(api: Program) -> None:
    (ids,) = seed(api.house, 1, 2).values()
    _, _, headers = api.call("GET", "/articles")
    tag = headers["etag"]
    for sent in (tag, f'W/{tag}, "other"', "*"):
        status, found, again = api.call("GET", "/articles", If_None_Match=sent)
        assert (status, found, again["etag"]) == (304, None, tag)
    api.call("POST", "/marks", {"ids": ids[:1], "read": True})
    status, _, headers = api.call("GET", "/articles", If_None_Match=tag)
    assert status == 200
    assert headers["etag"] != tag


def test_feeds_are_followed_moved_and_left(api: Program) -> None:
    seed(api.house, 2, 1)
    first, second = api.of("/feeds")["items"]
    assert (first["title"], first["folder"], second["folder"]) == ("Feed <0> & co", "", "News")
    status, found, _ = api.call("PATCH", "/feeds/1", {"folder": "Local"})
    assert (status, found["folder"]) == (200, "Local")
    assert api.call("DELETE", "/feeds/1")[0] == 204
    assert api.call("DELETE", "/feeds/1")[0] == 404
    assert [one["id"] for one in api.of("/feeds")["items"]] == [2]
    status, found, _ = api.call("POST", "/feeds", {"url": "http://127.0.0.1:1/feed"})
    assert status == 502
    assert found["detail"]


def test_stories_people_and_changes_are_asked(api: Program) -> None:
    seed(api.house, 1, 3)
    assert api.of("/stories") == {"items": [], "next": None}  # none is looked for in this test
    assert api.of("/people?q=nobody") == {"items": []}
    found = api.of("/changes?limit=2")
    assert [one["kind"] for one in found["items"]] == ["article.new", "article.new"]
    rest = api.of(f"/changes?after={found['latest']}")
    assert rest["items"][0]["seq"] == found["latest"] + 1
    assert api.of(f"/changes?after={rest['latest']}") == {"items": [], "latest": rest["latest"]}


@pytest.mark.parametrize(("method", "path", "status"), [
    ("GET", "/articles/999", 404), ("GET", "/articles/x", 404), ("GET", "/articles?cursor=x", 400), ("GET", "/nothing", 404),
    ("GET", "/articles?limit=0", 400), ("GET", "/search?q=before:soon", 400), ("GET", "/stories/999", 404), ("PUT", "/feeds", 405),
    ("GET", "/people/999", 404), ("POST", "/marks", 400), ("GET", "/stories?cursor=1.x", 400),
])  # fmt: skip
def test_what_goes_wrong_is_a_problem(api: Program, method: str, path: str, status: int) -> None:
    got, found, headers = api.call(method, path)
    assert got == status
    assert headers["content-type"] == "application/problem+json"
    assert found["status"] == status
    assert found["detail"].endswith(".")
    if status == 405:
        assert set(headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}


def test_a_token_is_needed_and_goes_as_far_as_its_scopes(api: Program) -> None:
    status, found, headers = api.call("GET", "/me", Authorization="Bearer fh_wrong")
    assert (status, found["status"], headers["www-authenticate"]) == (401, 401, "Bearer")
    made = api.house.desk.tokens.make(api.house.store.readers.owner(), "reads", [Scope.READ])
    reads = Program(f"http://{api.where.netloc}", api.house, auth=made.secret)
    assert reads.of("/me") == {"id": 1, "name": "owner", "zone": "", "scopes": ["read"]}
    assert reads.call("POST", "/marks", {"ids": [1], "read": True})[0] == 403
    assert reads.call("DELETE", "/feeds/1")[0] == 403


def test_the_description_names_every_address_and_needs_no_token(api: Program) -> None:
    status, found, _ = api.call("GET", "/openapi.json", Authorization="none")
    assert status == 200
    assert found["openapi"].startswith("3.1")
    assert {"/api/v1/articles", "/api/v1/feeds/{feed_id}", "/api/v1/stories/{story_id}"} <= set(found["paths"])
    operations = [one for path in found["paths"].values() for one in path.values()]
    assert all(one["description"] for one in operations)
    assert len({one["operationId"] for one in operations}) == len(operations)
    assert all("422" not in one["responses"] for one in operations)
