"""The phrases of one language, read from `data/chains/*.toml` and compiled over a marked text.

A marked text has the length of the article's own: each name of an outlet, each date, document and quotation is
replaced, character by character, by the mark of its kind (private-use code points, which the text itself cannot hold:
`scene.mark` takes them out first). So a phrase is written once, whatever the outlet is called, and spans stay true.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from firsthand.model.findings import Deed

__all__ = [
    "ANAPHOR",
    "ANY_OUTLET",
    "DATE",
    "DOCUMENT",
    "LANGUAGES",
    "OUTLET",
    "QUOTE",
    "UNNAMED",
    "WEAK",
    "Language",
    "language",
]

OUTLET, WEAK, UNNAMED, ANAPHOR, DATE, DOCUMENT, QUOTE = (chr(0xE000 + number) for number in range(7))
ANY_OUTLET = f"[{OUTLET}-{ANAPHOR}]"
# What follows an outlet's name as a part of it: 's Today programme, 's "Meet the Press", 's Erin Lane.
_PROGRAM = (
    r"(?:[\"“][^\"”]{1,40}[\"”]?|[A-Z][\w'-]*(?: [A-Z][\w'-]*){0,3})(?: (?:programme|program|show|podcast|service))?"
)
_WHOLE = {"SAYS", "REPORTS", "TELLS", "TOLD", "SPEAKS", "GOT", "PIECE", "NET"}
LANGUAGES = ("en", "es", "fr", "de")


@dataclass(frozen=True, slots=True)
class Step:
    """One hop that a phrase shows, and the place in the match where its actor stands."""

    deed: Deed
    place: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """A way of saying where a report comes from. `chains` read from here to the origin.

    `subject`: the outlet is the subject of the cue, so no preposition may stand before it ("the editor of X said").
    `frame`: it may govern another chain of the same clause. `firm`: it makes even a common word a name.
    """

    name: str
    pattern: re.Pattern[str]
    chains: tuple[tuple[Step, ...], ...]
    needs: str
    """A mark without which it cannot match, or ""."""
    subject: bool = False
    frame: bool = False
    firm: bool = False
    strict: bool = False
    organization: bool = False
    rumor: bool = False
    only: re.Pattern[str] | None = None
    """What the document's words must hold."""


@dataclass(frozen=True, slots=True)
class Source:
    """How the noun phrase of a source is cut out and what kind of source its words show."""

    article: re.Pattern[str]
    copy_of: re.Pattern[str]
    """What stands before a document and is no part of its name ("a copy of the")."""
    numbers: frozenset[str]
    clause: re.Pattern[str]
    relative: re.Pattern[str]
    adverbial: re.Pattern[str]
    stop: re.Pattern[str]
    adverb: re.Pattern[str]
    verb: re.Pattern[str]
    """Verbs that show that a run of words is a clause and no noun phrase."""
    titles: re.Pattern[str]
    organization: re.Pattern[str]
    unnamed: re.Pattern[str]
    says: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Language:
    """All that is known of one language's ways."""

    code: str
    phrases: tuple[Phrase, ...]
    participles: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    blocks: tuple[re.Pattern[str], ...]
    before_name: re.Pattern[str]
    after_name: re.Pattern[str]
    kind_before: re.Pattern[str]
    unnamed: re.Pattern[str]
    anaphor: re.Pattern[str]
    agency_anaphor: re.Pattern[str]
    own: re.Pattern[str]
    """The outlet in hand ("this newspaper")."""
    shape: re.Pattern[str]
    told_by_word: re.Pattern[str]
    """An unknown name beside a word for an outlet (group b after it, group a before it)."""
    not_shape: re.Pattern[str]
    follows: re.Pattern[str]
    capitals: bool
    """A capital shows a name (not in German)."""
    networks: re.Pattern[str]
    function: frozenset[str]
    """Words that begin a sentence with a capital and belong to no name."""
    prepositions: frozenset[str]
    countries: frozenset[str]
    """Where its press is: of outlets of one name, those are meant first."""
    definite: tuple[str, ...]
    """How what is already known is introduced ("the ", "these ")."""
    reporting: re.Pattern[str]
    """A cue and the date after it, where a participle stands between outlet and cue (", reported on Friday")."""
    document: re.Pattern[str]
    strict_document: re.Pattern[str]
    ends_in_document: re.Pattern[str]
    date: re.Pattern[str]
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    days: tuple[tuple[str, int], ...]
    source: Source


