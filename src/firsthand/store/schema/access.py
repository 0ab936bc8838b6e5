"""The tables of who may do what: invites, passkeys, outside identities, tokens of programs."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Table

from firsthand.store.schema.columns import CleanText, Id, Instant, metadata

tokens = Table(
    "tokens",
    metadata,
    Column("id", Id, primary_key=True),
    Column("reader_id", ForeignKey("readers.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", CleanText, nullable=False),
    Column("token_hash", CleanText, nullable=False, unique=True),
    # Of what a Fever client sends, md5("name:token"): neither can be had from the other, nor the token from either.
    Column("fever_hash", CleanText, nullable=False, unique=True),
    # Names, a blank between them.
    Column("scopes", CleanText, nullable=False),
    Column("created", Instant, nullable=False),
    Column("last_used", Instant),
    # NULL: it does not end by itself.
    Column("expires", Instant),
)
