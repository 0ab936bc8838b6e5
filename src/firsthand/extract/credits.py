"""Who is named for a text: persons for the byline, the agency for the credit, and nobody twice."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from firsthand.model.text import one_line

# "By" in the languages of newspapers; it may stand before a name, never inside.
_BY = re.compile(
    r"""^(?:(?:written|reported|story|posted|published|text|words|analysis|opinion|report|edited|compiled)\s+)?
    (?:by|von|par|por|di|door|av|af|przez|od|autor(?:es|a|en|in)?(?:\s?/\s?autor(?:in)?)?|author|text|texto|testo|reporter|oleh|yazan
    |автор|текст|作者|記者|记者|責任編輯|責編|責编|责编|责任编辑|文|撰文|기자)(?:\s*[:：]\s*|\s+(?=\S))""",
    re.IGNORECASE | re.VERBOSE,
)
_ROLE = re.compile(
    r"""\b(?:correspondents?|reporters?|editors?|editor-in-chief|writers?|journalists?|columnists?|contributors?
    |bureau\schief|producer|photograph(?:er|s)|staff|anchor|presenter|analyst|news\s?desk|newsroom|desk|newswire|agency|agencies
    |redaktion|redakteur(?:in)?|redaktør|korrespondent(?:in)?|autorin|journalistin|reporterin|volontär(?:in)?|kommentar
    |redacción|redacció|redacção|redação|redazione|rédaction|corresponsal|periodista|envoyée?\s(?:spéciale?|permanente?)
    |correspondante?|journaliste|giornalista|redaktionen|redakce|redakcja|toimitus|editorial|webdesk|web\sdesk|team|crew
    |professor|lecturer|director|minister|fellow|researcher|senior|special\sto|for\sthe|guest|opinion|updated|published
    |min(?:ute)?s?\sread|haber\smerkezi|servisi|publisher|admin|administrator|webmaster|user|anonymous|unknown)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ORGANIZATION = re.compile(
    r"""\b(?:news|newspaper|times|post|herald|gazette|tribune|daily|journal|press|media|radio|tv|television|broadcasting
    |magazine|briefings?|newsletters?|digest|weekly|alerts?|updates?|online|digital|group|inc|ltd|gmbh|ag|corp|company|institute|university|foundation|association|verlag
    |zeitung|zeitschrift|redaktion|presse|agentur|agence|agencia|agenzia|agência|ajansı|ministry|office|council
    |department|centre|center|network|service|services|studio|studios|staff|team|desk|bureau|newsroom|editors|nachrichten|noticias|notícias|nouvelles|nyheter|haberleri|haber|welle)\b
    |\.(?:com|org|net|de|uk|fr|info|news|tv|se|no|dk|is|jp|in|tr|at|ch)\b|(?:新聞|新闻|日報|日报|編集部|编辑部|通信社|社)$""",
    re.IGNORECASE | re.VERBOSE,
)
_NOISE = re.compile(
    r"""https?://\S+|\bwww\.\S+|\S+@\S+\.\w+|@\w{2,}|\b\d{1,2}[:.]\d{2}\b.*$|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}.*$
    |\b(?:on\s)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s\d{1,2}.*$
    |\b\d{4}\b.*$|\|.*$|•.*$|·.*$""",
    re.IGNORECASE | re.VERBOSE,
)
_JOINERS = re.compile(
    r"\s*(?:;|\||\n|、|，|\s&\s|\s+(?:and|und|et|y|e|en|og|och|ve|i|a|и|та|dan|και)\s+|\s/\s)\s*", re.IGNORECASE
)
_NAME_WORD = re.compile(r"^[^\W\d_][\w.'’ʼ‘`´-]*$")
_MAX_NAME = 60

