"""Every address by every method: HEAD as GET, OPTIONS, 405 with what is allowed, and errors as pages and as text."""

from __future__ import annotations

import pytest
from fastapi.routing import iter_route_contexts
from web_client import Client

from firsthand.web.app import create_app

PAGES = ["/", "/articles/4", "/outlets/1", "/feeds/1", "/sections/news", "/saved", "/feeds", "/follow", "/search?q=wall",
         "/settings", "/opml", "/healthz", "/metrics", "/feeds/summary/line", "/login"]  # fmt: skip


@pytest.fixture
def client(filled) -> Client:
    return Client(filled.base)


def routes(app) -> list[tuple[str, set[str]]]:
    """Every address of the application with its methods, as the framework itself lists them."""
    contexts = iter_route_contexts(create_app(app.house.desk).routes)
    return [(one.path or "/", set(one.methods or ())) for one in contexts if one.endpoint is not None]


@pytest.mark.parametrize("path", PAGES)
def test_head_is_get_without_the_body(client: Client, path: str) -> None:
    client.ask("GET", path)  # the first visit sets a cookie
    status, headers, text = client.ask("GET", path)
    head_status, head_headers, head_text = client.ask("HEAD", path)
    assert head_status == status
    assert head_text == ""
    changing = {"date", "content-length"}  # pages tell the time, figures change: lengths may differ
    assert {name for name in head_headers if name not in changing} == {name for name in headers if name not in changing}
    assert head_headers["content-type"] == headers["content-type"]
    assert head_headers["content-security-policy"] == headers["content-security-policy"]
    assert text or status == 303


def test_every_get_answers_head_too(filled) -> None:
    reading = [methods for _, methods in routes(filled) if "GET" in methods]
    assert len(reading) >= 15
    assert all("HEAD" in methods for methods in reading)


def test_a_live_stream_ends_at_once_for_who_only_asks_what_it_is(client: Client) -> None:
    status, headers, text = client.ask("HEAD", "/live?view=front")
    assert (status, text) == (200, "")
    assert headers["content-type"].startswith("text/event-stream")


def test_a_link_checker_reads_nothing(app) -> None:
    app.follow_all()
    app.poll()
    client = Client(app.base)
    first = app.house.desk.browse.front(app.house.store.readers.owner()).listing.headlines[0]
    assert client.ask("HEAD", f"/articles/{first.id}")[0] == 200
    assert client.ask("GET", f"/articles/{first.id}", Sec_Purpose="prefetch")[0] == 200
    owner = app.house.store.readers.owner()
    assert not app.house.store.articles.get(owner.id, first.id).read
    assert client.ask("GET", f"/articles/{first.id}")[0] == 200
    assert app.house.store.articles.get(owner.id, first.id).read


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", {"GET", "HEAD"}),
        ("/articles/4", {"GET", "HEAD"}),
        ("/articles/4/marks", {"POST"}),
        ("/login", {"GET", "HEAD", "POST"}),  # two routes share it
        ("/follow", {"GET", "HEAD", "POST"}),
        ("/read-all", {"POST"}),
        ("/image", {"GET", "HEAD"}),
        ("/static/css/firsthand.css", {"GET", "HEAD"}),
    ],
)
def test_a_wrong_method_hears_the_right_ones(client: Client, path: str, allowed: set[str]) -> None:
    for method in ("DELETE", "PUT", "PATCH", "TRACE", "PROPFIND"):
        status, headers, text = client.ask(method, path)
        assert status == 405
        assert set(headers["allow"].split(", ")) == allowed
        assert "cannot be used in that way" in text
        assert "default-src 'none'" in headers["content-security-policy"]
    status, headers, text = client.ask("OPTIONS", path)
    assert (status, text) == (204, "")
    assert set(headers["allow"].split(", ")) == allowed | {"OPTIONS"}
    assert "access-control-allow-origin" not in headers


def test_options_of_what_is_not_there_is_404(client: Client) -> None:
    assert client.ask("OPTIONS", "/no-such-page")[0] == 404


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/no-such-page", 404), ("PUT", "/", 405)])
def test_errors_are_pages_for_people_and_text_for_programs(client: Client, method: str, path: str, status: int) -> None:
    for accept in ("text/html,application/xhtml+xml,*/*;q=0.8", "*/*"):
        got, headers, text = client.ask(method, path, Accept=accept)
        assert got == status
        assert headers["content-type"].startswith("text/html")
        assert "<h1" in text
        assert "front page" in text
    for accept in ("application/json", "text/plain", "image/avif,image/webp"):
        got, headers, text = client.ask(method, path, Accept=accept)
        assert got == status
        assert headers["content-type"].startswith("text/plain")
        assert "<" not in text
        assert len(text.strip().splitlines()) == 1


@pytest.mark.parametrize("path", ["/static/nothing.css", "/image", "/live?view=nothing"])
def test_what_is_no_page_fails_in_plain_text(client: Client, path: str) -> None:
    status, headers, text = client.ask("GET", path)
    assert status in {400, 404}
    assert headers["content-type"].startswith("text/plain")
    assert "<" not in text


def test_a_mistake_of_ours_is_a_calm_500_in_both_forms(app, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret inner state")

    monkeypatch.setattr(app.house.desk.browse, "saved", broken, raising=True)
    client = Client(app.base)
    status, headers, text = client.ask("GET", "/saved")
    assert status == 500
    assert headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "secret inner state" not in text
    assert "Traceback" not in text
    status, headers, text = client.ask("GET", "/saved", Accept="application/json")
    assert status == 500
    assert headers["content-type"].startswith("text/plain")
    assert "secret" not in text


def test_a_database_that_is_away_is_told_and_healthz_turns_red(app) -> None:
    client = Client(app.base)
    app.house.store.engine.dispose()
    path = app.house.settings.data / "firsthand.db"
    away = path.rename(path.with_name("away.db"))
    path.mkdir()  # nothing can be opened there
    try:
        status, _, text = client.ask("GET", "/")
        assert status == 503
        assert "database" in text
        assert "Traceback" not in text
        assert client.ask("GET", "/healthz")[0] == 503
    finally:
        path.rmdir()
        away.rename(path)
    app.house.store.engine.dispose()
    assert client.ask("GET", "/healthz")[0] == 200
