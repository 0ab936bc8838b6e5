"""How an analysis step plugs in, and the one place where steps are run.

A step says what it needs and what it gives; the list of steps is explicit, and its order is checked when it is made.
A step that breaks is noted, and so are those that need what it would have given: the article stands without them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from firsthand.model.article import Article

T = TypeVar("T")


class OrderError(ValueError):
    """A step needs what no step before it gives."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found so far, by type."""

    by_type: Mapping[type, tuple[Any, ...]] = field(default_factory=dict)

    def get(self, kind: type[T]) -> tuple[T, ...]:
        """All findings of one type, in reading order."""
        return cast(tuple[T, ...], self.by_type.get(kind, ()))

    def one(self, kind: type[T]) -> T | None:
        """The only finding of a type of which an article has one."""
        found = self.get(kind)
        return found[0] if found else None

    def adding(self, kind: type, findings: Iterable[Any]) -> Found:
        """These and `findings`, which stand in the place of any of their type."""
        return Found({**self.by_type, kind: tuple(findings)})


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a pure function from an article and what was found to findings of one type."""

    name: str
    version: int
    """Raised when the step gives other findings than before: articles are then analyzed again."""
    run: Callable[[Article, Found], Iterable[Any]]
    provides: type
    requires: tuple[type, ...] = ()


def in_order(*steps: Step) -> tuple[Step, ...]:
    """The steps as given. Raises OrderError unless each comes after what it requires."""
    given: set[type] = set()
    for step in steps:
        missing = [kind.__name__ for kind in step.requires if kind not in given]
        if missing:
            raise OrderError(f"The step {step.name} needs {', '.join(missing)}, which no step before it gives.")
        given.add(step.provides)
    return steps


def run_steps(article: Article, steps: Sequence[Step]) -> tuple[Found, tuple[str, ...]]:
    """All findings, and for each step that gave none because it, or one that it needs, broke: its name and why."""
    found = Found()
    failed: list[str] = []
    broken: dict[type, str] = {}
    for step in steps:
        lost = [broken[kind] for kind in step.requires if kind in broken]
        if lost:
            failed.append(f"{step.name}: needs {lost[0]}")
        else:
            try:
                found = found.adding(step.provides, step.run(article, found))
                continue
            except Exception as error:  # one step's fault must not cost the article, whatever it is
                failed.append(f"{step.name}: {type(error).__name__}: {error}"[:300])
        broken[step.provides] = step.name
    return found, tuple(failed)
