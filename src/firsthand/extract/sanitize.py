"""The last step before HTML is shown. It stands last on purpose: whatever an earlier step let through ends here.

nh3 (Rust's ammonia) parses as browsers do and keeps only what is named. No `style`, so that no CSS can send out what
the page holds; no SVG or MathML, which carry scripts and namespace tricks; images only from our own proxy, so that
no reader's browser asks a third party; no `id`, `name` or data attributes, which scripts of the page could obey.
"""

from __future__ import annotations

import re

from firsthand.model.text import clean

_TAGS = frozenset(
    {
        "p", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li", "a", "img", "figure", "figcaption",
        "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "mark", "em", "strong", "sup", "sub",
        "del", "ins", "span", "time", "br",
    }
)  # fmt: skip
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt", "width", "height", "loading", "decoding"},
    "span": {"class"},
    "mark": {"class"},
    "time": {"datetime"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
}
_DROPPED_WITH_CONTENT = {
    "script",
    "style",
    "template",
    "noscript",
    "iframe",
    "object",
    "embed",
    "svg",
    "math",
    "title",
    "textarea",
    "select",
}
_WEB = re.compile(r"^https?://[^\s]+$", re.IGNORECASE)
_OWN = re.compile(r"^#said-[1-9][0-9]{0,4}$")
"""From a statement's mark in the text to its card on the same page."""
_IMAGE = re.compile(r"^/image(?:[/?][^\s\\]*)?$")
_CLASS = re.compile(r"^[a-z0-9_ -]{1,80}$")


def safe_html(html: str) -> str:
    """`html` with nothing in it but the text marks of an article; links open without a trace of us."""
    import nh3

    return nh3.clean(
        clean(html),
        tags=set(_TAGS),
        clean_content_tags=set(_DROPPED_WITH_CONTENT),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_attribute,
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer",
        strip_comments=True,
        generic_attribute_prefixes=set(),
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "a" and name == "href":
        return value if _WEB.match(value) or _OWN.match(value) else None
    if tag == "img" and name == "src":
        path = value.partition("?")[0]  # the query holds the picture's own address, whose dots lead nowhere
        return value if _IMAGE.match(value) and ".." not in path and "//" not in path else None
    if name == "class":
        return value if _CLASS.match(value) else None
    return value
