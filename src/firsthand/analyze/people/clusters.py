"""Names that mean one: "Asad Majeed Khan", "Ambassador Khan" and "Khan" make one entity, two Khans stay two."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from firsthand.analyze.people.name import PARTICLES, SUFFIXES, Name
from firsthand.analyze.people.roles import has_age, head_of, roles_of
from firsthand.analyze.people.tokens import Page
from firsthand.analyze.people.words import Gender, english, first_name_gender, fold, is_place
from firsthand.model.article import Span
from firsthand.model.findings import Entity, EntityKind, Role

__all__ = ["Cluster", "cluster", "entity_of"]


@dataclass(slots=True)
class Cluster:
    """One entity as it grows while the names are read."""

    kind: EntityKind
    names: list[Name] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    forms: dict[tuple[str, ...], Name] = field(default_factory=dict)
    """The first name of each spelling, folded."""
    genders: set[Gender] = field(default_factory=set)
    full: int = 0
    """How often the name is given with a given name."""
    presumed: Gender = ""
    """What is known before the first name is in it."""

    def add(self, name: Name, roles: Iterable[Role] = ()) -> None:
        """Take a mention in, with the roles beside it that are new."""
        self.names.append(name)
        self.forms.setdefault(key_of(name), name)
        self.full += bool(_parts(name)[0])
        self.genders |= {name.gender} - {""}
        known = {role.text.lower() for role in self.roles}
        self.roles.extend(role for role in roles if role.text.lower() not in known)

    @property
    def name(self) -> str:
        """The fullest form; of equals the first that is not in capitals."""
        return max((name.text for name in self.names), key=_fullness)

    @property
    def gender(self) -> Gender:
        """What honorifics and given names say; "" where they say nothing, or contradict each other."""
        found = self.genders or {self.presumed}
        return next(iter(found)) if len(found) == 1 else ""

    def heads(self) -> set[str]:
        """The nouns of its roles, and those that may stand for them."""
        found = {head_of(role.text.split()) for role in self.roles}
        return found | {other for head in found for other in english().also.get(head, frozenset())}


_NICKNAMES = (
    "william bill will willie", "robert bob rob bobby", "richard dick rick rich", "james jim jimmy", "john jack johnny", "joseph joe",
    "thomas tom", "michael mike mick", "edward ed ted eddie", "charles charlie chuck", "anthony tony", "daniel dan danny", "david dave",
    "donald don", "kenneth ken", "samuel sam", "benjamin ben", "nicholas nick", "alexander alex", "elizabeth liz beth betty", "margaret maggie meg",
    "katherine kate kathy", "catherine kate cathy", "patricia pat", "susan sue", "deborah debbie", "jennifer jen jenny", "christopher chris",
    "matthew matt", "andrew andy drew", "steven steve", "stephen steve", "gregory greg", "timothy tim", "lawrence larry", "ronald ron", "raymond ray",
    "vladimir volodymyr", "bernard bernie", "francis frank", "theodore ted", "joshua josh", "jonathan jon", "philip phil", "peter pete",
)  # fmt: skip
_SHORT = tuple(frozenset(names.split()) for names in _NICKNAMES)


def cluster(
    page: Page, names: Sequence[Name], roles: Callable[[Page, Name], tuple[Role, ...]] = roles_of
) -> list[Cluster]:
    """The entities of a page, in the order of their first mention. A name that fits two of them is in none.

    `roles` reads the roles beside a name, in the text's language.
    """
    names = _without_epithets(names)
    told = [(name, roles(page, name) if name.kind is not EntityKind.PLACE else ()) for name in names]
    told = [(_with_kind(page, name, bool(beside)), beside) for name, beside in told]
    full = {key_of(name) for name, _ in told if name.kind is EntityKind.PERSON and len(name.words) > 1}
    told = [(_as_elsewhere(name, full), beside) for name, beside in told]
    persons = _Persons()
    persons.read_full(told)
    persons.read_single(page, told)
    taken = {name.start for one in persons.found for name in one.names}
    found = [*persons.found, *bodies(page, [name for name, _ in told if name.start not in taken])]
    for one in found:
        one.names.sort(key=lambda name: name.start)
    return sorted(found, key=lambda one: one.names[0].start)


Told = tuple[Name, tuple[Role, ...]]


def _without_epithets(names: Sequence[Name]) -> list[Name]:
    """Full names without what stands before them only once: "Crooked Hillary Clinton" beside "Hillary Clinton"."""
    full = {key_of(name) for name in names if name.kind is EntityKind.PERSON and len(name.words) > 1}
    return [_shorter(name, _epithet(name, full)) for name in names]


def _epithet(name: Name, full: set[tuple[str, ...]]) -> int:
    """How many words stand before a full name that the text has without them too."""
    if name.kind is not EntityKind.PERSON or first_name_gender(name.words[0]) is not None:
        return 0
    return next((at for at in range(1, len(name.words) - 1) if key_of(name)[at:] in full), 0)


def _shorter(name: Name, cut: int) -> Name:
    if not cut:
        return name
    start = name.end - len(" ".join(name.words[cut:]))
    return replace(name, first=name.first + cut, words=name.words[cut:], start=start)


def _with_kind(page: Page, name: Name, has_role: bool) -> Name:
    """A name that an age or a role stands beside is a person's, unless it is surely something else."""
    if name.sure or not (has_role or has_age(page, name)):
        return name
    return replace(name, kind=EntityKind.PERSON, sure=True)


