"""Who has a text from whom: what the articles themselves say first, then the clocks.

The order of evidence is that of trust: a credit line or an agency's dateline, "X reported", a link, the time that
the outlet gives, the time when we saw it. Clocks are believed only as far as they do not contradict each other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache

from firsthand.model.article import Span
from firsthand.model.grouping import ArticleKey, Direction, Evidence, Reason
from firsthand.model.when import Precision, When

MARGIN = timedelta(minutes=1)
"""Outlets give minutes; a difference below one says nothing."""
SEEN_MARGIN = timedelta(minutes=30)
"""What is polled every quarter of an hour is seen up to that late, and a feed may be slow by as much again."""
LATE = timedelta(hours=12)
"""An article that is seen this long after the time it gives was back-dated, or its outlet's clock is wrong, or the
feed is new to us: its time is then no evidence against what we saw ourselves."""
REMEMBERED = 10_000
"""Names whose plain forms are held in memory: a story's articles are asked of each other's houses again and again."""
AHEAD = timedelta(minutes=15)
"""A time given that lies further after we saw the article cannot be true."""


@dataclass(frozen=True, slots=True)
class Named:
    """Another house that a text names as its source: an agency credited, an outlet that "reported"."""

    name: str
    domain: str | None = None
    span: Span | None = None


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """What is known of where one article's text comes from."""

    article: ArticleKey
    outlet: str | None = None
    domain: str | None = None
    aliases: tuple[str, ...] = ()
    """Other names of the outlet ("AP" for the Associated Press)."""
    agency: Named | None = None
    """The credit line's or dateline's agency."""
    reported: tuple[Named, ...] = ()
    """Those of whom the text says that they reported it: the hops of its chain."""
    named: tuple[Named, ...] = ()
    """Names that stand where the text speaks of reports (`naming.houses_named`); few are houses."""
    url: str | None = None
    links: tuple[str, ...] = ()
    published: When | None = None
    seen: datetime | None = None
    """When we saw it, aware."""

    @cached_property
    def spoken(self) -> str:
        """All of `named` as it is compared: nearly no house stands in it, which is seen without looking at each."""
        return "\n".join(f" {_plain(one.name)} " for one in self.named)

    @cached_property
    def houses(self) -> tuple[str, ...]:
        """The outlet's names as they stand in `spoken`."""
        plain = (_plain(house) for house in (self.outlet, *self.aliases) if house)
        return tuple(f" {one} " for one in plain if len(one) > 2)


Verdict = tuple[Direction, Reason]
UNKNOWN: Verdict = (Direction.UNKNOWN, Reason(Evidence.NONE, "Nothing shows who had it first."))


def direction(here: Provenance, there: Provenance) -> Verdict:
    """Whether `here` has its text from `there`, or the other way round; the strongest evidence alone decides."""
    clocks = (_by_published, _by_seen)
    # What one house prints twice it has from itself, unless it is an agency's report that was brought up to date.
    itself = same_house(here, there) and not same_agency(here.agency, there.agency)
    for rule in clocks if itself else (_by_credit, _by_report, _by_link, *clocks):
        verdict = rule(here, there)
        if verdict is not None:
            return verdict
    return UNKNOWN


def is_house(named: Named, article: Provenance) -> bool:
    """Whether the house that a text names is the one that published `article`."""
    if named.domain and article.domain and same_domain(named.domain, article.domain):
        return True
    wanted = name_key(named.name)
    houses = [house for house in (article.outlet, article.domain, *article.aliases) if house]
    return bool(wanted) and any(wanted in (name_key(house), initials(house)) for house in houses)


def holds_house(named: Named, article: Provenance) -> bool:
    """Whether a run of capitalized words ("Citing Harbour Post") holds the name of the house that published `article`."""
    run = f" {_plain(named.name)} "
    return any(house in run for house in article.houses)


def same_house(one: Provenance, other: Provenance) -> bool:
    """Whether both are of one outlet."""
    if one.domain and other.domain:
        return same_domain(one.domain, other.domain)
    return bool(one.outlet and other.outlet) and name_key(one.outlet or "") == name_key(other.outlet or "")


@lru_cache(REMEMBERED)
def initials(name: str) -> str:
    """ "cpa" for the Coast Press Association; "" for a name of fewer than three words."""
    words = re.findall(r"[A-ZÀ-Þ]\w*", name.removeprefix("The "))
    parts = re.findall(r"[A-ZÀ-Þ]\w*?(?=nachrichten|presse|agentur|\b)|nachrichten|presse|agentur", name)
    found = "".join(word[0] for word in (words if len(words) > 2 else parts)).casefold()
    return found if len(found) > 2 else ""


@lru_cache(REMEMBERED)
def _plain(name: str) -> str:
    """A name's words in small letters, without its article and marks."""
    words = re.sub(r"['’]s\b|[^\w&]+", " ", name.casefold()).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def same_agency(one: Named | None, other: Named | None) -> bool:
    """Whether both name one agency."""
    if one is None or other is None:
        return False
    key, wanted = name_key(one.name), name_key(other.name)
    return bool(key) and (key == wanted or key == initials(other.name) or wanted == initials(one.name))


@lru_cache(REMEMBERED)
def name_key(name: str) -> str:
    """A house's name as it is compared: without article, case, punctuation and the ending of a web address."""
    name = re.sub(r"^(?:www\.|the )|\.(?:com|org|net|co\.uk|news|info)$", "", name.strip().casefold())
    return re.sub(r"[\W_]+", "", name)


