"""The tables of who may do what: invites, passkeys, outside identities, tokens of programs."""

from __future__ import annotations
