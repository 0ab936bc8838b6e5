"""The one schema, for SQLite and PostgreSQL alike, a module a part of the store. `migrations/` brings a database to it.

Articles are shared by all readers; what a reader did (follows, marks) lives apart. The index for search is each
database's own and stands in `sqlite.py` and `postgres.py`. Queries say `s.articles`, whichever module it stands in.
"""

from __future__ import annotations

from firsthand.store.schema.access import *
from firsthand.store.schema.articles import *
from firsthand.store.schema.beats import *
from firsthand.store.schema.columns import *
from firsthand.store.schema.delivery import *
from firsthand.store.schema.findings import *
from firsthand.store.schema.push import *
from firsthand.store.schema.stories import *

REVISION = "0006"
"""The newest migration. Written here, so that a database can be checked without loading Alembic."""
