"""The tables of what belongs together: fingerprints, copies, stories, origins."""

from __future__ import annotations