_PICTURE = re.compile(
    r"\b(?:photo|foto|picture|bild|image|imagen|imago|getty|alliance|grafik|graphic|video|handout|shutterstock)\w*\b"
    r"|\bfile\b",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"""(?:\b(?:source|quelle|fuente|fonte|credit|kaynak|źródło|zdroj|bron|kilde|källa|lähde|источник|джерело)s?\s*[:：]\s*
    |\bwith\s+(?:agency\s+)?inputs?\s+from\s+(?:news\s+agency\s+)?|\bwith\s+(?:additional\s+)?reporting\s+(?:by|from)\s+
    |\b(?:avec|mit\smaterial\s(?:von|der)|con\sinformación\sde(?:\sla)?(?:\sagencia)?|com\sinformações\sd[aoe]|\(?with)\s+(?:l['’])?
    |©\s*(?:copyright\s+)?(?:\d{4}\s+)?(?:the\s+)?|\bcopyright\s+(?:\d{4}\s+)?(?:the\s+)?|^[-–—(/]\s*|来源\s*[:：]\s*|來源\s*[:：]\s*
    |\bvia\s+|\bfrom\s+)""",
    re.IGNORECASE | re.VERBOSE,
)


_DESK = re.compile(r"^(?:(?:source|quelle|fuente|fonte|kilde|bron)s?\s*:\s*)?([^:]{3,60})$", re.IGNORECASE)
_INITIALS = re.compile(r"^[a-zäöüß]{2,4}$")
_SITE = re.compile(r"^[\w-]+\.[a-z]{2,4}$", re.IGNORECASE)
_PLACED = re.compile(r"^((?:[A-Z][\w.'-]*\s?){1,3}?) in [A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][\w'’-]+)?$")
_CALLS_ITSELF = re.compile(
    r"^(?:[A-ZÀ-Þ][\w'’.-]*\s){1,4}(?:News|Press|Wire)\s(?:Agency|Association|Service)$"
    r"|^(?:[A-ZÀ-Þ][\w'’.-]*\s){0,3}(?:Nachrichtenagentur|Presseagentur|Newswire)$"
    r"|^(?:Agencia|Agência|Agenzia|Agence)\s(?:de\s(?:Noticias|Presse|Prensa)\s)?[A-ZÀ-Þ]\w+(?:\s[A-ZÀ-Þ]\w+){0,2}$"
)


@cache
def _agencies() -> dict[str, str]:
    """Every name of every agency, as it is compared, with the form in the list."""
    text = files("firsthand.extract").joinpath("data/agencies.toml").read_text("utf-8")
    names: dict[str, str] = {}
    for agency in tomllib.loads(text)["agency"]:
        for name in (agency["name"], *agency["names"]):
            names[_agency_key(name)] = name
    return names


@cache
def _agency_pattern() -> re.Pattern[str]:
    names = sorted(set(_agencies().values()), key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:[Tt]he )?(?:" + "|".join(map(re.escape, names)) + r")(?![\w-])")


def is_agency(name: str) -> bool:
    """Whether the whole of `name` is one news agency: one that is listed, or one that calls itself so."""
    return _agency_key(name) in _agencies() or bool(_CALLS_ITSELF.match(one_line(name).strip(" .,;:()[]/-–—©")))


def _agency_key(name: str) -> str:
    name = one_line(name).strip(" .,;:()[]/-–—©").removeprefix("The ").removeprefix("the ")
    # Short names are words in other languages and cases ("Ana", "Tap"): they count in capitals, or as listed.
    return name if len(name) <= 5 else name.casefold()


def agency_in(text: str) -> str | None:
    """The agency that a short line of furniture credits, as the line writes it; None if it credits none."""
    if len(text) > 600:
        return None
    if _PICTURE.search(text):
        return None  # who took the picture did not write the text
    parts = [part for part in re.split(r"\s*[/|,]\s*|\s+(?:and|und|et|y|e)\s+", text)[:6] if part]
    if is_agency(text):
        return _as_written(text)
    if parts and len(text) < 80 and all(is_agency(part) for part in parts):
        return _as_written(parts[0])
    if desk := _agency_of_desk(text):
        return desk
    if placed := _PLACED.match(text):
        return placed[1] if is_agency(placed[1]) else None
    for credit in _CREDIT.finditer(text):
        match = _agency_pattern().match(text, credit.end())
        if match:
            return match[0]
        named = re.split(r"[.,;:©()|]|\s[-–—]\s", text[credit.end() :])[0].strip()
        if is_agency(named):
            return named
    match = re.search(r"\b([\w .-]{2,30}?)\s+(?:inputs|content)\b", text)
    if match:
        found = _agency_pattern().findall(match[1])
        return str(found[-1]) if found else None
    return None


