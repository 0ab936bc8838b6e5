"""A newsroom in small: builds the articles of one story case, each with what is true of it.

The worlds and the phrases are data (`origins/dev`, `origins/held`); what happens to them is in `origins_cases`. An
article is a whole page, read by the project's own extraction, so that nothing is known of it but what a page shows.
"""

from __future__ import annotations

import html
import random
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2026, 5, 4, 6, 0, tzinfo=UTC)
WHO = {
    "en": ("Dora Kessel", "Martin Oake", "a former colleague", "Lidia Stroud, a member of the committee,"),
    "de": ("Dora Kessel", "ein früherer Mitarbeiter", "Martin Eichner"),
    "es": ("Lidia Campoy", "un antiguo directivo", "Martín Robles"),
    "fr": ("Lydie Kessel", "un ancien cadre", "Martin Auvray"),
}
MONTHS = {"en": "May", "de": "Mai", "es": "may", "fr": "mai"}
WRITERS = ("Ada Norling", "Ben Hartwig", "Clara Moss", "Dev Anand Rao", "Esther Kline", "Finn Albury", "Greta Solheim")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One article, as it came, and what is true of it."""

    key: str
    outlet: str
    headline: str
    paragraphs: tuple[str, ...]
    origins: frozenset[str]
    """Gold: by which ways its outlet knows; more than one where it passes on several."""
    parents: tuple[str, ...] = ()
    """Gold: the articles of the case that it has its words from."""
    third: str = ""
    """Gold: what it has its words from, where that is no article of the case."""
    byline: str = ""
    at: datetime = START
    """When it was really published."""
    stamp: str | None = None
    """When its page says so, where that is another time; "" for a page that says nothing."""
    seen: datetime = START
    links: tuple[str, ...] = ()
    owner: str = ""
    """Named in the page's copyright line."""

    @property
    def domain(self) -> str:
        return re.sub(r"[^a-z0-9]+", "", self.outlet.casefold().removeprefix("the ")) + ".example"

    @property
    def url(self) -> str:
        return f"https://{self.domain}/{self.key}"


@dataclass(frozen=True, slots=True)
class Case:
    """One story with its gold."""

    name: str
    kind: str
    language: str
    articles: tuple[Told, ...]

    @property
    def gold(self) -> int:
        """How many independent origins there are."""
        return len({one for told in self.articles for one in told.origins})


