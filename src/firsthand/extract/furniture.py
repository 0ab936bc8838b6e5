"""Lines that belong to the page and not to the article, known by their own words.

Kept to what is safe: a whole line must be furniture. The same rules serve HTML pages and flattened text. The words
themselves are in `data/furniture.toml`, in the languages in which they were met.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

_LONGEST = 420
_CLOCK = (
    r"(?:\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?|\d{1,2}時\d{1,2}分|\d{1,2}月\d{1,2}日)\s*(?:[ap]\.?m\.?|uhr|h)?"
    r"\s*(?:\(?[a-z]{1,5}(?:[+-]\d{1,2}(?::\d{2})?)?\)?)?"
)


@cache
def _rules() -> dict[str, re.Pattern[str]]:
    """The rules by name, compiled once. Lists of words in `stamps` fill the pattern of a date line."""
    words = tomllib.loads(files("firsthand.extract").joinpath("data/furniture.toml").read_text("utf-8"))
    rules = {name: _whole_line(words[name]) for name in ("advertisement", "sharing", "prompts", "related_label", "ago")}
    rules["credit"] = _whole_line(words["credit_line"])
    rules["consent"] = re.compile(rf"^\W*(?:{'|'.join(words['consent'])})", re.IGNORECASE)
    rules["related"] = re.compile(rf"^\W*(?:{'|'.join(words['related'])})", re.IGNORECASE | re.DOTALL)
    rules["closing"] = re.compile(rf"(?:{'|'.join(words['closing'])})", re.IGNORECASE | re.DOTALL)
    rules["tail"] = re.compile(rf"\s*[\s(]*(?:{'|'.join(words['tails'])})[\s).]*$", re.IGNORECASE)
    rules["home"] = _whole_line(words["home_steps"])
    rules["appeal"] = re.compile(rf"\b(?:{'|'.join(words['appeal'])})\b", re.IGNORECASE)
    rules["addressed"] = re.compile(rf"\b(?:{'|'.join(words['addressed'])})\b", re.IGNORECASE)
    rules["stamp"] = _stamp_rule(words["stamps"])
    return rules


def _whole_line(alternatives: list[str]) -> re.Pattern[str]:
    return re.compile(rf"^\W*(?:{'|'.join(alternatives)})\W*$", re.IGNORECASE | re.DOTALL)


def _stamp_rule(words: dict[str, list[str]]) -> re.Pattern[str]:
    month = rf"(?:{'|'.join(words['months'])})[^\W\d_]*\.?"
    day = (
        rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\.?(?: de)? {month}(?: de)?,?(?: \d{{4}})?"
        rf"|{month} \d{{1,2}}(?:st|nd|rd|th)?,?(?: \d{{4}})?|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}"
        r"|\d{4}[./-]\s?\d{1,2}[./-]\s?\d{1,2}\.?|\d{4}年\d{1,2}月\d{1,2}日)"
    )
    parts = [day, _CLOCK, *words["labels"], *words["weekdays"], *words["joiners"]]
    # Atomic and possessive: a line that nearly fits must not be tried in every way that it can be cut up.
    return re.compile(rf"^\W*+(?:(?>{'|'.join(parts)})[\s,.:;|/·•–—()\-]*+)++$", re.IGNORECASE)


def is_furniture(text: str) -> bool:
    """Whether a block or line is the page's own: an advertisement label, sharing, a prompt, a pointer elsewhere."""
    if not text.strip():
        return True
    if len(text) > _LONGEST:
        return False
    rules = _rules()
    names = ("advertisement", "sharing", "prompts", "related_label", "ago")
    return any(rules[name].match(text) for name in names) or asks_consent(text) or is_pointer(text)


def asks_consent(text: str) -> bool:
    """Whether a line belongs to an embed that is only shown once the reader agrees."""
    return bool(_rules()["consent"].match(text))


def is_interruption(text: str) -> bool:
    """Whether a line is furniture of the kind that stands between an article's paragraphs: advertisements, pointers."""
    return len(text) <= _LONGEST and (bool(_rules()["advertisement"].match(text)) or is_pointer(text))


def is_label(text: str) -> bool:
    """Whether a short line only labels what follows: a section, an edition, a series."""
    if any(char > "\u2e80" for char in text):
        return len(text) < 8  # no spaces between words to count
    return len(text) < 40 and (text.isupper() or text.endswith(":") or len(text.split()) < 3)


def is_pointer(text: str) -> bool:
    """Whether a block only points to another article: "Also read: …"."""
    return len(text) < _LONGEST and bool(_rules()["related"].match(text))


def is_appeal(text: str) -> bool:
    """Whether a paragraph asks the reader to subscribe, support, sign up; meaningful only at an article's end."""
    return len(text) < 500 and bool(_rules()["appeal"].search(text)) and bool(_rules()["addressed"].search(text))


def is_closing(text: str) -> bool:
    """Whether a paragraph tells where to go on or who made the page; meaningful only at an article's end."""
    return len(text) < _LONGEST and bool(_rules()["closing"].match(text))


def without_tail(text: str) -> str:
    """`text` without the note that it goes on below a picture or an advertisement."""
    return _rules()["tail"].sub("", text) if len(text) < 5_000 else text


def is_home_step(text: str) -> bool:
    """Whether a step of a breadcrumb path is the home page, or a label that a template sets for every article."""
    return bool(_rules()["home"].match(text))


def is_credit_line(text: str) -> bool:
    """Whether a line credits a source or claims rights: furniture, but with something to say."""
    return len(text) < 700 and bool(_rules()["credit"].match(text))


def is_stamp(text: str) -> bool:
    """Whether a line is only a date or time with its labels: `Updated: September 4, 2021 14:19 IST`."""
    return len(text) < 120 and any(char.isdigit() for char in text) and bool(_rules()["stamp"].match(text))
