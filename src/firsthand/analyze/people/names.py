"""Names in an English text: runs of capitalized words, parted from the titles before them and told apart by kind.

spaCy's small model alone takes a third of bare surnames for companies and places ("Barton", "Osei"), and outlets for
persons. So every run of capitals is weighed: by title, by given name, by the words of organizations, by what the gazetteer
of outlets and the list of places know, and last by the model.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

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
    """Lines in which every word but the small ones has a capital: there capitals tell nothing."""
    found, first = [], 0
    for index in range(len(page.tokens) + 1):
        inside = index < len(page.tokens) and page.tokens[index].text not in (".", "?", "!")
        if inside and "\n" not in page.tokens[index].text:
            continue
        if _is_heading(page.tokens[first:index]):
            found.append((first, index))
        first = index + 1
    return found


def _is_heading(line: Sequence[Token]) -> bool:
    words = [token for token in line if token.text[0].isalpha()]
    if len(words) > 1 and all(len(token.text) > 1 and token.text.isupper() for token in words):
        return True
    capitals = sum(token.is_capitalized for token in words)
    if capitals < 4 or not all(token.is_capitalized or token.lower in _SMALL for token in words):
        return False
    return capitals > 4 or any(token.is_capitalized and not _is_naming(token) for token in words[1:])


def _is_naming(token: Token) -> bool:
    """Whether a capitalized word may belong to a name, and is not capitalized only since all words are."""
    return token.pos in ("PROPN", "NOUN", "ADJ", "NUM", "X", "") and token.lower not in _VERBS


_SMALL = frozenset(
    "a an the if and but or nor for of to in on at by with from as over after into vs v up is it its de la than".split()
)
_VERBS = frozenset(
    "was is are were be been has have had will would could may can not won't isn't says said after with about his her he she they".split()
)


def _within(ranges: Sequence[tuple[int, int]], index: int) -> bool:
    at = bisect_right(ranges, (index, len(ranges) + index + 1)) - 1
    return at >= 0 and ranges[at][0] <= index < ranges[at][1]


def _repeated(page: Page, headings: Sequence[tuple[int, int]], names: Sequence[Name]) -> Iterator[Name]:
    """In headings only names that stand in the text too, the longest first, and given names before family names."""
    known = {tuple(fold(word) for word in name.words): name for name in names}
    longest = max((len(words) for words in known), default=0)
    for first, last in headings:
        index = first
        while index < last:
            size, like = _known_at(page, index, min(longest, last - index), known)
            if like is not None:
                yield _as_known(page, index, size, like)
            index += max(size, 1)


def _known_at(page: Page, index: int, longest: int, known: Mapping[tuple[str, ...], Name]) -> tuple[int, Name | None]:
    """How many words from `index` are a name of the text, and the name."""
    tokens = page.tokens
    if not tokens[index].is_capitalized:
        return 0, None
    folded = tuple(fold(token.text) for token in tokens[index : index + longest])
    for size in range(len(folded), 0, -1):
        if folded[:size] in known:
            return size, known[folded[:size]]
    family = known.get(folded[1:2])
    if (
        family is not None
        and family.kind is EntityKind.PERSON
        and _known_first(tokens[index])
        and page.touching(index + 1)
    ):
        return 2, replace(family, kind=EntityKind.PERSON, sure=True)
    return 0, None


def _as_known(page: Page, index: int, size: int, like: Name) -> Name:
    tokens = page.tokens[index : index + size]
    words = tuple(token.text for token in tokens)
    gender = like.gender or ((first_name_gender(words[0]) or "") if size > 1 else "")
    return Name(index, index + size, index, words, tokens[0].start, tokens[-1].end, like.kind, like.sure, gender)


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
            token.lower in ("of", "for")
            or (token.lower == "on" and tokens[last - 1].lower in _ON)
            or (token.lower in ("and", "&") and _one_body(tokens, first, last, after))
        ):
            return after + 1
    return last


_ON = frozenset("commission committee council conference convention institute panel board".split())


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
    while first < last and (tokens[last - 1].lower in (_JOINS | PARTICLES) or tokens[last - 1].text == "Now"):
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
    if len(name) == 1 and start == first and _is_common(name[0]):
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
    if bare(words[-1]) in tables.things and len(words) > 1:
        return None, False, ""
    titled = [token for token in page.tokens[lead:first] if tables.honorific(token.text) or tables.title(token.text)]
    gender = _gender(titled, words, tables)
    if titled and not _is_body(words, tables) and not (len(words) == 1 and bare(words[0]) in _CONTESTS):
        return EntityKind.PERSON, True, gender
    if is_place(" ".join(words)) or is_place("The " + " ".join(words)):
        return EntityKind.PLACE, True, ""
    if bare(words[-1]) in tables.things and not _is_body(words, tables):
        return None, False, ""
    if _is_dateline(page, first, last):
        return EntityKind.PLACE, True, ""
    known = first_name_gender(words[0]) is not None
    if _is_body(words, tables) and not (known and len(words) == 2 and page.tokens[first].label == "PERSON"):
        return EntityKind.ORGANIZATION, True, ""
    if len(words) > 1 and (words[-1].lower() in tables.places or _PLACES & {bare(word) for word in words}):
        return EntityKind.PLACE, True, ""
    if (
        len(words) == 1
        and words[0].isupper()
        and 2 <= len(words[0].replace(".", "")) <= 6
        and not _is_shouted(page, words[0])
    ):
        return EntityKind.ORGANIZATION, False, ""
    label = _by_label(page, first, last)
    if known and len(words) > 1 and (label in (None, EntityKind.PERSON) or words[0].lower() not in _WEAK):
        return EntityKind.PERSON, True, gender
    return label, False, gender


_CONTESTS = frozenset("universe world america usa".split())
"""What a Miss may be of."""
_PLACES = frozenset("county city fort port".split())


def _is_dateline(page: Page, first: int, last: int) -> bool:
    """`HEMPSTEAD, N.Y. (UPI) —`: capitals at the head of a paragraph, and a mark."""
    tokens = page.tokens
    head = first == 0 or "\n" in tokens[first - 1].text
    mark = last < len(tokens) and tokens[last].text in (",", "(", "-", "–", "—", "/")
    return head and mark and all(token.text.isupper() and len(token.text) > 3 for token in tokens[first:last])


def _is_body(words: Sequence[str], tables: Words) -> bool:
    return any(bare(word) in tables.organizations for word in words)


def _is_shouted(page: Page, word: str) -> bool:
    """Whether a word in capitals is a common one: it stands in the text in small letters too."""
    return word.lower() in page.small


_WEAK = frozenset(
    "wells ford chase morgan mason jackson lincoln carter dell harley mercedes pell cleveland houston dallas austin phoenix orlando memphis boston"
    " carolina virginia georgia dakota montana brooklyn paris london sydney chelsea madison jordan israel china india asia america kenya royal"
    " major prince king duke baron judge justice dean christian trinity faith hope grace charity liberty destiny harmony melody summer autumn april may"
    " june august star sky ocean river forest rose lily ivy iris daisy violet jasmine olive ginger ruby pearl crystal amber jade diamond angel young"
    " miller taylor cooper hunter parker walker fisher best banks brooks stone cash price rich sterling golden silver green general mission unique"
    " santana santa san blue holy noble lake beach lane park penn hill black white early eastern northern ever legacy legend nova orion royce van".split()
)
"""Given names that bodies and places are called by as well; the model's word counts for more."""


def _gender(titled: Sequence[Token], words: Sequence[str], tables: Words) -> Gender:
    for token in titled:
        word = bare(token.text)
        if word in tables.women or word.endswith("woman"):
            return "f"
        if word in tables.men or (word.endswith("man") and word != "chairman"):
            return "m"
    given = len(words) > 1 and words[0].lower() not in PARTICLES
    return (first_name_gender(words[0]) or "") if given else ""


def _by_label(page: Page, first: int, last: int) -> EntityKind | None:
    """What the model's labels say of most of the words."""
    labels = [token.label for token in page.tokens[first:last] if token.label]
    if 2 * len(labels) <= last - first:
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
