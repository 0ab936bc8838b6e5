"""Passkeys in real Chromium, with the virtual authenticator of its DevTools protocol (WebAuthn domain)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from app_running import Running

pytestmark = pytest.mark.browser

PASSWORD = "correct horse battery"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Device:
    """A phone with a finger on it."""

    def __init__(self, browser: Browser, base: str) -> None:
        # By its name: a number is no relying party (WebAuthn §5.1.2, "effective domain").
        self.base = base.replace("127.0.0.1", "localhost")
        self.context = browser.new_context(viewport={"width": 390, "height": 844})
        self.page: Page = self.context.new_page()
        self.devtools: CDPSession = self.context.new_cdp_session(self.page)
        self.devtools.send("WebAuthn.enable")
        self.id = self.devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]

    def keys(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.devtools.send("WebAuthn.getCredentials", {"authenticatorId": self.id})[
            "credentials"
        ]
        return found

    def finger(self, *, known: bool) -> None:
        self.devtools.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": known})

    def sign_in(self, name: str) -> None:
        self.page.goto(self.base + "/login")
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.wait_for_url(lambda url: "/login" not in url)

    def sign_out(self) -> None:
        self.page.get_by_role("button", name="Sign out", exact=True).click()
        self.page.wait_for_url("**/login*")


@pytest.fixture
def device(app: Running, browser: Browser) -> Iterator[Device]:
    for name in ("ada", "ben"):
        app.house.desk.accounts.create(name, PASSWORD)
    device = Device(browser, app.base)
    yield device
    device.context.close()


def test_a_passkey_is_made_signs_in_and_is_removed(app: Running, device: Device) -> None:
    page = device.page
    device.sign_in("ada")
    page.goto(device.base + "/settings/account")
    page.locator("#passkey-name").fill("Ada’s phone")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url("**/settings/account?saved=passkey")
    expect(page.get_by_role("heading", name="Ada’s phone")).to_be_visible()
    (key,) = device.keys()
    assert key["rpId"] == "localhost"
    assert key["isResidentCredential"]
    assert b"ada" not in key["userHandle"].encode()  # the key says nothing about whose it is

    # A second one on the same device for the same account is none.
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator("[data-said]")).to_contain_text("already")
    assert len(device.keys()) == 1

    # No name, no password.
    device.sign_out()
    page.goto(device.base + "/login?next=/saved")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda url: "/login" not in url)
    assert page.url == device.base + "/saved"
    page.goto(device.base + "/settings/account")
    expect(page.locator("main")).to_contain_text("signed in as ada")
    held = app.house.desk.passkeys.list(app.house.store.readers.owner())
    assert [one.sign_count for one in held] == [device.keys()[0]["signCount"]]
    assert held[0].last_used is not None

    # Removed here, the device's key opens nothing any more.
    page.get_by_role("button", name="Remove").click()
    page.wait_for_url("**/settings/account?saved=removed")
    device.sign_out()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("[data-said]")).to_contain_text("belongs to no account here")
    page.goto(device.base + "/saved")
    page.wait_for_url("**/login*")


def test_a_device_that_does_not_know_the_finger_signs_nobody_in(app: Running, device: Device) -> None:
    page = device.page
    device.sign_in("ben")
    page.goto(device.base + "/settings/account")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url("**/settings/account?saved=passkey")
    device.sign_out()
    device.finger(known=False)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("[data-said]")).to_contain_text("broken off")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_enabled()
    device.finger(known=True)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda url: "/login" not in url)


def test_an_answer_is_good_once_and_for_one_browser_only(app: Running, device: Device, browser: Browser) -> None:
    page = device.page
    device.sign_in("ada")
    page.goto(device.base + "/settings/account")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url("**/settings/account?saved=passkey")
    device.sign_out()
    with page.expect_request("**/login/passkey") as sent:
        page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda url: "/login" not in url)
    body = sent.value.post_data or ""
    other = browser.new_context()
    thief = other.new_page()
    thief.goto(device.base + "/login")
    replay = """async (body) => {
      const fields = new URLSearchParams(body);
      fields.set("csrf", document.querySelector("[name=csrf]").value);
      const answer = await fetch("/login/passkey", { method: "POST", body: fields });
      return [answer.status, (await answer.json()).problem];
    }"""
    assert thief.evaluate(replay, body) == [403, "This answer is to another question."]
    other.close()
    page.goto(device.base + "/settings")
    assert page.evaluate(replay, body) == [403, "This answer is to another question."]


@pytest.mark.parametrize("path", ["/login", "/settings/account", "/settings/readers"])
def test_the_pages_fit_a_narrow_phone(app: Running, device: Device, path: str) -> None:
    if path != "/login":
        device.sign_in("ada")
    device.page.set_viewport_size({"width": 320, "height": 640})
    device.page.goto(device.base + path)
    assert device.page.evaluate("document.documentElement.scrollWidth") <= 320
