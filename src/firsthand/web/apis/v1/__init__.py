"""The JSON API, version 1: what the pages show, for programs. Its description is at `/api/v1/openapi.json`."""

from __future__ import annotations
