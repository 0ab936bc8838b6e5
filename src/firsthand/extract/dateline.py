"""Datelines: `KABUL, Sept 4 (Reuters) –` at the head of a report, in the manner of agencies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from firsthand.extract.credits import agency_in, is_agency
from firsthand.extract.dates import MONTHS
from firsthand.extract.dom import text_of
from firsthand.extract.piece import Piece
from firsthand.model.article import BlockKind, Dateline
from firsthand.model.when import When

_DASH = r"(?:[-–—―‒]{1,2}|[—–-]+)"
_WORD = r"[A-ZÀ-ÖØ-ÞŠŽĐĆČŁŚŹŻŐŰŘĚŤŇĎİŞĞ][\w'’.\-]*"
_PLACE = (
    rf"(?P<place>{_WORD}(?:[ /](?:{_WORD}|de|del|du|la|le|am|an|der|do|da)){{0,3}}"
    rf"(?:,\s(?:{_WORD}(?:\s{_WORD}){{0,2}}))?)"
)
_DATE = (
    r"(?P<date>(?:(?P<d1>\d{1,2})\.?\s(?P<m1>[A-Za-zä]{3,9})|(?P<m2>[A-Z][a-z]{2,8})\.?\s(?P<d2>\d{1,2}))"
    r"(?:,?\s(?P<year>\d{4}))?)"
)
_LINE = re.compile(
    rf"^{_PLACE}(?:,\s(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s)?{_DATE})?"
    rf"(?:\s*(?:\((?P<agency>[^()]{{2,40}})\)|/(?P<slashed>[^()/]{{2,40}})/))?\s*(?P<end>{_DASH}\s|:\s(?=[A-Z„“\"]))"
)
# In Chinese and Japanese agency style: 新华社北京１月２日电 / 【北京＝共同】
_ASIAN = re.compile(
    r"^(?:(?P<agency>新华社|中新社|中新网)(?P<place>[\u4e00-\u9fff]{2,6}?)(?P<m>\d{1,2})月(?P<d>\d{1,2})日电"
    r"|【(?P<place2>[^】＝=]{2,8})[＝=](?P<agency2>[^】]{2,10})】)"
)
# Words that stand in capitals before a colon and are no places.
_LABEL = re.compile(
    r"(?:WATCH|EXCLUSIVE|UPDATED?|BREAKING|ANALYSIS|OPINION|VIDEO|PHOTOS?|EXPLAINER|EXPLAINED|INTERVIEW|REVIEW|NOTE|CORRECTION"
    r"|EDITOR.*|FACT.*|LISTEN|READ|SUMMARY|QUESTION|ANSWER|KOMMENTAR|EILMELDUNG|MEINUNG|ANALYSE|EXKLUSIV|URGENT|ENTRETIEN|LIVE.*"
    r"|ENTREVISTA|OPINIÓN|ANÁLISIS|ÚLTIMA.*|INTERVISTA|BERICHT|GLOSSE|PORTRÄT|REPORTAGE|HINTERGRUND|ACHTUNG|HINWEIS|INFO.*"
    r"|POLITIK|SPORT|WIRTSCHAFT|KULTUR|PANORAMA|NEWS|LEITARTIKEL|DISCLAIMER|ESSAY|REPORT.*|HIGHLIGHTS|KEY.*|OVERVIEW|BACKGROUND|STUDY|ABSTRACT|ENDLICH|SCHADE|RÜCKBLICK|AUSBLICK|FAZIT)\b",
    re.IGNORECASE,
)
_DESK = re.compile(r"[a-zäö]{3}")  # how agencies sign in print; parties and units stand in capitals
_ALONE = re.compile(rf"^.{{3,60}}{_DASH}$")
_WRAPPED = re.compile(rf"^{_WORD}(?:[ /-]{_WORD}){{0,2}}\.$")
_HEAD = 4  # pieces: standfirst, picture, place, text
_INLINE = frozenset({"span", "strong", "b", "em", "i"})
_AGENCY_ONLY = re.compile(r"^\(?(?P<agency>[A-Z][\w .'/-]{1,30})\)?\s*[-–—]\s")


@dataclass(frozen=True, slots=True)
class Filed:
    """What the head of a report says: its dateline, and the agency that filed it."""

    dateline: Dateline | None
    agency: str | None


def read_dateline(text: str, published: When | None) -> Filed:
    """The dateline at the head of an article's first paragraph; its year is that of publication where it names none."""
    head = text[:160]
    if match := _ASIAN.match(head):
        place = match["place"] or match["place2"]
        return Filed(
            Dateline(place, _date(match["m"], match["d"], None, published)), match["agency"] or match["agency2"]
        )
    match = _LINE.match(head)
    if match and _plausible(match):
        day = _named_date(match, published)
        return Filed(Dateline(_place(match["place"]), day), _agency(match))
    only = _AGENCY_ONLY.match(head)
    return Filed(None, only["agency"] if only and is_agency(only["agency"]) else None)


