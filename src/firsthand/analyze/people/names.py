"""Names in an English text: runs of capitalized words, parted from the titles before them and told apart by kind.

spaCy's small model alone takes a third of bare surnames for companies and places ("Barton", "Osei"), and outlets for
persons. So every run of capitals is weighed: by title, by given name, by the words of organizations, by what the gazetteer
of outlets and the list of places know, and last by the model.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from firsthand.analyze.people.tokens import Page, Token
from firsthand.analyze.people.words import Gender, Words, bare, english, first_name_gender, fold, is_place
from firsthand.model.findings import EntityKind

__all__ = ["Name", "find_names"]

PARTICLES = frozenset(
    "de del della di da dos das du la le van von der den ter ten bin ibn al el ben abu y e af av zu zur".split()
)
SUFFIXES = frozenset("jr sr ii iii iv".split())
_JOINS = frozenset("of for and the in on to &".split())


@dataclass(frozen=True, slots=True)
class Name:
    """One name as it stands: `page.tokens[first:last]` are its words, `lead` where its titles begin (`first` without any)."""

    first: int
    last: int
    lead: int
    words: tuple[str, ...]
    start: int
    end: int
    kind: EntityKind | None
    sure: bool
    """The words around it show the kind; else it is only likely."""
    gender: Gender = ""
    definite: bool = False
    """An article stands before it."""

    @property
    def text(self) -> str:
        return " ".join(self.words)


def find_names(page: Page, outlets: Callable[[str], bool]) -> list[Name]:
    """All names of `page` in reading order; kind is None where nothing tells it."""
    headings = _headings(page)
    runs = [(first, last) for first, last in _runs(page) if not _within(headings, first)]
    names = [
        name for first, last in runs for name in _names_in(page, first, last, outlets) if not _PARTY.match(name.text)
    ]
    return sorted([*names, *_repeated(page, headings, names)], key=lambda name: name.start)


def _headings(page: Page) -> list[tuple[int, int]]:
    """Lines in which nearly every word has a capital: there capitals tell nothing."""
    found, first = [], 0
    for index in range(len(page.tokens) + 1):
        if (
            index < len(page.tokens)
            and page.tokens[index].text not in (".", "?", "!")
            and "\n" not in page.tokens[index].text
        ):
            continue
        words = [
            token
            for token in page.tokens[first:index]
            if token.is_word and len(token.text) > 3 and token.text[0].isalpha()
        ]
        small = sum(not token.is_capitalized for token in words)
        if len(words) >= 4 and small * 4 <= len(words) and _has_verb(page, first, index):
            found.append((first, index))
        first = index + 1
    return found


def _has_verb(page: Page, first: int, last: int) -> bool:
    """Whether a line is a sentence, and not a list of names."""
    small = {token.lower for token in page.tokens[first:last]}
    return bool(small & _SMALL) or any(token.pos in ("VERB", "AUX") for token in page.tokens[first:last])


_SMALL = frozenset(
    "was is are were be been has have had will would could may can not won't isn't says said to after as with over by about".split()
)


def _within(ranges: Sequence[tuple[int, int]], index: int) -> bool:
    at = bisect_right(ranges, (index, len(ranges) + index + 1)) - 1
    return at >= 0 and ranges[at][0] <= index < ranges[at][1]


def _repeated(page: Page, headings: Sequence[tuple[int, int]], names: Sequence[Name]) -> Iterator[Name]:
    """In headings only names that stand in the text too, the longest first."""
    known = {tuple(fold(word) for word in name.words): name for name in names}
    longest = max((len(words) for words in known), default=0)
    for first, last in headings:
        index = first
        while index < last:
            folded = [fold(token.text) for token in page.tokens[index : index + longest]]
            size = next((size for size in range(min(longest, last - index), 0, -1) if tuple(folded[:size]) in known), 0)
            if size and page.tokens[index].is_capitalized:
                like = known[tuple(folded[:size])]
                words = tuple(token.text for token in page.tokens[index : index + size])
                start, end = page.tokens[index].start, page.tokens[index + size - 1].end
                yield Name(index, index + size, index, words, start, end, like.kind, like.sure, like.gender)
            index += max(size, 1)


_PARTY = re.compile(r"[RDI]-[A-Z]")
"""`(R-Texas)` behind a lawmaker's name."""


