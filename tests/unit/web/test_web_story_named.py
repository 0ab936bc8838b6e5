"""Who is named as a source and is not followed, on a story's page: followed with one button."""

from __future__ import annotations

import re

import pytest
from web_client import Client

from firsthand.desk import stories
from firsthand.desk.story_page import Named


def test_who_is_named_can_be_followed_from_there(filled, monkeypatch: pytest.MonkeyPatch) -> None:
    def named(_dues, listed, _followed, _held):
        by = next(iter(listed.values()))
        return (
            Named(name="Northern <Echo>", domain="echo.invalid", by=by),
            Named(name="City Wire", domain=None, by=by),
        )

    monkeypatch.setattr(stories.page, "named", named)
    client = Client(filled.base)
    (head, *_) = filled.house.store.stories.front(1, limit=1)
    _, _, page = client.ask("GET", f"/stories/{head.id}")
    assert "Northern &lt;Echo&gt;" in page
    (form,) = re.findall(r'<form class="follow-named".*?</form>', page, re.DOTALL)
    assert 'action="/follow"' in form
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    assert fields["address"] == "echo.invalid"
    assert fields["csrf"] == client.token()
