"""What an entry says, as HTML: its text where that may leave, else its excerpt. Everything is escaped where it is written.

No pictures: they have rights of their own, and none says that they may be passed on.
"""

from __future__ import annotations

import re

from markupsafe import escape

from firsthand.extract.sanitize import safe_html
from firsthand.model.article import Article, Block, BlockKind
from firsthand.model.out import OutEntry

# What XML cannot hold (XML 1.0 §2.2), not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """A text that may stand in XML."""
    return _NOT_XML.sub("", text)


def as_html(entry: OutEntry) -> str:
    """The content of an entry."""
    if entry.text is None:
        return f"<p>{escape(entry.summary)}</p>" if entry.summary else ""
    html = "".join(_block(entry.text, block) for block in entry.text.blocks)
    if not html:
        html = "".join(f"<p>{escape(part)}</p>" for part in entry.text.text.split("\n\n") if part.strip())
    if entry.rights:
        html += f"<p>{escape(entry.rights)}</p>"
    return safe_html(html)  # last: the text is from outside, and a mistake above must not be enough


def _block(article: Article, block: Block) -> str:
    text = article.text[block.start : block.end].strip()
    match block.kind:
        case BlockKind.PARAGRAPH:
            return f"<p>{escape(text)}</p>" if text else ""
        case BlockKind.HEADING:
            level = min(6, max(2, block.level))
            return f"<h{level}>{escape(text)}</h{level}>"
        case BlockKind.QUOTE:
            return f"<blockquote><p>{escape(text)}</p></blockquote>"
        case BlockKind.LIST:
            tag = "ol" if block.level == 1 else "ul"
            items = "".join(f"<li>{escape(article.text[one.start : one.end])}</li>" for one in block.items)
            return f"<{tag}>{items}</{tag}>"
        case _:
            return ""
