"""Joins what the sentences show into chains: from the outlet in hand back to the origin."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from firsthand.analyze.chains.anaphors import OWN
from firsthand.analyze.chains.partial import Link, Partial, partials
from firsthand.analyze.chains.phrases import LANGUAGES, UNNAMED, WEAK, Language, language
from firsthand.analyze.chains.scene import Scene, set_scene
from firsthand.analyze.chains.when import anchor, day
from firsthand.analyze.credits import find_credits
from firsthand.analyze.gazetteer import Gazetteer
from firsthand.model.article import Article, Span
from firsthand.model.article import Link as Hyperlink
from firsthand.model.findings import Actor, ActorKind, Chain, Deed, Hop, Statement

__all__ = ["find_chains"]

Resolve = Callable[[Span], date | None]

_STOP_WORDS = {
    "en": "the of and to in that was for with said",
    "es": "el la los las de que y en una por con del",
    "fr": "le la les des et en que une dans pour du est",
    "de": "der die das und den von zu mit dem ist nicht auf",
}
_SEEN_WORDS = 400
_HEADS = re.compile(r"[^\W\d_]+")


def find_chains(
    article: Article,
    gazetteer: Gazetteer,
    statements: tuple[Statement, ...] = (),
    resolve: Resolve | None = None,
) -> tuple[Chain, ...]:
    """The chains of an article in reading order; each begins with the outlet in hand and any agency it credits.

    With a credit alone there is one chain of it; with neither credit nor chain there is none. `resolve` gives
    the day of a date in the text; where it gives none, weekdays, month days and "yesterday" are read here.
    Languages without a list of phrases (`data/chains`) get credits only.
    """
    trunk = _trunk(article, gazetteer)
    known = language(_language_of(article))
    found = _joined(article, gazetteer, statements, trunk, known) if known and article.text else ()
    dates = _resolver(article, known, resolve)
    chains = [Chain((*trunk, *(_hop(article, gazetteer, link, dates) for link in links))) for links in found]
    if not chains and len(trunk) > 1:
        return (Chain(trunk),)
    return tuple(dict.fromkeys(chains))


def _trunk(article: Article, gazetteer: Gazetteer) -> tuple[Hop, ...]:
    """The outlet in hand, which published, and the agencies it credits."""
    outlet = article.outlet
    listed = gazetteer.by_domain(outlet.domain or "")
    name = outlet.name or (listed.name if listed else outlet.domain)
    kind = (listed.kind if listed else ActorKind.OUTLET) if name else ActorKind.UNNAMED
    when = article.published.at.date() if article.published else None
    actor = Actor(name or "unknown", kind, outlet.domain or (listed.domain if listed else None))
    here = Hop(actor=actor, does=Deed.PUBLISHED, date=when, seen=True, url=article.canonical_url or article.url)
    return (here, *find_credits(article, gazetteer)[:1])


def _language_of(article: Article) -> str:
    """The article's language, by its stop words where the page does not say."""
    if article.language:
        return article.language.partition("-")[0].lower()
    words = Counter(re.findall(r"[^\W\d_]+", article.text[: _SEEN_WORDS * 8].lower()))
    scores = {code: sum(words[word] for word in _STOP_WORDS[code].split()) for code in LANGUAGES}
    best = max(scores, key=lambda code: scores[code])
    return best if scores[best] * 20 >= sum(words.values()) > 0 else ""


def _joined(
    article: Article,
    gazetteer: Gazetteer,
    statements: tuple[Statement, ...],
    trunk: tuple[Hop, ...],
    known: Language,
) -> tuple[tuple[Link, ...], ...]:
    scene = set_scene(article, gazetteer, known)
    own = _own_keys(article, trunk, gazetteer)
    sure = _sure(scene)
    spoken = _by_sentence(scene, statements)
    chains: list[tuple[Link, ...]] = []
    for sentence in scene.sentences:
        for partial in partials(scene, sentence, sure, spoken.get(sentence.start, ())):
            links = _without_own(partial, own)
            if links and not (partial.again and any(link.is_outlet for chain in chains for link in chain)):
                _join(chains, links)
    return tuple(sorted(chains, key=lambda links: min(link.evidence.start for link in links)))


def _sure(scene: Scene) -> frozenset[str]:
    """Keys of outlets that stand in the text by a name that can be nothing else."""
    return frozenset(mention.key for mention in scene.mentions if mention.mark not in {WEAK, UNNAMED})


def _by_sentence(scene: Scene, statements: tuple[Statement, ...]) -> dict[int, tuple[Statement, ...]]:
    starts = [sentence.start for sentence in scene.sentences]
    found: dict[int, tuple[Statement, ...]] = {}
    for statement in statements:
        span = statement.cue or statement.source
        if span and starts:
            at = starts[max(0, bisect_right(starts, span.start) - 1)]
            found[at] = (*found.get(at, ()), statement)
    return found


def _own_keys(article: Article, trunk: tuple[Hop, ...], gazetteer: Gazetteer) -> frozenset[str]:
    """Keys of the outlet in hand and of the agency whose report it is."""
    keys = {OWN}
    for hop in trunk:
        keys |= {hop.actor.name.casefold().removeprefix("the "), hop.actor.domain or ""}
        keys |= {outlet.domain or "" for outlet in gazetteer.named(hop.actor.name)[:1]}
    return frozenset(keys - {"", "unknown"})


