"""The app on a phone, in real Chromium: installed, read offline, and marks that come back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app_running import Running
from firsthand.desk.composition import Composition
from firsthand.desk.offline import COUNTED
from firsthand.model.editions import EditionPlan, Turn
from firsthand.web import phone as phone_part

pytestmark = pytest.mark.browser

AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text()
RENEW = """async () => {
  const { active } = await navigator.serviceWorker.ready;
  await new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = resolve;
    active.postMessage({ kind: "renew", now: true }, [channel.port2]);
  });
}"""
CACHED = """async () => {
  const names = await caches.keys();
  const pages = [];
  for (const name of names) for (const one of await (await caches.open(name)).keys()) pages.push(new URL(one.url).pathname);
  return pages;
}"""
QUEUE = "async () => (await Held.all('queue')).map(({ article, read, saved }) => ({ article, read, saved }))"


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """A small screen that is touched."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, device_scale_factor=2, is_mobile=True, has_touch=True
    )
    yield context
    context.set_offline(False)
    context.close()


def controlled(page: Page, address: str) -> None:
    """Open a page and wait until the service worker stands behind it."""
    page.goto(address)
    wait_for(page, "navigator.serviceWorker.controller !== null", bool)


def wait_for(page: Page, question: str, holds: Callable[[Any], bool], tries: int = 1200) -> Any:
    """Ask the page until the answer is right."""
    for _ in range(tries):  # a minute, on a busy machine
        answer = page.evaluate(question)
        if holds(answer):
            return answer
        page.wait_for_timeout(50)
    raise AssertionError(f"{question} still answers {answer}")


def mark_of(app: Running, article_id: int) -> tuple[bool, bool]:
    owner = app.house.store.readers.owner()
    held = app.house.store.articles.get(owner.id, article_id)
    return held.read, held.saved


@pytest.fixture
def three(filled: Running) -> Iterator[tuple[Running, list[int]]]:
    """Three unread articles of the front page, the first of them saved."""
    store, owner = filled.house.store, filled.house.store.readers.owner()
    ids = [one.id for one in store.articles.front(owner.id, before=None, limit=9)][2:5]
    now = datetime.now(UTC)
    for one in ids:
        store.readers.mark(owner.id, one, read=False, saved=one == ids[0], now=now)
    yield filled, ids
    for one in ids:
        store.readers.mark(owner.id, one, read=False, saved=False, now=now)


def test_a_phone_may_install_it(filled: Running, phone: BrowserContext) -> None:
    page = phone.new_page()
    controlled(page, filled.base + "/")
    devtools = phone.new_cdp_session(page)
    found = devtools.send("Page.getAppManifest")
    assert found["errors"] == []
    manifest = json.loads(found["data"])
    assert manifest["share_target"]["action"] == "/share"
    purposes = {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]}
    assert {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} <= purposes
    for icon in manifest["icons"]:
        answer = page.request.get(filled.base + icon["src"])
        assert answer.headers["content-type"] == icon["type"]
    # Playwright's contexts are private windows, where nothing is installed; all else has to be right.
    troubles = {one["errorId"] for one in devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]}
    assert troubles <= {"in-incognito"}
    assert page.evaluate("navigator.serviceWorker.controller.state") == "activated"


def test_read_offline_mark_and_come_back(three: tuple[Running, list[int]], phone: BrowserContext) -> None:
    app, (saved, other, read_only) = three
    page = phone.new_page()
    controlled(page, app.base + "/")
    page.evaluate(RENEW)
    assert mark_of(app, saved) == (False, True)  # to hold an article is not to read it
    phone.set_offline(True)
    page.goto(app.base + "/saved")
    expect(page.locator("#held-bar")).to_contain_text("You are offline")
    page.locator(f"#h-{saved}").click()
    page.wait_for_url(f"**/articles/{saved}")
    expect(page.locator(".body p").first).to_be_visible()
    expect(page.locator("#held-bar")).to_be_visible()
    pictures = page.locator(".body img, .lead-picture img")
    for number in range(pictures.count()):
        pictures.nth(number).scroll_into_view_if_needed()
        wait_for(page, f"document.querySelectorAll('.body img, .lead-picture img')[{number}].naturalWidth", bool)
    page.locator("[data-save]").click()  # no longer saved
    expect(page.locator("[data-save]")).to_have_text("Save")
    page.goto(app.base + f"/articles/{other}")
    page.locator("[data-save]").click()
    expect(page.locator("[data-save]")).to_have_text("Saved")
    page.locator("[data-mark]").click()  # unread again, although it was opened
    expect(page.locator("[data-mark]")).to_have_text("Mark read")
    page.goto(app.base + "/")
    page.goto(app.base + f"/articles/{other}")
    expect(page.locator("[data-save]")).to_have_text("Saved")  # what waits is shown
    page.locator("[data-mark]").click()
    assert mark_of(app, saved) == (False, True)
    phone.set_offline(False)
    wait_for(page, QUEUE, lambda queue: not queue)
    assert mark_of(app, saved) == (True, False)
    assert mark_of(app, other)[1]
    assert mark_of(app, read_only) == (False, False)


