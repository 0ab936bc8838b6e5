"""Any bytes at all: an article with sound spans, or NotAnArticle, and nothing else."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firsthand.extract import (
    extract_article,
    from_json,
    read_body,
    read_eml,
    read_newsml,
    read_ninjs,
    read_text,
    sniff,
    to_json,
)
from firsthand.extract.charset import decode
from firsthand.model.article import Article
from firsthand.model.errors import NotAnArticle

PAGE = (Path(__file__).parent / "pages" / "gazette.html").read_bytes()
QUIET = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
BITS = [b"<", b">", b"</div>", b"<div>", b'"', b"\x00", b"&#xD800;", b"&#0;", b"\xff\xfe", b"<table>", b"<!--", b"]]>"]
BITS += [b"<script>", b"<p", b"<a href='", b"<br><br>", b"<svg>", b"<li>", b"\r", b"<template>", b"<plaintext>"]


def is_sound(article: Article) -> bool:
    """Spans within the text and in order, text clean, and the JSON form gives the article back."""
    end = 0
    for block in article.blocks:
        assert end <= block.start + 2
        assert 0 <= block.start <= block.end <= len(article.text)
        assert all(block.start <= item.start < item.end <= block.end for item in block.items)
        end = max(end, block.end)
    assert all(0 <= link.start < link.end <= len(article.text) for link in article.links)
    assert all(link.url.startswith(("http://", "https://")) for link in article.links)
    assert from_json(to_json(article)) == article
    for text in (article.text, article.headline or "", *article.byline, *article.section):
        assert "\x00" not in text
        text.encode("utf-8")
    return True


def reads(read: Callable[[], Article | tuple[Article, ...]]) -> bool:
    try:
        found = read()
    except NotAnArticle as error:
        return error.message.endswith(".")
    return all(is_sound(article) for article in (found if isinstance(found, tuple) else (found,)))


@QUIET
@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    assert reads(lambda: extract_article(data, "https://a.example/1"))
    assert reads(lambda: read_eml(data))
    assert reads(lambda: read_newsml(data))
    assert reads(lambda: read_ninjs(data))
    assert sniff(data) in {"html", "text", "eml", "newsml", "ninjs"}
    assert isinstance(decode(data, "text/html; charset=" + data[:9].decode("latin-1")), str)


@QUIET
@given(st.text(max_size=600))
def test_any_text(text: str) -> None:
    assert reads(lambda: read_text(text))
    assert reads(lambda: read_body(text))
    assert reads(lambda: extract_article(f"<html><body><article><p>{text}</p></article>", None))


@QUIET
@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=120), max_size=12), st.booleans())
def test_any_paragraphs(texts: list[str], listed: bool) -> None:
    long = " and the rest of a sentence that is long enough to be prose, as sentences in papers are."
    tag = "li" if listed else "p"
    body = "".join(f"<{tag}><a href='/x'>{text}</a>{long}</{tag}>" for text in texts)
    assert reads(lambda: extract_article(f"<html><body><article><ul>{body}</ul></article>", "https://a.example/1"))


@pytest.mark.parametrize("seed", range(40))
def test_a_page_with_bytes_changed(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(PAGE)
    for _ in range(chance.randint(1, 60)):
        place = chance.randrange(len(data))
        match chance.randrange(4):
            case 0:
                data[place] = chance.randrange(256)
            case 1:
                del data[place : place + chance.randrange(1, 40)]
            case 2:
                data[place:place] = chance.choice(BITS)
            case _:
                data[place:place] = data[: chance.randrange(200)]
    assert reads(lambda: extract_article(bytes(data), "https://harborgazette.example/a"))


@pytest.mark.parametrize("cut", range(0, len(PAGE), 301))
def test_a_page_cut_off(cut: int) -> None:
    assert reads(lambda: extract_article(PAGE[:cut], "https://harborgazette.example/a"))


@pytest.mark.parametrize(
    "page",
    [
        "<table>" * 3_000,
        "<ul><li>" * 3_000,
        "<blockquote>" * 3_000 + "x",
        "<a href=x>" * 20_000,
        "<p>" + "word " * 200_000,
        "<p>" + "[" * 100_000,
        "&" * 100_000,
        "<" * 100_000,
        "<p>on " + "on " * 35 + "1 x</p>" * 50,
        "<p>" + "a" * 300_000,
        "<p>" + "\u0301" * 5_000,
        "<p>" + "A, " * 5_000,
    ],
)
def test_pages_made_to_be_slow_or_deep(page: str) -> None:
    assert reads(lambda: extract_article(page, "https://a.example/1"))
