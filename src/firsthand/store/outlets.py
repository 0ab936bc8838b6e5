"""Outlets: one for each registrable domain, however many hosts it publishes on."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, select

from firsthand.model.article import OutletName
from firsthand.model.records import Outlet
from firsthand.model.text import one_line
from firsthand.store import schema as s


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
        values = {"domain": domain, "name": name or domain, "kind": kind, "country": country, "home": home}
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
    if better:
        connection.execute(s.outlets.update().where(s.outlets.c.id == row.id).values(better))
    return int(row.id)


def learn_name(connection: Connection, outlet_id: int, name: str | None) -> None:
    """Take the name that a page gives for its outlet, where only the domain was known."""
    if name and (name := one_line(name)):
        unnamed = (s.outlets.c.id == outlet_id) & (s.outlets.c.name == s.outlets.c.domain)
        connection.execute(s.outlets.update().where(unnamed).values(name=name))
