"""The weak points that every web application has, tried one after another."""

from __future__ import annotations

import re
import urllib.parse
from datetime import UTC, datetime

import pytest
from fastapi.routing import iter_route_contexts
from web_client import Client

from firsthand.desk.accounts import Accounts
from firsthand.web.apis import PATHS
from firsthand.web.app import create_app
from firsthand.web.guard import SECURITY_HEADERS
from firsthand.web.settings import WebSettings
from firsthand.web.visit import cookie_name, pending_cookie

PASSWORD = "correct horse battery"
EVIL = (
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    " //evil.example",
    "http:evil.example",
    "/\x00/evil.example",
    "@evil.example",
    "",
)


@pytest.fixture
def client(filled) -> Client:
    return Client(filled.base)


@pytest.fixture
def locked(app) -> Client:
    """An app with an account, and somebody at its door."""
    Accounts(app.house.store, lambda: datetime.now(UTC)).create("ada", PASSWORD)
    return Client(app.base)


def sign_in(client: Client, **form: str) -> tuple[int, str | None]:
    given = {"csrf": client.token("/login"), "name": "ada", "password": PASSWORD, **form}
    status, headers, _ = client.ask("POST", "/login", given)
    return status, headers["location"]


def changing_routes(app) -> list[str]:
    """Every address that takes something other than GET, with numbers in place of its parameters."""
    found = []
    for one in iter_route_contexts(create_app(app.house.desk).routes):
        if (one.path or "").startswith(
            (*PATHS, "/websub/")
        ):  # take a token of their own and no cookie: nothing to forge
            continue
        if one.endpoint is not None and set(one.methods or ()) - {"GET", "HEAD"}:
            assert set(one.methods) == {"POST"}, one.path
            found.append(re.sub(r"\{[^}]+\}", "1", one.path))
    return found


# ── Forged forms ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_no_route_changes_anything_without_its_token(filled, client: Client) -> None:
    paths = changing_routes(filled)
    assert len(paths) >= 13
    token = client.token()
    other = Client(filled.base).token()
    for path in paths:
        for form in ({}, {"csrf": ""}, {"csrf": "0" * 64}, {"csrf": other}, {"csrf": token[:-1]}):
            status, headers, _ = client.ask("POST", path, form)
            assert status == 403, (path, form)
            assert headers["location"] is None


def test_no_route_obeys_another_site_even_with_its_token(filled, client: Client) -> None:
    token = client.token()
    for path in changing_routes(filled):
        for foreign in (
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Origin": f"https://{client.where.hostname}.evil.example"},
            {"Sec_Fetch_Site": "cross-site"},
            {"Sec_Fetch_Site": "same-site"},
            {"Sec_Fetch_Site": "cross-site", "Origin": f"http://{client.where.netloc}"},
        ):
            assert client.ask("POST", path, {"csrf": token}, **foreign)[0] == 403, (path, foreign)


def test_no_route_takes_what_is_no_form(filled, client: Client) -> None:
    token = client.token()
    for path in changing_routes(filled):
        for kind in ("application/json", "text/plain", ""):
            status, _, text = client.ask("POST", path, None, X_CSRF_Token=token, Content_Type=kind)
            assert status == 400, (path, kind)
            assert "Traceback" not in text


def test_a_token_belongs_to_one_browser(filled) -> None:
    mine, other = Client(filled.base), Client(filled.base)
    token = mine.token()
    other.token()
    assert other.ask("POST", "/settings/zone", {"csrf": token, "zone": ""})[0] == 403
    assert mine.ask("POST", "/settings/zone", {"csrf": token, "zone": ""})[0] == 303


@pytest.mark.parametrize("path", ["/", "/live", "/static/icons/mark.svg", "/metrics", "/healthz", "/opml"])
def test_another_site_s_page_loads_nothing_from_here(client: Client, path: str) -> None:
    for mode, dest in (("no-cors", "image"), ("cors", "empty"), ("no-cors", "script"), ("navigate", "iframe"),
                       ("navigate", "object"), ("", "")):  # fmt: skip
        for site in ("cross-site", "same-site"):
            told = {"Sec_Fetch_Site": site, "Sec_Fetch_Mode": mode, "Sec_Fetch_Dest": dest}
            assert client.ask("HEAD", path, **told)[0] == 403, told