@cache
def language(code: str) -> Language | None:
    """The phrases of a language by its primary subtag; None where there are none."""
    if code not in LANGUAGES:
        return None
    data = tomllib.loads(files("firsthand.analyze").joinpath(f"data/chains/{code}.toml").read_text("utf-8"))
    return _language(data)


def _language(data: dict[str, Any]) -> Language:
    words, names, dates = data["words"], data["names"], data["date"]
    kind = f"(?:{names['kind']})"
    return Language(
        code=data["language"],
        phrases=tuple(_phrase(entry, words) for entry in data["phrase"]),
        participles=tuple(
            (_compile(entry["pattern"], words), re.compile(entry["quote"])) for entry in data["participle"]
        ),
        blocks=tuple(_compile(pattern, words) for pattern in data["block"]["patterns"]),
        before_name=re.compile(
            rf"(?:{names['possessor']} )?(?:The )?(?:(?i:{names['quality']}) ){{0,3}}(?:(?i:{kind}) )?$"
        ),
        after_name=re.compile(rf" (?:{names['after']})\b"),
        kind_before=re.compile(rf"(?:^|\W)(?i:{kind}) ['\"»«„“]?$"),
        unnamed=re.compile(rf"(?<![\w-])(?:{names['unnamed']}|{names['reports']})(?![\w-])"),
        anaphor=re.compile(rf"(?<![\w-]){names['anaphor']}(?![\w-])"),
        agency_anaphor=re.compile(rf"(?<![\w-]){names['agency_anaphor']}(?![\w-])"),
        own=re.compile(rf"(?<![\w-])(?:{names['own']})(?![\w-])"),
        shape=re.compile(rf"(?<![\w-])(?:{names['shape']})(?![\w-])"),
        told_by_word=_told_by_word(names),
        not_shape=re.compile(rf"^(?:{names['not_shape']})$"),
        follows=re.compile(rf"(?:{names['follows']})\b"),
        capitals=names["capitals"],
        networks=re.compile(rf"^(?:{words['NET']})$"),
        function=frozenset(names["function"]),
        prepositions=frozenset(names["prepositions"]),
        countries=frozenset(names.get("countries", ())),
        definite=tuple(names["definite"]),
        reporting=re.compile(rf",? (?:{words['REPORTS']}|{words['SAYS']}) (?P<day>{DATE}+)"),
        document=_document(words, words["HEAD"]),
        strict_document=re.compile(rf"\b(?:{words['STRICT']})\b", re.IGNORECASE),
        ends_in_document=_ends_in_document(words),
        date=re.compile(rf"(?<![\w-])(?:{dates['pattern']})(?![\w-])"),
        weekdays=tuple(dates["weekdays"]),
        months=tuple(dates["months"]),
        days=tuple(dates["days"].items()),
        source=_source(data["source"], words),
    )


def _told_by_word(names: dict[str, str]) -> re.Pattern[str]:
    name = rf"(?!(?:{names['no_name']})\b)[A-ZÀ-Þ][\w-]*(?: (?!(?:{names['no_name']})\b)[A-ZÀ-Þ][\w-]*){{0,3}}"
    return re.compile(
        rf"(?<![\w-])(?:(?:{names['told_before']}) (?P<b>{name})|(?P<a>{name}) (?:{names['told_after']}))(?![\w-])"
    )


def _document(words: dict[str, str], head: str) -> re.Pattern[str]:
    adjective = f"(?:{words['LIKE']})"
    after = rf"(?: {adjective})?" if words.get("AFTER") else ""  # "une note interne"
    return re.compile(
        rf"(?<![\w-])(?:(?:{words['SET']}) )?(?:(?:{adjective})(?:,| and| but|)? ){{0,4}}"
        rf"(?:{head})(?:(?:,| and| or) (?:(?:{adjective}) ){{0,3}}(?:{head}))?(?! ?-)(?!\w){after}",
        re.IGNORECASE,
    )


