"""What makes text of letters, as the desk sees it: given by the program that sends them, so that the desk knows no mail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from firsthand.model.editions import Letter, Mail

Picture = Callable[[str | None], str | None]
"""The address under which a picture is shown; None where it is not."""


class Composer(Protocol):
    """Makes text of letters and questions."""

    @property
    def ready(self) -> bool:
        """Whether mail is set up at all."""

    @property
    def domain(self) -> str:
        """The right side of our Message-IDs."""

    @property
    def stylesheet(self) -> str:
        """The style sheet of letters, for a look at one in the browser."""

    def letter(
        self, letter: Letter, unsubscribe: str, *, sheet: str | None = None, picture: Picture | None = None
    ) -> Mail:
        """A letter as text. With `sheet`, the address of its style sheet, nothing is inlined; `picture` gives the address
        under which a picture is shown."""

    def question(self, address: str, reader: str, token: str) -> Mail:
        """The question whether an address wants letters."""
