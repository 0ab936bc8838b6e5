"""Extraction beside trafilatura (favor_precision), quality and speed in one run: `python -m bench.extract [SET…]`.

The pages are those of the evaluation data (`FIRSTHAND_EVAL_DATA`, else `../shared/data` beside the checkout); the
measures are those of `tests/eval`. Times are of one process, warm; each page is read by both in turn.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
ROOT = Path(__file__).parents[1]
DEFAULT = ROOT.parent / "shared" / "data"
sys.path.insert(0, str(ROOT / "tests" / "eval"))

from extract_score import best_f1, pages, with_tables  # noqa: E402

from firsthand.extract import extract_article  # noqa: E402
from firsthand.model.article import Article  # noqa: E402
from firsthand.model.errors import NotAnArticle  # noqa: E402


def ours(html: bytes, url: str) -> Article | None:
    try:
        return extract_article(html, url)
    except NotAnArticle:
        return None


def theirs(html: bytes, url: str) -> str:
    import trafilatura

    return trafilatura.extract(html, url=url, favor_precision=True, include_comments=False) or ""


def timed(work: Callable[[bytes, str], T], html: bytes, url: str) -> tuple[T, float]:
    begun = time.perf_counter()
    found = work(html, url)
    return found, time.perf_counter() - begun


def score(folder: Path, name: str) -> str:
    """One line of figures for one set of pages."""
    text = tables = peer = our_time = peer_time = 0.0
    count = 0
    for page in pages(folder, name):
        if not count:
            ours(page.html, page.url)  # libraries load on first use
            theirs(page.html, page.url)
        article, spent = timed(ours, page.html, page.url)
        other, other_spent = timed(theirs, page.html, page.url)
        text += best_f1(article.text if article else "", page.bodies)
        tables += best_f1(with_tables(article) if article else "", page.bodies)
        peer += best_f1(other, page.bodies)
        our_time, peer_time, count = our_time + spent, peer_time + other_spent, count + 1
    quality = f"F1 {tables / count:.4f} (text alone {text / count:.4f}), trafilatura {peer / count:.4f}"
    speed = f"ms a page {1e3 * our_time / count:.1f}, trafilatura {1e3 * peer_time / count:.1f}"
    return f"{name:8} {count} pages: {quality}; {speed}, ratio {our_time / peer_time:.2f}"


def main() -> None:
    folder = Path(os.environ.get("FIRSTHAND_EVAL_DATA", DEFAULT))
    if not folder.is_dir():
        print(f"extract: no evaluation data at {folder}; set FIRSTHAND_EVAL_DATA to measure")
        return
    chosen = [name for name in sys.argv[1:] if name in {"news", "general"}]
    for name in chosen or ("news", "general"):
        print(score(folder, name), flush=True)


if __name__ == "__main__":
    main()
