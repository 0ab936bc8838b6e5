"""The tables of who may do what: invites, passkeys, outside identities, tokens of programs."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, Table, UniqueConstraint

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

invites = Table(
    "invites",
    metadata,
    Column("id", Id, primary_key=True),
    Column("token_hash", CleanText, nullable=False, unique=True),
    Column("role", CleanText, nullable=False),
    Column("note", CleanText, nullable=False),
    Column("created", Instant, nullable=False),
    Column("expires", Instant, nullable=False),
    Column("used", Instant),
    Column("used_by_id", ForeignKey("readers.id", ondelete="SET NULL"), index=True),
)

passkeys = Table(
    "passkeys",
    metadata,
    Column("id", Id, primary_key=True),
    Column("reader_id", ForeignKey("readers.id", ondelete="CASCADE"), nullable=False, index=True),
    # Up to 1,023 bytes (WebAuthn level 2, §4, "Credential ID"), in hexadecimal.
    Column("credential_id", CleanText, nullable=False, unique=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("name", CleanText, nullable=False),
    Column("created", Instant, nullable=False),
    Column("last_used", Instant),
)

identities = Table(
    "identities",
    metadata,
    Column("id", Id, primary_key=True),
    Column("reader_id", ForeignKey("readers.id", ondelete="CASCADE"), nullable=False, index=True),
    # Only the two together name somebody (OpenID Connect Core §5.7).
    Column("issuer", CleanText, nullable=False),
    Column("subject", CleanText, nullable=False),
    Column("name", CleanText, nullable=False),
    Column("created", Instant, nullable=False),
    Column("last_used", Instant),
    UniqueConstraint("issuer", "subject"),
)
