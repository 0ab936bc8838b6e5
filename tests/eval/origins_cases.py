"""The story cases: what becomes of a piece of news among outlets, one function a kind.

Each takes a `Desk` and has it write the articles; what is true of each (who has it from whom, which origin it is) is
noted as it is written, so that the gold cannot be anything else. `dev` is for mending, `held` is for scoring only.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from zlib import crc32

from origins_desk import START, Case, Desk, Told

FOLDER = Path(__file__).parent / "origins"
Kind = Callable[[Desk], None]


def _several(desk: Desk, least: int, most: int) -> range:
    return range(desk.chance.randrange(least, most + 1))


def agency_printed(desk: Desk) -> None:
    """The agency's page is held; portals print it cut, re-headed, with a lead of their own; briefs beside them."""
    wire = desk.wire(byline=desk.chance.random() < 0.5)
    for _ in _several(desk, 6, 24):
        desk.reprint(wire)
    for credit in (True, False):
        desk.brief(None, credit)


def agency_unseen(desk: Desk) -> None:
    """Everybody prints an agency whose own page nobody holds."""
    for _ in _several(desk, 8, 22):
        desk.reprint(None)


def no_credit(desk: Desk) -> None:
    """Some print the agency's words and say nothing of it."""
    wire = desk.wire()
    for number in _several(desk, 7, 14):
        desk.reprint(wire, credit="none" if number % 3 == 0 else "")


def scoop_on_papers(desk: Desk) -> None:
    """One obtained documents, the others quote it."""
    first = desk.own(0)
    for _ in _several(desk, 7, 18):
        desk.passing(first)


def scoop_copied(desk: Desk) -> None:
    """A paper's scoop is printed by portals nearly word for word, with its name or without."""
    first = desk.own(0)
    for number in _several(desk, 7, 12):
        named = number % 2 == 0
        words = list(first.paragraphs)
        if named:
            words[0] = desk._fill(desk.chance.choice(desk.words["passing"]), "", first.outlet) + " " + words[0]
        desk.reprint(first, desk.chance.choice(["whole", "cut", "between"]), credit="none", words=words)


def told_one(desk: Desk) -> None:
    """A person told one paper; others pass it on; the agency prints what it knows besides."""
    first = desk.own(1)
    wire = desk.wire()
    for _ in _several(desk, 5, 10):
        desk.passing(first)
    for _ in _several(desk, 3, 8):
        desk.reprint(wire)


def two_know(desk: Desk) -> None:
    """Two papers report for themselves, portals print the agency."""
    desk.own(0)
    desk.own(1)
    wire = desk.wire(byline=True)
    for _ in _several(desk, 6, 14):
        desk.reprint(wire)


def own_with_help(desk: Desk) -> None:
    """A paper's own report says that an agency helped."""
    own = desk.own(0)
    desk.change(own, paragraphs=(*own.paragraphs, desk._fill(desk.words["helped"], desk.agency)))
    wire = desk.wire()
    for _ in _several(desk, 6, 10):
        desk.reprint(wire)


def two_agencies(desk: Desk) -> None:
    """Two agencies have a report each; portals print the one or the other."""
    names = [name.split("|")[0] for name in desk.words["agencies"]]
    second = next(name for name in names if name != desk.agency)
    one = desk.wire(byline=True)
    text = desk._dated(list(desk.world["rewrite"]), second)
    other = desk.add(second, desk.world["rewrite_heads"][0], text, f"wire {second}", byline=True)
    for number in _several(desk, 7, 16):
        if number % 2:
            desk.reprint(one)
        else:
            desk.reprint(other, "whole", words=list(desk.world["rewrite"]), agency=second)


def one_owner(desk: Desk) -> None:
    """Papers of one group print one report; some say nothing but who owns them."""
    owner = desk.chance.choice(["Quist Media Group", "Harrow & Pell Publishing", "Verlagsgruppe Altmann"])
    first = desk.change(desk.own(0), owner=owner)
    for number in _several(desk, 6, 12):
        how = ["whole", "cut", "between"][number % 3]
        desk.reprint(first, how, credit="none", words=list(first.paragraphs), byline=first.byline, owner=owner)
    for _ in range(2):
        desk.retold(first, owner=owner)


def press_release(desk: Desk) -> None:
    """A company's statement, printed by all; nobody holds the statement itself."""
    words = [*desk.world["wire"][:5]]
    for number in _several(desk, 8, 14):
        marked = [desk.chance.choice(desk.words["release"])] if number % 2 else []
        desk.reprint(None, "whole", credit="none", origin="statement", words=[*words, *marked])


def interview(desk: Desk) -> None:
    """A person spoke to a broadcaster; all others quote it."""
    name = desk.words["broadcaster"][0]
    desk.papers.remove(name)
    first = desk.own(1, name)
    for _ in _several(desk, 8, 20):
        desk.passing(first, "interview")