def _agency_of_desk(text: str) -> str | None:
    """The agency in a desk's mark of sources and initials: "sak/Reuters", "Quelle: ntv.de, ino/dpa"."""
    match = _DESK.match(text.strip(" ()[]."))
    if match is None:
        return None
    parts = [part.strip() for part in re.split(r"[/,]", match[1]) if part.strip()]
    agencies = [part for part in parts if is_agency(part)]
    others = [part for part in parts if part not in agencies]
    known = all(_INITIALS.match(part) or _SITE.match(part) for part in others)
    return agencies[0] if agencies and len(parts) > 1 and known else None


def _as_written(name: str) -> str:
    name = one_line(name).strip(" .,;:()[]/-–—©")
    return _BY.sub("", name)


def split_names(text: str) -> list[str]:
    """The names in a byline's text, cleaned of "By", roles, addresses and dates; agencies and offices stay in."""
    text = one_line(text)
    text = _strip_by(text)
    names: list[str] = []
    for part in _JOINERS.split(text):
        pieces = [piece.strip() for piece in part.split(",") if piece.strip()]
        for index, piece in enumerate(pieces):
            name = clean_name(piece)
            if not name or (index and not _could_be_name(name)):
                continue
            names.append(name)
    return unique(names)


def _strip_by(text: str) -> str:
    for _ in range(2):
        text = _BY.sub("", text).strip()
    return text


def starts_with_by(text: str) -> bool:
    """Whether a line begins as a byline does and goes on with a name."""
    match = _BY.match(text)
    if match is None or len(text) > 160:
        return False
    rest = text[match.end() :]
    return bool(rest) and (rest[0].isupper() or not rest[0].isascii()) and not re.search(r"[.!?]$", text)


def clean_name(text: str) -> str:
    """One name without "By", address, date, role in parentheses, or surrounding marks; "" if nothing stays."""
    name = _strip_by(one_line(text))
    if _BY.match(f"{name} ·") and " " not in name:
        return ""
    name = _NOISE.sub("", name)
    name = re.sub(r"\s*[(\[（【].*?[)\]）】]\s*", " ", name)
    name = one_line(name).strip(' ,;:|/•·–—-_"“”„«»()[]')
    if name.isupper() and len(name) > 6 and " " in name and name.isascii():
        name = " ".join(word.capitalize() for word in name.split())
    return name if 1 < len(name) <= _MAX_NAME else ""


def _could_be_name(name: str) -> bool:
    return is_agency(name) or (is_person(name) and (" " in name or not name.isascii()))


def is_office(name: str) -> bool:
    """Whether a short credit names a role or an office: "Redacción", "Web desk"."""
    return len(name.split()) <= 3 and bool(_ROLE.search(name) or _ORGANIZATION.search(name))


def is_person(name: str, outlet: Iterable[str] = ()) -> bool:
    """Whether `name` can be a person's: no agency, role, office, address, or name of the outlet itself."""
    if not name or len(name) > _MAX_NAME or is_agency(name) or any(char.isdigit() for char in name):
        return False
    if _ROLE.search(name) or _ORGANIZATION.search(name):
        return False
    key = name.casefold().removeprefix("the ")
    for other in outlet:
        other = other.casefold().removeprefix("the ")
        if other and (
            key == other or key == other.split(".")[0] or (len(key) > 5 and key in other and " " not in other)
        ):
            return False
    words = name.split()
    if len(words) > 6:
        return False
    return all(_NAME_WORD.match(word) or word in {"&"} for word in words)


def unique(names: Iterable[str]) -> list[str]:
    """`names` without repeats; case and accents of the first stay."""
    seen: dict[str, str] = {}
    for name in names:
        seen.setdefault(name.casefold(), name)
    return list(seen.values())
