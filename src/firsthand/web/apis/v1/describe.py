"""The OpenAPI description of the JSON API, made from its routes."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter

from firsthand import __version__
from firsthand.web.apis.v1.shapes import Problem

_ABOUT = """What the pages of Firsthand show, for programs.

Every request carries an API token (`Authorization: Bearer fh_…`), made on the page Settings, API tokens. Lists come in
parts: `next` of one part is the `cursor` of the next, null at the end. Answers have an ETag; send it as If-None-Match.
Errors are RFC 9457 problems."""


def description(router: APIRouter) -> dict[str, Any]:
    """The description of all routes of a router."""
    found = get_openapi(title="Firsthand", version=__version__, description=_ABOUT, routes=router.routes)
    parts = found.setdefault("components", {})
    parts.setdefault("schemas", {})["Problem"] = TypeAdapter(Problem).json_schema()
    parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    found["security"] = [{"token": []}]
    return found
