"""What comes by itself, and what a list lets one do."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from firsthand.model.records import Reading

pytestmark = pytest.mark.browser


def test_the_first_front_page_fills_by_itself(app, page: Page) -> None:
    app.follow_all()
    page.goto(app.base + "/")
    expect(page.get_by_text("The first articles are on their way.")).to_be_visible()
    app.poll()
    expect(page.locator("#list [data-article]").first).to_be_visible()
    expect(page.locator("#health-line")).to_contain_text("well")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_marks_are_set_from_the_list_and_stay(app, page: Page) -> None:
    app.follow_all()
    app.poll()
    page.goto(app.base + "/?show=latest")
    item = page.locator("#list [data-article]").nth(3)
    item.locator("[data-save]").click()
    expect(item.locator("[data-save]")).to_have_text("Saved")
    item.locator("[data-mark]").click()
    expect(item.locator("[data-mark]")).to_have_text("Mark unread")
    expect(item).to_have_class(re.compile("is-read"))
    headline = item.locator("[data-open]").inner_text()
    page.goto(app.base + "/?show=unread")
    expect(page.locator("#list")).not_to_contain_text(headline)
    page.get_by_role("button", name="Mark all read").click()
    expect(page.locator("#list")).to_contain_text("All read.")


def test_an_open_article_says_that_it_has_come_whole(app, page: Page) -> None:
    app.follow_all()
    article_id = app.house.desk.following.read_address("http://nowhere.example/story")
    page.goto(f"{app.base}/articles/{article_id}")
    expect(page.get_by_text("The page is being read now")).to_be_visible()
    failed = Reading(article_id=article_id, at=datetime.now(UTC), problem="The site answers 403.")
    app.house.store.ingest.save_reading(failed)
    bar = page.locator(".new a")
    expect(bar).to_be_visible()
    bar.click()
    expect(page.get_by_text("The page could not be read whole: The site answers 403.")).to_be_visible()


def test_starters_are_filtered_and_followed_with_one_click(app, page: Page) -> None:
    page.goto(app.base + "/follow")
    page.get_by_label("Filter").fill("bbc")
    shown = page.locator(".pick:visible")
    assert 1 <= shown.count() < 10
    shown.first.click()
    expect(page.locator("#ticked")).to_have_text("1 ticked")
    page.get_by_role("button", name="Follow what is ticked").click()
    page.wait_for_url(app.base + "/")
    assert len(app.house.store.readers.followed(1)) == 1


def test_colors_are_set_for_the_browser(filled, browser: Browser) -> None:
    context = browser.new_context(color_scheme="light")
    page = context.new_page()
    page.goto(filled.base + "/settings")
    page.get_by_label("dark").check()
    page.get_by_role("button", name="Set").first.click()
    page.wait_for_url("**/settings?saved=theme")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 22, 20)"
    context.close()
