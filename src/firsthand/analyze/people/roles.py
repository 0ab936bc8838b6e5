"""What an English text says a person is: the words before a name, and the phrase set beside it by commas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from firsthand.analyze.people.name import Name
from firsthand.analyze.people.tokens import Page, Token
from firsthand.analyze.people.words import english
from firsthand.model.article import Span
from firsthand.model.findings import Role

__all__ = ["compound", "has_age", "head_of", "roles_of"]

_LONGEST = 130
_MOST_WORDS = 14
_DETERMINERS = frozenset("the a an his her their its our my this that another one".split())
_PREPOSITIONS = frozenset("of for to at in on with from under".split())
_OTHER_PREPOSITIONS = frozenset(
    "between against off over about into during after before since through without within among like as than per via despite by".split()
)
_COMMAS = frozenset(",–—-(")
_ENDS = frozenset('.;:!?“”"()[]–—')
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_PARTICIPLES = frozenset(
    "acting incoming outgoing retired disgraced embattled exiled deposed elected appointed managing founding visiting ruling leading supporting"
    " commanding sitting ousted jailed convicted accused so-called self-styled wanted suspected retiring departing renowned noted celebrated".split()
)
_RELATIVE = frozenset("who which that whose whom where when while however meanwhile although though but".split())
_SAYING = frozenset("said says told added asked wrote tweeted warned".split())


def roles_of(page: Page, name: Name) -> tuple[Role, ...]:
    """The roles that the words around one mention give, in reading order, each with the words that show it."""
    found = [*_before(page, name), *_apposed_before(page, name), *_apposed_after(page, name)]
    return tuple(Role(" ".join(page.text[span.start : span.end].split()), span) for span in found)


def has_age(page: Page, name: Name) -> bool:
    """Whether an age stands behind the name ("Ann Lee, 45,"), which only persons have."""
    after = page.tokens[name.last : name.last + 3]
    return len(after) > 1 and after[0].text == "," and _is_age(after[1]) and (len(after) < 3 or not after[2].is_word)


def head_of(words: Sequence[str]) -> str:
    """The noun that a role is built on: the last one before a preposition ("spokesman" of "spokesman for the ministry")."""
    tables = english()
    for index, word in enumerate(words):
        last = index + 1 == len(words) or words[index + 1].lower() in _PREPOSITIONS or words[index + 1] == ","
        if last and tables.title(word):
            return compound(words[index - 1] if index else "", _plain(word))
    return next((_plain(word) for word in reversed(words) if tables.title(word)), "")


def compound(before: str, noun: str) -> str:
    """The noun of a role, with the word that makes it another: an attorney general is no general."""
    before = before.lower().rstrip(".")
    other = (noun == "general" and before in _GENERALS) or (before, noun) in (
        ("vice", "president"),
        ("prime", "minister"),
    )
    return f"{before} {noun}" if other else noun


_GENERALS = frozenset("attorney secretary surgeon solicitor governor inspector director consul auditor".split())


def _plain(word: str) -> str:
    word = word.lower().rstrip(".")
    return english().titles.get(word, word)


def _is_age(token: Token) -> bool:
    return token.text.isdigit() and 0 < int(token.text[:4]) < 115 and len(token.text) < 4


def _before(page: Page, name: Name) -> Iterator[Span]:
    """`union leader Bashir Wendt`, `Pakistan's Ambassador to Washington Asad Khan`."""
    words = _walk_left(page, name.first, articles=False)
    last, tables = name.first, english()
    if last - words > 2 and page.tokens[last - 1].lower in tables.titles and tables.title(page.tokens[last - 2].text):
        yield Span(page.tokens[last - 1].start, page.tokens[last - 1].end)  # "nominee Gov. Mike Lund" has two
        last -= 1
    span = _role_in(page, words, last)
    if span is not None:
        yield span


def _walk_left(page: Page, stop: int, *, articles: bool) -> int:
    """Where the words that may belong to a role before `stop` begin: no verb, no mark, no pronoun among them."""
    tables = english()
    index = stop
    while index > 0 and stop - index < _MOST_WORDS and (index == stop or page.touching(index)):
        token = page.tokens[index - 1]
        if not _may_belong(token, articles=articles) or not page.touching(index):
            break
        if (
            token.lower in tables.no_name
            and not tables.title(token.text)
            and token.lower not in _PREPOSITIONS | _DETERMINERS | {"first"}
        ):
            if token.lower not in ("next", "second", "third", "one") and not (articles and token.lower == "and"):
                break
        index -= 1
    return index


def _may_belong(token: Token, *, articles: bool) -> bool:
    if token.text in ("'s", "’s", "-", "&"):
        return True
    if not token.is_word:
        return False
    if english().title(token.text) or token.text == "Under":
        return True
    if token.lower in _DETERMINERS:
        return articles
    if token.lower in _OTHER_PREPOSITIONS:
        return False
    if token.lower in _PARTICIPLES:
        return True
    if token.pos in ("VERB", "AUX", "PRON", "ADV", "SCONJ", "CCONJ", "DET", "INTJ"):
        return token.lower == "and" and articles
    return True


def _role_in(page: Page, first: int, stop: int) -> Span | None:
    """The role among `tokens[first:stop]`: a noun of role at its end, or before the preposition that leads to its end."""
    tables = english()
    tokens = page.tokens
    if stop > first and tokens[stop - 1].lower in _PREPOSITIONS | _DETERMINERS:
        return None  # "a spokeswoman for Hillary Clinton" is another
    for index in range(stop - 1, first - 1, -1):
        if not tables.title(tokens[index].text):
            continue
        if index + 1 < stop and tokens[index + 1].lower not in _PREPOSITIONS:
            if not tables.title(tokens[index + 1].text):
                return None
            continue
        start = _modifiers(page, first, index)
        return _span(page, start, stop)
    return None


def _modifiers(page: Page, first: int, noun: int) -> int:
    """Where the adjectives and nouns before a role's noun begin."""
    index = noun
    while index > first and (
        page.tokens[index - 1].text == "Under"
        or page.tokens[index - 1].lower not in _PREPOSITIONS | _DETERMINERS | {"and"}
    ):
        index -= 1
    while index < noun and not page.tokens[index].is_word:
        index += 1
    return index