def same_domain(one: str, other: str) -> bool:
    """Whether one host is the other, or a host under it."""
    one, other = one.removeprefix("www."), other.removeprefix("www.")
    return one == other or one.endswith("." + other) or other.endswith("." + one)


def _by_credit(here: Provenance, there: Provenance) -> Verdict | None:
    mine = here.agency is not None and is_house(here.agency, there)
    theirs = there.agency is not None and is_house(there.agency, here)
    if mine != theirs:
        return _told(here, there, mine, Evidence.CREDIT, "credits {}")
    if same_agency(here.agency, there.agency) and here.agency:
        return (Direction.SHARED, Reason(Evidence.CREDIT, f"Both credit {here.agency.name}.", here.agency.span))
    credited = here.agency or there.agency
    if credited is not None:
        # The other prints an agency's words without saying so: whether from this one or from the wire, nobody knows.
        says = f"One credits {credited.name}, and the other may have it from there too."
        return (
            Direction.UNKNOWN,
            Reason(Evidence.CREDIT, says, credited.span, (here if here.agency else there).article),
        )
    return None


def names_house(article: Provenance, other: Provenance) -> Named | None:
    """Where `article` names the house of `other` as one that reported; None where both are of one house."""
    if same_house(article, other):
        return None
    told = next((named for named in article.reported if is_house(named, other)), None)
    if told or not any(house in article.spoken for house in other.houses):
        return told
    return next((named for named in article.named if holds_house(named, other)), None)


def _by_report(here: Provenance, there: Provenance) -> Verdict | None:
    mine, theirs = names_house(here, there), names_house(there, here)
    if bool(mine) != bool(theirs):
        return _told(here, there, bool(mine), Evidence.REPORTED, "says that {} reported it")
    return None


def _by_link(here: Provenance, there: Provenance) -> Verdict | None:
    mine, theirs = _links_to(here, there), _links_to(there, here)
    return _told(here, there, mine, Evidence.LINK, "links to {}") if mine != theirs else None


def _links_to(article: Provenance, other: Provenance) -> bool:
    if not other.url:
        return False
    wanted = _address(other.url)
    return any(_address(link) == wanted for link in article.links)


def _address(url: str) -> str:
    return re.sub(r"^https?://(?:www\.)?|[?#].*$|/+(?=[?#]|$)", "", url.strip(), flags=re.IGNORECASE).casefold()


def _told(here: Provenance, there: Provenance, mine: bool, evidence: Evidence, says: str) -> Verdict:
    """The verdict where one article says of the other's house, in its own words, that it comes from there."""
    speaker, other = (here, there) if mine else (there, here)
    house = other.outlet or other.domain or "the other"
    named = speaker.agency if evidence is Evidence.CREDIT else names_house(speaker, other)
    span = named.span if named and evidence is not Evidence.LINK else None
    subject = "This text" if mine else "The other"
    verdict = Direction.FROM if mine else Direction.TO
    return (verdict, Reason(evidence, f"{subject} {says.format(house)}.", span, speaker.article))


def _by_published(here: Provenance, there: Provenance) -> Verdict | None:
    mine, theirs = _believable(here), _believable(there)
    if mine is None or theirs is None:
        return None
    if mine[1] + MARGIN <= theirs[0]:
        first, other, verdict = here, there, Direction.TO
    elif theirs[1] + MARGIN <= mine[0]:
        first, other, verdict = there, here, Direction.FROM
    else:
        return None
    if _contradicted(first, other):
        says = "The times that the outlets give contradict what was seen."
        return (Direction.UNKNOWN, Reason(Evidence.PUBLISHED, says))
    which = "This" if first is here else "The other"
    return (verdict, Reason(Evidence.PUBLISHED, f"{which} was published earlier.", None, first.article))


def _believable(article: Provenance) -> tuple[datetime, datetime] | None:
    """The earliest and the latest instant that the published time can mean; None where it cannot be true."""
    if article.published is None:
        return None
    earliest, latest = bounds(article.published)
    if article.seen is not None and earliest > article.seen + AHEAD:
        return None
    return earliest, latest


def bounds(when: When) -> tuple[datetime, datetime]:
    """The instants between which a `When` lies: zones run from 12 hours behind UTC to 14 hours ahead of it."""
    instant = when.instant()
    if when.precision is Precision.INSTANT:
        return instant, instant
    length = timedelta(days=1) if when.precision is Precision.DAY else timedelta(0)
    return instant - timedelta(hours=14), instant + length + timedelta(hours=12)


def _contradicted(first: Provenance, other: Provenance) -> bool:
    """Whether what we saw speaks against `first` having been published first."""
    if first.seen is None or other.seen is None or first.published is None:
        return False
    return first.seen > other.seen + SEEN_MARGIN and first.seen - bounds(first.published)[1] > LATE


def _by_seen(here: Provenance, there: Provenance) -> Verdict | None:
    if here.seen is None or there.seen is None or abs(here.seen - there.seen) < SEEN_MARGIN:
        return None
    first = here if here.seen < there.seen else there
    which, verdict = ("This", Direction.TO) if first is here else ("The other", Direction.FROM)
    return (verdict, Reason(Evidence.SEEN, f"{which} was seen earlier.", None, first.article))
