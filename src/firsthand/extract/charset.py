"""Bytes to text, as a browser would read them, and a little better where nothing is declared.

Order: byte-order mark, valid UTF-8 that is not plain ASCII (it is never so by chance, and is often declared wrongly),
the Content-Type header, the page's own declaration (WHATWG HTML, "prescan a byte stream", in a wider window), then
detection: the candidates that the page's language makes likely, scored by how much like words the text looks.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from firsthand.model.text import clean

_PRESCAN = 4096
_META = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([a-zA-Z0-9_:.-]+)""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]+encoding\s*=\s*["']([a-zA-Z0-9_:.-]+)""")
_HEADER = re.compile(r"""charset\s*=\s*["']?([a-zA-Z0-9_:.-]+)""", re.IGNORECASE)
_LANG = re.compile(rb"""<html[^>]+?lang\s*=\s*["']?([a-zA-Z]{2})""", re.IGNORECASE)
_SHIFTED = re.compile(rb"\x1b\$[@B]")
_MARKUP = re.compile(rb"<script.*?</script>|<style.*?</style>|<[^>]*>", re.IGNORECASE | re.DOTALL)

# What a label means on the web is often a superset of what it names (WHATWG Encoding, "names and labels").
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
# Legacy encodings that pages of a language were written in, likeliest first.
_BY_LANGUAGE = {
    "ar": ("cp1256", "iso8859-6"),
    "fa": ("cp1256",),
    "be": ("cp1251",),
    "bg": ("cp1251", "koi8_r", "iso8859-5"),
    "cs": ("cp1250", "iso8859-2"),
    "el": ("cp1253", "iso8859-7"),
    "et": ("cp1257",),
    "he": ("cp1255",),
    "hr": ("cp1250", "iso8859-2"),
    "hu": ("cp1250", "iso8859-2"),
    "ja": ("cp932", "euc_jp", "iso2022_jp"),
    "ko": ("cp949",),
    "lt": ("cp1257",),
    "lv": ("cp1257",),
    "mk": ("cp1251",),
    "pl": ("cp1250", "iso8859-2"),
    "ro": ("cp1250", "iso8859-2"),
    "ru": ("cp1251", "koi8_r", "iso8859-5", "cp866"),
    "sk": ("cp1250", "iso8859-2"),
    "sl": ("cp1250", "iso8859-2"),
    "sr": ("cp1251", "cp1250"),
    "th": ("cp874",),
    "tr": ("cp1254",),
    "uk": ("cp1251", "koi8_u"),
    "vi": ("cp1258",),
    "zh": ("gb18030", "big5hkscs"),
}
_ANY = ("cp1252", "cp949", "euc_jp", "cp932", "gb18030", "big5hkscs", "cp1251", "koi8_r", "cp1250", "cp1253", "cp1254",
        "cp1255", "cp1256", "cp874", "iso8859-2", "cp1257")  # fmt: skip
_LATIN = {"cp1252", "cp1250", "cp1254", "cp1257", "iso8859-2"}
# Letters beyond ASCII; they tell the Latin charsets apart once the language is known.
_ALPHABETS = {
    "cs": "áčďéěíňóřšťúůýž",
    "et": "äõöüšž",
    "hr": "čćđšž",
    "hu": "áéíóöőúüű",
    "lt": "ąčęėįšųūž",
    "lv": "āčēģīķļņšūž",
    "pl": "ąćęłńóśźż",
    "ro": "ăâîșşțţ",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "sl": "čšž",
    "sr": "čćđšž",
    "tr": "çğıiöşüâîû\u0307",
}
_SAMPLE = 20_000