def _as_elsewhere(name: Name, persons: set[tuple[str, ...]]) -> Name:
    """A full name that is a person's elsewhere in the text is so here."""
    return replace(name, kind=EntityKind.PERSON, sure=True) if not name.sure and key_of(name) in persons else name


# ------------------------------------------------------------------------------------------------ persons
class _Persons:
    """The persons of one text, found by family name and by given name."""

    def __init__(self) -> None:
        self.found: list[Cluster] = []
        self._family: dict[tuple[str, ...], list[Cluster]] = {}
        self._given: dict[tuple[str, ...], list[Cluster]] = {}

    def read_full(self, told: Iterable[Told]) -> None:
        """Names of two words and more, the longest first, so that "John Calloway" finds "John F. Calloway"."""
        full = [(name, roles) for name, roles in told if name.kind is EntityKind.PERSON and _parts(name)[0]]
        for name, roles in sorted(full, key=lambda told: (-len(told[0].words), told[0].start)):
            self._of_full(name).add(name, roles)

    def _of_full(self, name: Name) -> Cluster:
        given, family = _parts(name)
        rivals = self._family.setdefault(family, [])
        fitting = [one for one in rivals if any(_same_person(other, name) for other in one.forms.values())]
        exact = [one for one in fitting if key_of(name) in one.forms]
        if len(fitting) == 1 or exact:
            return exact[0] if exact else fitting[0]
        one = Cluster(EntityKind.PERSON)
        self.found.append(one)
        rivals.append(one)
        self._given.setdefault(given[:1], []).append(one)
        return one

    def read_single(self, page: Page, told: Iterable[Told]) -> None:
        """Family names and given names alone: of the one person who bears them, else a person of their own if titled."""
        singles = [(name, roles) for name, roles in told if _stands_alone(name)]
        others = self._others(name for name, _ in singles)
        for name, roles in singles:
            family = fold(name.words[-1])
            bearers = [*self._bearers(name), *([others[family]] if family in others else [])]
            if len(bearers) > 1:
                bearers = _told_apart(bearers, name, roles)
            if len(bearers) == 1:
                bearers[0].add(replace(name, kind=EntityKind.PERSON, sure=True), roles)
            elif not bearers and name.kind is EntityKind.PERSON and (name.sure or _speaks(page, name)):
                others.setdefault(family, Cluster(EntityKind.PERSON)).add(name, roles)
        self.found.extend(one for one in others.values() if one.names)

    def _others(self, singles: Iterable[Name]) -> dict[str, Cluster]:
        """Persons whom the text never names in full: "Mr. Obama" beside "Michelle Obama" is another."""
        others: dict[str, Cluster] = {}
        for name in singles:
            bearers = self._bearers(name)
            if name.gender and bearers and all(one.gender not in ("", name.gender) for one in bearers):
                others.setdefault(fold(name.words[-1]), Cluster(EntityKind.PERSON)).presumed = name.gender
        return others

    def _bearers(self, name: Name) -> list[Cluster]:
        """The persons whose family name, or failing that whose given name, `name` is."""
        words = key_of(name)
        if _acronym_title(name):
            words = words[1:]
        if name.kind is EntityKind.PLACE and name.lead == name.first and is_place(name.text):
            return []
        return self._family.get(words) or (self._given.get(words, []) if len(words) == 1 else [])


