"""`make bench`: every benchmark in turn. Each prints its figures beside a peer's, measured in the same run."""

from __future__ import annotations

import importlib
import sys

PARTS = ("feeds", "extract", "poll", "store", "group")


def main(names: list[str]) -> None:
    for name in names or PARTS:
        print(f"── {name} " + "─" * (76 - len(name)), flush=True)
        importlib.import_module(f"bench.{name}").main()
        print(flush=True)


if __name__ == "__main__":
    main([name for name in sys.argv[1:] if not name.isdecimal()])  # figures are a part's own
