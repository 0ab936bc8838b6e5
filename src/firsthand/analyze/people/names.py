"""Names in an English text: runs of capitalized words, parted from the titles before them and told apart by kind.

spaCy's small model alone takes a third of bare surnames for companies and places ("Barton", "Osei"), and outlets for
persons. So every run of capitals is weighed: by title, by given name, by the words of organizations, by what the gazetteer
of outlets and the list of places know, and last by the model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from firsthand.analyze.people.headings import headings, repeated, within
from firsthand.analyze.people.kinds import weighed
from firsthand.analyze.people.name import JOINS, PARTICLES, Name
from firsthand.analyze.people.runs import runs
from firsthand.analyze.people.tokens import Page, Token
from firsthand.analyze.people.words import bare, english, first_name_gender, is_place
from firsthand.model.findings import EntityKind

__all__ = ["find_names"]

_PARTY = re.compile(r"[RDI]-[A-Z]")
"""`(R-Texas)` behind a lawmaker's name."""


def find_names(page: Page, outlets: Callable[[str], bool]) -> list[Name]:
    """All names of `page` in reading order; kind is None where nothing tells it."""
    lines = headings(page)
    stretches = [(first, last) for first, last in runs(page) if not within(lines, first)]
    names = [
        name
        for first, last in stretches
        for name in _names_in(page, first, last, outlets)
        if not _PARTY.match(name.text)
    ]
    return sorted([*names, *repeated(page, lines, names)], key=lambda name: name.start)


def _names_in(page: Page, first: int, last: int, outlets: Callable[[str], bool]) -> Iterator[Name]:
    """The names of one run: cut at weekdays and at words that only begin the sentence, titles taken off."""
    tables = english()
    first = cut = _after_opening(page, first, last)
    for index in range(first, last):
        capitals = page.tokens[index].text.isupper() and len(page.tokens[index].text) > 2
        if page.tokens[index].lower in tables.no_name and not capitals and not _is_name_word(page, index, first, last):
            yield from _one(page, cut, index, outlets)
            cut = index + 1
    yield from _one(page, cut, last, outlets)


def _after_opening(page: Page, first: int, last: int) -> int:
    """Where a run begins without the common word that opens its sentence ("*Previous* US statements")."""
    token = page.tokens[first]
    shown = not token.label or token.pos in _NEVER or token.tag == "VBG"
    opens = token.first and last - first > 1 and token.pos in _OPENING and shown
    known = english().title(token.text) or english().honorific(token.text) or token.text.isupper()
    return first + 1 if opens and not known else first


_NEVER = frozenset("DET ADP CCONJ SCONJ PRON AUX".split())
_OPENING = frozenset("ADJ ADV DET ADP CCONJ SCONJ VERB AUX PRON NUM".split())
_DAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february october november december september".split()
)


def _is_name_word(page: Page, index: int, first: int, last: int) -> bool:
    """Whether a word of the stop list is part of a name all the same ("Theresa May", "The Hague", "First Bank")."""
    token = page.tokens[index]
    if token.lower in _DAYS:
        return index > first and token.label == "ORG"
    if english().honorific(token.text):
        return True
    if index > first:
        before = page.tokens[index - 1].lower
        return token.lower not in ("the", "a", "an") and before not in english().no_name
    return (
        index + 1 < last
        and token.label in ("ORG", "FAC", "WORK_OF_ART", "GPE")
        and token.lower not in _DAYS
        and token.lower != "the"
    )


def _one(page: Page, first: int, last: int, outlets: Callable[[str], bool]) -> Iterator[Name]:
    """The name of `tokens[first:last]`, without its titles; nothing where only titles or common words stand there."""
    tokens = page.tokens
    while first < last and (tokens[last - 1].lower in (JOINS | PARTICLES) or tokens[last - 1].text == "Now"):
        last -= 1
    if first >= last:
        return
    if known := _outlet(page, first, last, outlets):
        yield known
        return
    if last - first == 1 and tokens[first].text in page.surnames:
        yield weighed(page, first, first, last)  # "Dean" is no dean where Howard Dean is
        return
    start = _after_titles(tokens, first, last)
    start = _after_place(page, start, last) if start == first else start
    if start >= last:
        return
    name = tokens[start:last]
    if len(name) == 1 and start == first and _is_common(name[0]):
        return
    found = weighed(page, first, start, last)
    joins = [index for index in range(start + 1, last - 1) if tokens[index].lower == "and"]
    if found.kind is EntityKind.PERSON and joins:
        # "Osmar and Velland": two, whatever they are; a body's name is no person's.
        yield weighed(page, first, start, joins[0])
        yield from _one(page, joins[0] + 1, last, outlets)
        return
    yield found


