"""What one sentence shows of a chain, before it is joined to what the others show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from firsthand.analyze.chains.mentions import Mention
from firsthand.analyze.chains.phrases import ANY_OUTLET, DATE, DOCUMENT, OUTLET, UNNAMED, WEAK, Phrase, Step
from firsthand.analyze.chains.scene import Scene
from firsthand.analyze.chains.source import Found, document, left_of, right_of, said_by, speaker, unknown
from firsthand.model.article import Span
from firsthand.model.findings import Actor, ActorKind, Deed, Statement

__all__ = ["Link", "Partial", "partials"]

_RUN = re.compile(f"{DATE}+")
_CUT = re.compile(r" (?=(?:quoting|citing|citando|citant|and|et|y|und) )| (?=(?:by|in|from|of|on) [^ ]*$)")
_VERB_FIRST = re.compile(r"\w+ (?=(?:the |an? )?[A-ZÀ-Þ])")
_STARTS_NAME = re.compile(r" [A-ZÀ-Þ][\w'-]+ [A-ZÀ-Þ\w]")
_LONGEST_EVIDENCE = 160
_LEAD = re.compile(f"['\"“„«»(]?(?P<day>{DATE}+),? ")
_OUTLETS = re.compile(f"{ANY_OUTLET}+")
_WORD_BEFORE = re.compile(r"([\w'-]+) $")
_QUOTED_BY = re.compile(f",? (?:quoted|cited) by (?P<p>{ANY_OUTLET}+)")


@dataclass(frozen=True, slots=True)
class Link:
    """One hop to be. `key` tells whether two links are the same actor's; `day` is where the text dates it."""

    actor: Actor
    does: Deed
    key: str
    evidence: Span
    day: Span | None = None

    @property
    def is_outlet(self) -> bool:
        """Whether the actor is one that publishes, named or not."""
        return not self.key.startswith(("source:", "document:"))


@dataclass(frozen=True, slots=True)
class Partial:
    """Links from here to the origin as one phrase gives them, in `text[start:end]`."""

    links: tuple[Link, ...]
    start: int
    end: int
    frame: bool = False
    rumor: bool = False
    again: bool = False
    """A document that the text takes as known ("The messages show")."""
    used: frozenset[int] = field(default_factory=frozenset)
    """Where the mentions and documents begin that it has used up."""


def partials(
    scene: Scene, sentence: Span, known: frozenset[str], statements: tuple[Statement, ...]
) -> tuple[Partial, ...]:
    """All that a sentence shows, in reading order. `known`: keys of outlets that the article surely names."""
    marked, start, end = scene.marked, sentence.start, sentence.end
    has = {"o": bool(scene.mentions_in(start, end)), DOCUMENT: marked.find(DOCUMENT, start, end) >= 0}
    matches = [
        (phrase, match)
        for phrase in scene.language.phrases
        for match in (phrase.pattern.finditer(marked, start, end) if has.get(phrase.needs, True) else ())
    ]
    if not matches and not has["o"]:
        return ()
    blocked, found = _blocked(scene, sentence), list[Partial]()
    for phrase, match in matches:
        if _admitted(scene, phrase, match, blocked, found, known):
            found += _read(scene, sentence, phrase, match, statements)
    if has["o"]:
        found = _with_participles(scene, sentence, found, blocked, statements)
    return _nested(scene, sorted(found, key=lambda partial: partial.start))


def _blocked(scene: Scene, sentence: Span) -> tuple[Span, ...]:
    return tuple(
        Span(*match.span())
        for pattern in scene.language.blocks
        for match in pattern.finditer(scene.marked, sentence.start, sentence.end)
    )


def _admitted(
    scene: Scene,
    phrase: Phrase,
    match: re.Match[str],
    blocked: Iterable[Span],
    found: list[Partial],
    known: frozenset[str],
) -> bool:
    """Whether a match counts: not denied, not used up by a fuller phrase, its outlet no common word."""
    groups = match.groupdict()
    places = [match.start(name) for name in ("o", "p", "doc") if groups.get(name)]
    if any(span.start <= place < span.end for span in blocked for place in places):
        return False
    inside = any(other.start <= match.start() and match.end() <= other.end for other in found)
    if inside or any(place in other.used for other in found for place in places):
        return False
    if phrase.strict and not scene.language.strict_document.search(scene.text[match.start("doc") : match.end("doc")]):
        return False
    if phrase.only and not phrase.only.search(scene.text[match.start("doc") : match.end("doc")]):
        return False
    return not phrase.subject or _is_subject(scene, phrase, match, known)