def _without_own(partial: Partial, own: frozenset[str]) -> tuple[Link, ...]:
    """Without the hops that the trunk already has. What the outlet in hand "reported" leads nowhere else."""
    return tuple(link for link in partial.links if not (link.is_outlet and link.key in own))


# -- joining


def _join(chains: list[tuple[Link, ...]], new: tuple[Link, ...]) -> None:
    """Add `new`, or let it complete a chain that has its outlet or its documents: later sentences say more of a report.

    What was completed may now complete another, so it is joined again; each time there is one chain less.
    """
    for merge in (_by_actor, _by_documents):
        for index, old in enumerate(chains):
            merged = merge(old, new)
            if merged is not None:
                del chains[index]
                _join(chains, merged)
                return
    chains.append(new)


def _by_actor(old: tuple[Link, ...], new: tuple[Link, ...]) -> tuple[Link, ...] | None:
    """One chain of two that name the same outlet, or None where they are two: each who told it has one of their own."""
    old_keys, new_keys = [link.key for link in old], [link.key for link in new]
    for longer, shorter, keys, part in ((old, new, old_keys, new_keys), (new, old, new_keys, old_keys)):
        if part in (keys[: len(part)], keys[-len(part) :]) and (longer is old or _grows(shorter, longer)):
            return _filled(longer, shorter)
    first = new[0]
    if not first.is_outlet or first.key == "unknown" or first.key not in old_keys:
        return None
    at = old_keys.index(first.key)
    if at == len(old) - 1 and _documented(new):
        return (*old[:at], _one(old[at], first), *new[1:])
    return _filled(old, new) if len(new) == 1 else None


def _grows(shorter: tuple[Link, ...], longer: tuple[Link, ...]) -> bool:
    """Whether an outlet's bare report is the one that a later sentence traces on to its documents or to another outlet."""
    return shorter[-1].is_outlet and (_documented(longer) or all(link.is_outlet for link in longer))


def _documented(links: tuple[Link, ...]) -> bool:
    return links[-1].key.startswith("document:")


def _by_documents(old: tuple[Link, ...], new: tuple[Link, ...]) -> tuple[Link, ...] | None:
    return _fuller(old, new) if _same_documents(old, new) else None


def _one(old: Link, new: Link) -> Link:
    """One hop of two mentions: the day that either has, and the deed that says more."""
    return replace(new, day=old.day or new.day, does=_closer(old.does, new.does))


def _filled(old: tuple[Link, ...], new: tuple[Link, ...]) -> tuple[Link, ...]:
    """`old` with the days that only `new` has; "obtained" says more than "reported"."""
    by_key = {link.key: link for link in new}
    return tuple(
        replace(link, day=link.day or other.day, does=_closer(link.does, other.does))
        if (other := by_key.get(link.key))
        else link
        for link in old
    )


def _closer(old: Deed, new: Deed) -> Deed:
    return new if old is Deed.REPORTED and new is Deed.OBTAINED else old


def _same_documents(old: tuple[Link, ...], new: tuple[Link, ...]) -> bool:
    """Both end in documents of one kind, and one of them names no outlet that the other does not."""
    if not (old[-1].key.startswith("document:") and new[-1].key.startswith("document:")):
        return False
    if not (_heads(old[-1]) & _heads(new[-1])):
        return False
    named = [
        {link.key for link in links if link.is_outlet and link.actor.kind is not ActorKind.UNNAMED}
        for links in (old, new)
    ]
    return named[0] <= named[1] or named[1] <= named[0]


def _fuller(old: tuple[Link, ...], new: tuple[Link, ...]) -> tuple[Link, ...]:
    def named(links: Iterable[Link]) -> int:
        return sum(link.is_outlet and link.actor.kind is not ActorKind.UNNAMED for link in links)

    return new if named(new) > named(old) else _filled(old, new)


def _heads(link: Link) -> set[str]:
    """The nouns of a document's name, in the singular, as far as an s tells."""
    return {word.removesuffix("s") for word in _HEADS.findall(link.actor.name.casefold()) if len(word) > 3}


# -- hops


def _resolver(article: Article, known: Language | None, better: Resolve | None) -> Resolve:
    """The caller's reader of dates, and for the spans that it does not know the one here."""
    published = anchor(article)

    def resolve(span: Span) -> date | None:
        found = better(span) if better else None
        return found or (day(article.text[span.start : span.end], published, known) if known else None)

    return resolve


def _hop(article: Article, gazetteer: Gazetteer, link: Link, resolve: Resolve) -> Hop:
    url = _url(article.links, link.evidence) if link.is_outlet else None
    actor = link.actor
    if actor.kind is ActorKind.UNNAMED and url and link.is_outlet and (listed := gazetteer.by_domain(url)):
        actor = Actor(listed.name, listed.kind, listed.domain)
    when = resolve(link.day) if link.day else None
    return Hop(actor=actor, does=link.does, date=when, evidence=link.evidence, url=url)


def _url(links: Iterable[Hyperlink], span: Span) -> str | None:
    return next((link.url for link in links if link.start < span.end and span.start < link.end), None)
