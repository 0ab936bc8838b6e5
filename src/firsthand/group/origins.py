"""How many know it first hand: articles joined into origins, counted as an honest range.

Two articles are one origin where anything says that one has it from the other, or both from a third: a copy, a credit,
"X reported", a shared agency, a shared owner, a shared end of their chains. What is left apart is *not yet shown* to
be one, and that is all the upper bound says. The lower bound counts only groups with evidence of own reporting. To
call two independent wrongly is the worst error, so every doubt joins, and silence never counts as independence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from firsthand.group.direction import Named, Provenance, initials, is_house, name_key, names_house
from firsthand.model.article import Span
from firsthand.model.grouping import (
    ArticleKey,
    CopyKind,
    CopyMatch,
    Direction,
    Evidence,
    Origin,
    Origins,
    Reason,
    percent,
)


@dataclass(frozen=True, slots=True)
class OwnReporting:
    """A place where the text shows that its outlet found something out itself."""

    span: Span
    says: str
    """"told this newspaper", "seen by the Ledger", an own document."""


@dataclass(frozen=True, kw_only=True)
class OriginFacts:
    """What is known of one article, for counting origins."""

    article: ArticleKey
    outlet: str | None = None
    domain: str | None = None
    aliases: tuple[str, ...] = ()
    owner: str | None = None
    agencies: tuple[Named, ...] = ()
    """Every agency that a credit line or a dateline names."""
    chain: tuple[Named, ...] = ()
    """The houses whose report the text says it passes on, nearest first."""
    named: tuple[Named, ...] = ()
    """Names that stand where the text speaks of reports; those that are houses of the story count."""
    passes_on: bool = False
    """Its lead gives what was told to, or reported by, another than its own outlet, or posted."""
    ends: tuple[Named, ...] = ()
    """Where its chains end: the person, document or house that it all comes from, where that is one source only."""
    byline: bool = False
    """A person of the outlet's own is named as the writer, or its dateline names the house itself (an agency's)."""
    dateline: bool = False
    """It was filed from a place, and not under an agency's name."""
    own: tuple[OwnReporting, ...] = ()
    quotes: tuple[frozenset[int], ...] = ()
    """Each quotation that it gives, as the hashes of its runs of words (`own.quotations`)."""

    @cached_property
    def house(self) -> Provenance:
        """Whose it is."""
        return Provenance(article=self.article, outlet=self.outlet, domain=self.domain, aliases=self.aliases)

    @cached_property
    def speaker(self) -> Provenance:
        """Whose it is by name alone, and whom it names."""
        return Provenance(article=self.article, outlet=self.outlet, named=self.named)


def count_origins(facts: Sequence[OriginFacts], copies: Iterable[CopyMatch] = ()) -> Origins:
    """The origins among a story's articles, each with its reasons.

    Args:
        copies: matches among these articles; others are passed over. Mere quotes join nothing.
    """
    copies = tuple(copies)
    groups = _Groups([one.article for one in facts])
    _join_copies(groups, copies)
    _join_houses(groups, facts)
    _join_shared(groups, facts)
    by_article = {one.article: one for one in facts}
    copied = {article for match in copies for article in _copiers(match)} | _join_named(groups, facts)
    joined = groups.all()
    printed = [{mark for one in members for quote in by_article[one].quotes for mark in quote} for members, _ in joined]
    spread = Counter(mark for marks in printed for mark in marks)
    heard = {
        one.article for one in facts if any(all(spread[mark] == 1 for mark in quote) for quote in one.quotes if quote)
    }
    origins = tuple(
        Origin(
            tuple(members),
            tuple(reasons),
            any(shows_own(by_article[one], one in copied, one in heard) for one in members),
        )
        for members, reasons in joined
    )
    certain = sum(origin.own for origin in origins)
    return Origins(origins, max(certain, min(1, len(origins))), len(origins))


def shows_own(article: OriginFacts, copied: bool = False, heard: bool = False) -> bool:
    """Whether an article shows reporting of its own, and not merely somebody's name above it.

    A byline with a dateline is evidence where somebody speaks in it who speaks in no other origin's articles, and where
    the text passes nothing on: no agency, no other house, no copied text. Alone it is none: houses set a place and a
    name over an agency's report told again. Else only words that say so count ("told this newspaper").

    Args:
        copied: its text, or some of it, is another's, or it names another house of the story.
        heard: it has a quotation of which no other origin has a part.
    """
    if article.own:
        return not copied
    passes_on = bool(article.agencies or article.chain or article.passes_on or copied)
    return article.byline and article.dateline and heard and not passes_on


