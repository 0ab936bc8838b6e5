"""Many readers on one server: joining, roles, sessions, and that nobody sees what is another's."""

from __future__ import annotations

import http.client
import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from oidc_world import CLIENT, SECRET, Service, sign_in_service
from web_client import Client

from app_running import Running, serving
from firsthand.config import Settings
from firsthand.desk.accounts import TRIES_PER_NAME
from firsthand.model.beats import BeatKind
from firsthand.model.editions import EditionPlan
from firsthand.sources.fetcher import FetchSettings
from firsthand.web.settings import WebSettings

PASSWORD = "correct horse battery"


@contextmanager
def served(data: Path, web: WebSettings, readers: tuple[str, ...] = ("ada",)) -> Iterator[tuple[str, Any]]:
    """An app with these settings and accounts; the first is an owner's."""
    settings = Settings(data=data, web=replace(web, port=0), fetch=FetchSettings(allow_networks=("127.0.0.0/8",)))
    with serving(settings) as (base, house, _):
        for name in readers:
            house.desk.accounts.create(name, PASSWORD)
        yield base, house.desk


def signed_in(base: str, name: str) -> Client:
    client = Client(base)
    form = {"csrf": client.token("/login"), "name": name, "password": PASSWORD}
    assert client.ask("POST", "/login", form, User_Agent="Mozilla/5.0 (X11; Linux) Firefox/128.0")[0] == 303
    return client


def post(client: Client, path: str, at: str = "/settings", **form: str) -> tuple[int, Any, str]:
    return client.ask("POST", path, {"csrf": client.token(at), **form})


# ── One reader never sees another's ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def two(app: Running) -> tuple[Running, Client, Client]:
    """Ada, an owner, follows and has marked what the world holds; Ben has just come."""
    app.follow_all()
    app.poll()
    for name in ("ada", "ben"):
        app.house.desk.accounts.create(name, PASSWORD)
    return app, signed_in(app.base, "ada"), signed_in(app.base, "ben")


def test_follows_and_marks_are_each_reader_s_own(two: tuple[Running, Client, Client]) -> None:
    app, ada, ben = two
    store = app.house.store
    first = store.articles.front(store.readers.owner().id, before=None, limit=1)[0]
    assert post(ada, f"/articles/{first.id}/marks", saved="1", read="1")[0] == 303
    assert first.headline in ada.ask("GET", "/saved")[2]
    # Ben follows nothing, has saved nothing, and no list of his knows of Ada's.
    for path in ("/", "/saved", "/feeds", "/opml", "/stories"):
        assert first.headline not in ben.ask("GET", path)[2], path
    assert "<outline" not in ben.ask("GET", "/opml")[2]
    page = ben.ask("GET", f"/articles/{first.id}")[2]  # articles are everybody's; marks are not
    assert 'data-saved="0"' in page
    # What Ben does changes nothing for Ada.
    post(ben, f"/articles/{first.id}/marks", saved="0", read="0")
    post(ben, "/read-all", upto="9999999999999999.1")
    feed = store.feeds.all()[0]
    post(ben, f"/feeds/{feed.id}/unfollow")
    post(ben, f"/feeds/{feed.id}/folder", folder="Ben's")
    assert first.headline in ada.ask("GET", "/saved")[2]
    assert feed.id in {one.feed.id for one in store.readers.followed(store.readers.owner().id)}
    assert "Ben" not in ada.ask("GET", "/feeds")[2]


def test_an_account_page_and_its_export_hold_one_s_own_only(two: tuple[Running, Client, Client]) -> None:
    _, _, ben = two
    assert not re.search(r"\bada\b", ben.ask("GET", "/settings/account")[2])  # within a hexadecimal token it may stand
    assert "Firefox on Linux" in ben.ask("GET", "/settings/account")[2]
    connection = http.client.HTTPConnection(ben.where.hostname or "", ben.where.port, timeout=60)
    connection.request("GET", "/settings/account/export", headers={"Cookie": f"firsthand={ben.cookies['firsthand']}"})
    answer = connection.getresponse()
    assert answer.headers["cache-control"] == "no-store"
    archive = zipfile.ZipFile(io.BytesIO(answer.read()))
    connection.close()
    whole = b"".join(archive.read(name) for name in archive.namelist())
    assert json.loads(archive.read("account.json"))["name"] == "ben"
    assert not re.search(rb"\bada\b", whole)
    assert archive.read("marks.jsonl") == b""
    assert b"<outline" not in archive.read("feeds.opml")