def _runs(page: Page) -> Iterator[tuple[int, int]]:
    """Stretches of capitalized words, with the particles and, in organizations, the small words between them."""
    index, tokens = 0, page.tokens
    while index < len(tokens):
        if not _begins(tokens[index]):
            index += 1
            continue
        last = index + 1
        while (after := _extended(page, index, last)) > last:
            last = after
        yield index, last
        index = last


def _begins(token: Token) -> bool:
    return token.is_word and token.is_capitalized and not token.text.isdigit()


def _extended(page: Page, first: int, last: int) -> int:
    """Where the run that began at `first` ends after taking the word at `last`; `last` where it cannot."""
    tokens = page.tokens
    if last >= len(tokens) or not page.touching(last) or _ends_name(tokens[last - 1]):
        return last
    token = tokens[last]
    if _begins(token):
        return last if _is_new_sentence(tokens, last) else last + 1
    if token.lower in PARTICLES and last + 1 < len(tokens) and page.touching(last + 1):
        after = last + 1
        while after < len(tokens) and tokens[after].lower in PARTICLES and page.touching(after):
            after += 1
        if after < len(tokens) and _begins(tokens[after]) and page.touching(after):
            return after + 1
    if token.lower in _JOINS and _is_organization(tokens[first:last]):
        after = last + 1
        while after < len(tokens) and tokens[after].lower in _JOINS and page.touching(after):
            after += 1
        joined = after < len(tokens) and _begins(tokens[after]) and page.touching(after)
        if joined and (
            token.lower in ("of", "for") or (token.lower in ("and", "&") and _one_body(tokens, first, last, after))
        ):
            return after + 1
    return last


def _ends_name(token: Token) -> bool:
    return token.text.endswith(".") and token.lower in SUFFIXES


def _is_new_sentence(tokens: Sequence[Token], index: int) -> bool:
    return tokens[index].first


def _is_organization(words: Sequence[Token]) -> bool:
    """Whether a run so far names a body that goes on with "of": "Ministry of Transport", not "Secretary of State"."""
    tables = english()
    last = words[-1].lower
    return any(word.lower in tables.organizations for word in words) and not tables.title(last)


def _one_body(tokens: Sequence[Token], first: int, last: int, after: int) -> bool:
    """Whether "and" joins two parts of one name ("Ministry of Health and Welfare"), and not two names."""
    inside = any(token.lower in ("of", "for") for token in tokens[first:last])
    return inside and tokens[after].label == tokens[last - 1].label and tokens[after].label in ("", "ORG")


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
    opens = token.first and last - first > 1 and token.pos in _OPENING and not token.label
    known = english().title(token.text) or english().honorific(token.text) or token.text.isupper()
    return first + 1 if opens and not known else first


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
    while first < last and tokens[last - 1].lower in (_JOINS | PARTICLES):
        last -= 1
    if first >= last:
        return
    if known := _outlet(page, first, last, outlets):
        yield known
        return
    start = _after_titles(tokens, first, last)
    start = _after_place(page, start, last) if start == first else start
    if start >= last:
        return
    name = tokens[start:last]
    if len(name) == 1 and _is_common(name[0]):
        return
    yield _weighed(page, first, start, last)


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
    start = first
    for index in range(first, last):
        word = tokens[index]
        if (tables.honorific(word.text) and index + 1 < last) or (
            tables.title(word.text) and not _is_surname(tokens, first, index, last)
        ):
            start = index + 1
    if start == last and last - first > 1 and _known_first(tokens[first]) and not tables.title(tokens[first].text):
        return first  # "James Baker"
    while start < last and bare(tokens[start].text) in ("designate", "elect", "emeritus"):
        start += 1
    return start


def _is_surname(tokens: Sequence[Token], first: int, index: int, last: int) -> bool:
    """Whether a word that names a role is a family name here: after a given name ("James Baker", "Tyler Baker Jones")."""
    return index > first and _known_first(tokens[index - 1]) and not english().title(tokens[index - 1].text)


