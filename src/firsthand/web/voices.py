"""What an article's findings look like: the chain from the origin to here, who said what, the timeline, in words.

The same words serve the eye, the screen reader and the terminal: the picture adds nothing that they do not say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from firsthand.model.article import Article, Span
from firsthand.model.findings import (
    ActorKind,
    Analysis,
    Chain,
    Deed,
    Hop,
    Polarity,
    SpeakerKind,
    Statement,
    StatementKind,
)

_DOES = {
    Deed.PUBLISHED: "printed here",
    Deed.CREDITED: "is credited",
    Deed.CARRIED: "carried it",
    Deed.QUOTED: "quoted it",
    Deed.REPORTED: "reported it",
    Deed.OBTAINED: "obtained it",
    Deed.SAID: "said it",
    Deed.ORIGIN: "the origin",
}
_POLARITY = {Polarity.DENIES: "denies", Polarity.QUESTIONS: "questions", Polarity.DOUBTS: "doubts"}
_KIND = {StatementKind.DIRECT: "word for word", StatementKind.MIXED: "partly word for word", StatementKind.INDIRECT: ""}
_RELAYED = (Deed.PUBLISHED, Deed.CREDITED, Deed.CARRIED, Deed.QUOTED, Deed.REPORTED)
LONGEST = 400
"""Characters of a statement that its card shows."""
_ROUGH = 180
"""Days from which on a stretch of time is told by its years."""
_UNKNOWN = "unknown"
"""The name of an actor whom nothing names (`analyze.chains.source`)."""
_LONGEST_NAME = 80
"""Characters of a document's description that stand for its name."""
_ARTICLES = frozenset("the a an these those this that".split())
_NO_EVENT = re.compile(
    r"\A(?:according|at|by|from|in|of|to|with)\b|\breached by\b|,? dated\Z|\bdeclin\w+ to\b"
    r"|\b(?:not|n['’]t|never)(?: \w+){0,2} (?:answer|be reached|comment|respond|reply)\b",
    re.IGNORECASE,
)
"""Half a clause is no event, and neither is that somebody gave no answer or who reported it."""
_MARKS = " ,:;.—–-"
_JOINS = re.compile(r"[\s,:“‘\"]*(?:that\s+)?[“‘\"]?")
"""What stands between who said and what was said."""


@dataclass(frozen=True, slots=True)
class Link:
    """One hop of a chain as it is drawn. `seen`: that very article is held; else it is only named.

    `article`: the number under which it is held, where that is another article than the one in hand.
    """

    name: str
    does: str
    day: str
    seen: bool
    named: str
    """Where it is named, if it is not seen; else ""."""
    evidence: str
    url: str | None
    article: int | None = None
    unknown: bool = False
    """Somebody whom nothing names."""

    @property
    def line(self) -> str:
        """What it did, to stand after its name: " obtained it, 3 September 2021", ", the origin"."""
        joint = "," if self.does == _DOES[Deed.ORIGIN] else ""
        return f"{joint} {self.does}" + (f", {self.day}" if self.day else "")


@dataclass(frozen=True, slots=True)
class Card:
    """One statement, by its number in the text."""

    number: int
    who: str
    cue: str
    """The words that say that it is said ("have blamed"), "" where they add nothing."""
    person: int | None
    role: str
    again: bool
    """Whether the card before this one has told the role."""
    facts: tuple[str, ...]
    words: str
    disputes: int | None
    """The number of the statement that this one denies."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of the timeline."""

    when: str
    machine: str
    event: str


def links(chain: Chain, text: str) -> tuple[Link, ...]:
    """A chain, the origin first."""
    return tuple(_link(hop, text) for hop in reversed(chain.hops))


def cards(article: Article, analysis: Analysis, people: Mapping[int, int]) -> tuple[Card, ...]:
    """Who said what, in reading order."""
    denied = {one.statement: one.disputed + 1 for one in analysis.disputes}
    return tuple(
        Card(
            number=number + 1,
            who=who(one, article.text) or "Nobody is named",
            cue=cue_words(article.text[one.cue.start : one.cue.end]) if one.cue else "",
            person=people.get(number),
            role=(one.speaker.role or "") if one.speaker else "",
            again=number > 0 and analysis.statements[number - 1].speaker == one.speaker,
            facts=_facts(article.text, one, analysis),
            words=_words(article.text, one.content),
            disputes=denied.get(number),
        )
        for number, one in enumerate(analysis.statements)
    )


def who(one: Statement, text: str) -> str:
    """Whoever says it, by the fullest name; who has none as the sentence has it ("the meeting notes"); "" for nobody."""
    words = " ".join(text[one.source.start : one.source.end].split()) if one.source else ""
    if one.speaker is None:
        return f"Not clear who (“{_shortened(words)}”)" if words else ""
    described = one.speaker.kind is SpeakerKind.DOCUMENT or one.speaker.name[:1].islower()
    if not described or one.speaker.name.casefold() not in words.casefold():
        return one.speaker.name
    article, _, rest = words.partition(" ")
    shown = f"{article.lower()} {rest}" if article.lower() in _ARTICLES and rest else words
    return shown if len(shown) <= _LONGEST_NAME else one.speaker.name


def _shortened(words: str) -> str:
    return words if len(words) <= _LONGEST_NAME else words[:_LONGEST_NAME].rsplit(" ", 1)[0] + " …"