def decode(data: bytes, content_type: str = "") -> str:
    """`data` as clean text; never fails, since what no charset fits is replaced."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return clean(data[len(mark) :].decode(name, "replace"))
    if _SHIFTED.search(data) is None:  # ISO-2022-JP is ASCII to the eye, with escapes between
        try:
            return clean(data.decode("utf-8"))
        except UnicodeDecodeError:
            pass
    declared = _declared(data, content_type)
    if declared is not None:
        text = _try(data, declared, errors="replace")
        # A few broken bytes are the page's; many mean that the declaration is wrong.
        if text is not None and text.count("\ufffd") <= len(text) // 500:
            return clean(text)
    return clean(data.decode(detect(data), "replace"))


def detect(data: bytes) -> str:
    """The Python name of the charset that makes `data` look most like text, for data that declares none."""
    if data.count(0) > len(data) // 5:
        return "utf-16-be" if data[:1] == b"\0" else "utf-16-le"
    if _mostly_utf8(data):
        return "utf-8"
    if _SHIFTED.search(data):
        return "iso2022_jp"
    language = _LANG.search(data[:_PRESCAN])
    likely = _BY_LANGUAGE.get(language[1].decode().lower(), ()) if language else ()
    sample = _foreign_bytes(data)
    name = _likeliest(sample, likely)
    if name in _LATIN:
        tongue = language[1].decode().lower() if language else _language(sample)
        return _by_alphabet(sample, tongue, name)
    return name


def _likeliest(sample: bytes, likely: tuple[str, ...]) -> str:
    best, best_score = "cp1252", float("-inf")
    for rank, name in enumerate(dict.fromkeys(likely + _ANY)):
        text = _try(sample, name, errors="replace")
        if text is None:
            continue
        score = _plausibility(text) + (0.25 if name in likely else 0.0) - rank * 0.004
        if score > best_score:
            best, best_score = name, score
    return best


def _language(sample: bytes) -> str:
    """The language of Latin text, as its plain letters tell, whatever the charset of the others."""
    import py3langid

    return str(py3langid.classify(sample.decode("ascii", "ignore"))[0])


def _by_alphabet(sample: bytes, language: str, default: str) -> str:
    """Which Latin charset gives the most letters that `language` is written with."""
    alphabet = _ALPHABETS.get(language)
    if alphabet is None:
        return "cp1252" if language in {"de", "en", "fr", "es", "nl", "no", "nb", "sv", "da", "fi", "is"} else default
    candidates = (*_BY_LANGUAGE.get(language, ()), "cp1252")

    def own_letters(name: str) -> int:
        text = sample.decode(name, "replace").lower()
        return sum(1 if char in alphabet else -1 for char in text if char > "\x7f" and char.isalpha())

    return max(candidates, key=own_letters)


def _declared(data: bytes, content_type: str) -> str | None:
    labels = [match[1] for match in [_HEADER.search(content_type)] if match]
    labels += [match[1].decode("ascii") for match in (_XML.search(data[:200]), _META.search(data[:_PRESCAN])) if match]
    for label in labels:
        try:
            name = codecs.lookup(label).name
        except LookupError:
            continue
        if name.startswith(("utf-16", "utf-32", "utf-7")) or name in {"hex", "base64", "rot13", "zlib", "bz2"}:
            continue  # WHATWG: a declaration readable as ASCII cannot be UTF-16; UTF-7 is an attack
        if name != "utf-8":
            return _SUPERSETS.get(name, name)
    return None


def _try(data: bytes, name: str, *, errors: str) -> str | None:
    try:
        return data.decode(name, errors)
    except (LookupError, UnicodeError, ValueError):
        return None


def _mostly_utf8(data: bytes) -> bool:
    """UTF-8 with a few broken bytes: a page cut in the middle, or one with a foreign snippet."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return 0 < broken * 10 <= sum(1 for byte in data if byte >= 0xC2)


def _foreign_bytes(data: bytes) -> bytes:
    """The text around the non-ASCII bytes, without markup: all that tells one charset from another."""
    bare = _MARKUP.sub(b" ", data[: 40 * _SAMPLE])
    words = [word for word in bare.split() if not word.isascii()]
    return b" ".join(words)[:_SAMPLE]


def _plausibility(text: str) -> float:
    """How much like written words `text` looks, about -2 to 1.2; letters of one script, in the usual case, score."""
    foreign = [char for char in text if char > "\x7f"]
    if not foreign:
        return 0.0
    score = 0.0
    scripts: dict[str, int] = {}
    for before, char in zip(" " + text, text, strict=False):
        if char <= "\x7f":
            continue
        category = unicodedata.category(char)
        if char == "\ufffd" or category in {"Cc", "Cn", "Co"}:
            score -= 4
        elif category in {"Lu", "Lt"}:
            score += 0.8 if not before.isalpha() or before.isupper() else -2
        elif category[0] in "LM":
            script = _script(char)
            mixed = script not in {"LATIN", "CJK", "HANGUL"} and before.isascii() and before.isalpha()
            score += -2 if mixed else 1
            scripts[script] = scripts.get(script, 0) + 1
        elif (
            category in {"Pi", "Pf", "Pd"}
            or char in "\u2026\u00a0\u20ac\u00a3\u3000\u3001\u3002\u00ab\u00bb\u00b0\u00a9"
        ):
            score += 0.4
        else:
            score -= 1
    letters = sum(scripts.values())
    purity = max(scripts.values()) / letters if letters else 0.5
    rare = sum(1 for char in foreign if _is_rare(char)) / len(foreign)
    # A language in Latin letters writes a minority of them beyond ASCII; Cyrillic read as Latin has nothing else.
    share = scripts.get("LATIN", 0) / max(1, sum(1 for char in text if char.isalpha()))
    crowded = 3 * max(0.0, share - 0.45)
    return score / len(foreign) + 1.5 * (purity - 1) - 2 * rare - crowded


def _script(char: str) -> str:
    script = unicodedata.name(char, "?").split(" ", 1)[0]
    # Japanese mixes three scripts, with full-width forms beside them.
    return "CJK" if script in {"HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "FULLWIDTH", "IDEOGRAPHIC"} else script


def _is_rare(char: str) -> bool:
    """Letters that living languages hardly use but wrong charsets bring up: half-width kana, rare ideographs."""
    point = ord(char)
    if 0xFF61 <= point <= 0xFF9F or 0xE000 <= point <= 0xF8FF or 0x3400 <= point <= 0x4DBF:
        return True
    if 0xAC00 <= point <= 0xD7A3:
        return not _encode(char, "euc_kr")
    if 0x4E00 <= point <= 0x9FFF:
        # The common ideographs of each of the four national charsets are its first level.
        return not (_in_level(char, "gb2312", 0xD8) or _in_level(char, "cp932", 0x98) or _in_level(char, "big5", 0xC9))
    return False


def _in_level(char: str, charset: str, below: int) -> bool:
    encoded = _encode(char, charset)
    return len(encoded) == 2 and encoded[0] < below


def _encode(char: str, charset: str) -> bytes:
    try:
        return char.encode(charset)
    except UnicodeEncodeError:
        return b""