def _is_subject(scene: Scene, phrase: Phrase, match: re.Match[str], known: frozenset[str]) -> bool:
    start = match.start("o")
    before = _WORD_BEFORE.search(scene.marked, max(0, start - 30), start)
    if before and before[1].lower() in scene.language.prepositions:
        return False
    weak = scene.marked[start] == WEAK and not phrase.firm
    return not weak or any(mention.key in known for mention in scene.mentions_in(start, match.end("o")))


def _read(
    scene: Scene, sentence: Span, phrase: Phrase, match: re.Match[str], statements: tuple[Statement, ...]
) -> Iterator[Partial]:
    """The partial chains of a match: one for each outlet that it names side by side."""
    groups = match.groupdict()
    outlets = scene.mentions_in(*match.span("o")) if groups.get("o") else ()
    used = frozenset(place for name in ("o", "p", "doc") if groups.get(name) for place in _starts(scene, name, match))
    for steps in phrase.chains:
        for outlet in outlets or (None,):
            links = _links(scene, sentence, phrase, match, steps, outlet, statements)
            if links:
                again = len(links) == 1 and _taken_as_known(scene, links[0])
                yield Partial(links, match.start(), match.end(), phrase.frame, phrase.rumor, again, used)


def _taken_as_known(scene: Scene, link: Link) -> bool:
    before = scene.text[max(0, link.evidence.start - 12) : link.evidence.start].lower()
    return link.key.startswith("document:") and before.endswith(scene.language.definite)


def _starts(scene: Scene, name: str, match: re.Match[str]) -> Iterator[int]:
    if name == "doc":
        yield match.start(name)
    else:
        yield from (mention.start for mention in scene.mentions_in(*match.span(name)))


def _links(
    scene: Scene,
    sentence: Span,
    phrase: Phrase,
    match: re.Match[str],
    steps: tuple[Step, ...],
    outlet: Mention | None,
    statements: tuple[Statement, ...],
) -> tuple[Link, ...] | None:
    links: list[Link] = []
    for step in steps:
        if step.place in {"o", "p"}:
            mention = outlet if step.place == "o" else next(iter(scene.mentions_in(*match.span("p"))), None)
            if mention is None:
                return None
            links.append(_outlet_link(mention, step.deed, _evidence(scene, step.place, match)))
        elif source := _source(scene, sentence, phrase, match, step.place, statements):
            links.append(source_link(_told(source) if links else source, step.deed))
        elif links and step.place != "src":
            # "told X": who told it is not clear; the outlet is, and it quotes somebody.
            continue
        else:
            return None
    return _dated(scene, sentence, tuple(links), match)


def _outlet_link(mention: Mention, does: Deed, shown: Span | None = None) -> Link:
    evidence = Span(mention.start, mention.end)
    if shown and shown.end - shown.start < _LONGEST_EVIDENCE:
        evidence = Span(min(mention.start, shown.start), max(mention.end, shown.end))
    return Link(_outlet_actor(mention), does, mention.key, evidence)


def _told(source: Found) -> Found:
    """One capitalized word that tells an outlet something is a person; that puts out a statement, a body."""
    actor, span = source
    if actor.kind is ActorKind.ORGANIZATION and actor.name.istitle() and " " not in actor.name:
        return replace(actor, kind=ActorKind.PERSON), span
    return source


def _evidence(scene: Scene, place: str, match: re.Match[str]) -> Span:
    """The part of a match that shows the outlet at `place`; where it names two, each has its own."""
    groups = match.groupdict()
    if not (groups.get("o") and groups.get("p")):
        return Span(*match.span())
    first, second = sorted(("o", "p"), key=match.start)
    between = Span(match.end(first), match.start(second))
    cut = _CUT.search(scene.marked, between.start, between.end)
    middle = cut.start() if cut else between.start
    return Span(match.start(), middle) if place == first else Span(middle + 1, match.end())


def _outlet_actor(mention: Mention) -> Actor:
    return Actor(mention.name, mention.kind, mention.outlet.domain if mention.outlet else None)


def source_link(found: Found, does: Deed) -> Link:
    """The link of a person, a body, a document, or somebody unknown."""
    actor, span = found
    if actor.name == "unknown":
        return Link(actor, does, "unknown", span)
    kind = "document" if actor.kind is ActorKind.DOCUMENT else "source"
    return Link(actor, does, f"{kind}:{actor.name.casefold()}", span)


