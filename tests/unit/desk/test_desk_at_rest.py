"""Whoever gets hold of the database gets in nowhere with what stands in it."""

from __future__ import annotations

import hashlib
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from firsthand.desk import Desk
from firsthand.desk.tokens import fever_key
from firsthand.model.tokens import ALL_SCOPES
from firsthand.store import open_store

PASSWORD = "correct horse battery staple"


def test_nothing_that_lets_anybody_in_stands_in_the_database(tmp_path: Path) -> None:
    file = tmp_path / "firsthand.db"
    store = open_store(f"sqlite:///{file}")
    store.migrate()
    desk = Desk(store, None, lambda: datetime.now(UTC))  # type: ignore[arg-type]
    desk.accounts.create("ada", PASSWORD)
    reader = store.readers.owner()
    session = desk.accounts.sign_in("ada", PASSWORD, "192.0.2.1")
    token = desk.tokens.make(reader, "phone", ALL_SCOPES).secret
    invite = desk.access.invite("for Ben").token
    feed = desk.out.make_key(reader, "saved")
    desk.addresses.add(reader, "ada@example.org")
    question = desk.addresses.begin_question(desk.addresses.to_ask(1)[0])
    assert question is not None
    secrets = {
        "password": PASSWORD,
        "session": session,
        "API token": token,
        "Fever key": fever_key("ada", token),
        "what an app goes on with": desk.tokens.sign_in("ada", PASSWORD, "192.0.2.1"),
        "invite": invite,
        "feed's address": feed,
        "question to a mail address": question[0],
        "end of an edition": desk.mailing.unsubscribe_token(1),
    }
    store.close()
    with sqlite3.connect(file) as held:
        everything = "\n".join(held.iterdump())
    for name, secret in secrets.items():
        assert len(secret) > 20, name
        assert secret not in everything, name
        assert secret.encode().hex().upper() not in everything.upper(), name
    # By their digests they are found again, so these are what was looked for.
    for name in ("session", "API token", "invite", "feed's address", "question to a mail address"):
        assert hashlib.sha256(secrets[name].encode()).hexdigest() in everything, name
    assert "$argon2id$" in everything
