"""Text out of what feeds call text: plain, escaped once, escaped twice, or HTML."""

from __future__ import annotations

import re

from lxml import etree

from firsthand.model.text import clean, one_line, unescaped

_BLOCKS = (
    *("p", "br", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "td", "th", "table", "blockquote"),
    *("figure", "figcaption", "hr", "dd", "dt", "section", "article", "pre"),
)
_INLINE = (
    *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins"),
    *("kbd", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var"),
    "wbr",
)
_SPACED = (*_BLOCKS, "img", "tbody", "thead", "dl", "center", "audio", "video", "source")
_SPACE_FOR = {f"{slash}{name}": "" for name in _INLINE for slash in ("", "/")}
_SPACE_FOR |= {f"{slash}{name}": "\n" for name in _SPACED for slash in ("", "/")}
"""What stands for a tag in its text. Words inside a line stay together, blocks stand on lines of their own."""
_TAG = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9]*+)[^<>]*+>")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_UNREAD = re.compile(r"<(?:/?[a-zA-Z]|!--|[!?][a-zA-Z\[][^<>]*>)|['\"]>")
"""Markup that is left over: a tag without its end, a declaration, what follows a ">" inside an attribute."""
_CLOSING = re.compile(r"</([a-zA-Z][a-zA-Z0-9]*)\s*>")
_VOID = re.compile(r"<(?:br|hr|img|wbr)\b[^<>]*>", re.IGNORECASE)
_OPENING = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")
_ENTITY = re.compile(r"&#?\w+;")
# References that nobody writes in a headline to be read as such: what is left of a text that was escaped twice.
_LEFTOVER = re.compile(r"&(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,6}|amp|quot|apos|nbsp|[lr][sd]quo|[nm]dash|hellip|eacute);")
_C1 = re.compile("[\x80-\x9f]")
# windows-1252 bytes that were taken for latin-1 (https://encoding.spec.whatwg.org/#index-windows-1252).
_CP1252 = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
_SILENT = frozenset(("script", "style", "svg", "iframe", "noscript", "object", "template", "head", "title", "textarea"))
"""Elements whose text is not the article's."""
_KNOWN_TAGS = re.compile(
    r"a|abbr|b|bd[io]|big|blockquote|br|center|cite|code|d[dtl]|del|dfn|div|em|font|h[1-6]|hr|i|img|ins|kbd|li|mark|[ou]l"
    r"|p|pre|q|s|samp|small|span|strike|strong|su[bp]|table|tbody|t[dhrt]|u|var|wbr",
    re.IGNORECASE,
)
_SLOW_LIMIT = 200_000
"""Characters of one text that the HTML parser is given; no summary is longer, and a whole book costs no more time."""


def tidy(text: str) -> str:
    """`text` in one line, cleaned, and put right where it was decoded wrongly on its way into the feed.

    U+0080 to U+009F are windows-1252 that was taken for latin-1; "â€™" is UTF-8 that was taken for windows-1252.
    """
    line = text.strip()
    if "\n" in line:
        line = " ".join(filter(None, map(str.strip, line.splitlines())))
    if "  " in line or not line.isprintable():  # as no white space but the blank is
        line = " ".join(line.split())
        if not line.isprintable():
            line = one_line(text.translate(_CP1252) if _C1.search(text) else line)
    if not line.isascii() and ("Ã" in line or "Â" in line or ("â" in line and "â€" in line)):
        return _undone(line)
    return line


def _undone(line: str) -> str:
    """A line whose UTF-8 was read as windows-1252, read as UTF-8; any other line as it is, since it fails to decode."""
    try:
        return line.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return line


def html_text(markup: str) -> str:
    """The words of an HTML fragment in one line: no tags, comments or scripts, references resolved."""
    text = markup
    if "<" in markup:
        stripped = _without_tags(markup)
        if stripped is None:
            return _slow_text(markup)
        text = stripped
    if "&" in text:
        text = unescaped(text)
        if "&" in text and _LEFTOVER.search(text):
            text = unescaped(text)
    return tidy(text)


def _without_tags(markup: str) -> str | None:
    """`markup` without its tags, a space where a block begins or ends; None for what only a real parser gets right.

    Linear whatever comes, and a twentieth of a parser's time.
    """
    if "<!--" in markup:
        if markup.rfind("<!--") > markup.rfind("-->"):
            return None
        markup = _COMMENT.sub("", markup)
    pieces = _TAG.split(markup)
    try:
        pieces[1::2] = map(_SPACE_FOR.__getitem__, pieces[1::2])
    except KeyError:
        pieces = _spoken(pieces)
    found = "".join(pieces)
    return None if ("<" in found or ">" in found) and _UNREAD.search(found) else found


def _spoken(pieces: list[str]) -> list[str]:
    """Texts with the spaces of the tags between them, tags in capitals or unknown among these; silent elements gone.

    A silent element that never ends stays as a tag, for a parser to decide where it does.
    """
    spoken = pieces[:1]
    end = ""
    for tag, text in zip(map(str.lower, pieces[1::2]), pieces[2::2], strict=True):
        if end:
            end = end if tag != end else ""
        elif tag in _SILENT:
            end = f"/{tag}"
        spoken += (_SPACE_FOR.get(tag, ""), text) if not end else ()
    return [*spoken, f"<{end}"] if end else spoken


def guessed_text(text: str) -> str:
    """The words of a text of which the format does not say whether it is plain or HTML, as in RSS titles.

    It is HTML if it closes a tag or holds a reference, and all its tags are HTML's (the rule of feedparser,
    "looks_like_html"). So "The <video> element" and "1 < 2" stay as they are.
    """
    if "<" not in text and "&" not in text:
        return tidy(text)
    if looks_like_html(text):
        return html_text(text)
    return tidy(text)


def looks_like_html(text: str) -> bool:
    """Whether `text` shows itself to be HTML: see `guessed_text`."""
    if not (_CLOSING.search(text) or _ENTITY.search(text) or _VOID.search(text)):
        return False
    return all(_KNOWN_TAGS.fullmatch(name) for name in _OPENING.findall(text))


def beginning(markup: str, limit: int) -> str:
    """The first `limit` characters of HTML, cut before a tag that would be cut in two."""
    if len(markup) <= limit:
        return markup
    head = markup[:limit]
    opened = head.rfind("<")
    return head[:opened] if opened > head.rfind(">") else head


def excerpt(text: str, limit: int) -> str:
    """`text`, cut before `limit` characters at a word's end and marked with "…" where it is longer."""
    if len(text) <= limit:
        return text
    space = text.rfind(" ", limit // 2, limit + 1)
    return text[: space if space > 0 else limit].rstrip(" ,;:–-") + "…"


def _slow_text(markup: str) -> str:
    """What a real HTML parser makes of a difficult fragment. Linear in its length, which is limited all the same."""
    text = clean(markup[:_SLOW_LIMIT])
    root = etree.fromstring(
        f"<div>{text}</div>", etree.HTMLParser(remove_comments=True, remove_pis=True, no_network=True)
    )
    if root is None:
        return ""
    etree.strip_elements(root, *_SILENT, with_tail=False)
    for node in root.iter(*_BLOCKS):
        node.text = f" {node.text or ''}"
        node.tail = f" {node.tail or ''}"
    words = "".join(str(piece) for piece in root.itertext())
    return tidy(unescaped(words) if _LEFTOVER.search(words) else words)