def _source(
    scene: Scene, sentence: Span, phrase: Phrase, match: re.Match[str], place: str, statements: tuple[Statement, ...]
) -> Found | None:
    start, end = match.span()
    if place == "unknown":
        return unknown(start, end)
    if place == "doc":
        return document(scene, *match.span("doc"))
    if place == "src":
        last = match["src"].split()[-1:]
        if last and last[0] in scene.language.prepositions:
            return None  # "sagte Streeck mit Blick auf …": the name that follows is no outlet
        return right_of(scene, match.start("src"), match.end("src"))
    if stated := said_by(statements, *_reach(scene, sentence, place, start, end)):
        return stated
    if place == "left":
        quoted = re.search('["”“»]$', scene.marked[sentence.start : start].rstrip(" ,"))
        found = None if quoted else left_of(scene, sentence.start, start)
        found = found or _inverted(scene, match, sentence)
        return None if found and phrase.organization and found[0].kind not in _BODIES else found
    return speaker(scene, sentence, start, end) if place == "speaker" else right_of(scene, end, sentence.end)


_BODIES = {ActorKind.ORGANIZATION}


def _reach(scene: Scene, sentence: Span, place: str, start: int, end: int) -> tuple[int, int]:
    """Where the source or cue of a statement must lie to be the one that a phrase speaks of."""
    if place == "left":
        return max(sentence.start, start - 60), end
    return (sentence.start, sentence.end) if place == "speaker" else (end, min(sentence.end, end + 60))


def _inverted(scene: Scene, match: re.Match[str], sentence: Span) -> Found | None:
    """ "said NAME in a statement", "tweeted NAME": the name stands inside the phrase or after it."""
    inside = _VERB_FIRST.match(scene.marked, match.start(), match.end())
    if inside:
        return right_of(scene, inside.end(), match.end())
    after = _STARTS_NAME.match(scene.marked, match.end(), sentence.end)
    return right_of(scene, match.end(), sentence.end) if after else None


def _dated(scene: Scene, sentence: Span, links: tuple[Link, ...], match: re.Match[str]) -> tuple[Link, ...]:
    """Each date inside the match goes to the outlet nearest to it; before a subject it is its own ("On Friday, X")."""
    runs = [Span(*run.span()) for run in _RUN.finditer(scene.marked, *match.span())]
    runs = [run for run in runs if scene.marked[run.start - 6 : run.start] != "dated "]
    if not runs and (lead := _LEAD.match(scene.marked, sentence.start, match.start())) and lead.end() == match.start():
        runs = [Span(*lead.span("day"))]
    if not runs and (late := scene.language.reporting.match(scene.marked, match.end())):
        runs = [Span(*late.span("day"))]
    holders = [index for index, link in enumerate(links) if link.is_outlet] or [0]
    dated = list(links)
    places = _places(match, links)
    for run in runs:
        free = [index for index in holders if dated[index].day is None]
        if free:
            nearest = min(free, key=lambda index: abs(places.get(index, run.start) - run.start))
            dated[nearest] = replace(dated[nearest], day=run)
    return tuple(dated)


def _places(match: re.Match[str], links: tuple[Link, ...]) -> dict[int, int]:
    groups = match.groupdict()
    named = [match.start(name) for name in ("o", "p") if groups.get(name)]
    outlets = [index for index, link in enumerate(links) if link.is_outlet]
    return dict(zip(outlets, named, strict=False))


# -- "citing", "quoting"


def _with_participles(
    scene: Scene, sentence: Span, found: list[Partial], blocked: tuple[Span, ...], statements: tuple[Statement, ...]
) -> list[Partial]:
    for pattern, quote in scene.language.participles:
        for match in pattern.finditer(scene.marked, sentence.start, sentence.end):
            host = _host(scene, sentence, match)
            if host is None or any(span.start <= host.start < span.end for span in blocked):
                continue
            if any(other.start < match.start("verb") < other.end and len(other.links) > 1 for other in found):
                continue
            cited = _cited(scene, sentence, match)
            if cited:
                found = _attached(scene, found, host, cited, match, bool(quote.search(match["verb"])))
    return found


def _host(scene: Scene, sentence: Span, match: re.Match[str]) -> Mention | None:
    """Who cites: the outlet right before, the one that follows the opening phrase, else the clause's last subject."""
    start = max(sentence.start, scene.marked.rfind(";", sentence.start, match.start()) + 1)
    before = scene.mentions_in(start, match.start())
    if before:
        near = before[-1]
        gap = scene.marked[near.end : match.start()]
        if gap.strip(" ,(–—-") == "" or _RUN.fullmatch(gap.strip(" ,")):
            return near
        subjects = [mention for mention in before if _no_preposition(scene, mention)]
        return subjects[-1] if subjects else None
    after = re.compile(f"[^;.{OUTLET}-{UNNAMED}]{{2,120}}?, ").match(scene.marked, match.end(), sentence.end)
    first = re.compile(f"{ANY_OUTLET}+, ").match(scene.marked, match.end(), sentence.end)
    opened = after or first
    if opened is None or scene.marked[sentence.start : match.start()].strip():
        return None
    return next((m for m in scene.mentions_in(opened.end(), sentence.end) if m.start <= opened.end() + 1), None)


