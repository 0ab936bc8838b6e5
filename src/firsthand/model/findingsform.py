"""Findings as JSON, and back: the second half of the contract of `firsthand read --json`, and how the store keeps them.

`analysis_from_json(analysis_to_json(a)) == a` for every analysis. Beyond the contract a statement carries `polarity` and
`quoted_from`, a hop `domain`, `url` and `article` (the number under which that very article is held), and the whole
`disputes` and `failed`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from firsthand.model.article import Span
from firsthand.model.findings import (
    Actor,
    ActorKind,
    Analysis,
    Chain,
    DateMention,
    Deed,
    Dispute,
    Entity,
    EntityKind,
    Hop,
    Polarity,
    Role,
    Speaker,
    SpeakerKind,
    Statement,
    StatementKind,
)

Form = dict[str, Any]


def analysis_to_json(analysis: Analysis, text: str) -> Form:
    """The keys `statements`, `chains`, `dates` and `entities` of the read output, made of what `json.dumps` takes.

    Args:
        text: the article's text, from which the words of a dated event are cut.
    """
    return {
        "statements": [_statement(one) for one in analysis.statements],
        "chains": [{"hops": [_hop(hop) for hop in chain.hops]} for chain in analysis.chains],
        "dates": [_date(one, text) for one in analysis.dates],
        "entities": [_entity(one) for one in analysis.entities],
        "disputes": [
            {"statement": one.statement, "disputed": one.disputed, "evidence": _span(one.evidence)}
            for one in analysis.disputes
        ],
        "failed": list(analysis.failed),
    }


def analysis_from_json(form: Mapping[str, Any]) -> Analysis:
    """The inverse of `analysis_to_json`. Raises KeyError, TypeError or ValueError where `form` is not such an object."""
    return Analysis(
        statements=tuple(_to_statement(one) for one in form.get("statements", ())),
        chains=tuple(Chain(tuple(_to_hop(hop) for hop in one["hops"])) for one in form.get("chains", ())),
        dates=tuple(_to_date(one) for one in form.get("dates", ())),
        entities=tuple(_to_entity(one) for one in form.get("entities", ())),
        disputes=tuple(
            Dispute(statement=one["statement"], disputed=one["disputed"], evidence=_must(one["evidence"]))
            for one in form.get("disputes", ())
        ),
        failed=tuple(form.get("failed", ())),
    )


def _span(span: Span | None) -> Form | None:
    return None if span is None else {"start": span.start, "end": span.end}


def _to_span(form: Mapping[str, Any] | None) -> Span | None:
    return None if form is None else Span(form["start"], form["end"])


def _must(form: Mapping[str, Any]) -> Span:
    return Span(form["start"], form["end"])


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _to_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _statement(one: Statement) -> Form:
    speaker = one.speaker
    return {
        "source": _span(one.source),
        "cue": _span(one.cue),
        "content": [_span(span) for span in one.content],
        "kind": one.kind.value,
        "polarity": one.polarity.value,
        "speaker": None
        if speaker is None
        else {"name": speaker.name, "role": speaker.role, "kind": speaker.kind.value, "entity": speaker.entity},
        "addressee": one.addressee,
        "date": _day(one.date),
        "parent": one.parent,
        "chain": one.chain,
        "quoted_from": _span(one.quoted_from),
    }


def _to_statement(form: Mapping[str, Any]) -> Statement:
    speaker = form.get("speaker")
    return Statement(
        source=_to_span(form["source"]),
        cue=_to_span(form["cue"]),
        content=tuple(_must(span) for span in form["content"]),
        kind=StatementKind(form["kind"]),
        polarity=Polarity(form.get("polarity", "asserts")),
        speaker=None
        if speaker is None
        else Speaker(speaker["name"], SpeakerKind(speaker["kind"]), speaker.get("role"), speaker.get("entity")),
        addressee=form.get("addressee"),
        date=_to_day(form.get("date")),
        parent=form.get("parent"),
        chain=form.get("chain"),
        quoted_from=_to_span(form.get("quoted_from")),
    )


def _hop(hop: Hop) -> Form:
    return {
        "actor": {"name": hop.actor.name, "kind": hop.actor.kind.value, "domain": hop.actor.domain},
        "does": hop.does.value,
        "date": _day(hop.date),
        "seen": hop.seen,
        "evidence": _span(hop.evidence),
        "url": hop.url,
        "article": hop.article,
    }


def _to_hop(form: Mapping[str, Any]) -> Hop:
    actor = form["actor"]
    return Hop(
        actor=Actor(actor["name"], ActorKind(actor["kind"]), actor.get("domain")),
        does=Deed(form["does"]),
        date=_to_day(form.get("date")),
        seen=form.get("seen", False),
        evidence=_to_span(form.get("evidence")),
        url=form.get("url"),
        article=form.get("article"),
    )


def _date(one: DateMention, text: str) -> Form:
    event = one.event
    return {
        "start": one.start,
        "end": one.end,
        "earliest": one.earliest.isoformat(),
        "latest": one.latest.isoformat(),
        "event": None if event is None else text[event.start : event.end],
        "event_span": _span(event),
    }


def _to_date(form: Mapping[str, Any]) -> DateMention:
    return DateMention(
        form["start"],
        form["end"],
        date.fromisoformat(form["earliest"]),
        date.fromisoformat(form["latest"]),
        _to_span(form.get("event_span")),
    )


def _entity(one: Entity) -> Form:
    return {
        "name": one.name,
        "kind": one.kind.value,
        "roles": [{"text": role.text, "start": role.span.start, "end": role.span.end} for role in one.roles],
        "mentions": [_span(span) for span in one.mentions],
    }


def _to_entity(form: Mapping[str, Any]) -> Entity:
    return Entity(
        form["name"],
        EntityKind(form["kind"]),
        tuple(_must(span) for span in form["mentions"]),
        tuple(Role(role["text"], _must(role)) for role in form["roles"]),
    )
