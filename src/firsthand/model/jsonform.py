"""An article as JSON, and back: the public contract of `firsthand read --json`, and how the store keeps versions.

`article_from_json(article_to_json(a)) == a` for every article. Beyond the contract the object carries `summary`,
`image`, `partial`, `links`, and on a block whatever of `level`, `items`, `url`, `caption`, `alt`, `rows` is not empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from firsthand.model.article import (
    Article,
    Block,
    BlockKind,
    Dateline,
    Link,
    OutletName,
    Redistribution,
    Rights,
    Span,
)
from firsthand.model.when import When


def article_to_json(article: Article) -> dict[str, Any]:
    """The `article` object of the read output, made of what `json.dumps` takes; unknown is null."""
    return {
        "url": article.url,
        "canonical_url": article.canonical_url,
        "outlet": {"name": article.outlet.name, "domain": article.outlet.domain},
        "headline": article.headline,
        "summary": article.summary,
        "byline": list(article.byline),
        "agency": article.agency,
        "section": list(article.section),
        "dateline": _dateline_to_json(article.dateline),
        "published": _when_to_json(article.published),
        "modified": _when_to_json(article.modified),
        "language": article.language,
        "rights": _rights_to_json(article.rights),
        "image": article.image,
        "partial": article.partial,
        "text": article.text,
        "blocks": [_block_to_json(block) for block in article.blocks],
        "links": [{"start": link.start, "end": link.end, "url": link.url} for link in article.links],
    }


def article_from_json(data: Mapping[str, Any]) -> Article:
    """The inverse of `article_to_json`; fields that are missing are unknown.

    Raises KeyError, TypeError or ValueError where `data` is not such an object.
    """
    outlet = data.get("outlet") or {}
    return Article(
        url=data.get("url"),
        canonical_url=data.get("canonical_url"),
        outlet=OutletName(outlet.get("name"), outlet.get("domain")),
        headline=data.get("headline"),
        summary=data.get("summary"),
        byline=tuple(data.get("byline", ())),
        agency=data.get("agency"),
        section=tuple(data.get("section", ())),
        dateline=_dateline_from_json(data.get("dateline")),
        published=_when_from_json(data.get("published")),
        modified=_when_from_json(data.get("modified")),
        language=data.get("language"),
        rights=_rights_from_json(data.get("rights")),
        text=data.get("text", ""),
        blocks=tuple(_block_from_json(block) for block in data.get("blocks", ())),
        links=tuple(Link(link["start"], link["end"], link["url"]) for link in data.get("links", ())),
        image=data.get("image"),
        partial=data.get("partial", False),
    )


def _when_to_json(when: When | None) -> str | None:
    return None if when is None else when.isoformat()


def _when_from_json(text: str | None) -> When | None:
    return None if text is None else When.fromisoformat(text)


def _dateline_to_json(dateline: Dateline | None) -> dict[str, Any] | None:
    if dateline is None:
        return None
    return {"place": dateline.place, "date": None if dateline.date is None else dateline.date.isoformat()}


def _dateline_from_json(data: Mapping[str, Any] | None) -> Dateline | None:
    if data is None:
        return None
    day = data.get("date")
    return Dateline(data["place"], None if day is None else date.fromisoformat(day))


def _rights_to_json(rights: Rights | None) -> dict[str, Any] | None:
    if rights is None:
        return None
    return {
        "line": rights.line,
        "redistribution": None if rights.redistribution is None else rights.redistribution.value,
    }


def _rights_from_json(data: Mapping[str, Any] | None) -> Rights | None:
    if data is None:
        return None
    redistribution = data.get("redistribution")
    return Rights(data["line"], None if redistribution is None else Redistribution(redistribution))


def _block_to_json(block: Block) -> dict[str, Any]:
    form: dict[str, Any] = {"kind": block.kind.value, "start": block.start, "end": block.end}
    if block.level:
        form["level"] = block.level
    if block.items:
        form["items"] = [{"start": item.start, "end": item.end} for item in block.items]
    if block.url is not None:
        form["url"] = block.url
    if block.caption:
        form["caption"] = block.caption
    if block.alt:
        form["alt"] = block.alt
    if block.rows:
        form["rows"] = [list(row) for row in block.rows]
    return form


def _block_from_json(data: Mapping[str, Any]) -> Block:
    return Block(
        kind=BlockKind(data["kind"]),
        start=data["start"],
        end=data["end"],
        level=data.get("level", 0),
        items=tuple(Span(item["start"], item["end"]) for item in data.get("items", ())),
        url=data.get("url"),
        caption=data.get("caption", ""),
        alt=data.get("alt", ""),
        rows=tuple(tuple(row) for row in data.get("rows", ())),
    )