def cue_words(cue: str) -> str:
    """A cue as a card shows it: "according to" and a colon say no more than that it is said."""
    words = " ".join(cue.split()).strip(_MARKS)
    return "" if words.casefold().startswith("according") else words


def timeline(article: Article, analysis: Analysis) -> tuple[Moment, ...]:
    """What the article dates, in the order of the calendar; what dates nothing is left out, and so is which outlet reported
    it when, which the chain tells. Where somebody said something that day, what was said comes along."""
    deeds = [hop.evidence for chain in analysis.chains for hop in chain.hops if hop.evidence and hop.does in _RELAYED]
    dated = sorted(
        (
            (one, event)
            for one in analysis.dates
            if (event := one.event) is not None
            and not any(_meet(event, deed) for deed in deeds)
            and not _NO_EVENT.search(article.text[event.start : event.end])
        ),
        key=lambda pair: (pair[0].earliest, pair[0].latest, pair[0].start),
    )
    return tuple(
        Moment(
            days(one.earliest, one.latest),
            one.earliest.isoformat(),
            _words(article.text, (_with_content(event, analysis, article.text),)),
        )
        for one, event in dated
    )


def _with_content(event: Span, analysis: Analysis, text: str) -> Span:
    """The clause that a date dates, with what is said in it where that follows: "denied" is half an event."""
    for one in analysis.statements:
        first, last = one.content[0], one.content[-1]
        if one.cue and _meet(one.cue, event) and _JOINS.fullmatch(text, event.end, max(event.end, first.start)):
            return Span(event.start, max(event.end, last.end))
    return event


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def kind_words(kind: StatementKind) -> str:
    """How a statement is given: "word for word"; "" where it is in the article's own words."""
    return _KIND[kind]


def days(earliest: date, latest: date) -> str:
    """A closed range of days in words: "7 March 2025", "March 2025", "2025", "3–5 May 2025"."""
    if earliest == latest:
        return f"{earliest.day} {earliest:%B} {earliest.year}"
    if earliest.year == latest.year and (earliest.month, earliest.day, latest.month, latest.day) == (1, 1, 12, 31):
        return str(earliest.year)
    if (earliest.year, earliest.month) == (latest.year, latest.month):
        whole = earliest.day == 1 and _last_of_month(latest)
        return f"{earliest:%B} {earliest.year}" if whole else f"{earliest.day}–{latest.day} {latest:%B} {latest.year}"
    if (latest - earliest).days > _ROUGH:  # "51 years ago"
        return f"{earliest.year}–{latest.year}" if earliest.year != latest.year else str(earliest.year)
    return f"{days(earliest, earliest)} to {days(latest, latest)}"


def _last_of_month(day: date) -> bool:
    return date.fromordinal(day.toordinal() + 1).month != day.month


def _link(hop: Hop, text: str) -> Link:
    unknown = hop.actor.name == _UNKNOWN
    place = "the credit line" if hop.does is Deed.CREDITED and hop.evidence is None else "the text"
    return Link(
        name="Unknown" if unknown else hop.actor.name,
        does=_DOES[hop.does],
        day=days(hop.date, hop.date) if hop.date else "",
        seen=hop.seen,
        named="" if hop.seen else "not named" if unknown else f"named in {place}",
        unknown=unknown,
        evidence=_evidence(text, hop),
        url=hop.url if hop.does is not Deed.PUBLISHED else None,
        article=hop.article,
    )


def _evidence(text: str, hop: Hop) -> str:
    """The words that show a hop; "" where they are but its name."""
    words = _words(text, (hop.evidence,)).strip(_MARKS) if hop.evidence else ""
    # "Mr. Rey" shows no more than that he is named.
    bare = words.split()[-1:] == hop.actor.name.split()[-1:] and len(words.split()) <= 2
    return "" if bare or words.casefold() == hop.actor.name.casefold() else words


def _facts(text: str, one: Statement, analysis: Analysis) -> tuple[str, ...]:
    # A cue tells by itself what it does.
    facts = ["" if one.cue else _POLARITY.get(one.polarity, ""), _KIND[one.kind]]
    if one.addressee:
        facts.append(f"to {one.addressee}")
    if one.date:
        facts.append(days(one.date, one.date))
    if via := _via(one, analysis):
        facts.append(f"via {', '.join(via)}")
    if (
        one.parent is not None
        and one.parent < len(analysis.statements)
        and (outer := analysis.statements[one.parent]).speaker
        and outer.speaker != one.speaker
    ):
        facts.append(f"as told by {who(outer, text)}")
    return tuple(fact for fact in facts if fact)


def _via(one: Statement, analysis: Analysis) -> list[str]:
    """The outlets and agencies that brought it, from the origin on; without the one that says it and those only credited."""
    chain = analysis.chains[one.chain] if one.chain is not None and one.chain < len(analysis.chains) else None
    speaker = one.speaker.name if one.speaker else ""
    return [
        hop.actor.name
        for hop in reversed(chain.hops if chain else ())
        if hop.actor.kind in (ActorKind.OUTLET, ActorKind.AGENCY)
        and hop.does not in (Deed.PUBLISHED, Deed.CREDITED)
        and hop.actor.name not in (speaker, _UNKNOWN)
    ]


def _words(text: str, spans: tuple[Span, ...]) -> str:
    words = " … ".join(" ".join(text[span.start : span.end].split()) for span in spans)
    return words if len(words) <= LONGEST else words[:LONGEST].rsplit(" ", 1)[0] + " …"