def _no_preposition(scene: Scene, mention: Mention) -> bool:
    before = _WORD_BEFORE.search(scene.marked, max(0, mention.start - 30), mention.start)
    return not (before and before[1].lower() in scene.language.prepositions)


def _cited(scene: Scene, sentence: Span, match: re.Match[str]) -> tuple[Link, ...]:
    """What is cited: another outlet, a document, or people; "a source quoted by X" is two hops."""
    end = match.end()
    if outlet := _OUTLETS.match(scene.marked, end, sentence.end):
        mention = scene.mentions_in(outlet.start(), outlet.end())[0]
        link = _outlet_link(mention, Deed.REPORTED)
        run = next(iter(_RUN.finditer(scene.marked, *match.span())), None)
        return (replace(link, day=Span(*run.span())) if run else link,)
    bare = re.compile(f"(?:an?|the|its|their)? ?(?P<doc>{DOCUMENT}+)").match(scene.marked, end, sentence.end)
    if bare:
        return (source_link(document(scene, *bare.span("doc")), Deed.ORIGIN),)
    found = right_of(scene, end, sentence.end)
    if found is None:
        return ()
    if scene.language.ends_in_document.search(found[0].name):  # "a copy of the log": no mark, since "log" may be a verb
        found = (replace(found[0], kind=ActorKind.DOCUMENT), found[1])
    origin = source_link(found, Deed.ORIGIN)
    relay = _QUOTED_BY.match(scene.marked, found[1].end, sentence.end)
    if relay and (named := scene.mentions_in(*relay.span("p"))):
        return (_outlet_link(named[0], Deed.REPORTED, Span(*relay.span())), origin)
    return (origin,)


def _attached(
    scene: Scene, found: list[Partial], host: Mention, cited: tuple[Link, ...], match: re.Match[str], quotes: bool
) -> list[Partial]:
    does = Deed.QUOTED if quotes or cited[0].is_outlet else Deed.REPORTED
    holder = next((p for p in found if len(p.links) == 1 and host.start in p.used), None)
    end = max(link.evidence.end for link in cited)
    used = frozenset({host.start, *(link.evidence.start for link in cited)})
    # What is cited is no hop of its own: a match that uses it ("quoted by X") goes.
    rest = [p for p in found if p is not holder and not (p.used & (used - {host.start}) and p.start >= match.start())]
    head = holder.links[0] if holder else _outlet_link(host, does)
    late = scene.language.reporting.match(scene.marked, end)
    lead = _LEAD.match(scene.marked, scene.sentence_at(host.start).start, host.start)
    dated = late or (lead if lead and lead.end() == host.start else None)
    day = head.day or (Span(*dated.span("day")) if dated else None)
    head = replace(head, does=head.does if head.does is Deed.OBTAINED else does, day=day)
    start = min(host.start, match.start(), holder.start if holder else host.start)
    return [*rest, Partial((head, *cited), start, max(end, host.end), bool(holder and holder.frame), used=used)]


# -- one chain inside another


def _nested(scene: Scene, found: list[Partial]) -> tuple[Partial, ...]:
    """Put what a report tells inside the report: "according to memos obtained by X, Y reported"."""
    kept = [
        p for p in found if not p.rumor or not any(o.links[0].is_outlet and o is not p and not o.rumor for o in found)
    ]
    frames = [p for p in kept if p.frame and len(p.links) == 1]
    result: list[Partial] = []
    eaten: set[int] = set()
    for partial in kept:
        outer = [f for f in frames if f is not partial and _governs(scene, f, partial)]
        if partial in frames or len(outer) != 1:
            continue
        frame = outer[0]
        eaten |= {id(frame), id(partial)}
        links = (*frame.links, *partial.links)
        result.append(
            Partial(links, min(frame.start, partial.start), max(frame.end, partial.end), used=frame.used | partial.used)
        )
    result += [partial for partial in kept if id(partial) not in eaten]
    return tuple(sorted(result, key=lambda partial: partial.start))


def _governs(scene: Scene, frame: Partial, other: Partial) -> bool:
    """Same clause, another outlet, and what the other shows hangs on a publisher or a document."""
    first = other.links[0]
    if other.rumor or first.key == frame.links[0].key or first.key.startswith("source:"):
        return False
    between = scene.marked[min(frame.end, other.end) : max(frame.start, other.start)]
    return ";" not in between and not re.search(r", (?:and|but|while|y|et|und|aber|mais|pero) $", between)