def test_links_from_another_site_lead_here(client: Client) -> None:
    told = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}
    assert client.ask("GET", "/articles/4", **told)[0] == 200
    ours = {"Sec_Fetch_Site": "same-origin", "Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "image"}
    assert client.ask("GET", picture_link(client), **ours)[0] == 200


# ── Sessions ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_cookie_that_was_planted_before_does_not_become_the_session(app, locked: Client) -> None:
    planted = "A" * 43
    locked.cookies["firsthand"] = planted
    assert sign_in(locked)[0] == 303
    assert locked.cookies["firsthand"] != planted
    thief = Client(app.base)
    thief.cookies["firsthand"] = planted
    assert thief.ask("GET", "/saved")[0] == 303


def test_signing_out_ends_the_session_itself_not_only_the_cookie(app, locked: Client) -> None:
    sign_in(locked)
    stolen = locked.cookies["firsthand"]
    assert locked.ask("POST", "/logout", {"csrf": locked.token()})[0] == 303
    thief = Client(app.base)
    thief.cookies["firsthand"] = stolen
    assert thief.ask("GET", "/saved")[0] == 303


def test_a_new_password_ends_all_other_sessions(app, locked: Client) -> None:
    sign_in(locked)
    elsewhere = Client(app.base)
    sign_in(elsewhere)
    form = {"csrf": locked.token(), "old": PASSWORD, "new": "another long password"}
    assert locked.ask("POST", "/settings/password", form)[0] == 303
    assert locked.ask("GET", "/saved")[0] == 200
    assert elsewhere.ask("GET", "/saved")[0] == 303


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(app, locked: Client) -> None:
    given = {"csrf": locked.token("/login"), "name": "ada", "password": PASSWORD}
    _, headers, _ = locked.ask("POST", "/login", given)
    cookie = next(one for one in headers.get_all("set-cookie") if one.startswith("firsthand="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_behind_https_cookies_never_travel_in_the_clear() -> None:
    cookie = pending_cookie({"firsthand.set_token": "x" * 43}, secure=True) or ""
    assert cookie.startswith("__Host-firsthand=")  # which browsers take only with Secure, Path=/ and no Domain
    assert "; Secure" in cookie
    assert "Path=/" in cookie
    assert cookie_name(secure=False) == "firsthand"


def test_nothing_but_the_door_opens_without_a_session(app, locked: Client) -> None:
    for one in iter_route_contexts(create_app(app.house.desk).routes):
        if one.endpoint is None or "GET" not in (one.methods or ()):
            continue
        path = re.sub(r"\{[^}]+\}", "1", one.path or "/")
        status, headers, text = locked.ask("GET", path)
        if path in ("/login", "/healthz", "/metrics"):  # metrics: for this machine itself
            assert status == 200
        elif path in ("/manifest.webmanifest", "/sw.js", "/offline"):  # the app itself, the same for everybody
            assert status == 200
            assert "x-firsthand-reader" not in headers
        elif path in ("/join/1", "/signup", "/login/oidc", "/login/oidc/back"):  # doors that are not there
            assert status in {403, 404}, path
        elif path.startswith(("/fever", "/api/fever.php")):  # its way to say no
            assert (status, text) == (200, '{"api_version":3,"auth":0}')
        elif path.startswith(
            ("/out/", "/websub/", "/mail/")
        ):  # feeds and hubs have secrets of their own; these are none
            assert status in {403, 404}, path
        elif path == "/api/v1/openapi.json":  # a description, the same for everybody
            assert status == 200
        elif headers["content-type"] in ("text/plain; charset=utf-8", "application/problem+json"):
            assert status in {400, 401}, path  # 400: it lacks what it needs, before anybody is asked who they are
        else:
            assert (status, headers["location"][:12]) == (303, "/login?next="), path
        assert "Sea wall" not in text


def test_figures_are_not_for_those_behind_a_proxy(locked: Client) -> None:
    assert locked.ask("GET", "/metrics")[0] == 200
    assert locked.ask("GET", "/metrics", X_Forwarded_For="203.0.113.9")[0] in {303, 401, 403}
    assert locked.ask("GET", "/metrics", Forwarded="for=203.0.113.9")[0] in {303, 401, 403}


# ── Guessing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_guessing_from_one_address_stops_whatever_the_names(locked: Client) -> None:
    token = locked.token("/login")
    texts = [
        locked.ask("POST", "/login", {"csrf": token, "name": f"name{number}", "password": "wrong wrong wrong"})[2]
        for number in range(22)
    ]
    assert "too many" not in texts[0]
    assert "too many" in texts[-1]


@pytest.mark.parametrize(
    "password", ["", "x" * 1001, "x" * 900_000, "\x00", "\ud800".encode("utf-8", "replace").decode()]
)
def test_strange_passwords_are_wrong_passwords(locked: Client, password: str) -> None:
    status, location = sign_in(locked, password=password)
    assert (status, location) == (403, None)


# ── Being sent elsewhere ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("target", EVIL)
def test_signing_in_leads_nowhere_else(locked: Client, target: str) -> None:
    page = locked.ask("GET", "/login?" + urllib.parse.urlencode({"next": target}))[2]
    assert 'name="next" value="/"' in page
    assert sign_in(locked, next=target) == (303, "/")


@pytest.mark.parametrize("target", EVIL)
def test_forms_lead_back_to_no_other_place(client: Client, target: str) -> None:
    _, headers, _ = client.ask("POST", "/articles/4/marks", {"csrf": client.token(), "saved": "0", "back": target})
    assert headers["location"] == "/"


@pytest.mark.parametrize("path", ["//evil.example/", "//evil.example/feeds/", "/\\evil.example/", "//evil.example"])
def test_addresses_with_two_slashes_lead_nowhere(client: Client, path: str) -> None:
    status, headers, _ = client.ask("GET", path)
    assert status == 404
    assert headers["location"] is None


# ── Which name we answer to ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost.evil.example", "localhost@evil.example",
     "evil.example#localhost", "evil.example/localhost", "", "[::1", "127.0.0.1:8000:1", "localhost,evil.example"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/metrics", "/healthz", "/static/css/firsthand.css", "/live", "/image?u=x&s=y"])
def test_a_rebound_name_gets_nothing(client: Client, host: str, path: str) -> None:
    status, headers, text = client.ask("GET", path, Host=host)
    assert status in {400, 421}  # 400: the server itself refuses what is no host at all
    assert "set-cookie" not in headers or "firsthand=" in headers["set-cookie"]
    assert "Sea wall" not in text
    assert "firsthand_http" not in text


def test_two_names_are_none(client: Client) -> None:
    port = client.where.port
    answer = client.raw(
        f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nHost: evil.example\r\nConnection: close\r\n\r\n".encode()
    )
    assert answer.split(b" ", 2)[1] in {b"400", b"421"}


def test_a_forwarded_name_is_no_name(client: Client) -> None:
    """Password-reset poisoning and its kin: no page repeats a host that a header claims."""
    for header in ("X_Forwarded_Host", "X_Host", "Forwarded"):
        _, headers, text = client.ask("GET", "/", **{header: "evil.example"})
        assert "evil.example" not in text
        assert "evil.example" not in str(headers)


# ── What every answer carries ────────────────────────────────────────────────────────────────────────────────────────


def picture_link(client: Client) -> str:
    return re.search(r'src="(/image\?[^"]+)"', client.ask("GET", "/")[2])[1].replace("&amp;", "&")  # type: ignore[index]


def test_every_answer_has_its_defences(client: Client) -> None:
    token = client.token()
    answers = {
        "page": client.ask("GET", "/"),
        "picture": client.ask("GET", picture_link(client)),
        "bad picture": client.ask("GET", "/image?u=http%3A%2F%2Fx.example%2F&s=AAAA"),
        "style": client.ask("GET", "/static/css/firsthand.css"),
        "drawing": client.ask("GET", "/static/icons/mark.svg"),
        "no file": client.ask("GET", "/static/nothing"),
        "no page": client.ask("GET", "/nothing"),
        "wrong method": client.ask("DELETE", "/"),
        "options": client.ask("OPTIONS", "/"),
        "strange host": client.ask("GET", "/", Host="evil.example"),
        "forged": client.ask("POST", "/read-all", {}),
        "redirect": client.ask("POST", "/settings/theme", {"csrf": token, "theme": "auto"}),
        "broken": client.ask("GET", "/?before=x"),
        "health": client.ask("GET", "/healthz"),
        "figures": client.ask("GET", "/metrics"),
        "opml": client.ask("GET", "/opml"),
        "stream": client.ask("HEAD", "/live"),
        "too large": client.ask("POST", "/follow", None, Content_Length="99999999999", Content_Type="text/plain"),
    }
    for name, (status, headers, _) in answers.items():
        assert status < 500, name
        for header in SECURITY_HEADERS:
            assert headers[header], (name, header)
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy, name
        assert "unsafe" not in policy, name
        assert "server" not in headers, name


async def test_https_is_remembered_where_it_is_used(filled) -> None:
    application = create_app(filled.house.desk, WebSettings(secure_cookies=True))
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b""}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    scope = {"type": "http", "http_version": "1.1", "method": "GET", "scheme": "https", "path": "/follow",
             "raw_path": b"/follow", "query_string": b"", "root_path": "", "headers": [(b"host", b"localhost")],
             "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 1)}  # fmt: skip
    await application(scope, receive, send)  # type: ignore[arg-type]
    headers = dict(sent[0]["headers"])  # type: ignore[call-overload]
    assert b"max-age" in headers[b"strict-transport-security"]
    assert headers[b"set-cookie"].startswith(b"__Host-firsthand=")
    assert b"; Secure" in headers[b"set-cookie"]


# ── Strange requests ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "path",
    [
        "/live?view=front&since=99999999999999999999",
        "/live?view=outlet:99999999999999999",
        "/live?view=section:%00",
        "/articles/99999999999999999999999",
        "/articles/-1",
        "/articles/4?version=99999999",
        "/outlets/" + "9" * 5000,
        "/sections/%00%ff%fe",
        "/sections/..%2f..%2fetc%2fpasswd",
        "/static/../../../../etc/passwd",
        "/static/%2e%2e/%2e%2e/app.py",
        "/static/..%5c..%5capp.py",
        "/static/css/../../app.py",
        "/image/../../etc/passwd",
        "/image/%2e%2e/settings",
        "/image?u=../../etc/passwd&s=x",
        "/image?u=" + "x" * 5000 + "&s=x",
        "/search?q=" + "%22" * 3000,
        "/search?q=" + "a:" * 5000,
        "/search?q=%00%ed%a0%80",
        "/?before=9999999999999999999.1",
        "/?before=-999999999999999999.1",
        "/%00",
        "/%ff",
        "/follow?topic=%00",
        "/follow?added=1e9",
    ],
)  # fmt: skip
def test_strange_addresses_are_answered_calmly(client: Client, path: str) -> None:
    if path.startswith("/live"):
        status, _, text = client.ask("HEAD", path)
        assert status in {200, 400}
        return
    status, _, text = client.ask("GET", path)
    assert status in {200, 307, 400, 404, 422}
    assert "Traceback" not in text
    assert "root:" not in text
    assert "create_app" not in text


def test_a_reconnect_with_a_strange_number_is_a_reconnect(client: Client) -> None:
    port = client.where.port
    for number in (b"9" * 5000, b"\xb2", b"-1", b"x"):
        head = f"HEAD /live?view=front HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nLast-Event-ID: "
        assert client.raw(head.encode() + number + b"\r\n\r\n").startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("length", ["99999999999", "9" * 5000, "-5", "1e9"])
def test_a_body_that_claims_too_much_is_not_read(client: Client, length: str) -> None:
    answer = client.raw(
        f"POST /follow HTTP/1.1\r\nHost: {client.where.netloc}\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n".encode()
    )
    assert answer.split(b" ", 2)[1] in {b"400", b"413"}


def test_a_body_of_unknown_length_is_cut_at_the_limit(app) -> None:
    client = Client(app.base)
    chunk = b"a" * 65536
    head = (
        f"POST /follow HTTP/1.1\r\nHost: {client.where.netloc}\r\nConnection: close\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
    ).encode()
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for _ in range(170)) + b"0\r\n\r\n"
    try:
        answer = client.raw(head + body)
    except (BrokenPipeError, ConnectionResetError):  # it closed while we were still sending
        return
    assert answer.split(b" ", 2)[1] == b"413"


def test_forms_with_strange_fields_are_answered_calmly(client: Client) -> None:
    token = client.token()
    strange = "\x00\x1b[31m\u202e" + "x" * 100_000
    for path, field in (
        ("/follow", "address"),
        ("/read", "address"),
        ("/settings/zone", "zone"),
        ("/settings/theme", "theme"),
        ("/feeds/1/folder", "folder"),
        ("/read-all", "upto"),
        ("/follow/chosen", "feed"),
        ("/follow/starters", "feed"),
    ):
        status, _, text = client.ask("POST", path, {"csrf": token, field: strange})
        assert status in {303, 400, 404, 422, 502}, path
        assert "Traceback" not in text
        assert "\x00" not in text
        assert "\x1b" not in text
    client.ask("POST", "/feeds/1/folder", {"csrf": token, "folder": ""})
