"""Ends a conversation from another thread, wherever it stands: connecting, greeting, waiting for an answer.

A thread cannot be cancelled. One that waits for a host that hangs would hold up the end of the program until its time is up.
"""

from __future__ import annotations

import selectors
import socket
import threading
from contextlib import suppress


class Cord:
    """Cuts off what is said over one socket. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._is_cut = False

    @property
    def is_cut(self) -> bool:
        """Whether it was cut: an error that came of it is none."""
        return self._is_cut

    def cut(self) -> None:
        """Whatever waits for the other side ends with an OSError, now and from now on."""
        with self._lock:
            self._is_cut = True
            if self._socket is not None:
                with suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)

    def connect(self, address: str, port: int, timeout: float | None) -> socket.socket:
        """A connection to an IP address, which `cut` ends. Raises OSError."""
        sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        try:
            sock.setblocking(False)
            with suppress(BlockingIOError):
                sock.connect((address, port))
            self._hold(sock)  # now: what has not begun to connect cannot be shut down
            _wait(sock, timeout)
            sock.settimeout(timeout)
        except BaseException:
            sock.close()
            raise
        return sock

    def release(self) -> None:
        """The conversation is over."""
        with self._lock:
            if self._socket is not None:
                self._socket.close()
                self._socket = None

    def _hold(self, sock: socket.socket) -> None:
        with self._lock:
            if self._is_cut:
                raise ConnectionAbortedError("It was cut off")
            self._socket = sock.dup()  # of its own: TLS takes the file away from the socket it is put over


def _wait(sock: socket.socket, timeout: float | None) -> None:
    """Until it is connected. Raises OSError."""
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_WRITE)
        if not selector.select(timeout):
            raise TimeoutError("It did not answer")
    if code := sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
        raise OSError(code, f"It cannot be connected to (error {code})")
