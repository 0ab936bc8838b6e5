"""What the analysis finds in an article: each with the span of `Article.text` that shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from firsthand.model.article import Span

__all__ = [
    "Actor",
    "ActorKind",
    "Analysis",
    "Chain",
    "DateMention",
    "Deed",
    "Dispute",
    "Entity",
    "EntityKind",
    "Hop",
    "Polarity",
    "Role",
    "Span",
    "Speaker",
    "SpeakerKind",
    "Statement",
    "StatementKind",
]


class StatementKind(Enum):
    """How the content is given: all in quotation marks, none of it, or a part."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


class SpeakerKind(Enum):
    PERSON = "person"
    ORGANIZATION = "organization"
    OUTLET = "outlet"
    DOCUMENT = "document"
    GROUP = "group"
    UNNAMED = "unnamed"


class Polarity(Enum):
    """What the cue does with the content."""

    ASSERTS = "asserts"
    DENIES = "denies"
    QUESTIONS = "questions"
    DOUBTS = "doubts"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who a statement belongs to, by the fullest name that the article gives ("Khan" → "Asad Majeed Khan").

    `entity` is the index in `Analysis.entities`, where there is one; `role` is as the article gives it.
    """

    name: str
    kind: SpeakerKind
    role: str | None = None
    entity: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """*source* – *cue* – *content*: who, said, what. Source or cue are None where the sentence has none."""

    source: Span | None
    cue: Span | None
    content: tuple[Span, ...]
    """In reading order, not overlapping; at least one."""
    kind: StatementKind
    polarity: Polarity = Polarity.ASSERTS
    speaker: Speaker | None = None
    addressee: str | None = None
    date: date | None = None
    """The day on which it was said, where the text says so."""
    parent: int | None = None
    """Index in `Analysis.statements` of the statement that encloses this one."""
    chain: int | None = None
    """Index in `Analysis.chains`."""
    quoted_from: Span | None = None
    """Whose words stand in the quotation marks, where that is another than the source."""


class Deed(Enum):
    """What a hop of a chain did with the news."""

    PUBLISHED = "published"
    CREDITED = "credited"
    CARRIED = "carried"
    QUOTED = "quoted"
    REPORTED = "reported"
    OBTAINED = "obtained"
    SAID = "said"
    ORIGIN = "origin"


class ActorKind(Enum):
    """Who stands at a hop."""

    OUTLET = "outlet"
    AGENCY = "agency"
    PERSON = "person"
    ORGANIZATION = "organization"
    DOCUMENT = "document"
    GROUP = "group"
    UNNAMED = "unnamed"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who stands at a hop. `domain` is known where the gazetteer or a link gives it."""

    name: str
    kind: ActorKind
    domain: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One step of a chain. `evidence` is None only where the page's furniture shows it (credit line, byline)."""

    actor: Actor
    does: Deed
    date: date | None = None
    seen: bool = False
    """That very article is held (the outlet in hand always is)."""
    evidence: Span | None = None
    url: str | None = None
    """The link that the text gives for it."""
    article: int | None = None
    """The number of that very article, where it is held and is another than the one in hand. Known to whoever asks
    among what is held (`desk.seen`), never to the analysis of one article."""


@dataclass(frozen=True, slots=True)
class Chain:
    """The hops from the outlet in hand back to the origin."""

    hops: tuple[Hop, ...]


@dataclass(frozen=True, slots=True)
class DateMention:
    """A mention that a calendar can hold, as a closed range; `event` is the clause it dates."""

    start: int
    end: int
    earliest: date
    latest: date
    event: Span | None = None


class EntityKind(Enum):
    PERSON = "person"
    ORGANIZATION = "organization"
    OUTLET = "outlet"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Role:
    """A role as the article gives it ("Pakistan's ambassador to the US"), with the span that shows it."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Entity:
    """One name cluster within an article: `name` is the fullest form; mentions are in reading order."""

    name: str
    kind: EntityKind
    mentions: tuple[Span, ...]
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """One statement denies or contradicts another of the same article; indexes in `Analysis.statements`."""

    statement: int
    disputed: int
    evidence: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """All that was found in one article. `failed` names steps that broke; the article stands without them."""

    statements: tuple[Statement, ...] = ()
    chains: tuple[Chain, ...] = ()
    dates: tuple[DateMention, ...] = ()
    entities: tuple[Entity, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    failed: tuple[str, ...] = ()
