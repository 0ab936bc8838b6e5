"""What was found in articles, as a reader meets it: the chain, who said what, people. The models are on."""

from __future__ import annotations

import json
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, expect

from app_running import Running
from firsthand.desk.seen import Seen
from firsthand.model.findings import Deed

pytestmark = pytest.mark.browser

AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text()
QUOTED = "Ruth Penhallow"


@pytest.fixture(scope="module")
def spoken(analyzed: Running) -> str:
    """The page of somebody whom the demo's outlets quote."""
    (person,) = analyzed.house.store.findings.named(QUOTED)[:1]
    return f"/people/{person.id}"


@pytest.fixture(scope="module")
def told(analyzed: Running) -> str:
    """The article with the longest way back to its origin."""
    store = analyzed.house.store

    def hops(article_id: int) -> int:
        found = store.findings.of(article_id)
        return max((len(chain.hops) for chain in found.chains), default=0) if found else 0

    return f"/articles/{max((one.id for one in store.articles.front(1, before=None, limit=200)), key=hops)}"


def test_everything_that_was_read_whole_was_analyzed_and_no_step_broke(analyzed: Running) -> None:
    store = analyzed.house.store
    assert store.findings.due(10) == []
    found = [store.findings.of(one.id) for one in store.articles.front(1, before=None, limit=200)]
    kept = [one for one in found if one is not None]
    assert kept
    assert [one.failed for one in kept if one.failed] == []


def test_a_mark_in_the_text_leads_to_who_said_it_and_can_be_put_out(analyzed: Running, told: str, page: Page) -> None:
    page.goto(analyzed.base + told)
    expect(page.locator("ol.chain").first.locator("li").last).to_contain_text("printed here")
    first = page.locator(".body sup a").first
    number = first.inner_text()
    first.click()
    expect(page.locator(f"#said-{number}")).to_be_in_viewport()
    page.get_by_label("Mark who said what in the text").uncheck()
    expect(page.locator(".body sup").first).to_be_hidden()
    expect(page.locator(".body mark").first).to_be_visible()


def test_a_card_stands_beside_the_words_by_pointer_and_keyboard(analyzed: Running, told: str, page: Page) -> None:
    page.goto(analyzed.base + told)
    card = page.locator("#card")
    expect(card).to_be_hidden()
    page.locator(".body mark.stated").first.hover()
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    numbers = page.locator(".body sup a")
    numbers.first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(numbers.first).to_be_focused()
    expect(card).to_be_visible()
    expect(card.locator(".number")).to_have_text(numbers.first.inner_text())


def test_a_person_s_page_leads_back_to_the_statement(analyzed: Running, spoken: str, page: Page) -> None:
    page.goto(analyzed.base + spoken)
    expect(page.get_by_role("heading", level=1)).to_have_text(QUOTED)
    page.locator(".said blockquote a").first.click()
    page.wait_for_url("**/articles/*#said-*")
    expect(page.locator(".said:target")).to_contain_text(QUOTED)


def test_what_is_held_is_a_link_and_always_the_report_that_is_meant(analyzed: Running, page: Page) -> None:
    """By the world's own record: of the same story, and what a copy credits is the text that it was made from."""
    store, world = analyzed.house.store, analyzed.world
    by_url = {world.url(one): one for one in world.world.articles}
    headlines = store.articles.front(1, before=None, limit=200)
    gold = {one.id: by_url[url_key_of(one.url)] for one in headlines if url_key_of(one.url) in by_url}
    found = Seen(store).articles(store.findings.found_in(list(gold)))
    held = [
        (number, hop)
        for number, analysis in found.items()
        for chain in analysis.chains
        for hop in chain.hops[1:]
        if hop.article
    ]
    assert held
    for number, hop in held:
        article, report = gold[number], gold[hop.article]
        assert (report.gold.story, report.outlet is article.outlet) == (article.gold.story, False)
        if hop.does is Deed.CREDITED:
            assert article.gold.of == report.id
    number, hop = held[0]
    page.goto(f"{analyzed.base}/articles/{number}")
    page.locator(f"ol.chain li.seen a[href='/articles/{hop.article}']").first.click()
    page.wait_for_url(f"**/articles/{hop.article}")


def url_key_of(url: str) -> str:
    """A demo address without what its feed adds."""
    return url.partition("?")[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_wider_than_320_pixels(
    analyzed: Running, told: str, spoken: str, browser: Browser, scheme: str
) -> None:
    for path in (told, spoken, "/people", "/people?q=a", "/outlets/1"):
        context = browser.new_context(color_scheme=scheme, bypass_csp=True, viewport={"width": 320, "height": 700})  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(analyzed.base + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        page.evaluate(AXE)
        result = page.evaluate("axe.run()")
        context.close()
        found = [(one["id"], [node["html"][:120] for node in one["nodes"]][:3]) for one in result["violations"]]
        assert not found, path + json.dumps(found, indent=1)
