"""The tables of what goes out to a reader: addresses, editions, sent letters, subscriptions to push."""

from __future__ import annotations