def _ends_in_document(words: dict[str, str]) -> re.Pattern[str]:
    """Where the head of a phrase stands last (English, which has COMMON words for documents too)."""
    heads = f"{words['HEAD']}|{words['COMMON']}" if "COMMON" in words else "(?!)"
    return re.compile(rf"(?<!\w)(?:{heads})$", re.IGNORECASE)


def _source(data: dict[str, Any], words: dict[str, str]) -> Source:
    return Source(
        article=re.compile(data["article"]),
        copy_of=re.compile(rf"(?:{data['article']})?(?:(?:{words['SET']}) (?:{data['article']})?)?", re.IGNORECASE),
        numbers=frozenset(data["numbers"]),
        clause=re.compile(data["clause"]),
        relative=re.compile(data["relative"]),
        adverbial=re.compile(data["adverbial"]),
        stop=re.compile(data["stop"]),
        adverb=re.compile(data["adverb"]),
        verb=re.compile(rf"(?<![\w-])(?:{data['verb']})(?![\w-])"),
        titles=re.compile(rf"(?:{data['titles']})(?= |$)"),
        organization=re.compile(rf"(?<![\w-])(?:{data['organization']})(?![\w-])"),
        unnamed=re.compile(rf"(?<![\w-])(?:{data['unnamed']})(?![\w-])"),
        says=re.compile(rf"(?<![\w-])(?:{words['SPEAKS']})(?![\w-])"),
    )


def _compile(pattern: str, words: dict[str, str]) -> re.Pattern[str]:
    one = f"{ANY_OUTLET}+"
    places = {
        "{O}": rf"(?P<o>{one}(?:,? (?:{words['AND']}) {one})?)",
        "{P}": f"(?P<p>{one})",
        "{D}": f"(?:,? ?{DATE}+,?)?",
        "{OX}": rf"(?P<o>{one}(?:,? (?:{words['AND']}) {one})?)(?:'s {_PROGRAM})?",
        "{U}": f"(?P<o>{UNNAMED}+)",
        "{DOC}": rf"(?P<doc>{DOCUMENT}+|\b(?:{words['LOOSE']}))",
        "{DOCS}": f"(?P<doc>{DOCUMENT}+)",
    }
    for place, written in places.items():
        pattern = pattern.replace(place, written)
    for _ in range(3):  # words hold words
        pattern = re.sub(r"\{([A-Z]{2,})\}", lambda match: _word(match[1], words), pattern)
    # A verb is a whole word ("teilte" is no part of "verurteilte"); what begins with a space or comma says so itself.
    return re.compile(pattern if re.match(r"[ ,]|\(\?:,|\(\?<|\\b", pattern) else rf"(?<!\w)(?:{pattern})")


def _word(name: str, words: dict[str, str]) -> str:
    """The words of a name, as whole words ("found" is not the beginning of "founded")."""
    return rf"(?:{words[name]})(?!\w)" if name in _WHOLE else words[name]


def _phrase(entry: dict[str, Any], words: dict[str, str]) -> Phrase:
    pattern = entry["pattern"]
    flags = {
        name: entry[name] for name in ("subject", "frame", "firm", "strict", "organization", "rumor") if name in entry
    }
    needs = "o" if re.search(r"\{(?:OX?|U)\}", pattern) else DOCUMENT if "{DOCS}" in pattern else ""
    only = re.compile(entry["only"], re.IGNORECASE) if "only" in entry else None
    return Phrase(entry["name"], _compile(pattern, words), tuple(_hops(entry["hops"])), needs, only=only, **flags)


def _hops(text: str) -> Iterator[tuple[Step, ...]]:
    for chain in text.split(" | "):
        steps = (step.split(":") for step in chain.split(" <- "))
        yield tuple(Step(Deed(deed), place) for deed, place in steps)
