"""Reading in a process apart: whatever a page does to it, it says so in words and the next page is read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from firsthand.extract import extract_article
from firsthand.extract.isolated import IsolatedReader
from firsthand.model.errors import NotAnArticle
from firsthand.model.feed import Fetched

GOOD = (
    "<html lang=en><head><title>Ferry is free again</title></head><body><article><h1>Ferry is free again</h1>"
    + "<p>The ferry across the strait is free of charge again from Monday, the council decided late on Friday.</p>" * 4
    + "</article></body></html>"
).encode()


def page(body: bytes) -> Fetched:
    return Fetched(url="https://tide.example/ferry", status=200, body=body, content_type="text/html")


@pytest.fixture(scope="module")
def reader() -> Iterator[IsolatedReader]:
    made = IsolatedReader()
    yield made
    made.close()


def test_it_reads_as_the_reader_in_this_process_does(reader: IsolatedReader) -> None:
    assert reader.read(page(GOOD), None) == extract_article(GOOD, "https://tide.example/ferry")


def test_a_page_without_an_article_is_refused_in_the_same_words(reader: IsolatedReader) -> None:
    body = b"<html><body>x</body></html>"
    with pytest.raises(NotAnArticle) as here:
        extract_article(body, "https://tide.example/ferry")
    with pytest.raises(NotAnArticle) as apart:
        reader.read(page(body), None)
    assert (apart.value.message, apart.value.remedy) == (here.value.message, here.value.remedy)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00" * 100_000,
        b"<p>" * 50_000,
        b"<table><tr><td>" * 3_000,
        b"<a href=x>y</a>" * 30_000,
        b"<!--" + b"-" * 1_000_000,
        b"<p>" + b"x" * 3_000_000 + b"</p>",
        b'<script type="application/ld+json">' + b"[" * 100_000 + b"</script>" + GOOD,
        b"<!DOCTYPE a [<!ENTITY a 'b'><!ENTITY c '&a;&a;'>]>" + GOOD,
        b"\xff\xfe" + GOOD,
        "<p>\ud800</p>".encode("utf-8", "surrogatepass") * 1000,
    ],
    ids=["nothing", "NULs", "open", "nested tables", "links", "comment", "long", "deep JSON", "entities", "not UTF-16", "surrogates"],
)  # fmt: skip
def test_hostile_pages_end_in_an_article_or_in_words(reader: IsolatedReader, body: bytes) -> None:
    text = text_or_words(reader, body)
    assert "failed (" not in text, "the extractor raised something that it does not translate"
    assert "\x00" not in text
    assert reader.read(page(GOOD), None).headline == "Ferry is free again"


def text_or_words(reader: IsolatedReader, body: bytes) -> str:
    """The article's text, or why there is none."""
    try:
        return reader.read(page(body), None).text
    except NotAnArticle as error:
        return error.message


def test_a_page_that_takes_too_long_is_given_up_and_the_next_is_read() -> None:
    reader = IsolatedReader(limit=timedelta(seconds=8))
    try:
        with pytest.raises(NotAnArticle, match="longer than 8 seconds"):
            reader.read(page(b"<table><tr><td>" * 100_000), None)
        assert reader.read(page(GOOD), None).headline == "Ferry is free again"
    finally:
        reader.close()


def test_a_page_that_takes_too_much_memory_is_given_up_and_the_next_is_read() -> None:
    reader = IsolatedReader(memory=1024**3)
    try:
        with pytest.raises(NotAnArticle, match=r"memory|broke"):
            reader.read(page(b"x" * 900_000_000), None)
        assert reader.read(page(GOOD), None).headline == "Ferry is free again"
    finally:
        reader.close()


def test_closed_it_can_be_used_again() -> None:
    reader = IsolatedReader()
    for _ in range(2):
        assert reader.read(page(GOOD), None).headline == "Ferry is free again"
        reader.close()
