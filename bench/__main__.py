"""`make bench`: every benchmark in turn, each in a process of its own, and at the end how each of them went.

    python -m bench [PART [FIGURE …]]

Each part prints its figures beside a peer's, measured in the same run. One that fails does not stop the others; one
whose data are not on this machine is skipped, and the summary says so. Exit status 1 where one failed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

PARTS: dict[str, tuple[str, ...]] = {
    "feeds": (),
    "extract": (),
    "poll": (),
    "store": ("--articles", "10000"),
    "group": ("10000",),
    "live": (),
    "websub": ("--pings", "50"),
    "mail": ("--readers", "500"),
}
"""What `make bench` runs, with what figures. `attribution` loads the language models, and runs where it is asked for."""
NEEDS = {"feeds": "feeds", "extract": "pages", "attribution": "attribution"}
"""Folders of evaluation data that a part cannot do without."""
DATA = Path(os.environ.get("FIRSTHAND_EVAL_DATA") or Path(__file__).parents[2] / "shared" / "data")


def main(arguments: list[str]) -> int:
    """Run the parts that are named, with what figures follow their names, or all of them."""
    chosen: dict[str, tuple[str, ...]] = {}
    for one in arguments:
        if one in PARTS or one in NEEDS:
            chosen[one] = ()
        elif chosen:
            name = next(reversed(chosen))
            chosen[name] += (one,)
        else:
            print(f"There is no benchmark {one}: choose of {', '.join({**PARTS, **NEEDS})}.", file=sys.stderr)
            return 2
    ended: list[tuple[str, str, float, str]] = []
    for name, figures in (chosen or PARTS).items():
        print(f"── {name} " + "─" * (76 - len(name)), flush=True)
        began = time.monotonic()
        state, gist = _run(name, figures)
        ended.append((name, state, time.monotonic() - began, gist))
        print(flush=True)
    print("── summary " + "─" * 69)
    for name, state, seconds, gist in ended:
        print(f"{name:12} {state:8} {seconds:6.0f} s   {gist}")
    print(f"{'in all':12} {'':8} {sum(seconds for _, _, seconds, _ in ended):6.0f} s")
    return int(any(state == "FAILED" for _, state, _, _ in ended))


def _run(name: str, figures: tuple[str, ...]) -> tuple[str, str]:
    """How a part went, and the last line that it printed."""
    if name in NEEDS and not (DATA / NEEDS[name]).is_dir():
        why = f"no data in {DATA / NEEDS[name]}"
        print(f"SKIPPED: {why}. FIRSTHAND_EVAL_DATA names another folder.", flush=True)
        return "SKIPPED", why
    command = [sys.executable, "-m", f"bench.{name}", *figures]
    gist = ""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    ) as part:
        assert part.stdout is not None
        for line in part.stdout:
            print(line, end="", flush=True)
            gist = line.strip() or gist
    return ("done" if part.returncode == 0 else "FAILED"), gist


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
