"""SMTP as servers demand it, and mails as bytes."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from mail_world import mail_server

from firsthand.deliver.mail import Mailer, MailServerAway, check
from firsthand.deliver.mime import Envelope, as_bytes
from firsthand.deliver.settings import MailSettings
from firsthand.deliver.wrap import wrapped
from firsthand.model.editions import Fate, Mail
from firsthand.model.errors import ConfigError

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MESSAGE = b"Subject: Test\r\n\r\nWords.\r\n.\r\nA dot alone ended nothing.\r\n"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of "localhost", which is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("certificate") / "both.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + made.public_bytes(pem))
    return path


def given(port: int, **more: object) -> MailSettings:
    base = {"host": "localhost", "port": port, "security": "none", "sender": "News <news@example.org>"}
    return MailSettings(**(base | {"timeout": timedelta(seconds=20)} | more))  # type: ignore[arg-type]


async def hand_over(settings: MailSettings, to: str = "ada@example.org") -> Fate:
    mailer = Mailer(settings)
    try:
        return (await mailer.hand_over(to, MESSAGE)).fate
    finally:
        await mailer.quit()


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_tls_and_signing_in(tmp_path: Path, certificate: Path, security: str) -> None:
    options = {"certificate": str(certificate), "tls": security == "tls", "password": "secret"}
    with mail_server(tmp_path / "mail", **options) as server:
        good = given(server.port, security=security, user="me", password="secret", ca_file=str(certificate))
        assert await hand_over(good) is Fate.TAKEN
        (mail,) = server.mails()
        assert (mail["X-TLS"], mail["X-Auth"]) == ("True", "True")
        assert "A dot alone ended nothing." in mail.get_content()
        for wrong, said in (
            ({"password": "guess"}, "does not let us in"),
            ({"ca_file": ""}, "certificate"),
            ({"host": "127.0.0.1"}, "certificate"),  # not the name that the certificate is for
        ):
            with pytest.raises(MailServerAway, match=said):
                await hand_over(given(server.port, **({"security": security, "user": "me", "password": "secret",
                                                       "ca_file": str(certificate)} | wrong)))  # fmt: skip
        assert len(server.mails()) == 1


async def test_a_server_without_tls_is_not_used_in_the_clear(tmp_path: Path) -> None:
    with mail_server(tmp_path / "mail") as server:
        with pytest.raises(MailServerAway):
            await hand_over(given(server.port, security="starttls"))
        assert server.mails() == []


async def test_a_refusal_does_not_spoil_the_connection(tmp_path: Path) -> None:
    with mail_server(tmp_path / "mail") as server:
        mailer = Mailer(given(server.port))
        fates = [
            (await mailer.hand_over(f"{who}@example.org", MESSAGE)).fate
            for who in ("gone", "ada", "later", "full", "silent", "bob")
        ]
        await mailer.quit()
        assert fates == [Fate.NO_SUCH_ADDRESS, Fate.TAKEN, Fate.AGAIN, Fate.REFUSED, Fate.UNKNOWN, Fate.TAKEN]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"host": ""}, "No mail server"),
        ({"security": "ssl"}, "mail.security"),
        ({"sender": "nobody"}, "mail.sender"),
        ({"ca_file": "/nowhere.pem"}, "mail.ca_file"),
    ],
)
def test_settings_that_cannot_work_are_named(wrong: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        check(given(25, **wrong))
    assert "secret" not in repr(given(25, password="secret"))


def test_a_mail_is_read_back_as_it_was_written() -> None:
    text = "Grüße\n\n.\nFrom here on = all is well.\n" + "x" * 200 + "\n-- \nEnd"
    mail = Mail(
        "Ein Betreff: “Wir haben’s gesagt” " + "und mehr " * 20, "<p>Grüße &amp; mehr " + "y" * 2000 + "</p>", text
    )
    address = "https://news.example.org/mail/unsubscribe/" + "t" * 90
    envelope = Envelope(
        sender="Die “Zeitung” <news@example.org>", to="ada@example.org", message_id="edition-1-x@example.org", date=NOW,
        list_name='Früh\r\nBcc: x@y.z', list_id="edition-1.example.org", unsubscribe=address,
    )  # fmt: skip
    data = as_bytes(mail, envelope)
    assert as_bytes(mail, envelope) == data
    assert max(len(line) for line in data.splitlines()) <= 998
    assert data.count(b"\n") == data.count(b"\r\n")
    read = email.message_from_bytes(data, policy=email.policy.default)
    assert not read.defects
    assert read["Subject"] == mail.subject.strip()
    assert read["From"].addresses[0].display_name == "Die “Zeitung”"
    assert read["List-Unsubscribe"] == f"<{address}>"
    assert read["Bcc"] is None
    assert read["List-Id"] == "<edition-1.example.org>"
    assert read.get_content_type() == "multipart/alternative"
    parts = [read.get_body((kind,)).get_content().replace("\r\n", "\n").rstrip("\n") for kind in ("plain", "html")]
    assert parts == [text, mail.html]


def test_no_subject_adds_a_header() -> None:
    data = as_bytes(Mail("One\r\nBcc: all@example.org\r\n\r\nBody", "<p>x</p>", "x"), Envelope(
        sender="News <news@example.org>", to="ada@example.org", message_id="a@b", date=NOW))  # fmt: skip
    read = email.message_from_bytes(data, policy=email.policy.default)
    assert read["Bcc"] is None
    assert read["Subject"] == "One Bcc: all@example.org Body"


def test_lines_are_short_and_addresses_whole() -> None:
    address = "https://news.example.org/" + "a" * 90
    lines = wrapped(f"{'word ' * 30}{address} end", 2).splitlines()
    assert f"  {address}" in lines
    assert all(line.startswith("  ") and (len(line) <= 72 or address in line) for line in lines)
    assert wrapped("") == ""
