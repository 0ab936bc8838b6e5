"""The rights line of a page, and what it plainly says of redistribution."""

from __future__ import annotations

import re
from collections.abc import Iterable

from firsthand.extract.credits import agency_in, is_agency
from firsthand.extract.piece import Piece
from firsthand.model.article import BlockKind, Redistribution, Rights
from firsthand.model.text import one_line

_MARK = re.compile(r"(?:©|\(c\)\s*(?:19|20)\d\d|\bcopyright\b|&copy;|\ball rights reserved\b"
                   r"|\balle rechte vorbehalten\b"
                   r"|\btous droits réservés\b|\btodos los derechos reservados\b|\btutti i diritti riservati\b"
                   r"|\btodos os direitos reservados\b|\bcreative commons\b|\bCC[ -]BY\b|無断転載|版权所有|版權所有"
                   r"|\balla rättigheter|все права защищены|všechna práva vyhrazena|wszelkie prawa zastrzeżone)",
                   re.IGNORECASE)  # fmt: skip
_FORBIDS = re.compile(
    r"""(?:re-?distribut\w*|re-?publi\w+|re-?producti?\w*|reprint\w*|re-?written|copied|rebroadcast\w*|(?:weiter|wieder)(?:ver)?\w+|vervielfältig\w*|užití|publikován\w*
    |nachdruck\w*|reproduc\w+|diffusion|riproduzione|herhangi)\b.{0,160}?\b(?:prohibited|not\spermitted|forbidden|not\sbe|without
    |may\snot|untersagt|nicht\sgestattet|verboten|interdite?s?|prohibid[ao]s?|queda\sprohibida|vietat[ao]|riservata|zakázán\w*|zabronion\w*)\b
    |\b(?:may\snot|must\snot|cannot)\s+be\s+(?:published|broadcast|re\w+|reproduced|copied|used)
    |\bprohib\w+\b.{0,60}\brepro\w+|無断転載|禁止转载|未经授权|未經授權|무단\s?전재|перепечатка.{0,80}запрещ""",
    re.IGNORECASE | re.VERBOSE,
)
_ALLOWS = re.compile(
    r"creativecommons\.org/(?:licenses/by|publicdomain)|\bcreative commons\b|\bCC[ -]BY(?:[ -]SA)?\b|\bCC0\b"
    r"|\bpublic domain\b"
    r"|\brepublish (?:this|our) (?:article|stor)\w* for free",
    re.IGNORECASE,
)
_COPYRIGHT_OF = re.compile(
    r"(?:©|\(c\)|copyright)[\s©]*(?:(?:19|20)\d\d)?(?:\s*[-–]\s*(?:19|20)\d\d)?,?\s*(?:by\s)?([^\W\d_][^.,|©]{2,40})",
    re.IGNORECASE,
)
_LEGAL_FORM = re.compile(
    r"\s+(?:all|alle|tous|todos|tutti|private|pvt|ltd|limited|inc|gmbh|s\.?l|s\.?a|llc|plc)\b|\s*(?:無断|版权|版權)",
    re.IGNORECASE,
)
_NO_HOLDER = re.compile(r"(?:all|alle|tous|copyright|rights)\b", re.IGNORECASE)
_STRONG = re.compile(
    r"\b(?:19|20)\d\d\b|rights reserved|rechte vorbehalten|droits réservés|derechos reservados|diritti riservati"
    r"|direitos reservados|prawa zastrzeżone|práva vyhrazena|rättigheter|saklıdır|защищены|無断転載|版权所有|版權所有"
    r"|redistribut|republi|reproduc",
    re.IGNORECASE,
)
_SENTENCES = re.compile(r"(?:(?<=[\w).]\w[.。!])|(?<=[»”]\.))(?<!\bCo\.)\s+(?=[^\W\d_a-zà-þ]|\d)")
_CUT_OFF = re.compile(r"\s[-–—]\s(?:eine? \w+|a \w+|une? \w+) (?:der|des|von|of|de|du)$")
"""What a logo would have ended: "© 2024 The Paper – a brand of"."""
# What a sentence of a rights line speaks of, beside the mark itself.
_OF_RIGHTS = re.compile(
    r"©|copyright|\brights?\b|rechte|droits|derechos|diritti|direitos|prawa|práva|rättighet|rettighet|hakları|haklari|права|прав\b"
    r"|re-?distribut|re-?publi|re-?produ|reprint|rewritten|permission|consent|licen[cs]|terms|quot(?:e|ation)|nachdruck|nutzung"
    r"|vervielf|verwend|weiterver|gestattet|creative commons"
    r"|publish|broadcast|užití|prohib|著作権|無断|版权|版權|전재",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"^(?:source|quelle|źródło|fuente|fonte|kilde|bron)\s*:", re.IGNORECASE)
_MAX = 600
# Footers set the line among links to other pages.
_OTHER_LINKS = re.compile(
    r"\s[|·•]\s|(?:\s(?:©\s\w+\s)?(?:Impressum|Datenschutz|Privacy(?:\s\w+)?|Terms(?:\sof\s\w+)?|Cookies?(?:\s\w+)?|Contacto?|Kontakt"
    r"|Mentions\slégales|Aviso\slegal|About(?:\sus)?|Advertise|Help|Complaints|Careers|Jobs|Imprint|Sitemap))+$"
)


