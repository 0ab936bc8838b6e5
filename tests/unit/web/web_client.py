"""A client that hides nothing: what it sends is what the test says, what comes back is all there is."""

from __future__ import annotations

import http.client
import re
import socket
import urllib.parse
from email.message import Message
from urllib.parse import urlsplit


class Client:
    """A browser without a page: keeps cookies, follows nothing, hides nothing."""

    def __init__(self, base: str) -> None:
        self.where = urlsplit(base)
        self.cookies: dict[str, str] = {}

    def ask(
        self, method: str, path: str, form: dict[str, str] | None = None, **headers: str
    ) -> tuple[int, Message, str]:
        """Status, headers and body of one answer. A header's name is given with `_` for `-`."""
        connection = http.client.HTTPConnection(self.where.hostname, self.where.port, timeout=60)
        sent = {"Host": self.where.netloc, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form)
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for cookie in answer.headers.get_all("set-cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        connection.close()
        return answer.status, answer.headers, text

    def token(self, path: str = "/settings") -> str:
        """The CSRF token that a page's forms hold."""
        return re.search(r'name="csrf" value="([0-9a-f]+)"', self.ask("GET", path)[2])[1]  # type: ignore[index]

    def raw(self, request: bytes) -> bytes:
        """Bytes over the wire, for what no client would send."""
        with socket.create_connection((self.where.hostname, self.where.port), timeout=60) as wire:
            wire.sendall(request)
            answer = b""
            while chunk := wire.recv(65536):
                answer += chunk
            return answer