def interview_unseen(desk: Desk) -> None:
    """The same, but the broadcaster's own page is not held."""
    name = desk.words["broadcaster"][1]
    desk.papers.remove(name)
    first = desk.own(1, name)
    for _ in _several(desk, 8, 14):
        desk.passing(first, "interview")
    desk.articles.remove(first)


def posted(desk: Desk) -> None:
    """A person posted something; everybody writes about the post."""
    source = desk.own(1, "The person's own account")
    for _ in _several(desk, 8, 14):
        desk.passing(source, "social")
    desk.articles.remove(source)
    for told in list(desk.articles):
        desk.change(told, origins=frozenset(["post"]))


def rewritten(desk: Desk) -> None:
    """The agency's report is told again in other words, without credit; some set a place before it."""
    wire = desk.wire()
    for _ in _several(desk, 3, 8):
        desk.reprint(wire)
    for number in _several(desk, 4, 6):
        desk.retold(wire, place=number == 0)


def corrected(desk: Desk) -> None:
    """The agency corrects a figure after copies went out; some print the new words, most keep the old."""
    old, new = desk.world["correct"]
    wire = desk.wire()
    for _ in _several(desk, 5, 20):
        desk.reprint(wire)
    words = [text.replace(old, new) for text in desk.world["wire"]]
    second = desk.reprint(wire, "whole", credit="dateline", words=words, outlet=desk.agency)
    for _ in _several(desk, 3, 6):
        desk.reprint(second, words=words)


def back_dated(desk: Desk) -> None:
    """Some outlets print the agency without credit, under a time that lies before the agency's."""
    wire = desk.wire()
    for number in _several(desk, 8, 12):
        if number % 3:
            desk.reprint(wire)
        else:
            told = desk.reprint(wire, credit="none", late=desk.chance.randrange(300, 900))
            back = wire.at - timedelta(hours=desk.chance.randrange(1, 9))
            told = desk.change(told, stamp=back.isoformat())
            # Seen a day after it says that it was published.
            desk.change(told, seen=max(told.seen, back + timedelta(hours=13)))


def wrong_clock(desk: Desk) -> None:
    """Clocks that are wrong by a day, either way."""
    first = desk.own(0)
    for number in _several(desk, 7, 10):
        words = list(first.paragraphs)
        told = desk.reprint(first, "whole", credit="none", words=words, late=60)
        if number % 3 == 0:
            day = timedelta(days=desk.chance.choice([-1, 1]))
            told = desk.change(told, stamp=(told.at + day).isoformat())


def day_only(desk: Desk) -> None:
    """Pages that give a day and no time, or nothing."""
    wire = desk.wire()
    for number in _several(desk, 8, 14):
        told = desk.reprint(wire, credit="none" if number % 4 == 0 else "")
        desk.change(told, stamp="" if number % 2 else told.at.date().isoformat())


def anniversary(desk: Desk) -> None:
    """A year later outlets print the old report again; one reports anew."""
    wire = desk.wire()
    year = timedelta(days=365)
    for _ in _several(desk, 7, 10):
        told = desk.reprint(wire, desk.chance.choice(["whole", "between"]))
        desk.change(told, at=told.at + year, seen=told.seen + year)
    own = desk.own(1)
    desk.change(own, at=own.at + year, seen=own.seen + year)


def live_blog(desk: Desk) -> None:
    """A live blog takes in the agency's report and much else, and grows all day."""
    wire = desk.wire()
    for _ in _several(desk, 5, 8):
        desk.reprint(wire)
    outlet, before = desk.paper(), ()
    for size in (3, 5, len(desk.world["wire"])):
        entries = [f"{7 + at}.{at}5 {text}" for at, text in enumerate(desk.world["wire"][:size])]
        entries[0] = desk._inside(entries[0], desk.agency_short)
        told = desk.reprint(wire, "whole", credit="none", words=[*entries, *desk.world["background"]], outlet=outlet)
        # Of one outlet's pages that repeat each other the later has it from the earlier.
        told = desk.change(told, headline=f"Live: {told.headline}", parents=(*told.parents, *before))
        before = (told.key,)


def briefs(desk: Desk) -> None:
    """Forty words each, some with the agency's name."""
    wire = desk.wire()
    for number in _several(desk, 8, 14):
        desk.change(desk.brief(None, number % 2 == 0), third=f"wire {desk.agency}")
    desk.reprint(wire)


def weather(desk: Desk) -> None:
    """Tables of one weather service, printed by all; one writes of the storm itself."""
    rows = ", ".join(f"{town} {12 + at * 3 % 11}/{3 + at % 6}" for at, town in enumerate(_TOWNS))
    for number in _several(desk, 8, 12):
        text = [f"{desk.world['background'][0]} {rows}.", f"{rows}; {' '.join(reversed(_TOWNS))}."]
        desk.reprint(None, "whole", credit="end" if number % 2 else "none", origin="weather office", words=text)
    desk.own(1)


_TOWNS = ("Oster", "Karrow", "Milbury", "Lerwick Bay", "Novi Bor", "Wieden", "Altruhme", "Puerto Alba", "Orsa", "Kesh")