def test_the_last_edition_is_read_offline(filled: Running, phone: BrowserContext) -> None:
    desk, store = filled.house.desk, filled.house.store
    owner, now = store.readers.owner(), datetime.now(UTC)
    edition = desk.mailing.create(owner, EditionPlan(title="Morning edition", images=True))
    content = Composition(store, [edition], now).content(edition)
    letter = ("now", "offline@example.org", "Morning edition: cracks")
    store.editions.keep([Turn(edition, content, letter, edition.next_due)], now)
    page = phone.new_page()
    controlled(page, filled.base + "/")
    page.evaluate(RENEW)
    phone.set_offline(True)
    page.goto(filled.base + "/offline")
    page.locator('[data-held="editions"] a').click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Morning edition")
    assert page.evaluate("document.styleSheets[0].cssRules.length") > 5
    wait_for(page, "document.images[0].naturalWidth", bool)
    phone.set_offline(False)
    desk.mailing.remove(owner, edition.id)


def test_the_icon_says_how_much_is_unread(three: tuple[Running, list[int]], phone: BrowserContext) -> None:
    app, _ = three
    owner = app.house.store.readers.owner()
    page = phone.new_page()
    controlled(page, app.base + "/")
    (worker,) = phone.service_workers
    # Where the app is not installed the browser takes the number and shows it nowhere.
    worker.evaluate("""() => {
      self.shown = [];
      navigator.setAppBadge = async (number) => { self.shown.push(number); };
      navigator.clearAppBadge = async () => { self.shown.push(0); };
    }""")
    page.evaluate(RENEW)
    assert worker.evaluate("self.shown.at(-1)") == app.house.desk.offline.state(owner).unread > 0
    phone.set_offline(True)  # a mark that waits is counted once it was sent
    page.locator("[data-mark]").first.click()
    before = app.house.desk.offline.state(owner).unread
    phone.set_offline(False)
    wait_for(page, QUEUE, lambda queue: not queue)
    page.evaluate(RENEW)
    now = app.house.desk.offline.state(owner).unread
    assert now != before or now == COUNTED
    assert worker.evaluate("self.shown.at(-1)") == now


def test_what_is_not_held_leads_to_the_list_of_what_is(three: tuple[Running, list[int]], phone: BrowserContext) -> None:
    app, (saved, *_) = three
    page = phone.new_page()
    controlled(page, app.base + "/")
    page.evaluate(RENEW)
    phone.set_offline(True)
    page.goto(app.base + "/feeds")
    expect(page.get_by_role("heading", level=1)).to_have_text("Held on this device")
    link = page.locator(f'[data-held="saved"] a[href="/articles/{saved}"]')  # others may have saved more
    link.click()
    expect(page.locator(".body p").first).to_be_visible()


def test_another_reader_s_pages_are_cleared(app: Running, browser: Browser) -> None:
    app.follow_all()
    app.poll()
    accounts = app.house.desk.accounts
    accounts.create("ada", "correct horse battery")
    accounts.create("ben", "correct horse battery")
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    sign_in(page, app.base, "ada")
    controlled(page, app.base + "/")
    page.evaluate(RENEW)
    assert "/saved" in page.evaluate(CACHED)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login*")
    wait_for(page, CACHED, lambda held: "/" not in held and not any(one.startswith("/articles/") for one in held))
    context.set_offline(True)
    page.goto(app.base + "/saved", wait_until="commit") if page.evaluate(
        "!!navigator.serviceWorker.controller"
    ) else None
    assert page.locator("[data-article]").count() == 0
    context.set_offline(False)
    sign_in(page, app.base, "ben")
    controlled(page, app.base + "/follow")
    page.evaluate(RENEW)
    held = page.evaluate(CACHED)
    assert "/saved" in held
    assert not any(one.startswith("/articles/") for one in held)  # ben follows nothing
    context.close()


