"""The names of outlets and agencies, which are no names of an event: two articles that cite one paper tell two things.

Only where a name stands as the house's: "Washington Post" says nothing of Washington, the city stays a name where it is
named by itself, and what a headline names is what it is about.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable

from firsthand.group.story_terms import StoryFeatures, Terms, terms_of


class Houses:
    """The houses that have been met; a few words each."""

    def __init__(self) -> None:
        self._single: set[tuple[str, str]] = set()
        self._longer: defaultdict[str, dict[tuple[str, str], set[tuple[str, ...]]]] = defaultdict(dict)

    def add(self, language: str, names: Iterable[str]) -> None:
        """Know these names from now on."""
        for name in names:
            terms = terms_of(language, name)
            if len(terms) == 1:
                self._single.add((language, terms[0]))
            elif terms:
                self._longer[language].setdefault((terms[0], terms[1]), set()).add(terms)

    def without(self, article: StoryFeatures) -> Terms:
        """The names of an article without those that stand for a house."""
        taken = {name: count for name, count in article.names.items() if (article.language, name) in self._single}
        longer = self._longer[article.language]
        for pair in longer.keys() & article.pairs.keys():
            for terms in longer[pair]:
                times = min(article.pairs.get(two, 0) for two in itertools.pairwise(terms))
                for term in terms if times else ():
                    taken[term] = taken.get(term, 0) + times
        if not taken:
            return article.names
        left = {name: count - taken.get(name, 0) for name, count in article.names.items()}
        return {name: max(1, count) for name, count in left.items() if count > 0 or name in article.title}
