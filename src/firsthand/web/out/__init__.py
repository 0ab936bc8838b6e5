"""Feeds out: Atom, RSS 2.0 and JSON Feed of every list, their addresses, and the page that hands out secret ones."""

from __future__ import annotations

from firsthand.web.out.routes import router

__all__ = ["router"]
