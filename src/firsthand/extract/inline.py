"""Runs of inline text: white space as a browser collapses it, links with their offsets, line breaks."""

from __future__ import annotations

import re

from lxml.etree import iterwalk

from firsthand.extract.dom import Element
from firsthand.model.article import Link

# Layout uses zero-width characters as soft hints; they would split words in search.
_ZERO_WIDTH = re.compile("[\u200b\u2060\ufeff\u00ad]")
_NEW_WINDOW = re.compile(r"^\s*\((?:opens|öffnet|s'ouvre|se abre|öppnas|åpnes|åbner)\b[^()]{3,40}\)\s*$", re.IGNORECASE)
# Where one inline element ends and the next begins, templates leave out the space that their style sheets make:
# "…parliamentReuters", "in 2021Photo: …". A capital after a small letter, or after a sentence's end, shows it.
_CLOSING = '.!?:)]»”"'
_TIGHT = re.compile(r"[(\[] | [)\]]")  # "( Image: Getty )"
_LONE = re.compile(r"(?:^|[\W_])\w[.]?$")
# Text for screen readers, of which a page that is read has no need ("opens in a new window").
UNSEEN = re.compile(r"\b(?:sr-only|visually-?hidden|screen-reader(?:-text)?|is-sr-only|assistive-text|h-offscreen)\b")
_MARKUP = frozenset(
    {"b", "i", "em", "strong", "u", "sup", "sub", "mark", "font", "abbr", "wbr", "s", "ins", "del", "bdi"}
)
_HIDDEN = frozenset({"script", "style", "template", "noscript", "svg", "button", "select", "textarea"})
_MAX_LINKS = 2_000


class Run:
    """Inline text that grows piece by piece; `take` gives what has grown and begins anew."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._ends_in_space = True
        self._links: list[Link] = []
        self._link: tuple[int, int, str] | None = None
        """Offset and number of the part where an open link begins, and its address."""
        self._url: str | None = None
        self._seam = False

    def seam(self, tag: str) -> None:
        """Marks that an inline element begins or ends here, so that text of two of them is not run together."""
        if tag not in _MARKUP:
            self._seam = True

    def text(self, text: str | None) -> None:
        """Adds text of the page."""
        if not text:
            return
        if not text.isascii():
            text = _ZERO_WIDTH.sub("", text)
        words = text.split()
        if not words:
            if text and not self._ends_in_space:
                self._add(" ")
            return
        line = " ".join(words)
        if line[0] == "(" and line[-1] == ")" and _NEW_WINDOW.match(line):
            return
        if not self._ends_in_space and (
            text[0].isspace() or (self._seam and _run_together("".join(self._parts[-3:]), line))
        ):
            line = " " + line
        self._seam = False
        self._add(line + " " if text[-1].isspace() else line)

    def break_line(self) -> bool:
        """Adds a line break; True where a break stands already: two of them part paragraphs."""
        if not self._parts:
            return False
        self._strip_end()
        if self._parts and self._parts[-1] == "\n":
            return True
        if self._parts:
            self._add("\n")
        return False

    def open_link(self, url: str | None) -> None:
        self.close_link()
        self._url = url
        self._link = (self._length, len(self._parts), url) if url else None

    def close_link(self) -> None:
        if self._link is not None:
            self._end_link()
        self._link = None
        self._url = None

    def take(self) -> tuple[str, tuple[Link, ...]]:
        """The run so far, without white space at its ends; a link that is still open goes on in the next run."""
        if self._link is not None:
            self._end_link()
        if not self._parts:
            self._links = []
            return "", ()
        text = "".join(self._parts)
        trimmed = text.rstrip()
        links = tuple(
            Link(link.start, min(link.end, len(trimmed)), link.url) for link in self._links if link.start < len(trimmed)
        )
        self._parts, self._length, self._ends_in_space, self._links = [], 0, True, []
        self._link = (0, 0, self._url) if self._url else None
        return trimmed, tuple(link for link in links if link.start < link.end)

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
        self._ends_in_space = text[-1] in " \n"

    def _end_link(self) -> None:
        assert self._link is not None
        start, part, url = self._link
        text = "".join(self._parts[part:])
        lead = len(text) - len(text.lstrip())
        end = start + len(text.rstrip())
        if start + lead < end and len(self._links) < _MAX_LINKS:
            self._links.append(Link(start + lead, end, url))

    def _strip_end(self) -> None:
        while self._parts and self._parts[-1].isspace() and self._parts[-1] != "\n":
            self._length -= len(self._parts.pop())
        if self._parts and self._parts[-1].endswith(" "):
            self._parts[-1] = self._parts[-1][:-1]
            self._length -= 1
        self._ends_in_space = True


def _run_together(left: str, right: str) -> bool:
    """Whether two texts that touch are two words: "Welle" + "Impressum", but not "D" + "ie" nor "i" + "Phone"."""
    if not (right[0].isupper() or right[0] == "©" or (right[0] == "(" and right[1:2].isupper())):
        return False
    last = left[-12:].rstrip(_CLOSING)[-1:]
    return (last.islower() or last.isdigit()) and not _LONE.search(left[-12:])


def _is_unseen(element: Element) -> bool:
    marks = element.get("class")
    return bool(marks) and bool(UNSEEN.search(marks))


def words_of(element: Element) -> str:
    """All text inside `element` as a reader sees it, on one line, words of neighbouring elements apart."""
    text = inline_run(element)[0].replace("\n", " ")
    return _TIGHT.sub(lambda match: match[0].strip(), text)


def inline_run(element: Element, skip: tuple[str, ...] = ()) -> tuple[str, tuple[Link, ...]]:
    """All text inside `element` as one run with its links, without the elements named in `skip`."""
    run = Run()
    walk = iterwalk(element, events=("start", "end"))
    for event, inner in walk:
        tag = inner.tag
        if event == "end":
            if tag == "a":
                run.close_link()
            if tag in {"p", "div", "li"}:
                run.text(" ")
            run.seam(str(tag))
            if inner is not element:
                run.text(inner.tail)
            continue
        if inner is not element and (not isinstance(tag, str) or tag in _HIDDEN or tag in skip or _is_unseen(inner)):
            walk.skip_subtree()
            continue
        if tag == "a":
            run.open_link(inner.get("href"))
        elif tag == "br":
            run.break_line()
        run.seam(str(tag))
        run.text(inner.text)
    return run.take()
