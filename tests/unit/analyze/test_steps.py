"""Steps plug in by what they need and give; one that breaks costs its own findings and those that need them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from firsthand.analyze.steps import Found, OrderError, Step, in_order, run_steps
from firsthand.model.article import Article

ARTICLE = Article(text="Rain fell.")


class Words(str):
    pass


class Count(int):
    pass


def words(article: Article, found: Found) -> list[Words]:
    return [Words(word) for word in article.text.split()]


def count(article: Article, found: Found) -> list[Count]:
    return [Count(len(found.get(Words)))]


def broken(article: Article, found: Found) -> list[Words]:
    raise ZeroDivisionError("a fault")


def step(run: Callable[[Article, Found], Iterable[object]], gives: type, *needs: type) -> Step:
    return Step(run.__name__, 1, run, gives, needs)


def test_a_step_is_given_what_those_before_it_found() -> None:
    found, failed = run_steps(ARTICLE, in_order(step(words, Words), step(count, Count, Words)))
    assert (found.one(Count), failed) == (2, ())


def test_a_step_before_what_it_needs_is_refused_when_the_list_is_made() -> None:
    with pytest.raises(OrderError, match="count needs Words"):
        in_order(step(count, Count, Words), step(words, Words))


def test_a_broken_step_costs_its_findings_and_those_that_need_them_and_no_more() -> None:
    steps = in_order(step(broken, Words), step(count, Count, Words), step(words, Article))
    found, failed = run_steps(ARTICLE, steps)
    assert failed == ("broken: ZeroDivisionError: a fault", "count: needs broken")
    assert found.get(Article) == ("Rain", "fell.")
    assert found.one(Count) is None
