"""What an article says: who said what, how it came here, who the people are, when things happened.

`analyze(article)` gives all of it, each finding with the span of `article.text` that shows it. Pure: no network, no
database, no clock; the same article always gives the same analysis. Heavy libraries (spaCy, ONNX Runtime) load on
first use.

    1. `parse`        tokens, dependencies, names of an English text    → Parse
    2. `dates`        mentions that a calendar can hold                 → DateMention
    3. `entities`     names, clustered, with roles                      → Entity
    4. `relations`    source, cue, content, as they stand               → Relation
    5. `statements`   whose, what kind, in whose words                  → Statement
    6. `chains`       hops back to the origin                           → Chain
    7. `assigned`     statements, each with its chain                   → Statement
    8. `disputes`     which statement denies which                      → Dispute
"""

from __future__ import annotations

from collections.abc import Sequence

from firsthand.analyze.steps import Found, Step, run_steps
from firsthand.model.article import Article
from firsthand.model.findings import Analysis, Chain, DateMention, Dispute, Entity, Statement

__all__ = ["Analysis", "Found", "Step", "analyze", "fingerprint"]


def analyze(article: Article, steps: Sequence[Step] | None = None) -> Analysis:
    """All that the steps find in an article.

    Args:
        steps: from `analyze.profiles`; None for `profiles.FULL`.
    """
    from firsthand.analyze.profiles import FULL

    found, failed = run_steps(article, FULL if steps is None else steps)
    return Analysis(
        statements=found.get(Statement),
        chains=found.get(Chain),
        dates=found.get(DateMention),
        entities=found.get(Entity),
        disputes=found.get(Dispute),
        failed=failed,
    )


def fingerprint(steps: Sequence[Step]) -> str:
    """Names a list of steps in their versions: articles that others analyzed are to be analyzed again."""
    return " ".join(f"{step.name}{step.version}" for step in steps)
