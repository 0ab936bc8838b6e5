"""A browser without a page: keeps its cookies, and sends forms with the token that a page holds."""

from __future__ import annotations

import re
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar


class Browser:
    def __init__(self, base: str) -> None:
        self.base = base
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        """A page, after all redirects."""
        with self._opener.open(self.base + path, timeout=60) as answer:
            return str(answer.read().decode())

    def post(self, path: str, **form: str | list[str]) -> str:
        """The page that a form leads to."""
        token = re.search(r'name="csrf" value="([0-9a-f]+)"', self.get("/settings"))
        assert token is not None
        body = urllib.parse.urlencode({**form, "csrf": token[1]}, doseq=True).encode()
        with self._opener.open(self.base + path, body, timeout=60) as answer:
            return str(answer.read().decode())
