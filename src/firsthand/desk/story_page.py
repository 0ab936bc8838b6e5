"""The page of one story, put together from what is held of its articles. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from firsthand.desk.pages import Shell
from firsthand.desk.seen import house_of
from firsthand.group.direction import initials, name_key
from firsthand.model.article import Article, Span
from firsthand.model.findings import ActorKind, Analysis, Chain, Statement
from firsthand.model.grouping import CopyKind, CopyMatch, Direction, Evidence, Origin, Origins, percent
from firsthand.model.records import Headline
from firsthand.model.stories import GroupDue, StoryHead, weight

STATEMENTS = 40
"""Statements that a story's page shows; each article's own page shows all of its own."""
LEAST_WORDS = 3
"""Words of a statement; a shorter one says little away from its sentence."""
NAMED = 12
PEOPLE, PLACES = 8, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """An article of the story as its page lists it."""

    headline: Headline
    why: str
    """Why it is in this story."""
    versions: int
    copies: tuple[CopyLine, ...] = ()
    """What repeats it, most of it first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyLine:
    """A copy, told from the side of the one that it repeats."""

    headline: Headline
    of: int
    """The article that it repeats."""
    kind: CopyKind
    kept: int
    """Per cent of the other's text that it prints."""
    reused: int
    """Per cent of its text that is the other's."""
    decided: bool
    """Whether something shows that it has the text from the other, and not the other from it."""
    why: str
    versions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why articles are held to be one origin: a sentence, and the words that show it with where they stand."""

    says: str
    words: str
    article_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginGroup:
    """One origin: who carries it, and why they are held together, or apart."""

    number: int
    own: bool
    carriers: tuple[Headline, ...]
    whys: tuple[Why, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Something said in the story, with the articles that print it."""

    article: Article
    statement: Statement
    where: Headline
    person: int | None
    also: tuple[Headline, ...]
    """Further outlets that print the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An outlet or agency that the texts name as their source, and that the reader does not follow."""

    name: str
    domain: str | None
    by: Headline


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Somebody with a page of their own who says something in the story."""

    person: int
    name: str
    """The fullest that the story has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPage:
    """All that the page of a story shows."""

    shell: Shell | None
    """None where it is no page of the web's."""
    head: StoryHead
    weight: float
    chain: tuple[Article, Chain] | None
    """The longest way back to an origin that any of its articles tells, with that article."""
    first: Headline
    """The earliest that we saw."""
    published_first: Headline | None
    """The earliest by the outlets' own word, where that is another."""
    origins: tuple[OriginGroup, ...]
    carriers: tuple[Carrier, ...]
    voices: tuple[Voice, ...]
    people: tuple[Who, ...]
    """Who says most of it, first."""
    places: tuple[str, ...]
    """Where its articles were filed, the most frequent first."""
    timeline: tuple[tuple[Article, Analysis], ...]
    """The articles whose dates make the timeline."""
    named: tuple[Named, ...]
    line: tuple[StoryHead, ...]
    """The events of the storyline that it belongs to, earliest first and with itself; empty where it stands alone."""
    hidden: int
    """Articles of a very large story that the page leaves out."""


def carriers(
    headlines: Sequence[Headline], copies: Iterable[CopyMatch], whys: Mapping[int, str], dues: Mapping[int, GroupDue]
) -> tuple[Carrier, ...]:
    """The originals, earliest first, each with its copies beneath."""
    by_id = {one.id: one for one in headlines}
    parents: dict[int, CopyMatch] = {}
    for match in sorted(copies, key=lambda one: -max(one.kept, one.reused)):
        if match.kind is CopyKind.QUOTES or not {match.article, match.of} <= by_id.keys():
            continue
        child, turned = _child(match, by_id)
        if child not in parents:
            parents[child] = turned
    lines: dict[int, list[CopyLine]] = {}
    for child, match in parents.items():
        root = _root(child, parents)
        if root != child:
            lines.setdefault(root, []).append(_copy_line(by_id[child], match, whys, dues))
    inside = {line.headline.id for group in lines.values() for line in group}
    return tuple(
        Carrier(
            headline=one,
            why=whys.get(one.id, ""),
            versions=dues[one.id].version if one.id in dues else 0,
            copies=tuple(lines.get(one.id, ())),
        )
        for one in headlines
        if one.id not in inside
    )


