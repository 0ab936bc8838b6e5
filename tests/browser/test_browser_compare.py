"""What changed, as a reader sees it: side by side, in one column on a phone, without a script, for every eye and ear."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, expect

from app_running import Running, run_app
from firsthand.model.article import Article, Block, BlockKind
from firsthand.model.records import Reading

pytestmark = pytest.mark.browser

AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text()
FIRST = (
    "The flood put 170 homes under water, the office said. “I was told that the wall was sound,” she said on Friday."
    " The school stayed closed. The promenade stayed open. The ferry did not sail. The trams stood still. The lamps went out. The church was full. Nobody was killed that night."
    " The board is due to meet on Thursday in the old town hall."
)
SECOND = (
    "The board is due to meet on Thursday in the old town hall."
    " The flood put 183 homes under water, the office said. “I was told that the wall was safe,” she said on Friday."
    " The school stayed closed. The promenade stayed open. The ferry did not sail. The trams stood still. The lamps went out. The church was full. Nobody was killed that night."
    "\n\nCorrection: An earlier version of this article said 170 homes were flooded."
)


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, int]]:
    """An article that was edited, moved, corrected and at last removed."""
    for running in run_app(tmp_path_factory.mktemp("edited")):
        store, now, url = running.house.store, datetime.now(UTC), "https://herald.example/a"
        store.readers.owner()
        key = store.ingest.add_page(url, url, now)
        for minute, text in enumerate((FIRST, SECOND)):
            article = Article(
                url=url, headline="Flood", language="en", text=text, blocks=(Block(BlockKind.PARAGRAPH, 0, len(text)),)
            )
            at = now + timedelta(minutes=minute)
            store.ingest.save_reading(Reading(article_id=key, at=at, article=article, corrected=minute > 0))
        store.ingest.save_reading(Reading(article_id=key, at=now, stands=True, missing=now, removed=now))
        yield running, key


def test_what_changed_is_two_clicks_away_and_the_figure_leads_to_its_sentence(
    edited: tuple[Running, int], page: Page
) -> None:
    running, key = edited
    page.goto(f"{running.base}/articles/{key}")
    expect(page.locator(".notice.correction")).to_contain_text("An earlier version of this article")
    page.get_by_role("link", name="see what").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What the outlet changed")
    first = page.locator(".telling .told li").first
    expect(first).to_contain_text("170 homes became 183 homes")
    first.get_by_role("link", name="where").click()
    expect(page.locator(".sentence:target")).to_contain_text("183")
    expect(page.locator(".sentence.moved .what")).to_have_text("Moved up, was sentence 11")


def test_side_by_side_gives_way_to_one_column_by_the_switch_and_on_a_phone(
    edited: tuple[Running, int], page: Page
) -> None:
    running, key = edited
    page.goto(f"{running.base}/articles/{key}/changes")
    changed = page.locator(".sentence.changed").first
    expect(changed.locator(".two")).to_be_visible()
    expect(changed.locator(".one")).to_be_hidden()
    page.get_by_role("link", name="Inline").click()
    expect(changed.locator(".one")).to_be_visible()
    expect(changed.locator(".two")).to_be_hidden()
    page.get_by_role("link", name="Side by side").click()
    page.set_viewport_size({"width": 320, "height": 700})
    expect(changed.locator(".one")).to_be_visible()
    expect(changed.locator(".two")).to_be_hidden()


def test_it_all_works_without_a_script(edited: tuple[Running, int], browser: Browser) -> None:
    running, key = edited
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{running.base}/articles/{key}/changes?view=inline")
    folded = page.locator("details.same").first
    folded.locator("summary").click()
    expect(folded.locator(".sentence").first).to_be_visible()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_and_nothing_is_too_wide(
    edited: tuple[Running, int], browser: Browser, scheme: str, width: int
) -> None:
    running, key = edited
    paths = ("", "/changes", "/changes?view=inline", "/versions")
    for path in (*(f"/articles/{key}{path}" for path in paths), f"/compare/{key}/{key}"):
        context = browser.new_context(color_scheme=scheme, bypass_csp=True, viewport={"width": width, "height": 700})  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(running.base + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        page.evaluate(AXE)
        result = page.evaluate("axe.run()")
        context.close()
        found = [(one["id"], [node["html"][:120] for node in one["nodes"]][:3]) for one in result["violations"]]
        assert not found, path + json.dumps(found, indent=1)
