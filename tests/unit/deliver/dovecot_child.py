"""A real IMAP server, Debian's Dovecot, for one mailbox. Ends with its test."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail
first_valid_uid = 1
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/home
}}
"""


def can_run() -> bool:
    """Whether it is installed, and may change to its own users."""
    names = {one.pw_name for one in pwd.getpwall()}
    return shutil.which("dovecot") is not None and os.geteuid() == 0 and {"dovecot", "dovenull", "nobody"} <= names


@dataclass
class Dovecot:
    """The running server."""

    port: int
    folder: Path
    brought: int = 0

    def bring(self, mail: bytes) -> None:
        """Deliver a mail as any delivery agent does: written beside, then moved in (maildir(5))."""
        self.brought += 1
        path = self.folder / "mail" / "tmp" / f"{self.brought}.test"
        path.write_bytes(mail)
        os.chown(path, pwd.getpwnam("nobody").pw_uid, -1)
        path.rename(self.folder / "mail" / "new" / path.name)


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    """A mailbox that it serves, to any user with the password "secret"."""
    folder = Path(tempfile.mkdtemp(prefix="firsthand-dovecot-"))
    folder.chmod(0o755)  # its processes run as other users
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    for name in ("home", "mail", "mail/new", "mail/cur", "mail/tmp"):
        (folder / name).mkdir()
        shutil.chown(folder / name, "nobody")
    (folder / "dovecot.conf").write_text(CONFIG.format(folder=folder, port=port))
    with subprocess.Popen(["dovecot", "-F", "-c", str(folder / "dovecot.conf")], stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(port, server, folder)
            yield Dovecot(port, folder)
        finally:
            server.terminate()
            server.wait()
            shutil.rmtree(folder, ignore_errors=True)


def _wait_for(port: int, server: subprocess.Popen[bytes], folder: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 5):
            return
        time.sleep(0.02)
    log = folder / "log"
    raise RuntimeError(f"Dovecot does not answer: {log.read_text() if log.exists() else server.returncode}")
