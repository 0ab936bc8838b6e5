"""A real SMTP server in a process of its own: what it takes lies in a Maildir. Ends when its standard input does.

What a recipient's name begins with decides: `gone` is refused for good, `later` for now, `silent` is hung up on after the
content was taken, `full` is refused for good after the content.
"""

from __future__ import annotations

import json
import mailbox
import ssl
import sys
from email import message_from_bytes

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class Keeper:
    """Keeps what comes in a Maildir."""

    def __init__(self, folder: str) -> None:
        self.box = mailbox.Maildir(folder)

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list) -> str:
        if address.startswith("gone"):
            return "550 5.1.1 No such user here"
        if address.startswith("later"):
            return "451 4.7.1 Greylisted, come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        recipient = envelope.rcpt_tos[0]
        if recipient.startswith("full"):
            return "552 5.2.2 Mailbox full"
        message = message_from_bytes(envelope.original_content)
        message["X-Envelope-From"], message["X-Envelope-To"] = envelope.mail_from, recipient
        message["X-Auth"] = str(bool(session.authenticated))
        message["X-Peer"] = str(session.peer[1])
        message["X-TLS"] = str(server.transport.get_extra_info("ssl_object") is not None)
        self.box.add(message)
        if recipient.startswith("silent"):
            server.transport.abort()
        return "250 OK"


def main(folder: str, options: dict) -> None:
    context = None
    if options.get("certificate"):
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options["certificate"])
    given = {"hostname": "127.0.0.1", "port": 0, "data_size_limit": None, "enable_SMTPUTF8": False}
    if options.get("tls"):
        given["ssl_context"] = context
    elif context:
        given |= {"tls_context": context, "require_starttls": True}
    if options.get("password"):

        def known(
            server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
        ) -> AuthResult:
            right = data.password.decode() == options["password"]
            return AuthResult(success=right, handled=right)

        given |= {
            "authenticator": known,
            "auth_required": True,
            "auth_require_tls": bool(context) and not options.get("tls"),
        }
    controller = Free(Keeper(folder), **given)
    controller.start()
    print(controller.server.sockets[0].getsockname()[1], flush=True)
    sys.stdin.read()
    controller.stop()


class Free(Controller):
    """On any free port: aiosmtpd's own trial connection asks for the number that was given."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