def test_a_session_ends_by_its_own_reader_only(two: tuple[Running, Client, Client]) -> None:
    app, ada, ben = two
    elsewhere = signed_in(app.base, "ben")
    (session,) = re.findall(r"/settings/account/sessions/([0-9a-f]{16})/end", ben.ask("GET", "/settings/account")[2])
    path = f"/settings/account/sessions/{session}/end"
    assert post(ada, path)[0] == 404
    assert elsewhere.ask("GET", "/saved")[0] == 200
    assert post(ben, path)[0] == 303
    assert elsewhere.ask("GET", "/saved")[0] == 303
    third = signed_in(app.base, "ben")
    assert post(ben, "/settings/account/end-others")[0] == 303
    assert third.ask("GET", "/saved")[0] == 303
    assert ben.ask("GET", "/saved")[0] == 200


def test_what_a_reader_made_is_not_there_for_another(two: tuple[Running, Client, Client]) -> None:
    app, ada, ben = two
    desk, owner = app.house.desk, app.house.store.readers.owner()
    token = desk.tokens.make(owner, "Ada's phone").token
    beat = desk.beats.add(owner, BeatKind.SEARCH, "harbour", name="Ada's harbour")
    edition = desk.mailing.create(owner, EditionPlan(title="Ada's morning"))
    address = desk.addresses.add(owner, "ada@example.org")
    for path in ("/settings/tokens", "/beats", "/settings/editions", "/", "/settings"):
        page = ben.ask("GET", path)[2]
        assert not re.search(r"Ada&#39;s|ada@example", page), path
    for path in (f"/beats/{beat.slug}", f"/settings/editions/{edition.id}", f"/settings/editions/{edition.id}/preview"):
        assert ada.ask("GET", path)[0] == 200, path
        assert ben.ask("GET", path)[0] == 404, path
    for path in (
        f"/settings/tokens/{token.id}/revoke", f"/beats/{beat.slug}/remove", f"/beats/{beat.slug}",
        f"/settings/editions/{edition.id}", f"/settings/editions/addresses/{address.id}",
    ):  # fmt: skip
        assert post(ben, path, action="remove", do="remove", name="Ben's", title="Ben's")[0] == 404, path
    assert [one.id for one in desk.tokens.list(owner)] == [token.id]
    assert desk.beats.get(owner, beat.slug) == beat
    assert desk.mailing.edition(owner, edition.id).plan == edition.plan
    assert [one.id for one in app.house.store.addresses.of(owner.id)] == [address.id]


# ── Owners and readers ───────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_for_owners_is_for_owners_only(two: tuple[Running, Client, Client]) -> None:
    app, ada, ben = two
    feed = app.house.store.feeds.all()[0]
    followers = len(app.house.store.readers.followed(1))
    assert ben.ask("GET", "/settings/readers")[0] == 403
    assert "/settings/readers" not in ben.ask("GET", "/settings")[2]
    for path in (
        "/settings/readers/invites", "/settings/readers/invites/1/withdraw", "/settings/readers/1/role",
        "/settings/readers/2/role", "/settings/readers/1/remove", f"/feeds/{feed.id}/stop", "/people/1/merge",
        "/people/1/split",
    ):  # fmt: skip
        assert post(ben, path, role="owner", confirm="ada", into="1", article="1")[0] == 403, path
    assert [one.role.value for one in app.house.desk.access.everybody()] == ["owner", "reader"]
    assert len(app.house.store.readers.followed(1)) == followers
    assert "Unfollow for all readers" not in ben.ask("GET", f"/feeds/{feed.id}")[2]
    assert "Unfollow for all readers" in ada.ask("GET", f"/feeds/{feed.id}")[2]
    assert post(ada, f"/feeds/{feed.id}/stop")[0] == 303
    assert feed.id not in {one.feed.id for one in app.house.store.readers.followed(1)}


