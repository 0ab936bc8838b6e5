"""What a reader can do: browse, search, follow, mark, sign in. The pages ask this, and nothing below it.

`Desk` is the whole; its parts are `browse`, `following`, `accounts` and `live`. Methods are synchronous (they ask the
database, and belong in a thread); those that go out to the network are coroutines.
"""

from __future__ import annotations

from firsthand.desk.desk import Desk

__all__ = ["Desk"]
