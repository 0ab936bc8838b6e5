"""What grouping needs to know of an article, from what was read and found: whose it is, and from whom it has it. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from firsthand.analyze import gazetteer
from firsthand.group import naming
from firsthand.group.direction import Named, Provenance, is_house
from firsthand.group.origins import OriginFacts
from firsthand.group.own import own_reporting, quotations
from firsthand.group.story_terms import StoryFeatures, story_features
from firsthand.model.findings import ActorKind, Analysis, Deed, Hop
from firsthand.model.stories import GroupDue

_HOUSES = {ActorKind.OUTLET, ActorKind.AGENCY}
_ENDS = {ActorKind.PERSON, ActorKind.DOCUMENT, ActorKind.OUTLET, ActorKind.AGENCY, ActorKind.ORGANIZATION}
_PASSED_ON = {Deed.CARRIED, Deed.QUOTED, Deed.REPORTED, Deed.OBTAINED, Deed.CREDITED, Deed.PUBLISHED}


def provenance(due: GroupDue) -> Provenance:
    """Where an article's text comes from, as far as a look at its furniture and its chains tells.

    The names in its text are looked for once, in `origin_facts`: this is asked for every candidate of every article.
    """
    article = due.article
    agencies = _agencies(due)
    return Provenance(
        article=due.article_id,
        outlet=due.outlet.name,
        domain=due.outlet.domain,
        aliases=_aliases(due),
        agency=agencies[0] if agencies else None,
        reported=_reported(due),
        url=article.canonical_url or article.url,
        links=tuple(link.url for link in article.links),
        published=article.published,
        seen=due.seen,
    )


def told_by(due: GroupDue) -> tuple[str, str, str]:
    """What stories are compared by: an article's headline, its text or else its summary, and its language."""
    article = due.article
    language = (article.language or "en").partition("-")[0].lower()
    return article.headline or "", article.text or article.summary or "", language


def house_names(due: GroupDue) -> tuple[str, ...]:
    """What its outlet and its agency are called."""
    return (due.outlet.name, *_aliases(due), *(one.name for one in _agencies(due)))


def features_of(due: GroupDue) -> StoryFeatures:
    """What of an article says which event it reports."""
    title, text, language = told_by(due)
    return story_features(due.article_id, title, text, language=language)


def origin_facts(due: GroupDue) -> OriginFacts:
    """What tells of an article's origin."""
    known = gazetteer.load().by_domain(due.outlet.domain)
    names = (due.outlet.name, *_aliases(due))
    return OriginFacts(
        article=due.article_id,
        outlet=due.outlet.name,
        domain=due.outlet.domain,
        aliases=_aliases(due),
        owner=known.owner or None if known else None,
        agencies=_agencies(due),
        chain=_reported(due),
        named=naming.houses_named(due.article.text),
        passes_on=naming.passes_on(due.article.text, names),
        ends=_ends(due.analysis),
        byline=bool(due.article.byline) or _filed_itself(due),
        dateline=due.article.dateline is not None,
        own=own_reporting(due.article.text, names),
        quotes=quotations(due.article.text),
    )


def _aliases(due: GroupDue) -> tuple[str, ...]:
    known = gazetteer.load().by_domain(due.outlet.domain)
    return (known.name, *known.aliases) if known else ()


def _filed_itself(due: GroupDue) -> bool:
    """Whether the dateline names the article's own house: an agency's report, which often names no writer."""
    own = Provenance(article=due.article_id, outlet=due.outlet.name, domain=due.outlet.domain, aliases=_aliases(due))
    filed = naming.filed_by(due.article.text)
    agency = Named(due.article.agency) if due.article.agency else None
    return any(named is not None and is_house(named, own) for named in (filed, agency))


def _agencies(due: GroupDue) -> tuple[Named, ...]:
    """The agency of the credit line, and those that the analysis found credited; an agency's own articles have none."""
    named = [Named(due.article.agency)] if due.article.agency else []
    named += [
        _named(hop) for hop in _hops(due.analysis) if hop.does is Deed.CREDITED and hop.actor.kind is ActorKind.AGENCY
    ]
    # Most houses that file reports are on no list; and a company's own words are nobody's reporting.
    named += [one for one in (naming.filed_by(due.article.text), naming.released(due.article.text)) if one]
    return _others(due, named)


def _reported(due: GroupDue) -> tuple[Named, ...]:
    """The houses other than its own whose report the text says it passes on, nearest first."""
    passed = (hop for hop in _hops(due.analysis) if hop.actor.kind in _HOUSES and hop.does in _PASSED_ON)
    return _others(due, [_named(hop) for hop in passed])


def _others(due: GroupDue, named: Iterable[Named]) -> tuple[Named, ...]:
    """Those that are not the article's own outlet, each once."""
    own = Provenance(article=due.article_id, outlet=due.outlet.name, domain=due.outlet.domain, aliases=_aliases(due))
    return _once(one for one in named if not is_house(one, own) and not _is_part(one, due.outlet.name))


def _is_part(named: Named, name: str) -> bool:
    """Whether a name is but the beginning of the outlet's own ("The Mill" in Mill & Manor)."""
    return f"{name.casefold()} ".startswith(f"{named.name.casefold().removeprefix('the ')} ")


def _ends(analysis: Analysis | None) -> tuple[Named, ...]:
    """Where the article's chains end, where that is one named source; two tell of two ways to know."""
    ends = {chain.hops[-1] for chain in analysis.chains if len(chain.hops) > 1} if analysis else set()
    named = _once(_named(hop) for hop in ends if hop.actor.kind in _ENDS)
    return named if len(named) == 1 and len(ends) == 1 else ()


def _hops(analysis: Analysis | None) -> Iterable[Hop]:
    """The hops of all chains but for the outlet in hand, which is the first of each."""
    for chain in analysis.chains if analysis else ():
        yield from chain.hops[1:]


def _named(hop: Hop) -> Named:
    return Named(hop.actor.name, hop.actor.domain, hop.evidence)


def _once(named: Iterable[Named]) -> tuple[Named, ...]:
    return tuple({(one.domain or one.name.casefold()): one for one in named}.values())
