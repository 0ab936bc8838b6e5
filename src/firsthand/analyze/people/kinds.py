"""What kind of thing a name names, by the strongest sign: title, place, body, given name, and last the model's label."""

from __future__ import annotations

from collections.abc import Sequence

from firsthand.analyze.people.name import PARTICLES, Name
from firsthand.analyze.people.tokens import Page, Token
from firsthand.analyze.people.words import Gender, Words, bare, english, first_name_gender, is_place
from firsthand.model.findings import EntityKind

__all__ = ["weighed"]


def weighed(page: Page, lead: int, first: int, last: int) -> Name:
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
    if not known and label is not EntityKind.PLACE and _is_called(page, lead, last):
        return EntityKind.ORGANIZATION, True, ""
    if known and len(words) > 1 and (label in (None, EntityKind.PERSON) or words[0].lower() not in _WEAK):
        return EntityKind.PERSON, True, gender
    return label, False, gender


def _is_called(page: Page, first: int, last: int) -> bool:
    """ "The power company, *Red Aldara*, said", "the insurer *Harl*": a name in apposition to what bears it."""
    tokens = page.tokens
    comma = first > 1 and tokens[first - 1].text == ","
    if comma and (last == len(tokens) or tokens[last].text != ","):
        return False
    noun = first - 2 if comma else first - 1
    if noun < 1 or tokens[noun].lower not in _BUSINESSES:
        return False
    return any(token.lower in ("the", "a", "an") for token in tokens[max(0, noun - 3) : noun])


_BUSINESSES = frozenset(
    "airline brewer brewery carmaker chain charity company consultancy firm insurer lender manufacturer operator publisher retailer shipyard startup"
    " start-up supplier utility wholesaler".split()
)
"""Nouns that call a body by its trade."""
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
