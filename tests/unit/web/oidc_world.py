"""A sign-in service of our own: OpenID Connect as far as a client meets it, strict where a client may go wrong."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

CLIENT, SECRET = "firsthand", "s3cret/with:signs"


@dataclass
class Service:
    """The service: who is at its door is set by the test."""

    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1", "use": "sig"}))
    stranger: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    """What came to the token endpoint."""
    claims: dict[str, Any] = field(default_factory=dict)
    """What the next tokens say other than they should."""
    sign_with: str = "own"

    def let_in(self, address: str, subject: str, name: str) -> str:
        """Somebody signs in here, sent by `address`; the address that their browser is sent back to."""
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked | {"sub": subject, "preferred_username": name}
        given = {"code": code, "state": asked["state"], "iss": self.issuer}
        return asked["redirect_uri"] + "?" + urllib.parse.urlencode(given)

    def answer(self, path: str) -> Any:
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            }
        if path == "/keys":
            return KeySet([self.key]).as_dict(private=False)
        return None

    def token(self, authorization: str, form: dict[str, str]) -> Any:
        """Give a token for a code, once, to who may have it (RFC 6749 §4.1.3, RFC 7636 §4.6)."""
        self.asked.append(form)
        name, _, secret = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        if (urllib.parse.unquote(name), urllib.parse.unquote(secret)) != (CLIENT, SECRET):
            return None
        asked = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if not asked or (asked["code_challenge"], asked["redirect_uri"]) != (challenge, form["redirect_uri"]):
            return None
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": asked["sub"],
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "preferred_username": asked["preferred_username"],
        }
        claims = {name: value for name, value in (claims | self.claims).items() if value is not None}
        return {"access_token": "opaque", "token_type": "Bearer", "id_token": self._signed(claims)}

    def _signed(self, claims: dict[str, Any]) -> str:
        if self.sign_with == "none":
            parts = ({"alg": "none"}, claims)
            return (
                ".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in parts) + "."
            )
        if self.sign_with == "secret":  # with what is public: the trick of confused keys
            public = OctKey.import_key(self.key.as_pem(private=False))
            return jwt.encode({"alg": "HS256", "kid": "1"}, claims, public, algorithms=["HS256"])
        key = self.stranger if self.sign_with == "stranger" else self.key
        return jwt.encode({"alg": "RS256", "kid": "1"}, claims, key)


@contextmanager
def sign_in_service() -> Iterator[Service]:
    """The service, listening on loopback until the test is over."""
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(service.answer(self.path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            form = dict(urllib.parse.parse_qsl(body))
            self._say(service.token(self.headers.get("authorization", ""), form) if self.path == "/token" else None)

        def _say(self, said: Any) -> None:
            body = json.dumps(said or {"error": "invalid_grant"}).encode()
            self.send_response(200 if said else 400)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing: a test says what went wrong."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield service
    server.shutdown()
    server.server_close()
    thread.join(5)
