"""Whether an English sentence speaks of a date as past or as to come.

The verb that governs a date stands, nearly always, nearest to its left, else to its right ("on Monday, the council
will vote"). The verb is known by its form and by the auxiliaries before it; the tables are in `data/verbs.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from enum import Enum
from functools import cache
from importlib.resources import files

__all__ = ["Tense", "is_saying", "tense_of", "verbs"]


class Tense(Enum):
    PAST = "past"
    COMING = "coming"
    EARLIER = "earlier"
    """Before the day on which it was said ("said he had met")."""
    LATER = "later"
    """After the day on which it was said ("said he would meet")."""
    EITHER = "either"
    """The sentence leaves it open ("was due to meet", "ahead of Sunday's vote")."""
    NONE = "none"
    """No verb."""


_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+|[^\w\s]")
_REACH = 45
"""Tokens to either side within which a verb governs a date."""
_WIDTH = 300
"""Characters that hold as many tokens."""
_ADVERBS = frozenset(
    "not also still already now never then only just even again soon once almost all both it he she they we".split()
)
_FUTURE = frozenset({"will", "shall", "won't"})
_MODAL = frozenset("may might can could should must cannot can't couldn't shouldn't".split())
_IS = frozenset("is are am isn't aren't".split())
_WAS = frozenset("was were wasn't weren't".split())
_HAS = frozenset("has have hasn't haven't".split())
_HAD = frozenset({"had", "hadn't"})
_DID = frozenset("did didn't".split())
_WOULD = frozenset({"would", "wouldn't"})
_AUXILIARIES = (
    _FUTURE
    | _MODAL
    | _IS
    | _WAS
    | _HAS
    | _HAD
    | _DID
    | _WOULD
    | frozenset("be been being do does to don't doesn't ought".split())
)
_BEFORE_NOUN = frozenset(
    "the a an this that these those his her their its our my your no any each every some of in on for at by with from another"
    " between into over under after before two three four five six".split()
)
_DETERMINERS = frozenset("the a an his her their its our".split())
_GERUND_HEADS = frozenset("of for with after in by since before".split())
_PLURAL_SUBJECTS = frozenset("people voters they we you who which that police men women children".split())
_CONTRACTION = re.compile(r"^(\w+)['’](ll|re|ve|s|d)$")
_EXPANSION = {"ll": "will", "re": "are", "ve": "have"}


@cache
def verbs() -> dict[str, frozenset[str]]:
    """The tables of `data/verbs.toml`."""
    text = files("firsthand.analyze.dates").joinpath("data/verbs.toml").read_text("utf-8")
    return {name: frozenset(words) for name, words in tomllib.loads(text).items()}


def is_saying(word: str) -> bool:
    """Whether `word` (lower case) opens reported speech."""
    return word in verbs()["saying"]


def tense_of(before: str, after: str, *, of_a_noun: bool = False) -> Tense:
    """The tense that governs a date between `before` and `after`, the rest of its sentence.

    `of_a_noun`: the date belongs to a noun ("Friday's vote"), so that only what is plainly future speaks of it.
    """
    left, right = _tokens(before[-_WIDTH:])[-_REACH:], _tokens(after[:_WIDTH])[:_REACH]
    found = _leftward(left)
    governed = found is not Tense.NONE
    if not governed:
        found = _rightward(right)
    return _of_noun(left, found, governed=governed) if of_a_noun else found


def _of_noun(left: Sequence[str], found: Tense, *, governed: bool) -> Tense:
    while left and left[-1] in _BEFORE_NOUN - {"in", "from", "after", "before"} and left[-1] != "of":
        left = left[:-1]
    last = left[-1] if left else ""
    if last in {"after", "since", "following", "in", "from"}:
        return Tense.PAST
    if last in {"before", "until"} or list(left[-2:]) == ["ahead", "of"]:
        return Tense.EITHER
    if found is Tense.COMING and governed and not (_FUTURE & set(left[-6:])):
        return Tense.EITHER
    return found


def _tokens(text: str) -> list[str]:
    """Lower-cased tokens; a capitalized "May" is no modal, and contractions stand for their verb."""
    found = []
    for match in _TOKEN.finditer(text):
        token = match[0].replace("’", "'")
        if token == "May":
            continue
        token = token.lower()
        if (short := _CONTRACTION.match(token)) and short[2] in _EXPANSION:
            found += [short[1], _EXPANSION[short[2]]]
        else:
            found.append(token)
    return found


def _is_past(token: str) -> bool:
    tables = verbs()
    if token in tables["past"]:
        return True
    return len(token) > 4 and token.endswith("ed") and token not in tables["not_past"] and "-" not in token


def _leftward(tokens: Sequence[str]) -> Tense:
    """The tense of the last verb of `tokens`."""
    index = len(tokens) - 1
    while index >= 0:
        found = _verb_at(tokens, index)
        if found is not None:
            return found
        index -= 1
    return Tense.NONE


def _verb_at(tokens: Sequence[str], index: int) -> Tense | None:
    """The tense of the verb group that ends at `index`, None where no verb stands there."""
    token = tokens[index]
    if token in _AUXILIARIES and token != "to":
        return _of_group(tokens, _group_start(tokens, index), "")
    start = _group_start(tokens, index - 1)
    group = [word for word in tokens[start:index] if word in _AUXILIARIES]
    if token == "due" or (token in verbs()["schedule"] and not group and _is_past(token)):
        return _of_group(tokens, start, token) if group else Tense.EITHER
    if group and (group != ["to"] or tokens[index - 1] == "to") and _may_be_verb(token, group):
        return _of_group(tokens, start, token)
    if token.endswith("ing") and len(token) > 4:
        return Tense.PAST if index and tokens[index - 1] in _GERUND_HEADS else None
    if _is_past(token) and not (index and token.endswith("ed") and tokens[index - 1] in _DETERMINERS):
        return Tense.PAST
    if is_saying(token) and not _is_noun(tokens, index):
        return Tense.PAST
    return Tense.COMING if _is_present(tokens, index) else None


def _may_be_verb(token: str, group: Sequence[str]) -> bool:
    """Whether `token` can close a verb group with these auxiliaries: after "to" and modals any word can."""
    if _is_past(token) or token.endswith("ing") or token in verbs()["schedule"]:
        return True
    tables = verbs()
    plain = group[-1] in _FUTURE | _MODAL | _WOULD | {"to", "do", "does", "did", "don't", "didn't", "doesn't"}
    return (
        plain
        and token.isalpha()
        and (group[-1] != "to" or token in tables["coming_plural"] or len(group) > 1 or _is_plain(token))
    )


def _is_plain(token: str) -> bool:
    """Whether a word after a bare "to" looks like an infinitive and not like a place ("to parliament")."""
    return f"{token}s" in verbs()["coming"] or token in _INFINITIVES


_INFINITIVES = frozenset(
    "address answer attend be block break bring build buy call cancel change check clear collect continue cover cut deal deliver"
    " discuss do draw extend fight file find finish fire fix follow form free get give grant have help impose increase keep kill"
    " lead let lift look lose make offer pass pay press prevent protect protest provide push put quit raise reach remain remove"
    " replace respond save say see seek sell send serve set sign stand stay step stop submit suspend swear talk testify try"
    " use win withdraw work".split()
)


def _is_noun(tokens: Sequence[str], index: int) -> bool:
    return index > 0 and (tokens[index - 1] in _BEFORE_NOUN or tokens[index - 1].endswith("'s"))


def _is_present(tokens: Sequence[str], index: int) -> bool:
    """Whether a present form stands here that copy uses of what is to come."""
    token, tables = tokens[index], verbs()
    relative = index > 1 and tokens[index - 1] == "that" and tokens[index - 2].endswith("s")
    if index == 0 or (_is_noun(tokens, index) and not relative):
        return False
    if token in tables["coming"]:
        return not tokens[index - 1].isdigit()
    if token not in tables["coming_plural"]:
        return False
    subject = tokens[index - 1]
    if subject.endswith("ly") and index > 1:
        subject = tokens[index - 2]
    return subject in _PLURAL_SUBJECTS or (subject.endswith("s") and not subject.endswith(("ss", "'s")))


def _group_start(tokens: Sequence[str], index: int) -> int:
    """Where the run of auxiliaries and adverbs that ends at `index` begins."""
    start = index + 1
    while index >= 0 and (tokens[index] in _AUXILIARIES or tokens[index] in _ADVERBS or _is_adverb(tokens[index])):
        if tokens[index] in _AUXILIARIES:
            start = index
        index -= 1
    return start


def _is_adverb(token: str) -> bool:
    return (
        token.endswith("ly")
        and len(token) > 4
        and token not in {"july", "family", "italy", "assembly", "rally", "reply", "supply"}
    )


def _of_group(tokens: Sequence[str], start: int, verb: str) -> Tense:
    """The tense of the verb group of auxiliaries from `start` that ends in `verb` ("" where they stand alone)."""
    group = [word for word in tokens[start : start + 8] if word in _AUXILIARIES]
    negated = "not" in tokens[start : start + 3]
    has = set(group)
    if has & _FUTURE:
        return Tense.COMING
    if has & _WOULD:
        return Tense.PAST if "have" in has else Tense.LATER
    if has & _MODAL:
        past = "have" in has or "couldn't" in has or ("could" in has and negated)
        return Tense.PAST if past else Tense.COMING
    if "to" in has:
        return _of_infinitive(tokens, start, group)
    scheduled = verb in verbs()["schedule"]
    return _of_auxiliary(has, scheduled=scheduled, alone=not verb)


def _of_auxiliary(has: set[str], *, scheduled: bool, alone: bool) -> Tense:
    if has & _WAS or has & _HAD or (has & _HAS and not alone):
        if scheduled:
            return Tense.COMING if has & _HAS else Tense.EITHER
        return Tense.EARLIER if has & _HAD else Tense.PAST
    return Tense.PAST if has & _DID else Tense.COMING


def _of_infinitive(tokens: Sequence[str], start: int, group: Sequence[str]) -> Tense:
    """ "is to meet", "was due to meet", "agreed to meet", "failed to meet"."""
    before_to = group[: list(group).index("to")]
    if before_to:
        return Tense.EITHER if set(before_to) & (_WAS | _HAD) else Tense.COMING
    tables = verbs()
    governor = tokens[start - 1] if start else ""
    if governor in tables["schedule"]:
        found = _verb_at(tokens, start - 1)
        return found if found in (Tense.COMING, Tense.EITHER) else Tense.EITHER
    if governor in tables["ahead"]:
        return Tense.COMING if not _is_past(governor) and governor.endswith("s") else Tense.EITHER
    found = _leftward(tokens[:start])
    return Tense.PAST if found is Tense.NONE else found


def _rightward(tokens: Sequence[str]) -> Tense:
    """The tense of the first verb of `tokens`."""
    for index, token in enumerate(tokens):
        if token in _AUXILIARIES and token != "to":
            return _of_run(tokens, index)
        if token in verbs()["schedule"] and _is_past(token):
            return Tense.EITHER
        if index and token.endswith("ed") and tokens[index - 1] in _DETERMINERS:
            continue
        if _is_past(token) or (is_saying(token) and not _is_noun(tokens, index)):
            return Tense.PAST
        if _is_present(tokens, index):
            return Tense.COMING
    return Tense.NONE


def _of_run(tokens: Sequence[str], index: int) -> Tense:
    """The tense of the group of auxiliaries that begins at `index`, with the verb after it."""
    end = index
    while end < len(tokens) and (tokens[end] in _AUXILIARIES or tokens[end] in _ADVERBS or _is_adverb(tokens[end])):
        end += 1
    verb = tokens[end] if end < len(tokens) else ""
    if "to" in tokens[index:end] and tokens[index] in _WAS:
        return Tense.EITHER
    return _of_group(tokens[: end + 1], index, verb)
