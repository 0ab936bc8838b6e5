"""The names of outlets and agencies, which are no names of an event: two articles that cite one paper tell two things.

Only where a name stands as the house's: "Washington Post" says nothing of Washington, the city stays a name where it is
named by itself, and what a headline names is what it is about.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable

from firsthand.group.story_terms import StoryFeatures, Terms, terms_of


class Houses:
    """The houses that have been met; a few words each."""

    def __init__(self) -> None:
        self._names: dict[str, None] = {}
        self._known: defaultdict[str, _Known] = defaultdict(_Known)

    def add(self, names: Iterable[str]) -> None:
        """Know these names from now on, in articles of any language."""
        self._names.update(dict.fromkeys(name for name in names if name))

    def without(self, article: StoryFeatures) -> Terms:
        """The names of an article without those that stand for a house."""
        known = self._known[article.language]
        for name in itertools.islice(self._names, known.names, None):
            known.add(terms_of(article.language, name))
        taken = Counter({name: count for name, count in article.names.items() if name in known.single})
        for opening in known.longer.keys() & article.pairs.keys():
            for terms in known.longer[opening]:
                if times := min(article.pairs.get(pair, 0) for pair in itertools.pairwise(terms)):
                    taken.update(dict.fromkeys(terms[2:], times))
                    # Named once in full, it is named in short from there on: "El Correo" for that of Puerto Claro.
                    taken.update(dict.fromkeys(opening, article.pairs[opening]))
        if not taken:
            return article.names
        left = {name: count - taken[name] for name, count in article.names.items()}
        return {name: max(1, count) for name, count in left.items() if count > 0 or name in article.title}


class _Known:
    """The houses as articles of one language name them."""

    def __init__(self) -> None:
        self.names = 0
        """How many names have been taken in."""
        self.single: set[str] = set()
        self.longer: dict[tuple[str, str], set[tuple[str, ...]]] = {}

    def add(self, terms: tuple[str, ...]) -> None:
        self.names += 1
        if len(terms) == 1:
            self.single.add(terms[0])
        elif terms:
            self.longer.setdefault((terms[0], terms[1]), set()).add(terms)
