"""The tables of what a reader watches, and who subscribed to our feeds."""

from __future__ import annotations
