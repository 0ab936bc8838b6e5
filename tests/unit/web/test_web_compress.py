"""Answers made smaller, where that gives nothing away."""

from __future__ import annotations

import gzip
import http.client
from urllib.parse import urlsplit

import brotli
import pytest

from app_running import Running

SAME = {"Sec-Fetch-Site": "same-origin", "Cookie": "firsthand=x", "Accept": "text/html"}


def ask(app: Running, path: str, method: str = "GET", **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    where = urlsplit(app.base)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)
    connection.putrequest(method, path, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    answer = connection.getresponse()
    return answer, answer.read()


@pytest.mark.parametrize(("taken", "coding"), [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip")])
def test_pages_and_files_are_compressed(filled: Running, taken: str, coding: str) -> None:
    css = "/static/css/firsthand.css?v=1"
    for path, headers in (("/", SAME), (css, {}), ("/manifest.webmanifest", {})):
        answer, body = ask(filled, path, **headers, Accept_Encoding=taken)
        plain = ask(filled, path, **headers)[1]
        assert answer.headers["content-encoding"] == coding, path
        assert int(answer.headers["content-length"]) == len(body) < len(plain)
        if path == css:
            assert (brotli.decompress if coding == "br" else gzip.decompress)(body) == plain
            assert answer.headers["etag"].startswith("W/")
            assert "accept-encoding" in answer.headers["vary"].lower()
            again, _ = ask(filled, path, Accept_Encoding=taken, If_None_Match=answer.headers["etag"])
            assert again.status == 304


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "firsthand=x"},
        {
            "Cookie": "firsthand=x",
            "Sec_Fetch_Site": "cross-site",
            "Sec_Fetch_Mode": "navigate",
            "Sec_Fetch_Dest": "document",
        },
        {
            "Cookie": "firsthand=x",
            "Sec_Fetch_Site": "same-site",
            "Sec_Fetch_Mode": "navigate",
            "Sec_Fetch_Dest": "document",
        },
    ],
)
def test_a_page_that_another_site_makes_a_browser_ask_for_keeps_its_length(
    filled: Running, headers: dict[str, str]
) -> None:
    answer, _ = ask(filled, "/search?q=guess", **headers, Accept_Encoding="gzip, br")
    assert answer.status == 200
    assert "content-encoding" not in answer.headers


def test_streams_pictures_and_what_is_short_are_left_as_they_are(filled: Running) -> None:
    for path in ("/healthz", "/static/icons/app-192.png", "/static/icons/mark.svg"):
        assert "content-encoding" not in ask(filled, path, Accept_Encoding="br")[0].headers
    head, body = ask(filled, "/", "HEAD", **SAME, Accept_Encoding="br")
    assert (head.status, body, "content-encoding" in head.headers) == (200, b"", False)