def test_an_owner_makes_and_removes_readers(two: tuple[Running, Client, Client]) -> None:
    _, ada, ben = two
    assert post(ada, "/settings/readers/2/remove", confirm="not ben")[0] == 400
    assert post(ada, "/settings/readers/1/role", role="reader")[0] == 400  # the only owner
    assert post(ada, "/settings/readers/2/role", role="owner")[0] == 303
    assert ben.ask("GET", "/settings/readers")[0] == 200
    assert post(ada, "/settings/readers/2/remove", confirm="ben")[0] == 303
    assert ben.ask("GET", "/saved")[0] == 303
    assert post(ada, "/settings/readers/1/remove", confirm="ada")[0] == 400
    assert ada.ask("GET", "/saved")[0] == 200


OURS = (
    "/settings/account/sessions/1/end", "/settings/account/end-others", "/settings/account/delete",
    "/settings/account/link", "/settings/account/identities/1/unlink", "/settings/passkeys", "/settings/passkeys/options",
    "/settings/passkeys/1/remove", "/settings/readers/invites", "/settings/readers/invites/1/withdraw",
    "/settings/readers/1/role", "/settings/readers/1/remove", "/feeds/1/stop", "/join/1", "/join/1/oidc", "/signup",
    "/signup/oidc", "/login/passkey", "/login/passkey/options", "/login", "/logout",
)  # fmt: skip


def test_every_form_is_checked_for_who_sent_it(app: Running) -> None:
    for name in ("ada", "ben"):
        app.house.desk.accounts.create(name, PASSWORD)
    ada = signed_in(app.base, "ada")
    token, other = ada.token(), Client(app.base).token("/login")
    for path in OURS:
        given = {"confirm": PASSWORD, "role": "reader", "name": "eve", "password": PASSWORD}
        for csrf in ("", other, token[:-1]):
            assert ada.ask("POST", path, {**given, "csrf": csrf})[0] == 403, path
        for foreign in ({"Origin": "https://evil.example"}, {"Sec_Fetch_Site": "cross-site"}):
            assert ada.ask("POST", path, {**given, "csrf": token}, **foreign)[0] == 403, path
    assert ada.ask("GET", "/saved")[0] == 200
    assert [one.name for one in app.house.desk.access.everybody()] == ["ada", "ben"]


# ── Joining ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_invite_is_shown_once_and_makes_one_account(app: Running) -> None:
    app.house.desk.accounts.create("ada", PASSWORD)
    ada = signed_in(app.base, "ada")
    status, headers, page = post(ada, "/settings/readers/invites", note="<b>Ben</b>", days="1")
    link = re.search(r'value="(http://[^"]+/join/[A-Za-z0-9_-]{43})"', page)
    assert (status, headers["cache-control"]) == (200, "no-store")
    assert link
    assert "<b>Ben</b>" not in page
    path = link[1].removeprefix(app.base)
    assert path not in ada.ask("GET", "/settings/readers")[2]
    ben = Client(app.base)
    form = {"csrf": ben.token(path), "name": "ben"}
    assert ben.ask("POST", path, {**form, "password": "short"})[0] == 400
    assert ben.ask("POST", path, {**form, "name": "ada", "password": PASSWORD})[0] == 400
    planted = ben.cookies["firsthand"]
    status, headers, _ = ben.ask("POST", path, {**form, "password": PASSWORD})
    assert (status, headers["location"]) == (303, "/follow")
    assert ben.cookies["firsthand"] != planted
    assert ben.ask("GET", "/saved")[0] == 200
    eve = Client(app.base)
    for used in (path, "/join/" + "A" * 43):
        assert eve.ask("GET", used)[0] == 403
        given = {"csrf": eve.token("/login"), "name": "eve", "password": PASSWORD}
        assert eve.ask("POST", used, given)[0] == 403