def _known_first(token: Token) -> bool:
    return first_name_gender(token.text) is not None


def _after_place(page: Page, first: int, last: int) -> int:
    """ "Ambassador to Washington Asad Khan": the place after a preposition is no part of the name."""
    tokens = page.tokens
    if last - first < 3 or first == 0 or tokens[first - 1].lower not in ("to", "in", "at", "for", "of"):
        return _after_office(tokens, first, last)
    for cut in (first + 2, first + 1):
        if is_place(" ".join(token.text for token in tokens[first:cut])) and last - cut >= 2:
            return cut
    return _after_office(tokens, first, last)


def _after_office(tokens: Sequence[Token], first: int, last: int) -> int:
    """ "Secretary of State for Political Affairs Vera Nolan": a given name begins the name that ends the run."""
    if first == 0 or tokens[first - 1].lower not in ("for", "of") or _known_first(tokens[first]):
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


def _weighed(page: Page, lead: int, first: int, last: int) -> Name:
    """The name with its kind, by the strongest sign."""
    tokens = page.tokens
    words = tuple(token.text for token in tokens[first:last])
    kind, sure, gender = _kind(page, lead, first, last, words)
    definite = lead > 0 and tokens[lead - 1].lower == "the"
    return Name(first, last, lead, words, tokens[first].start, tokens[last - 1].end, kind, sure, gender, definite)


def _kind(
    page: Page, lead: int, first: int, last: int, words: tuple[str, ...]
) -> tuple[EntityKind | None, bool, Gender]:
    tables = english()
    titled = [token for token in page.tokens[lead:first] if tables.honorific(token.text) or tables.title(token.text)]
    gender = _gender(titled, words, tables)
    if titled and not _is_body(words, tables):
        return EntityKind.PERSON, True, gender
    if is_place(" ".join(words)) or is_place("The " + " ".join(words)):
        return EntityKind.PLACE, True, ""
    if _is_dateline(page, first, last):
        return EntityKind.PLACE, True, ""
    known = first_name_gender(words[0]) is not None
    if _is_body(words, tables) and not (known and len(words) == 2 and page.tokens[first].label == "PERSON"):
        return EntityKind.ORGANIZATION, True, ""
    if words[-1].lower() in tables.places and len(words) > 1:
        return EntityKind.PLACE, True, ""
    if len(words) == 1 and words[0].isupper() and 2 <= len(words[0].replace(".", "")) <= 6:
        return EntityKind.ORGANIZATION, False, ""
    if known and len(words) > 1:
        return EntityKind.PERSON, True, gender
    return _by_label(page, first, last), False, gender


def _is_dateline(page: Page, first: int, last: int) -> bool:
    """`HEMPSTEAD, N.Y. (UPI) —`: capitals at the head of a paragraph, and a mark."""
    tokens = page.tokens
    head = first == 0 or "\n" in tokens[first - 1].text
    mark = last < len(tokens) and tokens[last].text in (",", "(", "-", "–", "—", "/")
    return head and mark and all(token.text.isupper() and len(token.text) > 3 for token in tokens[first:last])


def _is_body(words: Sequence[str], tables: Words) -> bool:
    return any(bare(word) in tables.organizations for word in words)


def _gender(titled: Sequence[Token], words: Sequence[str], tables: Words) -> Gender:
    for token in titled:
        word = bare(token.text)
        if word in tables.women or word.endswith("woman"):
            return "f"
        if word in tables.men or (word.endswith("man") and word != "chairman"):
            return "m"
    return (first_name_gender(words[0]) or "") if len(words) > 1 else ""


def _by_label(page: Page, first: int, last: int) -> EntityKind | None:
    """What the model's labels say of most of the words."""
    labels = [token.label for token in page.tokens[first:last] if token.label]
    if not labels:
        return None
    best = max(sorted(set(labels)), key=labels.count)
    return _LABELS.get(best)


_LABELS = {
    "PERSON": EntityKind.PERSON,
    "ORG": EntityKind.ORGANIZATION,
    "GPE": EntityKind.PLACE,
    "LOC": EntityKind.PLACE,
    "FAC": EntityKind.PLACE,
}