@dataclass
class Desk:
    """Writes the articles of one case. All chance is in `chance`: the same seed, the same case."""

    world: dict[str, Any]
    words: dict[str, Any]
    chance: random.Random
    articles: list[Told] = field(default_factory=list)
    minute: int = 0
    retold_before: Told | None = None

    def __post_init__(self) -> None:
        self.language: str = self.world["lang"]
        self.papers: list[str] = list(self.words["papers"])
        self.chance.shuffle(self.papers)
        self.day = self.words["days"][START.weekday()]
        place = next((own["place"] for own in self.world["own"] if own["place"]), "")
        self.place = place or ("NORTHGATE" if self.language == "en" else "Nordstadt")
        agency = self.chance.choice(self.words["agencies"]).split("|")
        self.agency = agency[0]
        self.agency_short = agency[-1] if self.chance.random() < 0.35 else agency[0]

    # -- what articles are made of

    def wire(self, agency: str = "", *, headline: str = "", byline: bool = False, late: int = 0) -> Told:
        """The agency's own report, on its own page."""
        agency = agency or self.agency
        paragraphs = self._dated(list(self.world["wire"]), self.agency_short if agency == self.agency else agency)
        return self.add(
            agency, headline or self.world["heads"][0], paragraphs, f"wire {agency}", byline=byline, late=late
        )

    def own(self, number: int, outlet: str = "", *, late: int = 0) -> Told:
        """A report that an outlet found out itself."""
        own = self.world["own"][number]
        outlet = outlet or self.paper()
        paragraphs = [text.replace("{self}", outlet).replace("{day}", self.day) for text in own["paras"]]
        if own["place"]:
            paragraphs[0] = self._bare(own["place"]) + paragraphs[0]
        told = self.add(outlet, self.chance.choice(own["heads"]), paragraphs, f"own {number} {outlet}", late=late)
        return self.change(told, byline=own["by"])

    def reprint(self, of: Told | None, how: str = "", *, credit: str = "", **known: Any) -> Told:
        """A page that prints the agency's words: whole, cut, with a new lead, with a paragraph between, in part."""
        how = how or self.chance.choice(["whole", "whole", "cut", "lead", "between", "part"])
        paragraphs = self._cut(list(known.pop("words", None) or self.world["wire"]), how)
        credit = credit or self.chance.choice(["dateline", "dateline", "end", "byline", "inside"])
        agency = known.pop("agency", self.agency_short)
        byline = ""
        if credit == "dateline":
            paragraphs = self._dated(paragraphs, agency)
        elif credit == "end":
            paragraphs.append(self._fill(self.chance.choice(self.words["ends"]), agency))
        elif credit == "byline":
            byline = agency
        elif credit == "inside":
            paragraphs[0] = self._inside(paragraphs[0], agency)
        origin = next(iter(of.origins)) if of else known.pop("origin", f"wire {self.agency}")
        told = self.add(
            known.pop("outlet", "") or self.paper(), self._head(), paragraphs, origin, late=known.pop("late", 0)
        )
        told = self.change(told, parents=(of.key,) if of else (), third="" if of else origin, byline=byline)
        return self.change(told, **known)

    def retold(self, of: Told | None, *, place: bool = False, origin: str = "", **known: Any) -> Told:
        """The agency's report in other words, under a name of the house, without credit."""
        paragraphs = list(self.world["rewrite"])
        if place:
            paragraphs[0] = self._bare(self.place) + paragraphs[0]
        origin = origin or (next(iter(of.origins)) if of else f"wire {self.agency}")
        told = self.add(self.paper(), self.chance.choice(self.world["rewrite_heads"]), paragraphs, origin)
        # Who has the very same other words has them from the one before.
        told = self.change(told, parents=(self.retold_before.key,) if self.retold_before else ())
        self.retold_before = told
        return self.change(
            told, byline=self.chance.choice(WRITERS) if place or self.chance.random() < 0.6 else "", **known
        )

    def passing(self, first: Told, pool: str = "passing", *, via: str = "", **known: Any) -> Told:
        """An article that passes on what another house had."""
        say = [self.chance.choice(self.words[pool])]
        say += self.chance.sample(self.words["second"], self.chance.choice([1, 2]))
        rest = [*self.world["background"], *self.chance.sample(self.world["rewrite"][1:], 2)]
        self.chance.shuffle(rest)
        paragraphs = [self._fill(text, via, first.outlet) for text in say] + rest[: self.chance.choice([1, 2, 3])]
        if self.chance.random() < 0.3:
            paragraphs[0] = self._bare(self.place) + paragraphs[0]
        claim = self.chance.choice(self.world["claims"])
        headline = f"{claim[0].upper()}{claim[1:]}" if self.chance.random() < 0.6 else self.world["rewrite_heads"][0]
        told = self.add(known.pop("outlet", "") or self.paper(), headline, paragraphs, *first.origins)
        byline = self.chance.choice(WRITERS) if self.chance.random() < 0.5 else ""
        return self.change(told, **{"byline": byline, **known})

    def brief(self, of: Told | None, credit: bool) -> Told:
        """Forty words, with or without the agency's name."""
        text = self.world["brief"] + (f" ({self.agency_short})" if credit else "")
        return self.reprint(of, "whole", credit="none", words=[text])

    # -- the house's tools

    def paper(self) -> str:
        """An outlet that has not been in the case yet."""
        return self.papers.pop()

    def add(
        self, outlet: str, headline: str, paragraphs: list[str], *origins: str, byline: bool = False, late: int = 0
    ) -> Told:
        """Take an article in, some minutes after the last."""
        self.minute += self.chance.randrange(4, 55)
        at = START + timedelta(minutes=self.minute + late)
        told = Told(
            key=f"a{len(self.articles):02d}",
            outlet=outlet,
            headline=headline,
            paragraphs=tuple(text.replace("{day}", self.day) for text in paragraphs),
            origins=frozenset(origins),
            byline=self.chance.choice(WRITERS) if byline else "",
            at=at,
            seen=at + timedelta(minutes=self.chance.randrange(1, 18)),
        )
        self.articles.append(told)
        return told

    def change(self, told: Told, **known: Any) -> Told:
        """The article with other particulars, in the place of the one before."""
        new = replace(told, **known)
        self.articles[self.articles.index(told)] = new
        return new

    def case(self, kind: str) -> Case:
        """The case as it stands, in order of arrival."""
        order = tuple(sorted(self.articles, key=lambda told: told.seen))
        return Case(f"{kind}-{self.world['name']}", kind, self.language, order)

    def _head(self) -> str:
        return str(self.chance.choice(self.world["heads"]))

    def _fill(self, text: str, agency: str = "", first: str = "") -> str:
        claim = self.chance.choice(self.world["claims"])
        stamp = START + timedelta(minutes=self.minute)
        values = {
            "claim": claim,
            "Claim": claim[0].upper() + claim[1:],
            "first": first,
            "self": first,
            "who": self.chance.choice(WHO[self.language]),
            "day": self.day,
            "ag": agency,
            "PLACE": self.place.upper(),
            "Place": self.place.title(),
            "mon": MONTHS[self.language],
            "d": str(stamp.day),
            "year": str(stamp.year),
        }
        filled = re.sub(r"\{(\w+)\}", lambda match: values[match[1]], text)
        return filled[0].upper() + filled[1:]

    def _dated(self, paragraphs: list[str], agency: str) -> list[str]:
        return [self._fill(self.chance.choice(self.words["datelines"]), agency) + paragraphs[0], *paragraphs[1:]]

    def _bare(self, place: str) -> str:
        form = str(self.chance.choice(self.words["bare_datelines"]))
        return self._fill(form).replace(self.place.upper(), place.upper()).replace(self.place.title(), place.title())

    def _inside(self, paragraph: str, agency: str) -> str:
        """The agency named at the end of the first sentence."""
        end = paragraph.find(". ")
        end = end if end > 40 else len(paragraph) - 1
        named = self._fill("_" + self.chance.choice(self.words["inside"]), agency)[1:]
        return paragraph[:end].rstrip(".") + named + paragraph[end:]

    def _cut(self, paragraphs: list[str], how: str) -> list[str]:
        if how == "cut":
            return paragraphs[: self.chance.choice([3, 4])]
        if how == "lead":
            return [self.world["rewrite"][0], *paragraphs[1:]]
        if how == "between":
            middle = len(paragraphs) // 2
            return [*paragraphs[:middle], self.chance.choice(self.world["background"]), *paragraphs[middle:]]
        if how == "part":
            return [paragraphs[0], *self.world["background"], *paragraphs[1:4]]
        return paragraphs


