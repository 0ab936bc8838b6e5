"""HTML text to a tree that every later step can walk, whatever the text is."""

from __future__ import annotations

import re
from typing import TypeAlias

import lxml.etree
import lxml.html

from firsthand.model.text import clean, one_line

# libxml2 gives up beyond depth 255, or 2,048 with `huge_tree` (XML_MAX_HUGETREE_DEPTH), and returns an empty page;
# trafilatura's own walks slow down with the square of the depth. Nesting beyond this has no meaning to a reader.
_DEEPEST = 180
_OPENING = re.compile(r"<(/?)(div|span|section|font|b|i|em|strong|center|article|ul|ol|li|table|tbody|tr|td|blockquote"
                      r"|details|a|main|form|small|big|u)\b[^>]*>", re.IGNORECASE)  # fmt: skip
_TOO_DEEP = lxml.etree.XPath("boolean(/" + "*/" * (_DEEPEST + 40) + "*)")
# Engines unwrap spans one by one, in time that grows with the square of their number (20,000: 4 s; 200,000: 6 min).
_MANY_SPANS = 10_000
_SPAN = re.compile(r"</?span\b[^<>]*>", re.IGNORECASE)
_LONG = 400
_PARTED = frozenset({"blockquote", "li", "td", "tr", "table"})
_PARTING = "<br><br>"  # what is left of elements that part text, where they are dropped
_EMPTY = "<html><body></body></html>"
Element: TypeAlias = lxml.html.HtmlElement


def parse(text: str) -> Element:
    """The tree of `text`, with comments and processing instructions gone; an empty page where nothing can be read."""
    text = clean(text)
    if text.count("<span") > _MANY_SPANS:
        text = _SPAN.sub("", text)
    root = _parse(text)
    if root is None or _TOO_DEEP(root) or (len(root) < 2 and len(text) > _LONG):
        root = _parse(_flatten(text))
    if root is None:
        root = _parse(_EMPTY)
    assert root is not None
    if root.tag != "html":
        wrapper = _parse(_EMPTY)
        assert wrapper is not None
        wrapper[0].append(root)
        root = wrapper
    _open_noscript(root)
    return root


def _open_noscript(root: Element) -> None:
    """Makes whole articles that stand in `noscript` (for readers without JavaScript, as we are one) plain elements."""
    for element in list(root.iter("noscript")):
        if element.find(".//p") is not None and len(text_of(element)) > _LONG:
            element.tag = "div"


def text_of(element: Element) -> str:
    """All text inside `element`, on one line."""
    return one_line("".join(map(str, element.itertext())))


def _parse(text: str) -> Element | None:
    parser = lxml.html.HTMLParser(
        encoding="utf-8",
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
        default_doctype=False,  # type: ignore[call-arg]  # missing in lxml-stubs 0.5.1
    )
    try:
        return lxml.html.document_fromstring(text.encode("utf-8", "ignore"), parser=parser)
    except (lxml.etree.LxmlError, ValueError):
        return None


def _flatten(text: str) -> str:
    """`text` without the tags that nest deeper than `_DEEPEST`; what they hold stays."""
    open_tags: dict[str, int] = {}
    dropped: dict[str, int] = {}
    depth = 0

    def keep(match: re.Match[str]) -> str:
        nonlocal depth
        if match[0].endswith("/>"):
            return match[0]
        tag = match[2].lower()
        if not match[1]:
            if depth >= _DEEPEST:
                dropped[tag] = dropped.get(tag, 0) + 1
                return _PARTING if tag in _PARTED else " "
            depth += 1
            open_tags[tag] = open_tags.get(tag, 0) + 1
            return match[0]
        if dropped.get(tag):
            dropped[tag] -= 1
            return _PARTING if tag in _PARTED else " "
        if open_tags.get(tag):
            open_tags[tag] -= 1
            depth -= 1
        return match[0]

    return _OPENING.sub(keep, text)