def rights_in(lines: Iterable[str]) -> Rights | None:
    """The rights line among `lines`: one that says what is allowed, else one with a year, else the first."""
    found: Rights | None = None
    dated: Rights | None = None
    for line in lines:
        line = one_line(line)
        if len(line) > 2_000 or not _MARK.search(line):
            continue
        rights = Rights(_from_mark(line), says(line))
        if rights.redistribution is not None:
            return rights
        if re.search(r"\b(?:19|20)\d\d\b", rights.line):
            dated = dated or rights
        found = found or rights
    return dated or found


def says(text: str) -> Redistribution | None:
    """What `text` plainly says of redistribution."""
    if _ALLOWS.search(text):
        return Redistribution.ALLOWED
    return Redistribution.FORBIDDEN if _FORBIDS.search(text) else None


def is_rights_line(text: str) -> bool:
    """Whether a whole line is about copyright: it begins with the mark, or forbids in so many words."""
    match = _MARK.search(text)
    if match is None or len(text) > 900:
        return False
    if match.start() < 60:
        return match.start() < 4 or says(text) is not None or len(text) < 120
    forbids = _FORBIDS.search(text)
    return forbids is not None and forbids.start() < 60


def lines_of(piece: Piece) -> list[str]:
    """The lines of a piece as rights lines are told from what stands beside them.

    Items of a list stand alone, and a link to a page about licences claims nothing; links that follow the line lead
    to other pages.
    """
    if not _MARK.search(piece.text):
        return []
    if piece.kind is BlockKind.LIST:
        items = [piece.text[item.start : item.end] for item in piece.items]
        return [item for item in items if re.search(r"©|\(c\)|copyright", item, re.IGNORECASE)]
    text = piece.text[: _end_of_own(piece)]
    lines = text.splitlines()
    strong = [index for index, line in enumerate(lines) if _STRONG.search(line)]
    if strong and strong[0]:
        lines = lines[strong[0] - (not _MARK.search(lines[strong[0] - 1])) :]
    return [one_line(" ".join(line for line in lines if not _LABELLED.match(line)))]


def _end_of_own(piece: Piece) -> int:
    """Where the piece's own words end: before the first of the links that close it, if that says nothing of rights."""
    end = len(piece.text)
    for link in reversed(piece.links):
        between = piece.text[link.end : end]
        if _MARK.search(piece.text[link.start : link.end]) or any(char.isalnum() for char in between):
            break
        if link.start == 0 or (piece.text[: link.start].rstrip()[-1:].isalpha() and _goes_on(piece.text[: link.start])):
            break
        end = link.start
    return end


def _goes_on(text: str) -> bool:
    """Whether a text that a link follows is the beginning of its sentence ("Rights to the article can be had")."""
    return bool(re.search(r"[.!?,]\s\S|\s[-–—]\s", text))


def holder_of(line: str) -> str:
    """Whose copyright a line claims, without year and legal form; "" where it is an agency's or nobody's."""
    match = _COPYRIGHT_OF.search(line)
    if match is None:
        return ""
    name = _LEGAL_FORM.split(match[1])[0].strip()
    if is_agency(name) or agency_in(name) is not None or _NO_HOLDER.match(name) or name.casefold() == "www":
        return ""
    return name


def _own_sentences(line: str) -> str:
    """`line` up to the first sentence that is about something else: addresses, trade marks, stock prices."""
    sentences = _SENTENCES.split(line)
    kept = 1
    while kept < len(sentences) and _OF_RIGHTS.search(sentences[kept]):
        kept += 1
    return line[: line.index(sentences[kept])].rstrip() if kept < len(sentences) else line


def _is_holder(line: str, mark: re.Match[str]) -> bool:
    """Whether what stands before the mark is whose rights they are ("Árvakur hf. © 2025"), since nothing after it is."""
    before, after = line[: mark.start()].strip(), line[mark.end() :].split(" | ")[0].strip(" ©.,-–0123456789|")
    after = re.sub(r"^copyright\b[\s©.,\d-]*", "", after, flags=re.IGNORECASE)
    if not 2 < len(before) <= 40 or not (before[-1].isalnum() or before[-1] in ".)"):
        return False
    return not after[:1].isalpha() or _NO_HOLDER.match(after) is not None


def _from_mark(line: str) -> str:
    """The line from its copyright mark on, where furniture stands before it; ends at a sentence within bounds."""
    match = _MARK.search(line)
    before = line[: match.start()] if match else ""
    if match and before and line[match.start()] in "©cC" and not _is_holder(line, match) and says(before) is None:
        line = line[match.start() :]
    line = _own_sentences(line)
    line = _CUT_OFF.sub("", _OTHER_LINKS.split(line)[0].rstrip(" |·•–-,") or line)
    if len(line) <= _MAX:
        return line
    cut = line.rfind(". ", 0, _MAX)
    return line[: cut + 1] if cut > 40 else line[:_MAX].rsplit(" ", 1)[0]