def columns(desk: Desk) -> None:
    """A daily column whose opening is the same each day, of one outlet, beside the agency's report."""
    outlet = desk.paper()
    pieces = [*desk.world["wire"], *desk.world["rewrite"], *desk.world["own"][1]["paras"]]
    for number in range(4):
        text = [desk.world["background"][0], *pieces[number * 3 : number * 3 + 4]]
        text = [one.replace("{self}", outlet) for one in text]
        desk.add(outlet, f"The morning column, {number + 1}", text, f"column {outlet}")
    for _ in _several(desk, 4, 6):
        desk.passing(desk.articles[0])


def follow_up(desk: Desk) -> None:
    """The paper that had it goes on reporting, and says so itself; others quote it."""
    first = desk.own(0)
    for _ in _several(desk, 4, 8):
        desk.passing(first)
    for _ in range(2):
        again = desk.passing(first, "follow", outlet=first.outlet, byline=first.byline)
        desk.change(again, origins=first.origins)
    for _ in _several(desk, 3, 6):
        desk.passing(first)


def agency_cites_paper(desk: Desk) -> None:
    """A paper has it, an agency passes it on, portals print the agency."""
    first = desk.own(0)
    words = [desk._fill(desk.chance.choice(desk.words["passing"]), "", first.outlet), *desk.world["background"]]
    words += [desk._fill(desk.words["second"][1], "", first.outlet), *desk.world["rewrite"][1:]]
    wire = desk.reprint(first, "whole", credit="dateline", words=words, outlet=desk.agency)
    wire = desk.change(wire, parents=())
    for _ in _several(desk, 6, 14):
        desk.reprint(wire, desk.chance.choice(["whole", "cut", "between"]), words=words)


def linked(desk: Desk) -> None:
    """Aggregators that print a paragraph or two and link to where they have it."""
    first = desk.own(0)
    for _ in _several(desk, 7, 12):
        words = [*first.paragraphs[: desk.chance.choice([3, 4, 5])], desk.chance.choice(desk.words["tail"])]
        desk.reprint(first, "whole", credit="none", words=words, links=(first.url,), stamp="")


def both_sides(desk: Desk) -> None:
    """A digest passes on two houses that know it for themselves."""
    one, other = desk.own(0), desk.own(1)
    for first in (one, other):
        for _ in _several(desk, 3, 6):
            desk.passing(first)
    digest = desk.passing(one)
    again = desk._fill(desk.chance.choice(desk.words["passing"]), "", other.outlet)
    desk.change(digest, paragraphs=(*digest.paragraphs, again), origins=one.origins | other.origins)


def quiet_follower(desk: Desk) -> None:
    """Portals copy the paper, and one of them dates itself before it; the agency credits the paper (held only)."""
    first = desk.own(1)
    words = list(first.paragraphs)
    for number in _several(desk, 7, 9):
        told = desk.reprint(first, "cut" if number % 2 else "whole", credit="none", words=words, late=number * 7)
        if number == 3:
            desk.change(told, stamp=(first.at - timedelta(minutes=40)).isoformat(), seen=told.at + timedelta(hours=20))
    desk.passing(first, outlet=desk.agency)


KINDS: tuple[Kind, ...] = (
    agency_printed,
    agency_unseen,
    no_credit,
    scoop_on_papers,
    scoop_copied,
    told_one,
    two_know,
    own_with_help,
    two_agencies,
    one_owner,
    press_release,
    interview,
    interview_unseen,
    posted,
    rewritten,
    corrected,
    back_dated,
    wrong_clock,
    day_only,
    anniversary,
    live_blog,
    briefs,
    weather,
    columns,
    follow_up,
    agency_cites_paper,
    linked,
    both_sides,
)
HELD_KINDS: tuple[Kind, ...] = (*KINDS, quiet_follower)


def cases(part: str) -> Iterator[Case]:
    """The cases of "dev" or "held": each kind in worlds of that part, one or two in English, every other one abroad."""
    words = tomllib.loads((FOLDER / part / "phrases.toml").read_text("utf-8"))
    worlds = [
        {"name": path.stem, **tomllib.loads(path.read_text("utf-8"))}
        for path in sorted((FOLDER / part).glob("*.toml"))
        if path.stem != "phrases"
    ]
    english = [world for world in worlds if world["lang"] == "en"]
    abroad = [world for world in worlds if world["lang"] != "en"]
    for at, kind in enumerate(KINDS if part == "dev" else HELD_KINDS):
        chosen = [english[at % len(english)]]
        if part == "dev":
            chosen.append(english[(at + 3) % len(english)])
        if at % 2 == 0:
            chosen.append(abroad[at // 2 % len(abroad)])
        for world in chosen:
            seed = crc32(f"{part} {kind.__name__} {world['name']}".encode())
            desk = Desk(world, words[world["lang"]], random.Random(seed))
            kind(desk)
            yield desk.case(kind.__name__)


__all__ = ["START", "Case", "Told", "cases"]