def test_nobody_signs_up_unless_the_settings_say_so(app: Running, tmp_path: Path) -> None:
    app.house.desk.accounts.create("ada", PASSWORD)
    eve = Client(app.base)
    assert eve.ask("GET", "/signup")[0] == 404
    assert "/signup" not in eve.ask("GET", "/login")[2]
    given = {"csrf": eve.token("/login"), "name": "eve", "password": PASSWORD}
    assert eve.ask("POST", "/signup", given)[0] == 404
    assert eve.ask("POST", "/signup/oidc", given)[0] == 404
    with served(tmp_path / "open", WebSettings(sign_up=True)) as (base, _):
        eve = Client(base)
        assert "/signup" in eve.ask("GET", "/login")[2]
        given["csrf"] = eve.token("/signup")
        assert eve.ask("POST", "/signup", {**given, "name": "ada"})[0] == 400
        assert eve.ask("POST", "/signup", given)[0] == 303
        assert eve.ask("GET", "/settings/readers")[0] == 403


def test_before_there_is_an_owner_nobody_takes_over_by_signing_up(tmp_path: Path) -> None:
    with served(tmp_path / "new", WebSettings(sign_up=True), readers=()) as (base, desk):
        eve = Client(base)
        assert eve.ask("GET", "/signup")[0] == 404
        assert post(eve, "/signup", name="eve", password=PASSWORD)[0] == 404
        assert desk.accounts.local_owner() is not None


# ── Who is here is not told ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_wrong_name_and_a_wrong_password_look_the_same(app: Running) -> None:
    app.house.desk.accounts.create("ada", PASSWORD)
    app.house.store.readers.add("kim", "!", app.house.desk.clock())
    pages = set()
    for name in ("ada", "kim", "xyz"):
        client = Client(app.base)
        form = {"csrf": client.token("/login"), "name": name, "password": "wrong wrong wrong"}
        status, headers, page = client.ask("POST", "/login", form)
        shown = page.replace(name, "NAME").replace(form["csrf"], "")
        pages.add((status, re.sub(r"\s+", " ", shown), tuple(sorted(set(headers.keys())))))
    assert len(pages) == 1


def test_guessing_is_stopped_for_unknown_names_as_for_known_ones(app: Running) -> None:
    app.house.desk.accounts.create("ada", PASSWORD)
    answers = {}
    for number, name in enumerate(("ada", "nobody")):
        client = Client(app.base)
        token = client.token("/login")
        for _ in range(TRIES_PER_NAME + 1):
            page = client.ask("POST", "/login", {"csrf": token, "name": name, "password": "wrong wrong"})[2]
        answers[number] = "too many" in page
        app.house.store.readers.login_failed("other", app.house.desk.clock())
    assert answers[0]
    assert answers[1]


def test_passkeys_are_asked_for_without_a_name(app: Running) -> None:
    app.house.desk.accounts.create("ada", PASSWORD)
    client = Client(app.base)
    given = {"csrf": client.token("/login")}
    status, headers, body = client.ask("POST", "/login/passkey/options", given)
    options = json.loads(body)
    assert (status, headers["cache-control"]) == (200, "no-store")
    assert options["allowCredentials"] == []
    assert options["userVerification"] == "required"
    assert "ada" not in body


@pytest.mark.parametrize("answer", ["", "[]", "{}", '{"response":{}}', '{"response":{"clientDataJSON":"e30"}}',
                                    '{"response":{"clientDataJSON":"////"}}', "[" * 9000, "x" * 30_000])  # fmt: skip
def test_what_is_no_passkey_s_answer_is_refused(app: Running, answer: str) -> None:
    app.house.desk.accounts.create("ada", PASSWORD)
    client = Client(app.base)
    status, _, body = client.ask("POST", "/login/passkey", {"csrf": client.token("/login"), "credential": answer})
    assert status == 403
    assert "not sound" in json.loads(body)["problem"]
    assert client.ask("GET", "/saved")[0] == 303