def _span(page: Page, first: int, last: int) -> Span | None:
    if first >= last:
        return None
    start, end = page.tokens[first].start, page.tokens[last - 1].end
    return Span(start, end) if end - start <= _LONGEST else None


def _apposed_before(page: Page, name: Name) -> Iterator[Span]:
    """`The director of the port, Mara Lindqvist, …`: the phrase before the comma is a role, and begins with an article."""
    comma = name.lead - 1
    if comma < 1 or page.tokens[comma].text not in _COMMAS:
        return
    after = page.tokens[name.last] if name.last < len(page.tokens) else None
    if (
        after is not None
        and after.is_word
        and after.pos not in ("VERB", "AUX", "")
        and after.lower not in ("and", "'s")
    ):
        return
    first = _walk_left(page, comma, articles=True)
    span = _noun_phrase(page, first, comma)
    if span is not None:
        yield span


def _noun_phrase(page: Page, first: int, last: int) -> Span | None:
    """The role that ends at `last`: its noun stands last or before a preposition, its article or owner before it."""
    tokens, tables = page.tokens, english()
    for index in range(first, last):
        if not tables.title(tokens[index].text):
            continue
        if index + 1 < last and tokens[index + 1].lower not in _PREPOSITIONS:
            continue
        start = _modifiers(page, first, index)
        led = start > 0 and (tokens[start - 1].lower in _DETERMINERS or tokens[start].first)
        owned = any(token.text in ("'s", "’s") for token in tokens[start:index])
        return _span(page, start, last) if led or owned else None
    return None


def _apposed_after(page: Page, name: Name) -> Iterator[Span]:
    """`Peter Lund, 45, a spokesman for the ministry, …`."""
    tokens = page.tokens
    index = _after_brackets(tokens, name.last)
    if index >= len(tokens) or tokens[index].text not in _COMMAS:
        return
    index += 1
    if index + 1 < len(tokens) and _is_age(tokens[index]) and not tokens[index + 1].is_word:
        index += 2
    while index < len(tokens) and tokens[index].lower in _DETERMINERS:
        index += 1
    last = _phrase_end(page, index)
    if last > index and _leads_with_role(tokens[index:last]):
        span = _span(page, index, last)
        if span is not None:
            yield span


def _after_brackets(tokens: Sequence[Token], index: int) -> int:
    """Past a lawmaker's party and state, "(D-N.C.)"."""
    if index < len(tokens) and tokens[index].text == "(":
        for at in range(index + 1, min(index + 8, len(tokens))):
            if tokens[at].text == ")":
                return at + 1 if at + 1 < len(tokens) and tokens[at + 1].text == "," else index
    return index


def _phrase_end(page: Page, first: int) -> int:
    """Where the phrase from `first` ends: at a mark, a finite verb, or a relative clause."""
    tokens = page.tokens
    index = first
    while index < len(tokens) and index - first < 2 * _MOST_WORDS:
        token = tokens[index]
        if token.text == "," or token.text in _ENDS or "\n" in token.text or token.lower in _RELATIVE:
            break
        if token.tag in _FINITE and (token.pos in ("VERB", "AUX")) and not english().title(token.text):
            break
        if token.lower in _SAYING:
            break
        index += 1
    return index


def _leads_with_role(words: Sequence[Token]) -> bool:
    """Whether the noun at the head of the phrase, before its first preposition, names a person's role."""
    core = 0
    while (
        core < len(words)
        and words[core].lower not in _PREPOSITIONS | {"and", "who", "based", "running"}
        and words[core].tag not in ("VBG", "VBN")
    ):
        core += 1
    head = words[core - 1] if core else None
    return head is not None and core <= 9 and english().title(head.text) and head.tag != "NNS"