def _child(match: CopyMatch, by_id: Mapping[int, Headline]) -> tuple[int, CopyMatch]:
    """Which of both stands beneath the other: who has it from the other, else who came later."""
    article, of = int(match.article), int(match.of)
    later = (by_id[article].sort_at, article) > (by_id[of].sort_at, of)
    under = match.direction is Direction.FROM or (match.direction is not Direction.TO and later)
    return (article, match) if under else (of, _turned(match))


def _turned(match: CopyMatch) -> CopyMatch:
    return CopyMatch(
        article=match.of,
        of=match.article,
        kind=match.kind,
        kept=match.reused,
        reused=match.kept,
        direction=match.direction.turned,
        reason=match.reason,
    )


def _root(child: int, parents: Mapping[int, CopyMatch]) -> int:
    seen = {child}
    while child in parents and (up := int(parents[child].of)) not in seen:
        seen.add(up)
        child = up
    return child


def _copy_line(headline: Headline, match: CopyMatch, whys: Mapping[int, str], dues: Mapping[int, GroupDue]) -> CopyLine:
    return CopyLine(
        headline=headline,
        of=int(match.of),
        kind=match.kind,
        kept=percent(match.kept),
        reused=percent(match.reused),
        decided=match.direction is Direction.FROM,
        why=match.reason.says or whys.get(headline.id, ""),
        versions=dues[headline.id].version if headline.id in dues else 0,
    )


def origin_groups(
    origins: Origins, headlines: Mapping[int, Headline], dues: Mapping[int, GroupDue], own: Mapping[int, Why]
) -> tuple[OriginGroup, ...]:
    """The origins, those with reporting of their own first, then by how many carry them."""
    shown = sorted(origins.origins, key=lambda one: (not one.own, -len(one.articles)))
    groups: list[OriginGroup] = []
    for origin in shown:
        held = [headlines[int(one)] for one in origin.articles if int(one) in headlines]
        if held:
            whys = (*(own[int(one)] for one in origin.articles if int(one) in own), *_whys(origin, dues))
            groups.append(OriginGroup(number=len(groups) + 1, own=origin.own, carriers=tuple(held), whys=whys))
    return tuple(groups)


def _whys(origin: Origin, dues: Mapping[int, GroupDue]) -> tuple[Why, ...]:
    seen: dict[str, Why] = {}
    for reason in origin.reasons:
        article_id = int(reason.article) if reason.article is not None else None
        words = _words(dues, article_id, reason.span)
        if reason.evidence is not Evidence.NONE or reason.says:
            seen.setdefault(reason.says + words, Why(says=reason.says, words=words, article_id=article_id))
    return tuple(seen.values())


def _words(dues: Mapping[int, GroupDue], article_id: int | None, span: Span | None) -> str:
    if span is None or article_id is None or article_id not in dues:
        return ""
    return " ".join(dues[article_id].article.text[span.start : span.end].split())


def longest_chain(dues: Iterable[GroupDue]) -> tuple[Article, Chain] | None:
    """The chain with most hops; of equals the earliest article's."""
    best: tuple[Article, Chain] | None = None
    for due in dues:
        for chain in due.analysis.chains if due.analysis else ():
            if len(chain.hops) > (len(best[1].hops) if best else 1):
                best = due.article, chain
    return best