# ── Deleting ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_account_is_deleted_with_its_password(two: tuple[Running, Client, Client]) -> None:
    app, ada, ben = two
    assert "only owner" in ada.ask("GET", "/settings/account")[2]
    assert post(ada, "/settings/account/delete", confirm=PASSWORD)[0] == 400
    assert post(ben, "/settings/account/delete", confirm="wrong")[0] == 400
    status, headers, _ = post(ben, "/settings/account/delete", confirm=PASSWORD)
    assert (status, headers["location"]) == (303, "/login")
    assert "storage" in headers["clear-site-data"]
    assert ben.ask("GET", "/saved")[0] == 303
    assert [one.name for one in app.house.desk.access.everybody()] == ["ada"]
    ada.ask("GET", "/saved")


# ── A sign-in service ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def service() -> Iterator[Service]:
    with sign_in_service() as running:
        yield running


@pytest.fixture
def joined(tmp_path: Path, service: Service) -> Iterator[tuple[str, Any]]:
    web = WebSettings(oidc_issuer=service.issuer, oidc_client=CLIENT, oidc_secret=SECRET, oidc_name="Example")
    with served(tmp_path / "oidc", web, ("ada", "ben")) as (base, desk):
        yield base, desk


def go(client: Client, address: str) -> tuple[int, str | None, str]:
    """Follow an address that the service sends the browser to, as a browser does: from another site."""
    told = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}
    path = address.partition(client.where.netloc)[2]
    status, headers, page = client.ask("GET", path, **told)
    return status, headers["location"], page


def leave(client: Client, path: str = "/login/oidc?next=/saved") -> str:
    return str(client.ask("GET", path)[1]["location"])


def link(client: Client, service: Service, subject: str, name: str) -> tuple[int, str | None, str]:
    page = post(client, "/settings/account/link")[2]
    address = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page)
    assert address
    return go(client, service.let_in(address[1].replace("&amp;", "&"), subject, name))


def test_a_stranger_at_the_service_gets_no_account(joined: tuple[str, Any], service: Service) -> None:
    base, desk = joined
    client = Client(base)
    assert "Sign in with Example" in client.ask("GET", "/login")[2]
    # Even under the name of somebody who is here: a name proves nothing.
    status, _, page = go(client, service.let_in(leave(client), "77", "ada"))
    assert status == 403
    assert "No account here belongs to you" in page
    assert len(desk.access.everybody()) == 2


def test_linking_and_then_signing_in(joined: tuple[str, Any], service: Service) -> None:
    base, _ = joined
    ada = signed_in(base, "ada")
    assert link(ada, service, "4711", "ada@example")[:2] == (303, "/settings/account?saved=linked")
    assert "ada@example" in ada.ask("GET", "/settings/account")[2]
    client = Client(base)
    planted = client.token("/login") and client.cookies["firsthand"]
    back = service.let_in(leave(client), "4711", "ada@example")
    assert go(client, back)[:2] == (303, "/saved")
    assert client.cookies["firsthand"] != planted
    assert client.ask("GET", "/saved")[0] == 200
    assert go(client, back)[0] == 403  # coming back again does nothing
    # Another account cannot have the same identity.
    ben = signed_in(base, "ben")
    status, _, page = link(ben, service, "4711", "ada@example")
    assert status == 403
    assert "another account" in page
    identity = re.search(r"/identities/(\d+)/unlink", ada.ask("GET", "/settings/account")[2])
    assert identity
    assert post(ben, f"/settings/account/identities/{identity[1]}/unlink")[0] == 404
    assert post(ada, f"/settings/account/identities/{identity[1]}/unlink")[0] == 303
    assert go(Client(base), back)[0] == 403


