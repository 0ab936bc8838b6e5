"""Notes by which outlets correct their articles: "Correction: An earlier version of this article misstated …".

A note is a paragraph that says of itself what it is, by the label it begins with or by a sentence about this very
article. The words alone prove nothing: markets correct, officers work for a Department of Correction, and earlier versions
of bills are news. So a label must be one (a colon, a dash or a line of its own behind it), and a sentence must name the
article as its subject and a mistake as its matter. An update that only adds news corrects nothing.
"""

from __future__ import annotations

import re
from functools import cache

from firsthand.model.article import Span
from firsthand.model.corrections import CorrectionNote, NoteKind

LONGEST = 1_500
"""Characters of a note; a longer paragraph is an article about corrections."""

# What a note may stand behind: stars, dashes, brackets, an editor's label, a date with its label.
_LEAD = (
    r"[\W_]*(?:(?:editor(?:['’]?s|s['’])? note|note (?:from|to) (?:the )?(?:editors?|readers?)|note|anm(?:erkung)?\.?"
    r" d(?:er|\.) red(?:aktion|\.)|hinweis(?: der redaktion)?|nota (?:del editor|de la redacci[oó]n|da reda[cç][aã]o)"
    r"|note de la r[eé]daction|ndlr|n\.?d\.?l\.?r)[\W_]+)?"
)
# A label's own words, then what makes it a label.
_CORRECTION = (
    r"(?:corrections?(?: (?:and|&) clarifications?)?(?: (?:appended|notice|made|note))?|corrected|errat(?:um|a)|retraction"
    r"|correcci[oó]n(?:es)?|fe de (?:errores|erratas)|rectificaci[oó]n"
    r"|rectificatif|correctif|erratum"
    r"|korrektur(?:hinweis)?|berichtigung|richtigstellung|in eigener sache: korrektur"
    r"|corre[cç][aã]o|errata|errata corrige|correzione|rettifica|correctie|rectificatie|rättelse|rettelse|sprostowanie)"
)
_CLARIFICATION = (
    r"(?:clarifications?|clarified|aclaraci[oó]n|matizaci[oó]n|pr[eé]cision|klarstellung|pr[aä]zisierung|esclarecimento"
    r"|precisazione|verduidelijking)"
)
# A colon or a dash, where "Correction - 10% in a week" could only be a headline; or the end of the line.
_LABEL_END = (
    r"(?:\s*\([^)\n]{1,40}\))?(?:\s*,?\s*(?:\w+\.?\s+)?\d{1,2}(?:\.|,|\s)[\w .,]{0,24})?\s*"
    r"(?:[:：]|[–—]|\s-\s|[*_|\]]+|$|\n)"
)

_THIS = r"(?:this|the|our)"
_PIECE = (
    r"(?:article|story|report|post|piece|column|item|page|headline|dispatch|news ?letter|interview|obituary|review|analysis"
    r"|essay|feature|text|caption|graphic|chart|map|list|live ?blog|transcript)"
)
_EARLIER = r"(?:earlier|previous|prior|first|initial|original|older|former|past)"
_VERSION = r"(?:versions?|editions?|iterations?|drafts?)"
# What leaves no doubt that something was wrong, and verbs that say so only right behind their subject.
_WRONG = (
    r"(?:mis(?:stated|sp[a-z]+|identif\w+|attribut\w+|quot\w+|represent\w+|report\w+|nam\w+|character\w+|interpret\w+|led"
    r"|label\w+|describ\w+|t[ao]\w+|plac\w+|translat\w+|gender\w+|dated|calculat\w+|count\w+)|incorrect(?:ly)?|wrong(?:ly)?"
    r"|erroneous(?:ly)?|inaccurate(?:ly)?|inaccurac\w+|in error|by mistake|errors?|typo\w*|overstat\w+|understat\w+"
    r"|transposed|conflated|confused|omitted|failed to|did not|should have)"
)
_SAID = (
    r"(?:said|says|stated|gave|described|attributed|referred|reported|listed|identified|named|called|implied|suggested"
    r"|indicated|claimed|quoted|spelled|included|contained|used|had|showed|put|placed|cited|reversed|carried|spoke)"
)
_FIXED = (
    r"(?:correct(?:s|ed|ing|ion)?|clarif(?:y|ies|ied|ying|ication)|amend(?:ed|s|ing)?|fix(?:ed|es|ing)?|rectif\w+"
    r"|retract\w*)"
)
_OF_DAY = r"(?:\w+\.? (?:\d{1,2},? )?(?:\d{4} )?){0,2}"
_UNQUOTED = r"(?<![\"“”„«»'‘])"

