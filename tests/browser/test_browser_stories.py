"""Stories in real Chromium: the front page by story with its origin mark, the page of one, and what changes live."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


def wide_story(app) -> int:
    """The story with most articles of what was read."""
    heads = app.house.store.stories.front(1, limit=100)
    return max(heads, key=lambda head: head.articles).id


def test_the_front_page_goes_by_story_and_shows_how_many_know_it(filled, page: Page) -> None:
    page.goto(filled.base + "/")
    marks = page.locator("#list .origin-mark").all_inner_texts()
    assert len(marks) == page.locator("#list [data-article]").count() > 5
    assert all(re.search(r"\d+ outlets? · \d+ origins?", mark) for mark in marks)
    shown = page.locator("#list [data-article]").evaluate_all("all => all.map(one => one.dataset.article)")
    assert max(Counter(shown).values()) == 1


def test_a_story_opens_with_its_origins_and_folds_its_copies(filled, page: Page) -> None:
    story = wide_story(filled)
    head = filled.house.store.stories.get(story)
    page.goto(filled.base + "/")
    page.locator(f'#list a[href="/stories/{story}"]').first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(head.title)
    expect(page.get_by_role("heading", name="How many know it first hand")).to_be_visible()
    assert page.locator(".carrier").count() >= 1
    copies = page.locator(".copies")
    if copies.count():
        copies.first.locator("summary").click()
        expect(copies.first.get_by_text("what was cut and changed").first).to_be_visible()


def test_a_story_is_whole_at_320_pixels_and_for_axe(filled, browser: Browser) -> None:
    for scheme in ("light", "dark"):
        context = browser.new_context(viewport={"width": 320, "height": 700}, color_scheme=scheme)
        page = context.new_page()
        page.goto(f"{filled.base}/stories/{wide_story(filled)}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        found = Axe().run(page)
        assert not found.response["violations"], found.generate_report()
        context.close()


def test_a_story_that_changes_says_so(app, page: Page) -> None:
    app.follow_all()
    app.poll()
    page.goto(app.base + "/")
    before = page.locator("#list [data-article]").count()
    app.world.publish_all()
    app.poll()
    bar = page.locator(".new a")
    expect(bar).to_contain_text(re.compile(r"new stor|changed"))
    bar.click()
    expect(page.locator("#list [data-article]").nth(before)).to_be_attached()