def test_what_is_sent_is_sealed_for_one_browser(joined: tuple[str, Any], service: Service) -> None:
    base, _ = joined
    ada = signed_in(base, "ada")
    link(ada, service, "4711", "ada")
    thief, victim = Client(base), Client(base)
    victim.token("/login")
    address = leave(thief)
    back = service.let_in(address, "4711", "ada")
    assert go(victim, back)[0] == 403  # another's sign-in cannot be pushed on somebody (login CSRF)
    assert SECRET not in address
    assert "code_verifier" not in address
    assert go(thief, back.replace("state=", "state=x"))[0] == 403
    for state in ("", ".", "a.b", "é.é"):
        assert go(thief, f"{base}/login/oidc/back?code=1&state={state.encode().hex()}")[0] == 403
    assert go(thief, back)[:2] == (303, "/saved")


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"}, {"nonce": None}, {"aud": "somebody else"}, {"iss": "https://evil.example"},
        {"exp": 1}, {"exp": None}, {"sub": None}, {"sub": ""}, {"azp": "somebody else"},
        {"aud": [CLIENT, "somebody else"]}, {"iat": None},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_that_is_not_for_us_is_refused(
    joined: tuple[str, Any], service: Service, claims: dict[str, Any]
) -> None:
    base, _ = joined
    ada = signed_in(base, "ada")
    link(ada, service, "4711", "ada")
    service.claims = claims
    client = Client(base)
    assert go(client, service.let_in(leave(client), "4711", "ada"))[0] == 403
    assert client.ask("GET", "/saved")[0] == 303


@pytest.mark.parametrize("key", ["none", "secret", "stranger"])
def test_a_token_that_another_signed_is_refused(joined: tuple[str, Any], service: Service, key: str) -> None:
    base, _ = joined
    link(signed_in(base, "ada"), service, "4711", "ada")
    service.sign_with = key
    client = Client(base)
    assert go(client, service.let_in(leave(client), "4711", "ada"))[0] == 403


def test_an_answer_of_another_service_or_a_refusal_is_none(joined: tuple[str, Any], service: Service) -> None:
    base, _ = joined
    client = Client(base)
    address = leave(client)
    back = service.let_in(address, "4711", "ada")
    mixed_up = re.sub(r"iss=[^&]+", "iss=https%3A%2F%2Fevil.example", back)
    assert go(client, mixed_up)[0] == 403
    state = re.search(r"state=([^&]+)", address)
    assert state
    status, _, page = go(client, f"{base}/login/oidc/back?error=access_denied&error_description=evil&state={state[1]}")
    assert status == 403
    assert "evil" not in page


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_the_service_leads_back_to_no_other_place(joined: tuple[str, Any], service: Service, target: str) -> None:
    base, _ = joined
    link(signed_in(base, "ada"), service, "4711", "ada")
    client = Client(base)
    back = service.let_in(leave(client, "/login/oidc?next=" + target.replace("\\", "%5C")), "4711", "ada")
    assert go(client, back)[:2] == (303, "/")


def test_an_invite_is_used_by_the_service(joined: tuple[str, Any], service: Service) -> None:
    base, desk = joined
    made = desk.access.invite()
    client = Client(base)
    form = {"csrf": client.token(f"/join/{made.token}")}
    page = client.ask("POST", f"/join/{made.token}/oidc", form)[2]
    address = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page)
    assert address
    assert made.token not in address[1]  # the service is told nothing that lets somebody in
    assert go(client, service.let_in(address[1].replace("&amp;", "&"), "99", "ada"))[:2] == (303, "/follow")
    assert [one.name for one in desk.access.everybody()] == ["ada", "ben", "ada 2"]
    assert "Your name" in client.ask("GET", "/settings/account")[2]  # an account without a password
    again = Client(base)
    assert go(again, service.let_in(leave(again), "99", "ada"))[:2] == (303, "/saved")


def test_a_service_that_does_not_answer_is_told(tmp_path: Path) -> None:
    with sign_in_service() as gone:  # whose port is free again when it is asked
        web = WebSettings(oidc_issuer=gone.issuer, oidc_client=CLIENT, oidc_secret=SECRET)
    with served(tmp_path / "down", web) as (base, _):
        status, _, page = Client(base).ask("GET", "/login/oidc")
        assert status == 403
        assert "refused the connection" in page
        assert SECRET not in page


def test_the_service_is_asked_behind_the_guard(tmp_path: Path, service: Service) -> None:
    web = WebSettings(oidc_issuer=service.issuer, oidc_client=CLIENT, oidc_secret=SECRET, port=0)
    with serving(Settings(data=tmp_path / "guarded", web=web)) as (base, house, _):
        house.desk.accounts.create("ada", PASSWORD)
        status, _, page = Client(base).ask("GET", "/login/oidc")
        assert status == 403
        assert "loopback" in page