def test_a_change_of_account_clears_what_another_left(app: Running, browser: Browser) -> None:
    app.follow_all()
    app.poll()
    accounts = app.house.desk.accounts
    accounts.create("ada", "correct horse battery")
    accounts.create("ben", "correct horse battery")
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    sign_in(page, app.base, "ada")
    controlled(page, app.base + "/")
    page.evaluate(RENEW)
    names = page.evaluate("caches.keys()")
    # Ada's session ends elsewhere, and Ben signs in on the same device.
    token = accounts.sign_in("ben", "correct horse battery", "192.0.2.7")
    context.add_cookies([{"name": "firsthand", "value": token, "url": app.base}])
    page.goto(app.base + "/settings")
    wait_for(page, "caches.keys()", lambda now: not {one for one in names if one.startswith("pages-")} & set(now))
    context.close()


def sign_in(page: Page, base: str, name: str) -> None:
    page.goto(base + "/login")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/login" not in url)


def test_a_new_version_takes_over_without_stale_pages(
    filled: Running, phone: BrowserContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = phone.new_page()
    controlled(page, filled.base + "/")
    before = page.evaluate("caches.keys()")
    (tmp_path / "sw.js").write_text(phone_part.WORKER.read_text() + "\n// upgraded\n")
    monkeypatch.setattr(phone_part, "WORKER", tmp_path / "sw.js")
    page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.update())")
    old = {one for one in before if one.startswith("shell-")}
    wait_for(page, "caches.keys()", lambda names: not set(names) & old)
    assert any(one.startswith("shell-") for one in page.evaluate("caches.keys()"))
    page.goto(filled.base + "/")
    expect(page.locator("#held-bar")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_shared_link_is_read(app: Running, browser: Browser, scheme: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    link = app.world.home("daily-ledger")
    page.goto(f"{app.base}/share?title=News&text=Look%20at%20{link}")  # typed, as the share sheet opens it
    page.wait_for_url("**/articles/*")
    page.evaluate("(to) => { location.href = to; }", f"{app.base}/share?url={link}")  # a link on a page asks first
    expect(page.get_by_role("button", name="Read it")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Read it").click()
    page.wait_for_url("**/articles/*")
    page.goto(f"{app.base}/share?text=no%20link")
    expect(page.get_by_role("heading", level=1)).to_contain_text("no link")
    context.close()


SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
  .map(({ title, body, tag, silent, data }) => [title, body, tag, silent, data.path])"""


def test_a_push_is_shown_and_the_next_word_takes_its_place(filled: Running, browser: Browser) -> None:
    # Without a desktop Chromium now and then forgets every notification that it shows: then once more, from the start.
    for attempt in range(3):
        context = browser.new_context(permissions=["notifications"])
        try:
            pushes_are_shown(context.new_page(), filled.base)
            return
        except AssertionError:
            if attempt == 2:
                raise
        finally:
            context.close()


def pushes_are_shown(page: Page, base: str) -> None:
    context = page.context
    controlled(page, base + "/")
    devtools = context.new_cdp_session(page)
    registered: list[dict[str, Any]] = []
    devtools.on("ServiceWorker.workerRegistrationUpdated", lambda event: registered.extend(event["registrations"]))
    devtools.send("ServiceWorker.enable")
    wait_for(page, "1", lambda _: bool(registered))
    notice = {"title": "Sea wall cracks", "body": "3 outlets", "tag": "story:7", "path": "/stories/7"}
    for body, silent in (("3 outlets", False), ("9 outlets", True)):
        push = {"origin": base, "registrationId": registered[-1]["registrationId"]}
        devtools.send("ServiceWorker.deliverPushMessage", push | {"data": json.dumps(notice | {"body": body})})
        wanted = [["Sea wall cracks", body, "story:7", silent, "/stories/7"]]
        wait_for(page, SHOWN, lambda shown, wanted=wanted: shown == wanted, 500)
    evil = push | {"data": json.dumps({"tag": "x", "path": "//evil.example/"})}
    devtools.send("ServiceWorker.deliverPushMessage", evil)
    wait_for(page, SHOWN, lambda shown: ["Firsthand", "There is news.", "x", False, "/"] in shown, 500)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/settings/notifications", "/offline", "/share?text=nothing"])
def test_axe_finds_nothing_on_the_pages_of_the_phone(filled: Running, browser: Browser, path: str, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": 320, "height": 640},
        color_scheme=scheme,  # type: ignore[arg-type]
        bypass_csp=True,
    )
    page = context.new_page()
    page.goto(filled.base + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.evaluate(AXE)
    found = page.evaluate("axe.run()")["violations"]
    context.close()
    assert not found, [(one["id"], [node["html"][:120] for node in one["nodes"]][:3]) for one in found]
