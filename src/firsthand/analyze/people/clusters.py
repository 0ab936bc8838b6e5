"""Names that mean one: "Asad Majeed Khan", "Ambassador Khan" and "Khan" make one entity, two Khans stay two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from firsthand.analyze.people.names import PARTICLES, SUFFIXES, Name
from firsthand.analyze.people.roles import has_age, head_of, roles_of
from firsthand.analyze.people.tokens import Page
from firsthand.analyze.people.words import Gender, english, fold, is_place
from firsthand.model.article import Span
from firsthand.model.findings import Entity, EntityKind, Role

__all__ = ["Cluster", "cluster", "entity_of"]


@dataclass(slots=True)
class Cluster:
    """One entity as it grows while the names are read."""

    kind: EntityKind
    names: list[Name] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The fullest form; of equals the first that is not in capitals."""
        return max((name.text for name in self.names), key=_fullness)

    @property
    def gender(self) -> Gender:
        """What honorifics and given names say; "" where they say nothing, or contradict each other."""
        found = {name.gender for name in self.names if name.gender}
        return found.pop() if len(found) == 1 else ""

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


def cluster(page: Page, names: Sequence[Name]) -> list[Cluster]:
    """The entities of a page, in the order of their first mention. A name that fits two of them is in none."""
    told = [(name, roles_of(page, name) if name.kind is not EntityKind.PLACE else ()) for name in names]
    told = [(_with_kind(page, name, bool(roles)), roles) for name, roles in told]
    found: list[Cluster] = []
    _full_persons(found, told)
    _single_persons(page, found, told)
    _bodies(page, found, told)
    for one in found:
        one.names.sort(key=lambda name: name.start)
    found.sort(key=lambda one: one.names[0].start)
    return found


Told = tuple[Name, tuple[Role, ...]]


def _with_kind(page: Page, name: Name, has_role: bool) -> Name:
    """A name that an age or a role stands beside is a person's, unless it is surely something else."""
    if name.sure or not (has_role or has_age(page, name)):
        return name
    return _replace(name, EntityKind.PERSON, sure=True)


def _replace(name: Name, kind: EntityKind, *, sure: bool) -> Name:
    return Name(
        name.first, name.last, name.lead, name.words, name.start, name.end, kind, sure, name.gender, name.definite
    )


# ------------------------------------------------------------------------------------------------ persons
def _full_persons(found: list[Cluster], told: Iterable[Told]) -> None:
    """Names of two words and more, the longest first, so that "John Calloway" finds "John F. Calloway"."""
    full = [(name, roles) for name, roles in told if name.kind is EntityKind.PERSON and len(_parts(name)[0]) > 0]
    for name, roles in sorted(full, key=lambda told: (-len(told[0].words), told[0].start)):
        fitting = [one for one in found if any(_same_person(other, name) for other in one.names)]
        target = fitting[0] if len(fitting) == 1 else None
        if target is None:
            target = next((one for one in fitting if any(_key(other) == _key(name) for other in one.names)), None)
        if target is None:
            target = Cluster(EntityKind.PERSON)
            found.append(target)
        _add(target, name, roles)


def _add(target: Cluster, name: Name, roles: Iterable[Role]) -> None:
    target.names.append(name)
    known = {role.text.lower() for role in target.roles}
    target.roles.extend(role for role in roles if role.text.lower() not in known)


def _key(name: Name) -> tuple[str, ...]:
    return tuple(fold(word) for word in name.words)


