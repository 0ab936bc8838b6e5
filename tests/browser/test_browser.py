"""The app as a reader uses it, in real Chromium, over the demo's world."""

from __future__ import annotations

import json
import re
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text()
PAGES = ["/", "/?show=latest", "/?show=unread", "/stories/1", "/articles/4", "/outlets/1", "/feeds/1", "/sections/news", "/saved", "/feeds", "/follow",
         "/search", "/search?q=wall", "/settings", "/no-such-page"]  # fmt: skip


def test_first_run_offers_outlets_and_follows_a_site_by_its_address(app, page: Page) -> None:
    page.goto(app.base + "/")
    expect(page.get_by_role("heading", level=1)).to_have_text("What will you read?")
    assert page.get_by_role("checkbox").count() >= 60
    page.get_by_label("A site, a feed or an article").fill(app.world.home("daily-ledger"))
    page.get_by_role("button", name="Follow", exact=True).click()
    page.wait_for_url(app.base + "/")
    app.poll()
    page.reload()
    expect(page.locator("#list [data-article]").first).to_be_visible()
    expect(page.locator("#list")).to_contain_text("Port authority knew of cracks")


def test_a_page_without_a_feed_says_so_with_a_remedy(app, page: Page) -> None:
    page.goto(app.base + "/follow")
    page.get_by_label("A site, a feed or an article").fill("javascript:alert(1)")
    page.get_by_role("button", name="Follow", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()


def test_an_article_arrives_live_as_a_quiet_bar_that_moves_nothing(app, page: Page) -> None:
    app.follow_all()
    app.poll()
    page.goto(app.base + "/?show=latest")
    first = page.locator("#list [data-article] [data-open]").first
    before = first.bounding_box()
    app.world.publish_next()
    app.world.publish_next()
    app.poll()
    bar = page.locator(".new a")
    expect(bar).to_contain_text("new article")
    assert first.bounding_box() == before
    bar.click()
    page.wait_for_load_state()
    expect(page.locator(".new a")).to_have_count(0)


def test_read_an_article_save_it_and_find_it_again(filled, page: Page) -> None:
    page.goto(filled.base + "/search?q=outlet:ledger+progressive")
    expect(page.locator("#list mark").first).to_be_visible()
    page.locator("#list [data-open]").first.click()
    headline = page.get_by_role("heading", level=1).inner_text()
    expect(page.locator(".body p").first).to_be_visible()
    page.locator("[data-save]").click()
    expect(page.locator("[data-save]")).to_have_text("Saved")
    page.goto(filled.base + "/saved")
    expect(page.locator("#list")).to_contain_text(headline)
    page.goto(filled.base + "/?show=latest")
    expect(page.locator(".rail")).to_contain_text(headline)


def test_the_keyboard_does_it_all(filled, page: Page) -> None:
    page.goto(filled.base + "/?show=latest")
    page.keyboard.press("j")
    page.keyboard.press("j")
    current = page.locator("#list [data-article]").nth(1)
    expect(current).to_have_class(re.compile("current"))
    page.keyboard.press("k")
    page.keyboard.press("o")
    page.wait_for_url("**/articles/*")
    page.keyboard.press("s")
    expect(page.locator("[data-save]")).to_have_text("Saved")
    page.keyboard.press("s")
    expect(page.locator("[data-save]")).to_have_text("Save")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.locator("#q").blur()
    page.keyboard.press("u")
    page.wait_for_url(filled.base + "/?show=latest")


@pytest.mark.parametrize("path", PAGES)
def test_no_page_is_wider_than_320_pixels(filled, browser: Browser, path: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(filled.base + path)
    width = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert width <= 320


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(filled, browser: Browser, path: str, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(filled.base + path)
    page.evaluate(AXE)
    result = page.evaluate("axe.run()")
    context.close()
    found = [(one["id"], [node["html"][:120] for node in one["nodes"]][:3]) for one in result["violations"]]
    assert not found, json.dumps(found, indent=1)


def test_all_of_it_works_without_javascript(filled, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(filled.base + "/?show=latest")
    page.locator("#list [data-open]").nth(2).click()
    page.wait_for_url("**/articles/*")
    address = page.url
    page.locator("[data-save]").click()
    page.wait_for_url(address)
    expect(page.locator("[data-save]")).to_have_text("Saved")
    page.locator("[data-save]").click()
    page.locator("#q").fill("wall")
    page.locator("#q").press("Enter")
    expect(page.locator("#list [data-article]").first).to_be_visible()
    context.close()


def test_dark_is_dark(filled, browser: Browser) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(filled.base + "/")
    color = page.evaluate("getComputedStyle(document.body).backgroundColor")
    context.close()
    red, green, blue = (int(part) for part in color[4:-1].split(","))
    assert red + green + blue < 120


def test_the_reader_s_browser_asks_no_third_party(filled, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/", "/articles/4", "/outlets/1"):
        page.goto(filled.base + path)
        page.wait_for_timeout(200)
    assert asked
    assert all(url.startswith(filled.base) for url in asked), asked
