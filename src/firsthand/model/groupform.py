"""Origins and copies as JSON, for the store and for programs."""

from __future__ import annotations

from typing import Any

from firsthand.model.article import Span
from firsthand.model.grouping import CopyMatch, Evidence, Origin, Origins, Reason


def origins_to_json(origins: Origins) -> dict[str, Any]:
    """What `origins_from_json` reads."""
    return {
        "at_least": origins.at_least,
        "at_most": origins.at_most,
        "origins": [
            {
                "articles": list(origin.articles),
                "own": origin.own,
                "reasons": [reason_to_json(reason) for reason in origin.reasons],
            }
            for origin in origins.origins
        ],
    }


def origins_from_json(form: dict[str, Any]) -> Origins:
    """Origins as they were kept; none from an empty form."""
    found = tuple(
        Origin(tuple(one["articles"]), tuple(_reason(reason) for reason in one["reasons"]), one["own"])
        for one in form.get("origins", ())
    )
    return Origins(found, form.get("at_least", 0), form.get("at_most", 0))


def reason_to_json(reason: Reason) -> dict[str, Any]:
    """A reason with its span, which is null where nothing in a text shows it."""
    span = [reason.span.start, reason.span.end] if reason.span else None
    return {"evidence": reason.evidence.value, "says": reason.says, "span": span, "article": reason.article}


def copy_to_json(match: CopyMatch) -> dict[str, Any]:
    """A copy as programs get it."""
    return {
        "article": match.article,
        "of": match.of,
        "kind": match.kind.value,
        "kept": round(match.kept, 4),
        "reused": round(match.reused, 4),
        "direction": match.direction.value,
        "reason": reason_to_json(match.reason),
    }


def _reason(form: dict[str, Any]) -> Reason:
    span = Span(*form["span"]) if form["span"] else None
    return Reason(Evidence(form["evidence"]), form["says"], span, form["article"])