def page(told: Told, chance: random.Random) -> str:
    """The article as a web page, in one of three manners."""
    text = "".join(f"<p>{_linked(html.escape(one), told, at)}</p>" for at, one in enumerate(told.paragraphs))
    stamp = told.at.isoformat() if told.stamp is None else told.stamp
    manner = chance.randrange(3)
    name, head = html.escape(told.outlet), html.escape(told.headline)
    meta = f'<meta property="og:site_name" content="{name}"><link rel="canonical" href="{told.url}">'
    time = f'<time datetime="{stamp}">{stamp[:10]}</time>' if stamp else ""
    if stamp and manner:
        meta += f'<meta property="article:published_time" content="{stamp}">'
    by = html.escape(told.byline)
    byline = f'<p class="byline">{"By " if manner == 1 else ""}{by}</p>' if by else ""
    if by and manner == 2:
        meta += f'<meta name="author" content="{by}">'
    rights = html.escape(told.owner or told.outlet)
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{head} - {name}</title>{meta}</head><body>'
        f'<header><a href="/">{name}</a><nav><a href="/a">News</a> <a href="/b">Sport</a></nav></header>'
        f"<main><article><h1>{head}</h1>{byline}{time}{text}</article></main>"
        f"<footer><p>© 2026 {rights}. All rights reserved.</p></footer></body></html>"
    )


def _linked(text: str, told: Told, at: int) -> str:
    if at < len(told.links):
        words = text.split(" ")
        return f'<a href="{told.links[at]}">{" ".join(words[:4])}</a> {" ".join(words[4:])}'
    return text
