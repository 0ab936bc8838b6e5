"""Chromium: looked for, never assumed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

expect.set_options(timeout=30_000)


# Not for the session: Playwright's loop runs in this thread as long as it is open, and would break every asynchronous
# test that comes after it in the same process.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = os.environ.get("FIRSTHAND_CHROMIUM") or next(
        (found for name in NAMES if (found := shutil.which(name))), None
    )
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=ARGS)
        except Error as error:
            pytest.skip(f"BROWSER TESTS SKIPPED: no Chromium ({str(error).splitlines()[0]}); set FIRSTHAND_CHROMIUM")
        yield browser
        browser.close()


def is_trouble(message: ConsoleMessage) -> bool:
    """Errors of ours. An answer of 400 or 404 is one that a test asked for."""
    return message.type == "error" and not message.text.startswith("Failed to load resource")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails the test when a script of ours does, or when the content policy is broken."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text) if is_trouble(message) else None)
    yield page
    context.close()
    assert not troubles, troubles
