"""The class of each word (noun, verb, …) from its tag: the parser model's own table, looked up instead of matched.

spaCy's attribute ruler runs 180 patterns over every token, a quarter of the time of a parse without names, to set lemmas
and morphology too, which nothing here reads. This gives the same classes: the last rule that fits a token tells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

__all__ = ["WordClasses"]

_Fits = Callable[["Token"], bool]
_READS: Mapping[str, Callable[[Token], Any]] = {
    "TAG": lambda token: token.tag_,
    "LOWER": lambda token: token.lower_,
    "DEP": lambda token: token.dep_,
    "IS_SPACE": lambda token: token.is_space,
}


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a token, and the tokens around it, must be like for its class; `at` is its place among them."""

    tokens: tuple[_Fits, ...]
    at: int
    word_class: str

    def fits(self, token: Token) -> bool:
        first = token.i - self.at
        doc = token.doc
        return (
            first >= 0
            and first + len(self.tokens) <= len(doc)
            and all(fits(doc[first + number]) for number, fits in enumerate(self.tokens))
        )


class WordClasses:
    """A table of classes, made from the patterns of an attribute ruler (`AttributeRuler.patterns`)."""

    def __init__(self, patterns: Iterable[Mapping[str, Any]]) -> None:
        giving = [each for each in patterns if "POS" in each["attrs"]]
        self._rules = [
            _Rule(tuple(map(_fits, one)), int(each["index"]), str(each["attrs"]["POS"]))
            for each in giving
            for one in each["patterns"]
        ]
        self._words = frozenset(
            word for each in giving for one in each["patterns"] for token in one for word in _words(token.get("LOWER"))
        )
        self._known: dict[tuple[int, int, str, bool], str] = {}

    def give(self, doc: Doc) -> Doc:
        """Set the class of every token, and tag and dependency of white space, in place."""
        space = doc.vocab.strings.add("_SP")
        loose = doc.vocab.strings.add("dep")
        before = False
        for token in doc:
            if token.is_space:
                token.tag, token.dep = space, loose
                token.pos_ = "SPACE"
                before = False
                continue
            word = token.lower_
            # "There is": the one rule over two tokens. What a token is to the rules is this, so each is tried once.
            key = (token.tag, token.dep, word if word in self._words else "", before)
            word_class = self._known.get(key)
            if word_class is None:
                word_class = self._known[key] = self._of(token)
            token.pos_ = word_class
            before = token.dep_ == "expl"
        return doc

    def _of(self, token: Token) -> str:
        return next((rule.word_class for rule in reversed(self._rules) if rule.fits(token)), "")


def _fits(wanted: Mapping[str, Any]) -> _Fits:
    """Whether a token has all the attributes of one token of a pattern."""
    tests = [(_READS[name], _test(value)) for name, value in wanted.items()]
    return lambda token: all(test(read(token)) for read, test in tests)


def _test(value: Any) -> Callable[[Any], bool]:
    if not isinstance(value, Mapping):
        return lambda found: bool(found == value)
    if "IN" in value:
        return frozenset(value["IN"]).__contains__
    if "NOT_IN" in value:
        outside = frozenset(value["NOT_IN"])
        return lambda found: found not in outside
    pattern = re.compile(value["REGEX"])
    return lambda found: pattern.search(found) is not None


def _words(value: Any) -> Iterable[str]:
    if isinstance(value, Mapping):
        return [*value.get("IN", ()), *value.get("NOT_IN", ())]
    return () if value is None else (str(value),)
