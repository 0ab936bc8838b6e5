"""Outlets: one for each registrable domain, however many hosts it publishes on."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, select

from firsthand.model.article import OutletName
from firsthand.model.records import Outlet
from firsthand.model.text import one_line
from firsthand.model.urls import domain_of
from firsthand.store import schema as s
from firsthand.store.words import fold


def to_outlet(row: Any) -> Outlet:
    """An outlet from a row that holds the columns of `outlets` as `outlet_*`."""
    return Outlet(
        id=row.outlet_id,
        domain=row.outlet_domain,
        name=row.outlet_name,
        kind=row.outlet_kind,
        country=row.outlet_country,
        home=row.outlet_home,
    )


COLUMNS = (
    s.outlets.c.domain.label("outlet_domain"),
    s.outlets.c.name.label("outlet_name"),
    s.outlets.c.kind.label("outlet_kind"),
    s.outlets.c.country.label("outlet_country"),
    s.outlets.c.home.label("outlet_home"),
)


@lru_cache(maxsize=20_000)
def registrable(domain: str) -> str:
    """The part of a domain that somebody registered (public suffix list): `feeds.bbci.co.uk` → `bbci.co.uk`.

    Local names and numbers have none and stand for themselves.
    """
    from tld import get_fld

    return get_fld(f"http://{domain}", fail_silently=True, search_private=True) or domain


def find_or_add(
    connection: Connection, outlet: OutletName, *, kind: str = "", country: str = "", home: str | None = None
) -> int:
    """The outlet of this domain, or of its registrable part; a new one if there is none.

    What is known is kept; what was unknown is filled in.
    """
    domain = one_line(outlet.domain or "") or "unknown"
    wanted = dict.fromkeys((domain, registrable(domain)))
    rows = connection.execute(select(s.outlets).where(s.outlets.c.domain.in_(wanted))).all()
    row = next((row for name in wanted for row in rows if row.domain == name), None)
    name = one_line(outlet.name or "")
    if row is None:
        named = _named(name or domain, domain)
        values = {"domain": domain, **named, "kind": kind, "country": country, "home": home}
        return int(connection.execute(s.outlets.insert().values(values).returning(s.outlets.c.id)).scalar_one())
    better = {
        column: value
        for column, value, known in (
            ("name", name, row.name != row.domain),
            ("kind", kind, row.kind),
            ("country", country, row.country),
            ("home", home, row.home),
        )
        if value and not known
    }
    if "name" in better:
        better |= _named(name, row.domain)
    if better:
        connection.execute(s.outlets.update().where(s.outlets.c.id == row.id).values(better))
    return int(row.id)


def outlet_of_page(connection: Connection, outlet_id: int, link: str, page: OutletName) -> int:
    """The outlet of an article whose page was read: as the link had it, unless the link led to somebody else.

    An aggregator's link, or a shortener's, says nothing of the outlet; the page that it leads to does. An outlet's own
    link may lead to another of its domains.

    Args:
        outlet_id: the outlet that the link seemed to be of.
        page: what the page says, its domain from where it was found.
    """
    domain = domain_of(link)
    if not page.domain or not domain or same_owner(page.domain, domain):
        return outlet_id
    seemed = connection.execute(select(s.outlets).where(s.outlets.c.id == outlet_id)).one()
    if same_owner(page.domain, seemed.domain) or (page.name and folded(page.name) == folded(seemed.name)):
        return outlet_id
    return find_or_add(connection, OutletName(page.name, registrable(page.domain)))


def learn_name(connection: Connection, outlet_id: int, page: OutletName) -> None:
    """Take the name that a page gives for its outlet, where only the domain was known and the page is on it."""
    if not page.domain or not (name := one_line(page.name or "")):
        return
    unnamed = (s.outlets.c.id == outlet_id) & (s.outlets.c.name == s.outlets.c.domain)
    domain = connection.scalar(select(s.outlets.c.domain).where(unnamed))
    if domain and same_owner(domain, page.domain):
        connection.execute(s.outlets.update().where(s.outlets.c.id == outlet_id).values(_named(name, domain)))


@lru_cache(maxsize=20_000)
def same_owner(one: str, other: str) -> bool:
    """Whether two domains are one owner's, as far as domains tell: `news.bbc.co.uk` and `bbc.com` are."""
    return registrable(one) == registrable(other) or (_label(one) or one) == (_label(other) or other)


def folded(text: str) -> str:
    """Text as the search's filter for outlets compares it: words without case and diacritics."""
    return " ".join(fold(text).split())


def _named(name: str, domain: str) -> dict[str, str]:
    return {"name": name, "folded": f"{folded(name)}\n{folded(domain)}"}


def _label(domain: str) -> str | None:
    """The registered part without its suffix: `feeds.bbci.co.uk` → `bbci`; None where there is none."""
    from tld import Result, get_tld

    found = get_tld(f"http://{domain}", fail_silently=True, search_private=True, as_object=True)
    return found.domain if isinstance(found, Result) else None
