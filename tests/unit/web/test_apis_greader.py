"""The Google Reader API: what apps ask, in the forms that they ask in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from apis_world import LIST, LONG, NOW, READ, STARRED, App, add_feed, bring, seed, whole
from lxml import etree

from app_running import serving
from firsthand.config import Settings
from firsthand.desk.accounts import TRIES_PER_NAME
from firsthand.model.tokens import Scope
from firsthand.web.apis.readerids import article_id, long_id
from firsthand.web.settings import WebSettings

KEPT_UNREAD = "user/-/state/com.google/kept-unread"
NEWS = "user/-/label/News"
PASSWORD = "correct horse battery"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """An app with a token at a server that follows nothing yet."""
    with serving(Settings(data=tmp_path / "data", web=WebSettings(port=0))) as (base, house, _):
        yield App(base, house)


def owner(app: App):
    return app.house.store.readers.owner()


def login(app: App, name: str, secret: str, path: str = "/accounts/ClientLogin") -> tuple[int, str]:
    status, _, text = App(f"http://{app.where.netloc}", app.house, auth="").ask(
        "POST", path, {"Email": name, "Passwd": secret}
    )
    return status, text


# ── Signing in ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("prefix", ["", "/api/greader.php"])
def test_an_app_signs_in_with_a_token_under_both_addresses(app: App, prefix: str) -> None:
    seed(app.house, 1, 2)
    status, text = login(app, "owner", app.auth, prefix + "/accounts/ClientLogin")
    assert status == 200
    fields = dict(line.split("=", 1) for line in text.splitlines())
    assert set(fields) == {"SID", "LSID", "Auth"}
    there = App(f"http://{app.where.netloc}", app.house, auth=fields["Auth"], prefix=prefix)
    assert there.get("user-info")["userName"] == "owner"
    assert len(there.ids()) == 2
    assert there.ask("GET", "/reader/api/0/user-info", Authorization=f"Bearer {app.auth}")[0] == 200


def test_an_app_signs_in_with_the_password_until_the_password_is_changed(app: App) -> None:
    seed(app.house, 1, 2)
    accounts = app.house.desk.accounts
    accounts.create("Ada", PASSWORD)
    status, text = login(app, "Ada", PASSWORD)
    assert status == 200
    signed = App(f"http://{app.where.netloc}", app.house, auth=re.search("^Auth=(.+)$", text, re.MULTILINE)[1])  # type: ignore[index]
    assert signed.get("user-info")["userName"] == "Ada"
    assert len(signed.ids()) == 2
    for forged in (signed.auth.replace("pw.1.", "pw.2."), signed.auth[:-1], "pw.1.9999999999.", "pw.x.y.z"):
        assert app.ask("GET", "/reader/api/0/user-info", Authorization=f"GoogleLogin auth={forged}")[0] == 401
    accounts.reset_password("Ada", "another good one")
    assert signed.ask("GET", "/reader/api/0/user-info")[0] == 401
    assert app.ask("GET", "/reader/api/0/user-info")[0] == 200  # a token is its own


def test_guessing_a_password_through_an_app_is_slowed_down_as_on_the_page(app: App) -> None:
    app.house.desk.accounts.create("Ada", PASSWORD)
    for _ in range(TRIES_PER_NAME):
        status, text = login(app, "Ada", "wrong wrong wrong")
        assert (status, text.splitlines()[0]) == (401, "Error=BadAuthentication")
    status, text = login(app, "Ada", PASSWORD)
    assert status == 401
    assert "too many" in text
    assert login(app, "nobody", PASSWORD)[1].splitlines()[0] == "Error=BadAuthentication"


def test_without_a_token_nothing_is_told_or_changed(app: App) -> None:
    for path in ("subscription/list", "stream/contents/" + LIST, "unread-count", "tag/list", "token"):
        status, headers, text = app.ask("GET", f"/reader/api/0/{path}", Authorization="none")
        assert status == 401
        assert headers["google-bad-token"] == "true"
        assert headers["www-authenticate"] == "Bearer"
        assert "token" in text
    for path in ("edit-tag", "mark-all-as-read", "subscription/edit", "rename-tag", "subscription/import"):
        assert app.ask("POST", f"/reader/api/0/{path}", {}, Authorization="GoogleLogin auth=fh_wrong")[0] == 401


def test_a_token_goes_as_far_as_its_scopes(app: App) -> None:
    (ids,) = seed(app.house, 1, 1).values()
    made = app.house.desk.tokens.make(owner(app), "reads only", [Scope.READ])
    reads = App(f"http://{app.where.netloc}", app.house, auth=made.secret)
    assert reads.ids() == ids
    assert reads.ask("POST", "/reader/api/0/edit-tag", {"i": ids[0], "a": READ})[0] == 403
    assert reads.ask("POST", "/reader/api/0/subscription/edit", {"ac": "unsubscribe", "s": "feed/1"})[0] == 403
    assert app.ids(READ) == []
    app.house.desk.tokens.revoke(owner(app), made.token.id)
    assert reads.ask("GET", "/reader/api/0/user-info")[0] == 401


def test_a_cookie_is_no_token(app: App) -> None:
    app.house.desk.accounts.create("Ada", PASSWORD)
    session = app.house.desk.accounts.sign_in("Ada", PASSWORD, "192.0.2.1")
    for authorization in ("", f"GoogleLogin auth={session}", f"Bearer {session}"):
        sent = {"Cookie": f"firsthand={session}", "Authorization": authorization or "none"}
        assert app.ask("GET", "/reader/api/0/user-info", **sent)[0] == 401


def test_changes_carry_a_token_of_their_session_or_none(app: App) -> None:
    (ids,) = seed(app.house, 1, 2).values()
    status, _, token = app.ask("GET", "/reader/api/0/token")
    assert (status, len(token)) == (200, 57)
    assert app.post("edit-tag", i=ids[0], a=READ, T=token) == "OK"
    assert app.post("edit-tag", i=ids[1], a=READ) == "OK"
    assert app.ask("POST", "/reader/api/0/edit-tag", {"i": ids[0], "r": READ, "T": "x" * 57})[0] == 401


# ── Streams ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_article_comes_once_page_by_page_both_ways(app: App) -> None:
    made = seed(app.house, 5, 9)
    ids = sorted(key for some in made.values() for key in some)
    assert app.ids(n=7) == ids[::-1]
    assert app.ids(n=7, r="o") == ids
    assert app.ids(NEWS, n=4) == sorted(made[2] + made[4], reverse=True)
    assert app.ids("user/1/label/News", n=100) == app.ids(NEWS)
    assert app.ids("feed/3", n=4) == made[3][::-1]
    assert app.ids("feed/https://f2.example/feed") == made[3][::-1]
    assert app.ids("user/-/label/Nothing") == []
    assert app.ids("user/-/state/com.google/broadcast") == []
    assert app.ids(n=10_000) == ids[::-1]


def test_streams_are_narrowed_by_marks(app: App) -> None:
    (ids,) = seed(app.house, 1, 6).values()
    app.post("edit-tag", i=[ids[0], ids[1]], a=READ)
    app.post("edit-tag", i=[ids[1], ids[2]], a=STARRED)
    assert app.ids(xt=READ) == ids[:1:-1]
    assert app.ids(it=READ) == [ids[1], ids[0]]
    assert app.ids(READ) == [ids[1], ids[0]]
    assert app.ids(STARRED) == [ids[2], ids[1]]
    assert app.ids(STARRED, xt=READ) == [ids[2]]
    assert app.ids(it=[READ, STARRED]) == [ids[1]]
    assert app.ids(xt=[READ, STARRED]) == ids[:2:-1]
    assert app.ids(KEPT_UNREAD) == ids[:1:-1]
    assert app.ids(READ, xt=READ) == []


def test_streams_are_narrowed_by_when_articles_came(app: App) -> None:
    feed = add_feed(app.house, "https://f.example/feed", "F")
    early = bring(app.house, feed, 2, NOW - timedelta(hours=2), "early")
    late = bring(app.house, feed, 2, NOW, "late")
    hour = int((NOW - timedelta(hours=1)).timestamp())
    assert app.ids(ot=hour) == late[::-1]
    assert app.ids(nt=hour) == early[::-1]
    assert app.ids(ot=hour * 1_000_000) == late[::-1]
    (ref, *_) = app.get("stream/items/ids", s=LIST)["itemRefs"]
    assert ref == {"id": str(late[1]), "directStreamIds": ["feed/1"], "timestampUsec": f"{int(NOW.timestamp())}000000"}


def test_an_article_is_given_whole(app: App) -> None:
    (ids,) = seed(app.house, 1, 3).values()
    app.post("edit-tag", i=ids[0], a=STARRED)
    found = app.get("stream/contents/feed/1", n=2)
    assert (found["id"], found["continuation"]) == ("feed/1", str(ids[1]))
    rest = app.get("stream/contents/feed/1", n=2, c=found["continuation"])
    assert "continuation" not in rest
    (one,) = rest["items"]
    assert one["id"] == f"{LONG}{ids[0]:016x}"
    assert (one["title"], one["author"]) == ("Council meets", "Ada Quist")
    assert one["canonical"] == [{"href": "https://f0.example/n0"}]
    assert one["origin"] == {"streamId": "feed/1", "title": "Feed <0> & co", "htmlUrl": "https://f0.example/"}
    assert one["categories"] == [LIST, STARRED]
    assert one["published"] == int((NOW - timedelta(minutes=3)).timestamp())
    html = one["summary"]["content"]
    assert "The council met &lt;on&gt; Monday." in html
    assert f'src="http://{app.where.netloc}/image/app?' in html
    assert found["items"][0]["summary"]["content"] == "<p>Summary &amp; n2.</p>"


def test_articles_by_every_form_of_id(app: App) -> None:
    (ids,) = seed(app.house, 1, 20).values()
    forms = [long_id(ids[15]), f"{ids[3]:016x}", str(ids[9]), f"{LONG}{ids[4]:x}", "999999"]
    _, _, text = app.ask("POST", "/reader/api/0/stream/items/contents", {"i": forms})
    assert [article_id(one["id"]) for one in json.loads(text)["items"]] == [ids[15], ids[3], ids[9], ids[4]]
    for wrong in ("", "x", "tag:google.com,2005:reader/item/", "-5"):
        assert app.ask("POST", "/reader/api/0/stream/items/contents", {"i": wrong})[0] == 400
    assert article_id("9" * 19) == 0
    assert article_id("1" * 40) == 0


def test_only_what_is_followed_or_saved_is_given(app: App) -> None:
    made = seed(app.house, 2, 2)
    app.post("edit-tag", i=made[1][0], a=STARRED)
    app.post("subscription/edit", ac="unsubscribe", s="feed/1")
    found = app.get("stream/items/contents", i=[*made[1], *made[2]])["items"]
    assert [article_id(one["id"]) for one in found] == [made[1][0], *made[2]]
    assert found[0]["origin"]["title"] == "f0.example"
    assert app.ask("GET", "/reader/api/0/stream/contents/feed/1")[0] == 404


def test_a_stream_as_atom_holds_marks_as_desktop_readers_look_for_them(app: App) -> None:
    (ids,) = seed(app.house, 1, 3).values()
    app.post("edit-tag", i=ids[0], a=READ)
    status, headers, text = app.ask("GET", "/reader/atom/feed%2F1?n=2&r=o")
    assert status == 200
    assert headers["content-type"].startswith("application/atom+xml")
    names = {"a": "http://www.w3.org/2005/Atom", "gr": "http://www.google.com/schemas/reader/atom/"}
    root = etree.fromstring(text.encode())
    assert root.findtext("gr:continuation", namespaces=names) == str(ids[1])
    labels = [
        [one.get("label") for one in entry.findall("a:category", names)] for entry in root.findall("a:entry", names)
    ]
    assert labels == [["reading-list", "read"], ["reading-list", "fresh"]]
    assert root.findtext("a:entry/a:author/a:name", namespaces=names) == "Ada Quist"


def test_google_s_own_xml_on_demand(app: App) -> None:
    seed(app.house, 2, 1)
    status, headers, text = app.ask("GET", "/reader/api/0/subscription/list?output=xml")
    assert (status, headers["content-type"]) == (200, "text/xml; charset=utf-8")
    root = etree.fromstring(text.encode())
    names = root.findall("list[@name='subscriptions']/object/string[@name='title']")
    assert [one.text for one in names] == ["Feed <0> & co", "Feed <1> & co"]


def test_pictures_come_through_us_by_an_address_that_is_good_for_one_picture(app: App) -> None:
    (ids,) = seed(app.house, 1, 1).values()
    whole(app.house, ids[0])
    html = app.get("stream/contents/feed/1")["items"][0]["summary"]["content"]
    path = re.search(r'src="http://[^/]+(/image/app\?[^"]+)"', html)[1].replace("&amp;", "&")  # type: ignore[index]
    nobody = App(f"http://{app.where.netloc}", app.house, auth="")
    there = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "image"}
    status, headers, _ = nobody.ask("GET", path, **there)
    assert status == 502  # there is no such host: it was asked for
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert nobody.ask("GET", path.replace("a.png", "b.png"))[0] == 404
    assert nobody.ask("GET", path.replace("/image/app", "/image"))[0] in (303, 404)  # no use in our own pages


# ── Marks ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_marks_are_set_and_taken_back(app: App) -> None:
    (ids,) = seed(app.house, 1, 3).values()
    front = {one.id: one for one in app.house.desk.browse.front(owner(app)).listing.headlines}
    assert not front[ids[0]].read
    app.post("edit-tag", i=long_id(ids[0]), a=READ, r=KEPT_UNREAD, ac="edit")
    assert app.house.store.articles.get(app.reader, ids[0]).read
    app.post("edit-tag", i=long_id(ids[0]), r=READ, a=[KEPT_UNREAD, "user/-/state/com.google/tracking-kept-unread"])
    assert not app.house.store.articles.get(app.reader, ids[0]).read
    app.post("edit-tag", i=ids[1], a=[READ, STARRED])
    assert app.house.store.articles.get(app.reader, ids[1]).saved
    app.post("edit-tag", i=ids[1], a=KEPT_UNREAD, r=STARRED)
    held = app.house.store.articles.get(app.reader, ids[1])
    assert (held.read, held.saved) == (False, False)
    app.post("edit-tag", i=ids[1], a="user/-/state/com.google/like")
    assert app.ask("POST", "/reader/api/0/edit-tag", {"i": ids[0], "a": NEWS})[0] == 400


def test_a_thousand_marks_at_once(app: App) -> None:
    (ids,) = seed(app.house, 1, 1000, read=False).values()
    app.post("edit-tag", i=[long_id(key) for key in ids], a=READ)
    assert app.ids(xt=READ) == []
    app.post("edit-tag", i=ids, r=READ, a=STARRED)
    assert app.ids(xt=READ, n=1000) == ids[::-1]
    assert app.ids(STARRED, n=1000) == ids[::-1]


@pytest.mark.parametrize("stream", [LIST, NEWS, "feed/2"])
def test_all_is_read_that_came_until_a_time(app: App, stream: str) -> None:
    made = seed(app.house, 2, 3)
    late = bring(app.house, app.house.store.feeds.get(2), 2, NOW + timedelta(seconds=9), "late")
    app.post("mark-all-as-read", s=stream, ts=int((NOW + timedelta(seconds=5)).timestamp() * 1e6))
    rest = [] if stream == LIST else made[1][::-1]
    assert app.ids(xt=READ) == late[::-1] + rest
    app.post("mark-all-as-read", s=stream, ts=int((NOW + timedelta(seconds=20)).timestamp()))
    assert app.ids(xt=READ) == rest


def test_all_that_is_saved_is_read(app: App) -> None:
    (ids,) = seed(app.house, 1, 3).values()
    app.post("edit-tag", i=ids[0], a=STARRED)
    app.post("mark-all-as-read", s=STARRED, ts=int((NOW + timedelta(seconds=20)).timestamp()))
    assert app.ids(READ) == [ids[0]]
    assert app.ids(STARRED) == [ids[0]]


def test_unread_are_counted_by_feed_folder_and_in_all(app: App) -> None:
    made = seed(app.house, 3, 4)
    app.post("edit-tag", i=[*made[1], made[2][0]], a=READ)
    found = app.get("unread-count")
    counts = {one["id"]: one["count"] for one in found["unreadcounts"]}
    assert counts == {"feed/2": 3, "feed/3": 4, NEWS: 3, LIST: 7}
    assert found["unreadcounts"][0]["newestItemTimestampUsec"] == f"{int(NOW.timestamp())}000000"


# ── What is followed ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_subscriptions_and_folders(app: App) -> None:
    seed(app.house, 2, 1)
    first, second = app.get("subscription/list")["subscriptions"]
    assert (first["id"], first["title"], first["categories"]) == ("feed/1", "Feed <0> & co", [])
    assert second["categories"] == [{"id": NEWS, "label": "News"}]
    assert second["url"] == "https://f1.example/feed"
    assert [one["id"] for one in app.get("tag/list")["tags"]] == [STARRED, NEWS]


def test_following_from_an_app(app: App) -> None:
    app.post("subscription/edit", ac="subscribe", s="feed/https://a.example/feed", t="A paper", a=NEWS)
    (one,) = app.house.desk.streams.followed(owner(app))
    assert (one.feed.url, one.feed.title, one.follow.folder) == ("https://a.example/feed", "A paper", "News")
    app.post("subscription/edit", ac="edit", s="feed/1", r=NEWS, a="user/-/label/Tech/Linux")
    assert app.get("subscription/list")["subscriptions"][0]["categories"][0]["label"] == "Tech/Linux"
    app.post("subscription/edit", ac="edit", s="feed/1", r="user/-/label/Tech/Linux")
    assert app.get("tag/list")["tags"][1:] == []
    app.post("subscription/edit", ac="edit", s="feed/1", t="Mine", a=NEWS)
    (one,) = app.get("subscription/list")["subscriptions"]
    assert (one["title"], one["categories"][0]["label"]) == ("Mine", "News")
    assert app.house.store.feeds.get(1).title == "A paper"  # for everybody else
    for wrong in ({"s": ""}, {"ac": "nothing"}):
        fields = {"ac": "edit", "s": "feed/1"} | wrong
        assert app.ask("POST", "/reader/api/0/subscription/edit", fields)[0] in (400, 404)
    app.post("subscription/edit", ac="unsubscribe", s="feed/1")
    assert app.get("subscription/list")["subscriptions"] == []
    app.post("subscription/edit", ac="subscribe", s="feed/1")
    assert len(app.get("subscription/list")["subscriptions"]) == 1
    assert (
        app.ask("POST", "/reader/api/0/subscription/edit", {"ac": "subscribe", "s": "feed/file:///etc/passwd"})[0]
        == 400
    )


def test_folders_are_renamed_and_removed(app: App) -> None:
    seed(app.house, 4, 1)
    app.post("rename-tag", s=NEWS, dest="user/-/label/Politics")
    assert [one["id"] for one in app.get("tag/list")["tags"]][1:] == ["user/-/label/Politics"]
    app.post("disable-tag", s="user/-/label/Politics")
    assert app.get("tag/list")["tags"][1:] == []
    assert len(app.get("subscription/list")["subscriptions"]) == 4
    assert app.ask("POST", "/reader/api/0/disable-tag", {"s": "user/-/label/Politics"})[0] == 404


def test_an_address_is_refused_that_may_not_be_asked_for(app: App) -> None:
    _, _, text = app.ask("POST", "/reader/api/0/subscription/quickadd", {"quickadd": "http://127.0.0.1:1/feed"})
    answer = json.loads(text)
    assert answer["numResults"] == 0
    assert answer["error"]
    assert app.get("subscription/list")["subscriptions"] == []


def test_opml_out_and_in(app: App) -> None:
    seed(app.house, 3, 1)
    status, _, opml = app.ask("GET", "/reader/api/0/subscription/export")
    assert status == 200
    for number in (1, 2, 3):
        app.post("subscription/edit", ac="unsubscribe", s=f"feed/{number}")
    headers = {"Content_Type": "text/xml"}
    assert app.ask("POST", "/reader/api/0/subscription/import", opml.encode(), **headers)[2] == "OK: 3"
    assert {one["id"] for one in app.get("subscription/list")["subscriptions"]} == {"feed/1", "feed/2", "feed/3"}
    assert app.ask("POST", "/reader/api/0/subscription/import", b"nothing", **headers)[0] == 422


@pytest.mark.parametrize("path", ["stream/contents/x", "stream/items/ids?s=feed/", "stream/items/ids?c=x", "stream/items/ids?n=-1",
                                  "stream/items/ids?ot=99999999999999999999999", "stream/contents/feed/99", "nothing"])  # fmt: skip
def test_what_cannot_be_understood_is_told_in_a_sentence(app: App, path: str) -> None:
    seed(app.house, 1, 1)
    status, headers, text = app.ask("GET", f"/reader/api/0/{path}")
    assert status in (400, 404)
    assert headers["content-type"].startswith("text/plain")
    assert len(text.splitlines()) == 1


def test_nobody_s_time_is_beyond_all_times(app: App) -> None:
    seed(app.house, 1, 1)
    for number in ("9999999999999999999", "99999999999", "0"):
        assert app.ask("GET", f"/reader/api/0/stream/items/ids?s={LIST}&ot={number}")[0] in (200, 400)
    assert app.ask("GET", f"/reader/api/0/stream/items/ids?s={LIST}&c=9999999999999999999")[0] == 200


def test_times_are_read_in_seconds_milli_and_microseconds() -> None:
    from firsthand.web.apis.readerids import moment

    at = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert {moment(int(at.timestamp()) * unit) for unit in (1, 1000, 1_000_000)} == {at}
