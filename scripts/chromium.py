"""Make sure that the browser tests have a Chromium: look for one, else try to install one, else say so.

Never fails: without a browser those tests are skipped, loudly, by their own fixture.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def found() -> str | None:
    named = os.environ.get("FIRSTHAND_CHROMIUM")
    if named and os.path.exists(named):
        return named
    for name in NAMES:
        if path := shutil.which(name):
            return path
    return None


def playwrights_own() -> bool:
    """Whether Playwright has a browser of its own already."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return os.path.exists(playwright.chromium.executable_path)


def run(*command: str) -> bool:
    print("$", *command, flush=True)
    return subprocess.run(command, check=False).returncode == 0


def install() -> bool:
    if os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get"):
        os.environ["DEBIAN_FRONTEND"] = "noninteractive"
        if run("apt-get", "update", "-qq") and run("apt-get", "install", "-y", "-qq", "chromium"):
            return True
    return run(sys.executable, "-m", "playwright", "install", "chromium")


if __name__ == "__main__":
    if path := found():
        print(f"Chromium for the browser tests: {path}")
    elif playwrights_own():
        print("Chromium for the browser tests: Playwright's own")
    elif install():
        print(f"Chromium for the browser tests: {found() or 'installed by Playwright'}")
    else:
        print("NO CHROMIUM: the browser tests will be skipped. Install one, or set FIRSTHAND_CHROMIUM to its path.")