def voices(
    dues: Sequence[GroupDue], headlines: Mapping[int, Headline], people: Mapping[int, Mapping[int, int]]
) -> tuple[Voice, ...]:
    """Who said what, earliest first; the same words in several articles once, with who else prints them."""
    found: dict[tuple[str, str], list[tuple[GroupDue, int]]] = {}
    for due in dues:
        for number, one in enumerate(due.analysis.statements if due.analysis else ()):
            if one.speaker is not None and one.parent is None:
                said = "".join(due.article.text[span.start : span.end] for span in one.content)
                if len(said.split()) < LEAST_WORDS:
                    continue
                key = "".join(letter for letter in said.casefold() if letter.isalnum())[:160]
                found.setdefault((one.speaker.name.casefold(), key), []).append((due, number))
    order = sorted(found.values(), key=lambda places: -len(places))[:STATEMENTS]
    order.sort(key=lambda places: (places[0][0].sort_at, places[0][1]))
    return tuple(
        Voice(
            article=due.article,
            statement=due.analysis.statements[number],
            where=headlines[due.article_id],
            person=people.get(due.article_id, {}).get(number),
            also=tuple({headlines[one.article_id].outlet.id: headlines[one.article_id] for one, _ in rest}.values()),
        )
        for (due, number), *rest in order
        if due.analysis is not None and due.article_id in headlines
    )


def people(spoken: Iterable[Voice]) -> tuple[Who, ...]:
    """Who speaks, most first."""
    names: dict[int, list[str]] = {}
    for voice in spoken:
        if voice.person is not None and voice.statement.speaker is not None:
            names.setdefault(voice.person, []).append(voice.statement.speaker.name)
    order = sorted(names.items(), key=lambda one: -len(one[1]))[:PEOPLE]
    return tuple(Who(person=person, name=max(said, key=len)) for person, said in order)


def places(dues: Iterable[GroupDue]) -> tuple[str, ...]:
    """Where articles were filed; "HARBORVIEW" and "Harborview" are one place, as the text has it in small."""
    found: dict[str, list[str]] = {}
    for due in dues:
        if due.article.dateline is not None:
            place = " ".join(due.article.dateline.place.split())
            found.setdefault(place.casefold(), []).append(place)
    order = sorted(found.values(), key=lambda written: -len(written))[:PLACES]
    return tuple(next((one for one in written if not one.isupper()), written[0].title()) for written in order)


def named(
    dues: Iterable[GroupDue], headlines: Mapping[int, Headline], followed: Iterable[str], held: Iterable[str]
) -> tuple[Named, ...]:
    """Houses that the texts name as their source and that are not among the reader's feeds.

    Args:
        followed: names and domains of the reader's outlets.
        held: names of the story's own, which its texts may give in short: "the Ledger" is the Daily Ledger here.
    """
    followed, held = list(followed), list(held)
    known = {name_key(one) for one in (*followed, *held)} | {initials(one) for one in (*followed, *held)} - {""}
    found: dict[str, Named] = {}
    for due in dues:
        hops = [hop for chain in (due.analysis.chains if due.analysis else ()) for hop in chain.hops[1:]]
        for actor in (hop.actor for hop in hops if hop.actor.kind in (ActorKind.OUTLET, ActorKind.AGENCY)):
            house = house_of(actor)
            if {name_key(name) for name in (*house.names, *house.domains)} & known:
                continue
            in_short = any(is_in_short(actor.name, outlet) for outlet in held)
            if not in_short and not any(is_begun_by(actor.name, outlet) for outlet in followed):
                one = Named(name=actor.name, domain=actor.domain, by=headlines[due.article_id])
                found.setdefault((actor.domain or actor.name).casefold(), one)
    return tuple(found.values())[:NAMED]


def is_in_short(name: str, outlet: str) -> bool:
    """Whether a name is the end of an outlet's, as texts give it after the first time."""
    short, full = _in_words(name), _in_words(outlet)
    return bool(short) and full[-len(short) :] == short


def is_begun_by(name: str, outlet: str) -> bool:
    """Whether a name of several words begins an outlet's: "El Correo" that of Puerto Claro."""
    short, full = _in_words(name), _in_words(outlet)
    return len(short) > 1 and full[: len(short)] == short


def _in_words(name: str) -> list[str]:
    return re.findall(r"\w+", name.casefold().removeprefix("the "))


def weighed(head: StoryHead) -> float:
    """What the story weighs on the front page."""
    return weight(head.mark)
