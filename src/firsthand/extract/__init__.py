"""Bytes to an Article: HTML pages, flattened text, mail, NewsML-G2 and ninjs.

Pure: no network, no database, no clock. The same bytes always give the same article, and the only error is
NotAnArticle. Heavy libraries (trafilatura, htmldate, py3langid, nh3) load on first use, so that a process which only
polls feeds stays small.
"""

from __future__ import annotations

from firsthand.extract.eml import read_eml
from firsthand.extract.flat import read_body, read_text
from firsthand.extract.fragment import from_item
from firsthand.extract.newsml import read_newsml
from firsthand.extract.ninjs import read_ninjs
from firsthand.extract.page import extract_article
from firsthand.extract.refuse import refuse_if_no_text
from firsthand.extract.sanitize import safe_html
from firsthand.extract.sniff import sniff
from firsthand.model.jsonform import article_from_json as from_json
from firsthand.model.jsonform import article_to_json as to_json

__all__ = [
    "extract_article",
    "from_item",
    "from_json",
    "read_body",
    "read_eml",
    "read_newsml",
    "read_ninjs",
    "read_text",
    "refuse_if_no_text",
    "safe_html",
    "sniff",
    "to_json",
]