def key_of(name: Name) -> tuple[str, ...]:
    """A name's words as they are compared."""
    return tuple(fold(word) for word in name.words)


def _parts(name: Name) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Given names and family name, folded: ("ursula",), ("von", "der", "heide"). A bare family name has no given one."""
    words = list(name.words)
    while len(words) > 1 and fold(words[-1]) in SUFFIXES:
        words.pop()
    cut = len(words) - 1
    while cut > 0 and words[cut - 1].lower() in PARTICLES and len(words[cut - 1]) > 1:
        cut -= 1
    folded = [fold(word) for word in words]
    return tuple(folded[:cut]), tuple(folded[cut:])


def _same_person(one: Name, other: Name) -> bool:
    """Whether two full names with one family name are one person's."""
    given, given2 = _parts(one)[0], _parts(other)[0]
    if not given or not given2 or not _same_given(given[0], given2[0]):
        return False
    middle, middle2 = given[1:], given2[1:]
    return not middle or not middle2 or any(_same_given(a, b) for a in middle for b in middle2)


def _same_given(one: str, other: str) -> bool:
    if one == other or (min(len(one), len(other)) == 1 and one[0] == other[0]):
        return True
    return any(one in names and other in names for names in _SHORT)


def _stands_alone(name: Name) -> bool:
    """Whether a name is a family or given name alone, or a rank in capitals before one ("DCI Moss")."""
    if name.kind is EntityKind.OUTLET:
        return False
    return not _parts(name)[0] or (name.kind is not EntityKind.PERSON and _acronym_title(name))


def _acronym_title(name: Name) -> bool:
    """ "DCI Moss": capitals before a family name are a rank."""
    return len(name.words) == 2 and name.words[0].isupper() and 2 <= len(name.words[0]) <= 4


def _told_apart(bearers: Sequence[Cluster], name: Name, roles: Sequence[Role]) -> list[Cluster]:
    """Those whom the honorific or the title before the name fits."""
    if name.gender:
        fitting = [one for one in bearers if one.gender == name.gender]
        if fitting:
            return fitting
    unnamed = [one for one in bearers if one.presumed]
    if unnamed:
        return unnamed  # copy names the other in full each time
    heads = {head_of(role.text.split()) for role in roles}
    fitting = [one for one in bearers if heads & one.heads()]
    return fitting or _leading(bearers)


_FAR_MORE = 4


def _leading(bearers: Sequence[Cluster]) -> list[Cluster]:
    """The one whom the text names in full far more often: copy gives the other's full name each time."""
    counts = [one.full for one in bearers]
    most = max(range(len(bearers)), key=counts.__getitem__)
    others = max(count for at, count in enumerate(counts) if at != most)
    return [bearers[most]] if counts[most] >= _FAR_MORE * others else list(bearers)


def _speaks(page: Page, name: Name) -> bool:
    """Whether a verb of saying stands beside a name: little enough, but more than the model's word."""
    beside = page.tokens[max(0, name.first - 1) : name.first] + page.tokens[name.last : name.last + 1]
    return any(token.lower in _SAID for token in beside)


