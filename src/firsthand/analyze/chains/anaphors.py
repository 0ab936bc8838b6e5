"""Short forms of a name and words that stand for one: "the Journal", "the newspaper", "this newspaper"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from firsthand.analyze.chains.mentions import Mention, key_of, longest, overlaps, spans
from firsthand.analyze.chains.phrases import ANAPHOR, OUTLET, UNNAMED, Language
from firsthand.analyze.gazetteer import Gazetteer
from firsthand.model.article import Article, Span
from firsthand.model.findings import ActorKind

__all__ = ["OWN", "resolved"]

OWN = "own"
"""The key of the outlet in hand where the article does not name it."""


def resolved(
    article: Article, text: str, full: list[Mention], gazetteer: Gazetteer, language: Language
) -> list[Mention]:
    """`full` with short forms and words that stand for an outlet, each with what it stands for."""
    homes = _homes(article, gazetteer)
    local = [mention for mention in full if mention.outlet is None or not mention.outlet.country]
    owned = [_by_beginning(mention, [*homes, *local]) for mention in full]
    named = longest([*_short_forms(text, owned, homes), *_acronyms(text, homes), *_own(text, homes, language), *owned])
    return list(_with_anaphors(text, named, language))


def _homes(article: Article, gazetteer: Gazetteer) -> list[Mention]:
    """The outlet in hand and the agency it credits: what a short name means before all else."""
    homes = []
    for name, domain in ((article.agency, None), (article.outlet.name, article.outlet.domain)):
        if name:
            listed = gazetteer.by_domain(domain or "") or next(iter(gazetteer.named(name)), None)
            kind = listed.kind if listed else ActorKind.OUTLET
            homes.append(Mention(-1, -1, name, kind, key_of(name, listed), listed, words=name))
    return homes


def _by_beginning(mention: Mention, longer: list[Mention]) -> Mention:
    """An outlet goes by the beginning of its name too ("El Correo" for El Correo de Puerto Claro).

    Only one that the article is in or that no table of the world lists: Sky News is not Sky News Australia.
    """
    if " " in mention.words and mention.mark != UNNAMED:
        for whole in longer:
            if whole.name.startswith(f"{mention.words} "):
                return replace(whole, start=mention.start, end=mention.end, mark=OUTLET, words=mention.words)
    return mention


def _short_forms(text: str, full: list[Mention], homes: list[Mention]) -> Iterator[Mention]:
    """ "the Journal" for the Wall Street Journal, where the article names it so in full: before it, if it does."""
    lasts: dict[str, list[Mention]] = {}
    for mention in [*homes, *full]:
        words = (mention.words or mention.name).removeprefix("The ").split()
        if len(words) > 1 and mention.mark != UNNAMED and words[-1][0].isupper():
            lasts.setdefault(words[-1], []).append(mention)
    if not lasts:
        return
    names = "|".join(map(re.escape, sorted(lasts)))
    for match in re.finditer(rf"(?<![\w-])[Tt]he ({names})(?![\w-])(?! [A-Z])", text):
        named = lasts[match[1]]
        at = max(0, bisect_left(named, match.start(), key=lambda mention: mention.start) - 1)
        yield replace(named[at], start=match.start(), end=match.end(), mark=OUTLET, described=True)


def _acronyms(text: str, homes: list[Mention]) -> Iterator[Mention]:
    """The outlet in hand by its initials: "CNA" in a report of the Coast News Agency."""
    for home in homes:
        initials = "".join(word[0] for word in home.name.split() if word[0].isupper())
        if len(initials) > 2:
            for match in re.finditer(rf"(?<![\w-]){re.escape(initials)}(?![\w-])", text):
                yield replace(
                    home, start=match.start(), end=match.end(), described=True, words=f"{home.name} {initials}"
                )


def _own(text: str, homes: list[Mention], language: Language) -> Iterator[Mention]:
    """ "this newspaper": the outlet in hand, whatever it is called."""
    home = homes[-1] if homes else Mention(-1, -1, "unknown", ActorKind.OUTLET, OWN)
    for span in spans(language.own, text):
        yield replace(home, start=span.start, end=span.end, described=True, words=text[span.start : span.end])


def _with_anaphors(text: str, full: list[Mention], language: Language) -> Iterator[Mention]:
    """`full` and "the newspaper", "the agency", each standing for the outlet or agency named last."""
    words = [(span, False) for span in spans(language.anaphor, text)]
    words += [(span, True) for span in spans(language.agency_anaphor, text)]
    taken = [(mention.start, mention.end) for mention in full]
    found = list(full)
    for span, agency in words:
        if overlaps(taken, span.start, span.end):
            continue
        antecedent = _antecedent(text, full, span, agency)
        if antecedent:
            found.append(replace(antecedent, start=span.start, end=span.end, mark=ANAPHOR))
    yield from sorted(found, key=lambda mention: mention.start)


def _antecedent(text: str, full: list[Mention], span: Span, agency: bool) -> Mention | None:
    """The last outlet (or agency) named before; else the only one that its paragraph names after it."""
    at = bisect_left(full, span.start, key=lambda mention: mention.start)
    for mention in reversed(full[max(0, at - 6) : at]):
        if _can_stand_for(mention, agency):
            return mention
    end = text.find("\n", span.end)
    later = [m for m in full[at:] if m.start < (end if end >= 0 else len(text)) and _can_stand_for(m, agency)]
    return later[0] if len({mention.key for mention in later}) == 1 else None


def _can_stand_for(mention: Mention, agency: bool) -> bool:
    is_agency = mention.kind is ActorKind.AGENCY
    return (mention.mark == OUTLET or mention.described) and (is_agency if agency else not is_agency)
