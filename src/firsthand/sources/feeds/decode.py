"""The bytes of a feed as clean UTF-8, whatever they call themselves.

Three things may name an encoding (a byte order mark, the Content-Type header, the XML declaration) and all of them are
wrong often enough that the bytes are asked first. Text of some length that is valid UTF-8 is UTF-8: other encodings
meet its rules only by chance (RFC 3629, section 1). So latin-1 labelled UTF-8
and UTF-8 labelled latin-1 come out right.
"""

from __future__ import annotations

import codecs
import re
import zlib

from firsthand.model.errors import NotAFeed

INFLATED_LIMIT = 64 * 2**20
"""Bytes that a gzipped feed may have once inflated; the largest news sitemaps allowed have 50 MB (sitemaps.org)."""

_MARKS = (
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
)
# "<" or "{" with the zeros of a wider encoding around it (XML 1.0, appendix F; RFC 4627, section 3).
_WIDE = (
    (re.compile(rb"^\x00\x00\x00[<{]"), "utf-32-be"),
    (re.compile(rb"^[<{]\x00\x00\x00"), "utf-32-le"),
    (re.compile(rb"^\x00[<{]\x00[^\x00]"), "utf-16-be"),
    (re.compile(rb"^[<{]\x00[^\x00]\x00"), "utf-16-le"),
)
_DECLARED = re.compile(rb"""^\s*<\?xml\b[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
# Encodings of seven bits, whose bytes are ASCII and so UTF-8 too: here the label is all there is.
_SEVEN_BITS = ("iso2022", "hz")
# What is sent under a narrower name (https://encoding.spec.whatwg.org/#names-and-labels).
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "cp1252", "ascii": "cp1252", "euc_kr": "cp949"}
_WIDER |= {"shift_jis": "cp932", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874"}
_C1 = re.compile(rb"\xc2[\x80-\x9f]")
_NONCHARACTER = re.compile(rb"\xef\xbf[\xbe\xbf]")
_CONTROLS = bytes(set(range(0x20)) - {0x09, 0x0A, 0x0D}) + b"\x7f"
_HIGH = bytes(range(0x80, 0x100))
_ENOUGH = 12
"""Bytes above ASCII from which on a guess by their frequencies is better than windows-1252, the web's default."""
_CANDIDATES = [
    *("utf_8", "cp1252", "cp1250", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256", "cp874"),
    *("gb18030", "big5", "euc_jp", "cp932", "euc_kr"),
]
_SAMPLE = 64 * 1024
_TOLERATED = 0.05
"""Share of a text's non-ASCII characters that may be broken while it still counts as damaged UTF-8."""


def inflate(body: bytes) -> bytes:
    """`body`, unpacked where it is a gzip file (`sitemap.xml.gz`), never past `INFLATED_LIMIT`.

    Raises:
        NotAFeed: it is larger than the limit, or no intact gzip file.
    """
    if body[:2] != b"\x1f\x8b":
        return body
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(body, INFLATED_LIMIT + 1)
    except zlib.error as error:
        raise NotAFeed(
            "The answer is a damaged gzip file, not a feed.", "Open the address in a browser to see what it gives."
        ) from error
    if len(plain) > INFLATED_LIMIT:
        raise NotAFeed(
            f"The gzip file unpacks to more than {INFLATED_LIMIT // 2**20} MB, too much for a feed.",
            "Look for a smaller feed of this site.",
        )
    return plain


def decode(body: bytes, content_type: str = "") -> bytes:
    """`body` as clean UTF-8. Never fails: what cannot be decoded is replaced by U+FFFD."""
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return _clean(body[len(mark) :], encoding)
    if b"\x00" in body[:4]:
        for pattern, encoding in _WIDE:
            if pattern.match(body[:4]):
                return _clean(body, encoding)
    if not body.isascii() and _strictly(body, "utf-8") is not None:
        return _cleaned(body)
    labels = [label for label in (_label(_CHARSET, content_type), _declared(body)) if label]
    if body.isascii():
        text = next((_strictly(body, label) for label in labels if label.startswith(_SEVEN_BITS)), None)
        return _cleaned(body) if text is None else _encoded(text)
    for label in labels:
        if label != "utf-8" and (text := _strictly(body, _WIDER.get(label, label))) is not None:
            return _encoded(text)
    return _encoded(_guess(body))


def _clean(body: bytes, encoding: str) -> bytes:
    text = _strictly(body, encoding)
    if text is None:
        return _encoded(_guess(body) if encoding == "utf-8" else body.decode(encoding, "replace"))
    return _encoded(text)


def _encoded(text: str) -> bytes:
    return _cleaned(text.encode("utf-8", "replace"))


def _cleaned(body: bytes) -> bytes:
    """UTF-8 without NUL, DEL and C1 controls, which XML parsers stumble over or let pass.

    Other control and non-characters are refused by every XML parser, and taken out where one complains: looking for
    them in each document would cost as much as a tenth of its parsing. What stands where C1 controls would is
    windows-1252 that was taken for latin-1, and read as what it meant.
    """
    if b"\x00" in body or b"\x7f" in body:
        body = without_controls(body)
    if b"\xc2" in body and _C1.search(body):
        body = _C1.sub(lambda match: match[0][1:].decode("cp1252", "ignore").encode(), body)
    return body


def without_controls(body: bytes) -> bytes:
    """UTF-8 without the characters that XML forbids (XML 1.0, section 2.2)."""
    return _NONCHARACTER.sub(b"", body.translate(None, _CONTROLS))


def _guess(body: bytes) -> str:
    """Text of bytes in no encoding that they name: UTF-8 with a few broken places, else what they look like."""
    text = body.decode("utf-8", "replace")
    foreign = sum(1 for character in text[: _SAMPLE * 4] if character > "\x7f")
    if text.count("\ufffd", 0, _SAMPLE * 4) <= max(1, _TOLERATED * foreign) and foreign > 1:
        return text
    sample = _sample(body)
    if len(sample) - len(sample.translate(None, _HIGH)) >= _ENOUGH:
        from charset_normalizer import from_bytes  # hardly any feed needs it

        best = from_bytes(sample, cp_isolation=_CANDIDATES).best()
        if best is not None and (guessed := _strictly(body, best.encoding)) is not None:
            return guessed
    return body.decode("cp1252", "replace")


def _sample(body: bytes) -> bytes:
    """The part of `body` that says most about its encoding: what surrounds the first bytes that are not ASCII."""
    first = re.search(rb"[\x80-\xff]", body)
    start = max(0, first.start() - 256) if first else 0
    return body[start : start + _SAMPLE]


def _strictly(body: bytes, encoding: str) -> str | None:
    # Codecs that turn bytes into bytes ("zlib", "hex") are no text encodings: `decode` answers LookupError.
    try:
        return body.decode(encoding)
    except (UnicodeError, LookupError, ValueError):
        return None


def _declared(body: bytes) -> str | None:
    match = _DECLARED.match(body[:512])
    return _known(match[1].decode("ascii")) if match else None


def _label(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return _known(match[1]) if match else None


def _known(label: str) -> str | None:
    """Python's own name of an encoding; None for one that it does not have."""
    try:
        info = codecs.lookup(label)
    except LookupError:
        return None
    return info.name