def _outlet(page: Page, first: int, last: int, outlets: Callable[[str], bool]) -> Name | None:
    """The run as an outlet of the gazetteer, where nothing shows that it is a person."""
    tokens = page.tokens
    words = tuple(token.text for token in tokens[first:last])
    named = " ".join(words)
    definite = first > 0 and tokens[first - 1].lower == "the"
    if not (outlets(named) or (definite and outlets(f"The {named}"))):
        return None
    if (
        len(words) == 1
        and not definite
        and (_is_common(tokens[first]) or (tokens[first].first and tokens[first].pos not in ("PROPN", "")))
    ):
        return None
    if english().title(words[0]) or english().honorific(words[0]):
        return None
    return Name(
        first, last, first, words, tokens[first].start, tokens[last - 1].end, EntityKind.OUTLET, True, "", definite
    )


def _after_titles(tokens: Sequence[Token], first: int, last: int) -> int:
    """Where the name begins after its titles; `last` where the run is nothing but titles."""
    tables = english()
    titles = [
        at for at in range(first, last) if tables.title(tokens[at].text) and not _is_surname(tokens, first, at, last)
    ]
    bodies = [at for at in range(first, last) if tokens[at].lower in tables.organizations]
    if bodies and titles and max(bodies) > max(titles):
        return first  # "Republican National Committee"
    start = max(titles, default=first - 1) + 1
    while start + 1 < last and tables.honorific(tokens[start].text):
        start += 1
    if start == last and last - first > 1 and tables.honorific(tokens[last - 2].text):
        return last - 1  # "Mr. King"
    if start == last and last - first > 1 and _known_first(tokens[first]) and not tables.title(tokens[first].text):
        return first  # "James Baker"
    while start < last and bare(tokens[start].text) in ("designate", "elect", "emeritus"):
        start += 1
    return start


def _is_surname(tokens: Sequence[Token], first: int, index: int, last: int) -> bool:
    """Whether a word that names a role is a family name here: after a given name ("James Baker", "Tyler Baker Jones")."""
    if index == first or tokens[index].lower not in _SURNAMES:
        return False
    return _known_first(tokens[index - 1]) and not english().title(tokens[index - 1].text)


_SURNAMES = frozenset(
    "abbot baker baron bishop butcher butler carpenter chancellor constable cook count dancer deacon dean duke farmer father fisher forester general"
    " guard head hunter judge justice keeper king lord major marshal mason miller monk page painter parent pope porter priest prince ranger"
    " rider sailor sergeant sheriff shepherd singer speaker squire taylor tenor tutor usher vicar warden weaver wright".split()
)


def _known_first(token: Token) -> bool:
    return first_name_gender(token.text) is not None


def _after_place(page: Page, first: int, last: int) -> int:
    """ "Ambassador to Washington Asad Khan": the place after a preposition is no part of the name."""
    tokens = page.tokens
    if last - first < 3 or first == 0 or tokens[first - 1].lower not in ("to", "in", "at", "for", "of", "the"):
        return _after_office(tokens, first, last)
    for cut in (first + 2, first + 1):
        if is_place(" ".join(token.text for token in tokens[first:cut])) and last - cut >= 2:
            return cut
    return _after_office(tokens, first, last)


def _after_office(tokens: Sequence[Token], first: int, last: int) -> int:
    """ "Secretary of State for Political Affairs Vera Nolan": a given name begins the name that ends the run."""
    before = [token.lower for token in tokens[max(0, first - 2) : first]]
    led = bool(before) and (before[-1] in ("for", "of") or (before[-1] == "the" and before[0] in ("for", "of")))
    if not led or _known_first(tokens[first]):
        return first
    for index in range(first + 1, last - 1):
        if _known_first(tokens[index]) and not english().title(tokens[index].text):
            return index
    return first


def _is_common(token: Token) -> bool:
    """Whether a single capitalized word is a common one: it only begins the sentence, or names nation or faith."""
    tables = english()
    word = token.lower
    if token.text.isupper() and len(token.text) > 2:
        return False
    if word in tables.adjectives or word in tables.no_name or token.text == "I":
        return True
    common = word in tables.groups or word in tables.documents or tables.title(word) or word in tables.takes_up
    return common and (token.first or token.pos in ("NOUN", ""))