_ENGLISH = (
    rf"\b{_EARLIER}(?:,? \w+)? {_VERSION} of {_THIS} (?:\w+ ){{0,2}}?{_PIECE}\b[^.\n]{{0,80}}?\b{_WRONG}\b",
    rf"\b{_EARLIER}(?:,? \w+)? {_VERSION} of {_THIS} (?:\w+ ){{0,2}}?{_PIECE} (?:also |had )?{_SAID}\b",
    rf"\b(?:because of|due to|owing to) (?:an?|\w+) (?:\w+ )?(?:error|mistake)s?\b[^.\n]{{0,60}}?\b{_EARLIER} {_VERSION} of"
    rf" {_THIS} (?:\w+ )?{_PIECE}",
    rf"\bin an? {_EARLIER} {_VERSION} of {_THIS} (?:\w+ ){{0,2}}?{_PIECE}\b",
    rf"\bthis (?:\w+ ){{0,2}}?{_PIECE} (?:previously|originally|initially|incorrectly|wrongly|erroneously|mistakenly)"
    rf" (?:\w+ )?(?:{_WRONG}|{_SAID})\b",
    rf"\bthis {_OF_DAY}{_PIECE} (?:has been|was|is being|had been) (?:\w+ ){{0,2}}?(?:updated|changed|edited|revised"
    rf"|modified|amended|altered)\b[^.\n]{{0,80}}?\b(?:to (?:\w+ )?{_FIXED}|to (?:accurately|correctly|properly) \w+"
    r"|to (?:remove|reflect that|make (?:it )?clear|say that|show that)|because|after (?:an?|the) \w* ?(?:error|complaint"
    r"|mistake))",
    rf"\bthis {_OF_DAY}{_PIECE} (?:has been|was|had been) (?:since )?(?:\w+ly )?(?:corrected|amended|clarified|retracted)\b",
    # The wires: "(Corrects paragraph 3 to say …)", "(This May 6 story corrects …)".
    r"^\W*\((?:\w+ ){0,4}?(?:corrects|clarifies|corrected|correcting)\b",
    r"^\W*(?:corrects|clarifies) (?:\w+ ){0,8}?(?:in|of|to|that|paragraph|headline|lede|spelling|figure|name|date|title)\b",
    rf"\bthis (?:\w+ )?(?:{_PIECE}|version) (?:corrects|clarifies)\b",
    rf"{_UNQUOTED}\bwe have (?:since )?(?:corrected|clarified|amended) (?:the|this|that|our)\b[^.\n]{{0,40}}"
    rf"\b(?:{_PIECE}|error|mistake|figure|passage|sentence|paragraph)",
    rf"{_UNQUOTED}\b(?:we|the \w+(?: \w+)?) regrets? (?:the|this|any) errors?\.?\W*$",
    r"\bthe (?:headline|caption|photograph|picture|graphic|chart|map|standfirst) (?:on|of|with|in|to|accompanying) an?"
    rf" {_EARLIER} {_VERSION} of {_THIS} (?:\w+ )?{_PIECE}",
)
_SPANISH = (
    r"\b(?:una|la|en una) (?:primera versi[oó]n|(?:versi[oó]n|edici[oó]n) (?:anterior|previa|inicial|original)) de est[ea]"
    r" (?:noticia|art[ií]culo|informaci[oó]n|texto|nota|pieza|reportaje|cr[oó]nica|entrevista)\b",
    r"\best[ea] (?:noticia|art[ií]culo|informaci[oó]n|texto|nota|reportaje) (?:ha sido|fue) (?:\w+ )?(?:corregid|rectificad"
    r"|modificad\w+ para (?:corregir|aclarar|rectificar)|actualizad\w+ para (?:corregir|aclarar|rectificar))",
    rf"{_UNQUOTED}\bhemos corregido (?:el|la|los|las) (?:noticia|texto|titular|cifra|dato|nombre|fecha)",
)
_FRENCH = (
    r"\bune (?:(?:premi[eè]re|pr[eé]c[eé]dente) version|version (?:pr[eé]c[eé]dente|ant[eé]rieure|initiale|originale)) de"
    r" (?:cet|notre|ce) (?:article|texte|papier|reportage|entretien)\b",
    r"\bcet (?:article|entretien) a [eé]t[eé] (?:corrig[eé]|rectifi[eé]|(?:modifi[eé]|mis [aà] jour)\b[^.\n]{0,40}?\b(?:pour"
    r"|afin de) (?:corriger|rectifier|pr[eé]ciser))",
)
_OF_ARTICLE = (
    r"(?:(?:dieses|unseres) (?:\w+)?(?:artikels|textes|beitrags|berichts|interviews)|des (?:artikels|beitrags)"
    r"|(?:dieser|unserer) (?:meldung|nachricht|reportage|geschichte|analyse))"
)
_GERMAN = (
    r"\b(?:einer|der|eine|die) (?:fr[uü]here|erste|vorherige|vorige|urspr[uü]ngliche|[aä]ltere|vorangegangene)[nr]?"
    rf" (?:version|fassung|variante) {_OF_ARTICLE}\b",
    r"\bdiese[rs] (?:artikel|text|beitrag|bericht|meldung) wurde (?:\w+ ){0,6}?(?:korrigiert|berichtigt|pr[aä]zisiert)",
    rf"{_UNQUOTED}\bwir haben (?:den|die|das|diesen|dies) (?:text|artikel|passage|stelle|fehler|meldung|[uü]berschrift|angabe"
    r"|zahl)\w*\b[^.\n]{0,80}?\b(?:korrigiert|berichtigt|richtiggestellt|pr[aä]zisiert)",
    rf"{_UNQUOTED}\bwir bitten,? (?:den|diesen) (?:fehler|irrtum) zu entschuldigen",
)
_OTHERS = (
    r"\buma (?:vers[aã]o (?:anterior|original|inicial)|primeira vers[aã]o) dest[ea]"
    r" (?:reportagem|texto|mat[eé]ria|artigo|not[ií]cia)",
    r"\buna (?:versione (?:precedente|originale|iniziale)|prima versione) di quest[oa] (?:articolo|notizia|testo)",
    r"\been (?:eerdere|vorige) versie van dit (?:artikel|bericht|verhaal|stuk)",
)