def filed_at(paragraphs: Sequence[Piece], before: Sequence[str], published: When | None) -> Filed:
    """The dateline of an article: at the head of its text, under a standfirst, or on a line of its own above."""
    texts = [piece.text for piece in paragraphs if piece.kind is BlockKind.PARAGRAPH and len(piece.text) > 40][:2]
    alone = [line for line in before[-3:] if _ALONE.match(line)]
    heads = [*(f"{line} {texts[0]}" for line in alone if texts), *texts]
    for head in heads:
        filed = read_dateline(head, published)
        if filed.dateline or filed.agency:
            return filed
    apart = place_set_apart(paragraphs)
    if apart is not None:
        return Filed(Dateline(apart.text[:-1]), None)
    return Filed(next(filter(None, map(_in_markup, paragraphs[:3])), None), None)


def place_set_apart(pieces: Sequence[Piece]) -> Piece | None:
    """The piece at the head that is only a place and a full stop: `<span>Berlin.</span> <p>Die Partei …</p>`.

    What an author writes stands in paragraphs, a word of a sentence too; what stands loose between them is set by the
    template.
    """
    for piece, after in pairwise(pieces[:_HEAD]):
        loose = piece.element is not None and piece.element.tag != "p" and not piece.links
        begins = after.element is not None and after.element.tag == "p" and after.text[:1].isupper()
        if loose and begins and piece.kind is BlockKind.PARAGRAPH and _is_place(piece.text):
            return piece
    return None


def _is_place(text: str) -> bool:
    return bool(_WRAPPED.match(text)) and not _LABEL.match(text)


def _in_markup(piece: Piece) -> Dateline | None:
    """A place and a full stop, set apart from the sentence that follows: `<b>Riad.</b> Die Boxwelt …`."""
    element = piece.element
    if piece.kind is not BlockKind.PARAGRAPH or element is None or (element.text or "").strip() or not len(element):
        return None
    first = element[0]
    words = text_of(first) if isinstance(first.tag, str) and first.tag in _INLINE else ""
    if not _is_place(words) or not piece.text.startswith(f"{words} "):
        return None
    return Dateline(words[:-1]) if piece.text[len(words) + 1 :][:1].isupper() else None


def _plausible(match: re.Match[str]) -> bool:
    """Capitals, a date or an agency show a dateline; a bare word and a dash may be any sentence's beginning."""
    if is_agency(match["place"]):
        return False
    named = _agency(match) is not None or bool(_DESK.fullmatch(match["agency"] or ""))
    first = match["place"].split(",")[0]
    capitals = first.isupper() and len(first) > 2
    if match["end"].startswith(":"):
        return named or (capitals and len(first) > 4 and not _LABEL.match(first))
    if named or (match["date"] and _month(match)) or (capitals and match["end"].strip()):
        return True
    return _opens_report(match)


def _opens_report(match: re.Match[str]) -> bool:
    """Whether a place in usual case opens a report: "Gundremmingen - Die Kühltürme …", no insertion between dashes."""
    rest = match.string[match.end() :]
    sentence = re.split(r"[.!?]\s", rest)[0]
    bare = match["place"].count(" ") <= 1 and len(match["place"]) > 3 and not _LABEL.match(match["place"])
    return bare and match["end"] in {"- ", "– "} and rest[:1].isupper() and not re.search(r"\s[-–—]\s", sentence)


def _agency(match: re.Match[str]) -> str | None:
    named = (match["agency"] or match["slashed"] or "").strip()
    if not named:
        return None
    return named if is_agency(named) else agency_in(named)


def _place(text: str) -> str:
    """A place in its usual case; what stands in mixed case stays."""
    return ", ".join(
        part.title() if part.isupper() and len(part) > 3 and "." not in part else part for part in text.split(", ")
    )


def _month(match: re.Match[str]) -> int | None:
    return MONTHS.get((match["m1"] or match["m2"] or "").lower()[:3])


def _named_date(match: re.Match[str], published: When | None) -> date | None:
    month = _month(match)
    if month is None:
        return None
    return _date(str(month), match["d1"] or match["d2"], match["year"], published)


def _date(month: str | None, day: str | None, year: str | None, published: When | None) -> date | None:
    """The date; the nearest year to publication where none is named (a report of 31 December printed on 1 January)."""
    if not month or not day or (year is None and published is None):
        return None
    years = [int(year)] if year else [published.at.year, published.at.year - 1] if published else []
    for candidate in years:
        try:
            found = date(candidate, int(month), int(day))
        except ValueError:
            continue
        if year or published is None or (found - published.at.date()).days <= 2:
            return found
    return None
