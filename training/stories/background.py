"""Count in how many news texts each term stands: `python training/stories/background.py DATA`.

DATA is the evaluation data's folder. Only counts are kept, of terms that stand in `LEAST` texts or more; none of the
text. The stories' own data are left out, so that their scores stay honest.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from firsthand.group.story_terms import story_features

LEAST = 3
TARGET = Path(__file__).parents[2] / "src/firsthand/group/data/english_df.json"


def texts(data: Path) -> Iterator[tuple[str, str]]:
    """Titles and texts of news in English."""
    for line in (data / "attribution/train.jsonl").open(encoding="utf-8"):
        yield "", json.loads(line)["text"]


def main() -> None:
    counts: Counter[str] = Counter()
    documents = 0
    for title, text in texts(Path(sys.argv[1])):
        features = story_features("", title, text)
        counts.update(set(features.text) | set(features.names) | set(features.figures))
        documents += 1
    kept = {term: count for term, count in sorted(counts.items()) if count >= LEAST}
    TARGET.write_text(json.dumps({"documents": documents, "counts": kept}, ensure_ascii=False), "utf-8")
    print(f"{documents} texts, {len(kept)} terms, {TARGET.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main()