_QUOTED = re.compile(r"[\"“„«‘'][\w ]{0,4}$")
"""Just behind an opening quotation mark: news of what another outlet corrected."""


@cache
def _rules() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    label = re.compile(rf"^{_LEAD}{_CORRECTION}{_LABEL_END}", re.IGNORECASE)
    clear = re.compile(rf"^{_LEAD}{_CLARIFICATION}{_LABEL_END}", re.IGNORECASE)
    said = (*_ENGLISH, *_SPANISH, *_FRENCH, *_GERMAN, *_OTHERS)
    return label, clear, re.compile("|".join(f"(?:{one})" for one in said), re.IGNORECASE)


def find_corrections(text: str) -> tuple[CorrectionNote, ...]:
    """The notes of correction in an article's text, in reading order, each with the paragraph that it is.

    A label that stands alone takes the paragraph after it along.
    """
    notes: list[CorrectionNote] = []
    alone: tuple[NoteKind, int] | None = None
    for paragraph in re.finditer(r"[^\n]+", text):
        start, end = _trimmed(text, *paragraph.span())
        said = text[start:end]
        if not said:
            continue
        if alone is not None:
            notes.append(CorrectionNote(alone[0], Span(alone[1], end)))
            alone = None
            continue
        kind, whole = _kind_of(said)
        if kind is not None and whole:
            notes.append(CorrectionNote(kind, Span(start, end)))
        elif kind is not None:
            alone = kind, start
    return tuple(notes)


def _kind_of(said: str) -> tuple[NoteKind | None, bool]:
    """What a paragraph is, and whether it is all of the note, not only its label."""
    if not said or len(said) > LONGEST:
        return None, False
    label, clear, sentence = _rules()
    for rule, kind in ((label, NoteKind.CORRECTION), (clear, NoteKind.CLARIFICATION)):
        if match := rule.match(said):
            rest = said[match.end() :].strip(" *_:–—-")
            if not rest:
                return kind, False
            if _reads_like_a_note(rest):
                return kind, True
    if any(not _QUOTED.search(said[: match.start()]) for match in sentence.finditer(said)):
        return (
            NoteKind.CLARIFICATION
            if re.search(r"\bclarif|\baclar|\bprécis", said, re.IGNORECASE)
            else NoteKind.CORRECTION
        ), True
    return None, False


def _reads_like_a_note(rest: str) -> bool:
    """Whether what follows a label is a sentence: "Correction: markets fall 10%" is a headline about one."""
    return len(rest) >= 25 and bool(re.search(r"[.!?)\]\"”’»*]\W*$", rest))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))