_SAID = frozenset(
    "said says told added asked wrote tweeted warned replied argued insisted claimed denied noted explained".split()
)


# ------------------------------------------------------------------------------------------------ bodies and places
class _Bodies:
    """Organizations, outlets and places, found by name, by last word, by initials."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.found: list[Cluster] = []
        self._named: dict[tuple[str, ...], Cluster] = {}
        self._ending: dict[str, list[tuple[tuple[str, ...], Cluster]]] = {}
        self._initials: dict[str, Cluster] = {}
        self._bracketed: dict[int, Cluster] = {}

    def read(self, name: Name) -> None:
        assert name.kind is not None
        one = self._same(name)
        if one is None:
            one = Cluster(name.kind)
            self.found.append(one)
        one.add(name)
        if name.kind is EntityKind.OUTLET:
            one.kind = EntityKind.OUTLET
        self._note(name, one)

    def _same(self, name: Name) -> Cluster | None:
        key = _body_key(name)
        if key in self._named or name.kind is EntityKind.PLACE:
            return self._named.get(key)
        if name.words[0].isupper() and (bracketed := self._bracketed.get(name.first)):
            return bracketed
        letters = name.words[0].replace(".", "")
        if len(name.words) == 1 and letters.isupper() and letters in self._initials:
            return self._initials[letters]
        longer = (
            one for long, one in self._ending.get(key[-1], ()) if len(long) > len(key) and long[-len(key) :] == key
        )
        return next(longer, None) if name.definite else None

    def _note(self, name: Name, one: Cluster) -> None:
        key = _body_key(name)
        if key not in self._named:
            self._named[key] = one
            if one.kind is not EntityKind.PLACE:
                self._ending.setdefault(key[-1], []).append((key, one))
                letters = "".join(word[0] for word in name.words if word[0].isupper())
                if len(name.words) > 1 and len(letters) > 1:
                    self._initials.setdefault(letters, one)
        if (
            one.kind is not EntityKind.PLACE
            and name.last < len(self._page.tokens)
            and self._page.tokens[name.last].text == "("
        ):
            self._bracketed[name.last + 1] = one  # `World Fisheries Council (WFC)`


def bodies(page: Page, names: Iterable[Name]) -> list[Cluster]:
    """Organizations, outlets and places, by the same name, a shorter form of it, or its initials."""
    read = _Bodies(page)
    told = [_named_by_noun(page, name) for name in names]
    for name in sorted(told, key=lambda name: (-len(name.words), name.start)):
        if name.kind is not None and name.kind is not EntityKind.PERSON:
            read.read(name)
    return read.found


def _named_by_noun(page: Page, name: Name) -> Name:
    """ "The company Nordlys", "the newspaper Aftenen": the noun before a name tells what it is."""
    before = page.tokens[name.lead - 1].lower if name.lead and page.touching(name.lead) else ""
    tables = english()
    if name.sure or not (name.kind is None or before in tables.outlets):
        return name
    if before in tables.outlets:
        return replace(name, kind=EntityKind.OUTLET, sure=True)
    return replace(name, kind=EntityKind.ORGANIZATION, sure=True) if before in tables.takes_up else name


def _body_key(name: Name) -> tuple[str, ...]:
    words = tuple(fold(word).replace(".", "") for word in name.words)
    return words[1:] if len(words) > 1 and words[0] == "the" else words


# ------------------------------------------------------------------------------------------------ the result
def entity_of(one: Cluster) -> Entity:
    return Entity(
        one.name,
        one.kind,
        tuple(Span(name.start, name.end) for name in one.names),
        tuple(sorted(one.roles, key=lambda role: role.span.start)),
    )


def _fullness(name: str) -> tuple[int, bool, int]:
    return len(name.split()), not name.isupper() or len(name.split()) == 1, len(name)