def _copiers(match: CopyMatch) -> tuple[ArticleKey, ...]:
    """Which of both may have its text from elsewhere; where nobody knows the direction, both."""
    if match.kind is CopyKind.QUOTES:
        return ()
    if match.direction is Direction.FROM:
        return (match.article,)
    return (match.of,) if match.direction is Direction.TO else (match.article, match.of)


def _join_copies(groups: _Groups, copies: Iterable[CopyMatch]) -> None:
    for match in copies:
        if match.kind is not CopyKind.QUOTES:
            says = f"{percent(max(match.kept, match.reused))} % of the text is the same. {match.reason.says}"
            groups.join(match.article, match.of, Reason(match.reason.evidence, says, match.reason.span, match.article))


def _join_houses(groups: _Groups, facts: Sequence[OriginFacts]) -> None:
    """Articles with those of a house that they credit or pass on."""
    for one in facts:
        for evidence, named in [
            *((Evidence.CREDIT, agency) for agency in one.agencies),
            *((Evidence.REPORTED, house) for house in one.chain),
        ]:
            says = f"{'Credits' if evidence is Evidence.CREDIT else 'Says that it has it from'} {named.name}."
            for other in facts:
                if other.article != one.article and is_house(named, other.house):
                    groups.join(one.article, other.article, Reason(evidence, says, named.span, one.article))


def _join_named(groups: _Groups, facts: Sequence[OriginFacts]) -> set[ArticleKey]:
    """Articles with those of an outlet that they name where they speak of reports; and which ones do so.

    One with reporting of its own that mentions another house stays apart: it knows for itself.
    """
    naming = set()
    houses = {(one.outlet, one.aliases): one for one in reversed(facts)}
    for one in facts:
        if one.own:
            continue
        for house in houses.values():
            named = names_house(one.speaker, house.house)
            if named:
                naming.add(one.article)
                says = f"Names {house.outlet}."
                groups.join(one.article, house.article, Reason(Evidence.REPORTED, says, named.span, one.article))
    return naming


def _join_shared(groups: _Groups, facts: Sequence[OriginFacts]) -> None:
    """Articles that name the same third: agency, owner, house passed on, end of chain; and those of one outlet."""
    first: dict[tuple[str, str], ArticleKey] = {}
    for one in facts:
        for key, reason in _thirds(one):
            if key in first:
                groups.join(first[key], one.article, reason)
            else:
                first[key] = one.article


def _thirds(one: OriginFacts) -> Iterable[tuple[tuple[str, str], Reason]]:
    # An agency credited by one and passed on by another ("Reuters reported") is one third, so both go by "house".
    for named in (*one.agencies, *one.chain, *one.ends):
        says = f"Both have it from {named.name}."
        for key in filter(None, (name_key(named.name), initials(named.name))):
            yield ("house", key), Reason(Evidence.CREDIT, says, named.span, one.article)
    for name in (one.outlet, one.domain, *one.aliases):
        if name:
            yield (
                ("house", name_key(name)),
                Reason(Evidence.NONE, f"Both are {one.outlet or name}'s.", None, one.article),
            )
    if one.owner:
        yield ("owner", name_key(one.owner)), Reason(Evidence.NONE, f"Both belong to {one.owner}.", None, one.article)


class _Groups:
    """Joined articles, and why."""

    def __init__(self, articles: Sequence[ArticleKey]) -> None:
        self._parent = {article: article for article in articles}
        self._reasons: list[tuple[ArticleKey, Reason]] = []

    def join(self, one: ArticleKey, other: ArticleKey, reason: Reason) -> None:
        """Join two; nothing where either is not of the story, or they are joined already."""
        if one in self._parent and other in self._parent and self._root(one) != self._root(other):
            self._parent[self._root(other)] = self._root(one)
            self._reasons.append((one, reason))

    def all(self) -> list[tuple[list[ArticleKey], list[Reason]]]:
        """Each group's articles, in the order given, with the reasons that hold it together; the largest first."""
        members: dict[ArticleKey, list[ArticleKey]] = {}
        for article in self._parent:
            members.setdefault(self._root(article), []).append(article)
        reasons: dict[ArticleKey, list[Reason]] = {}
        for article, reason in self._reasons:
            reasons.setdefault(self._root(article), []).append(reason)
        return sorted(
            ((found, reasons.get(root, [])) for root, found in members.items()), key=lambda group: -len(group[0])
        )

    def _root(self, article: ArticleKey) -> ArticleKey:
        while self._parent[article] != article:
            self._parent[article] = self._parent[self._parent[article]]
            article = self._parent[article]
        return article
