"""Language tags, and the language of a text that is not tagged."""

from __future__ import annotations

import re

_TAG = re.compile(r"^([a-zA-Z]{2,3})(?:[-_]([a-zA-Z]{4}))?(?:[-_]([a-zA-Z]{2}|\d{3}))?(?:[-_.].*)?$")
_LONG_ENOUGH = 120  # characters; below, detection guesses (py3langid on headlines: about one in ten wrong)
_NAMES = {"english": "en", "german": "de", "deutsch": "de", "french": "fr", "spanish": "es", "italian": "it"}


def language_tag(text: str) -> str | None:
    """A BCP 47 tag in its usual case ("pt-BR"); None if `text` is none."""
    text = text.strip()
    text = _NAMES.get(text.lower(), text)
    match = _TAG.match(text)
    if match is None or match[1].lower() in {"und", "zxx", "mul", "utf", "iso"}:
        return None
    primary, script, region = match[1].lower(), match[2], match[3]
    return "-".join(part for part in (primary, script and script.title(), region and region.upper()) if part)


def detect_language(text: str) -> str | None:
    """The language of a text by its letters; None where it is too short to tell."""
    if len(text) < _LONG_ENOUGH and not any(char > "\u3000" for char in text):
        return None
    import py3langid

    return str(py3langid.classify(text[:3_000])[0])