def _parts(name: Name) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Given names and family name, folded: ("ursula",), ("von", "der", "heide"). A bare family name has no given one."""
    words = [fold(word) for word in name.words]
    while len(words) > 1 and words[-1] in SUFFIXES:
        words.pop()
    cut = len(words) - 1
    while cut > 0 and words[cut - 1] in PARTICLES:
        cut -= 1
    return tuple(words[:cut]), tuple(words[cut:])


def _same_person(one: Name, other: Name) -> bool:
    given, family = _parts(one)
    given2, family2 = _parts(other)
    if family != family2:
        return False
    if not given or not given2:
        return False
    if not _same_given(given[0], given2[0]):
        return False
    middle, middle2 = given[1:], given2[1:]
    return not middle or not middle2 or any(_same_given(a, b) for a in middle for b in middle2)


def _same_given(one: str, other: str) -> bool:
    if one == other or (min(len(one), len(other)) == 1 and one[0] == other[0]):
        return True
    return any(one in names and other in names for names in _SHORT)


def _single_persons(page: Page, found: list[Cluster], told: Iterable[Told]) -> None:
    """Family names and given names alone: of the one person who bears them, else a person of their own if titled."""
    lone: dict[str, Cluster] = {}
    for name, roles in told:
        if name.kind is EntityKind.OUTLET or _parts(name)[0]:
            if not (name.kind is not EntityKind.PERSON and _acronym_title(name)):
                continue
        bearers = _bearers(found, name)
        if len(bearers) > 1:
            bearers = _told_apart(bearers, name, roles)
        if len(bearers) == 1:
            _add(bearers[0], _replace(name, EntityKind.PERSON, sure=True), roles)
        elif not bearers and name.kind is EntityKind.PERSON and (name.sure or _speaks(page, name)):
            own = lone.setdefault(fold(name.words[-1]), Cluster(EntityKind.PERSON))
            _add(own, name, roles)
    found.extend(lone.values())


def _acronym_title(name: Name) -> bool:
    """ "DCI Moss": capitals before a family name are a rank."""
    return len(name.words) == 2 and name.words[0].isupper() and 2 <= len(name.words[0]) <= 4


def _bearers(found: Iterable[Cluster], name: Name) -> list[Cluster]:
    """The persons whose family name, or failing that whose given name, `name` is."""
    words = tuple(fold(word) for word in name.words)
    if _acronym_title(name):
        words = words[1:]
    persons = [one for one in found if one.kind is EntityKind.PERSON]
    titled = name.lead < name.first
    if name.kind is EntityKind.PLACE and not titled and is_place(name.text):
        return []
    family = [one for one in persons if any(_parts(other)[1] == words for other in one.names)]
    if family or (titled and not english().honorific(name.words[0]) and len(words) > 1):
        return family
    return [one for one in persons if len(words) == 1 and any(_parts(other)[0][:1] == words for other in one.names)]


def _told_apart(bearers: Sequence[Cluster], name: Name, roles: Sequence[Role]) -> list[Cluster]:
    """Those whom the honorific or the title before the name fits."""
    if name.gender:
        fitting = [one for one in bearers if one.gender == name.gender]
        if fitting:
            return fitting
    heads = {head_of(role.text.split()) for role in roles}
    fitting = [one for one in bearers if heads & one.heads()]
    return fitting or list(bearers)


def _speaks(page: Page, name: Name) -> bool:
    """Whether a verb of saying stands beside a name: little enough, but more than the model's word."""
    beside = page.tokens[max(0, name.first - 1) : name.first] + page.tokens[name.last : name.last + 1]
    return any(token.lower in _SAID for token in beside)


_SAID = frozenset(
    "said says told added asked wrote tweeted warned replied argued insisted claimed denied noted explained".split()
)


# ------------------------------------------------------------------------------------------------ bodies and places
def _bodies(page: Page, found: list[Cluster], told: Iterable[Told]) -> None:
    """Organizations, outlets and places, by the same name, a shorter form of it, or its initials."""
    taken = {name.start for one in found for name in one.names}
    rest = [name for name, _ in told if name.start not in taken]
    rest = [_named_by_noun(page, name) for name in rest]
    for name in sorted(rest, key=lambda name: (-len(name.words), name.start)):
        if name.kind is None or name.kind is EntityKind.PERSON:
            continue
        same = [one for one in found if one.kind is not EntityKind.PERSON and _same_body(page, one, name)]
        if same:
            _add(same[0], name, ())
            if name.kind is EntityKind.OUTLET:
                same[0].kind = EntityKind.OUTLET
        else:
            found.append(Cluster(name.kind, [name]))


def _named_by_noun(page: Page, name: Name) -> Name:
    """ "The company Nordlys", "the newspaper Aftenen": the noun before a name tells what it is."""
    before = page.tokens[name.lead - 1].lower if name.lead and page.touching(name.lead) else ""
    tables = english()
    if name.sure or not (name.kind is None or before in tables.outlets):
        return name
    if before in tables.outlets:
        return _replace(name, EntityKind.OUTLET, sure=True)
    return _replace(name, EntityKind.ORGANIZATION, sure=True) if before in tables.takes_up else name


def _same_body(page: Page, one: Cluster, name: Name) -> bool:
    for other in one.names:
        if _body_key(other) == _body_key(name):
            return True
        if one.kind is EntityKind.PLACE or name.kind is EntityKind.PLACE:
            continue
        if _is_acronym(name, other) or _in_brackets(page, other, name):
            return True
        short, long = _body_key(name), _body_key(other)
        if name.definite and 0 < len(short) < len(long) and long[-len(short) :] == short:
            return True
    return False


def _body_key(name: Name) -> tuple[str, ...]:
    words = tuple(fold(word).replace(".", "") for word in name.words)
    return words[1:] if len(words) > 1 and words[0] == "the" else words


def _is_acronym(name: Name, other: Name) -> bool:
    if len(name.words) != 1 or len(other.words) < 2 or not name.words[0].replace(".", "").isupper():
        return False
    letters = "".join(word[0] for word in other.words if word[0].isupper())
    return len(letters) > 1 and letters == name.words[0].replace(".", "")


def _in_brackets(page: Page, other: Name, name: Name) -> bool:
    """`World Fisheries Council (WFC)`."""
    return (
        other.last < len(page.tokens)
        and page.tokens[other.last].text == "("
        and name.first == other.last + 1
        and name.words[0].isupper()
    )


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
