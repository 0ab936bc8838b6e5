"""What apps and programs speak with us: the Google Reader API, the Fever API, and a JSON API of our own.

None of them takes the browser's cookie, so no page of another site can use them in a reader's name; each request shows
a token of its own.
"""

from __future__ import annotations

PATHS = ("/accounts/ClientLogin", "/reader/", "/api/", "/fever", "/image/app")
"""How the addresses begin that take a token and no cookie."""
JSON = "/api/v1"
"""How the addresses of the JSON API begin."""
