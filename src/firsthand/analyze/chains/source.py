"""Who stands behind a hop: the noun phrase of a person, a body or unnamed people, cut out by rules.

No parser is needed; where statements are at hand (`firsthand.analyze.statements`), their speakers are better and win.
"""

from __future__ import annotations

import re

from firsthand.analyze.chains.phrases import ANY_OUTLET, DATE, DOCUMENT, QUOTE, Source
from firsthand.analyze.chains.scene import Scene
from firsthand.model.article import Span
from firsthand.model.findings import Actor, ActorKind, SpeakerKind, Statement

__all__ = ["Found", "document", "left_of", "right_of", "said_by", "speaker", "unknown"]

Found = tuple[Actor, Span]

_LINK = r"(?:(?:de|da|di|von|van|bin|al|el|la|der|den|du|dos|af|ter)(?: la| der)? )?"
_NAME = re.compile(rf"(?<![\w'-])[A-ZÀ-Þ][\w'-]*\.?(?: {_LINK}[A-ZÀ-Þ][\w'-]*\.?)*")
_PRONOUN = re.compile(
    r"^(?:he|she|her|him|them|me|us|they|it|we|i|you|who|which|that|il|elle|ils|elles|on|él|ella|ellos|er|sie|es|this|there|both|all|one|others|some|many|people|someone|nobody|everyone)$",
    re.IGNORECASE,
)
_PRONOUN_FIRST = re.compile(r"(?:he|she|they|it|we|I|you|there|who|which|not?|nobody|none) ")
_EDGE = " ,;:.-–—\"“”„»«'()\n"
_BOUNDARY = re.compile(f"[{QUOTE}]+[\\s,.!?…]*[\"”“»«]?,? ?|[\"”“»«],? |'',? |\n")
_JOINED = re.compile(r"[ ,]*(?P<name>[A-ZÀ-Þ][\w'-]+(?: [A-ZÀ-Þ][\w'-]+)*) [^,;]* (?:and|y|et|und) $")
_OF = re.compile(r" (?:of|for|in|at|from|with|de|du|des|del|der|von) ")
_ENDS_NAME = re.compile(r"\W*(?:\(.*)?$| (?:of|from|at|for|in|von|vom|de|du|des|del|della) |,? [Jj]r\.?$|,? [IVX]+$")
_AFTER_PREPOSITION = re.compile(r"(?<!\w)(?:for|of|at|from|in|near|with|to|de|du|des|del|von|der)(?: the| la)?$")
_TOO_LONG = 110


def left_of(scene: Scene, start: int, end: int) -> Found | None:
    """The noun phrase that ends at `end`, in a clause that begins at `start` or later: the subject of a cue."""
    words = scene.language.source
    start = _last(_BOUNDARY, scene.marked, start, end)
    start = _last(words.clause, scene.marked, start, end)
    if adverbial := words.adverbial.match(scene.marked[start:end]):
        start += adverbial.end()
    if joined := _JOINED.match(scene.marked, start, end):
        end = joined.end("name")  # "Trump doubled down … and said": the clause's own subject
    if adverb := words.adverb.search(scene.marked[start:end].rstrip()):
        end = start + adverb.start()
    closed = scene.marked[start:end].rstrip().endswith(",")
    if relative := _relative(words.relative, scene.marked, start, end, closed):
        end, closed = relative, True
    if not closed:
        # Without a comma before the cue, one further before closes another clause ("… 8.9 percent, the agency said").
        comma = scene.marked.rfind(", ", start, end)
        named = _NAME.fullmatch(scene.marked, start, max(comma, start))  # "Abel Moyo, a farmer quoted by …"
        start = start if named and words.article.match(scene.marked, comma + 2) else max(start, comma + 1)
    return _actor(scene, *_trim(scene, start, end))


def _relative(pattern: re.Pattern[str], text: str, start: int, end: int, closed: bool) -> int | None:
    """Where the subject ends that a relative clause parts from its cue ("sources who had seen it told")."""
    found = list(pattern.finditer(text, start + 1, end))
    if not found:
        return None
    commas = text.count(",", found[-1].end(), end)
    apart = found[-1][0].startswith(",")
    if commas == (1 if closed and apart else 0):
        return found[-1].start() + (1 if apart else 0)
    return None


def _last(boundary: re.Pattern[str], text: str, start: int, end: int) -> int:
    """Where the part after the last boundary begins that leaves something."""
    cuts = [match.end() for match in boundary.finditer(text, start, end) if text[match.end() : end].strip(_EDGE)]
    return cuts[-1] if cuts else start


def right_of(scene: Scene, start: int, end: int) -> Found | None:
    """The noun phrase that begins at `start` and ends at its clause's end, at `end` at the latest."""
    region = scene.marked[start:end]
    stop = scene.language.source.stop.search(region)
    while stop and stop.start() < 2:
        stop = scene.language.source.stop.search(region, stop.end())
    stop_at = start + stop.start() if stop else end
    apposition = re.compile(r", ([A-ZÀ-Þ][\w'-]+(?: [A-ZÀ-Þ][\w'-]+){1,3})(?=[,.])").match(scene.marked, stop_at)
    if apposition and stop and stop[0].startswith(","):
        stop_at = apposition.end()
    return _actor(scene, *_trim(scene, start, stop_at))


def speaker(scene: Scene, sentence: Span, start: int, end: int) -> Found | None:
    """Who speaks in the sentence around a phrase ("In an interview with X, NAME said …"; "…, said NAME, in …")."""
    says = scene.language.source.says
    after = says.search(scene.marked, end, sentence.end)
    if after and (found := left_of(scene, end, after.start())):
        return found
    if after and not scene.marked[end : after.start()].strip(_EDGE) and _starts_like_name(scene, after.end()):
        return right_of(scene, after.end(), sentence.end)
    before = list(says.finditer(scene.marked, sentence.start, start))
    for cue in reversed(before):
        inverted = scene.marked[cue.end() : cue.end() + 2]
        if inverted[:1] == " " and (found := right_of(scene, cue.end(), start)) and _starts_like_name(scene, cue.end()):
            return found
        if found := left_of(scene, sentence.start, cue.start()):
            return found
    if direct := _apposed(scene, end, sentence.end):
        return direct
    subject = left_of(scene, sentence.start, start)
    return subject if subject and subject[0].kind is ActorKind.PERSON else None


def _apposed(scene: Scene, start: int, end: int) -> Found | None:
    """The subject right after an introducing phrase: "Speaking to X from Y, surgeon Karim Odeh described"."""
    comma = scene.marked.find(", ", start, min(end, start + 60))
    if comma < 0:
        comma = start - 2 if scene.marked[start - 1 : start] == "," else -1
    if comma < 0:
        return None
    region = scene.marked[comma + 2 : end]
    name = _NAME.search(region)
    if name is None or name.start() > 60 or " " not in name[0]:
        return None
    return _actor(scene, comma + 2, comma + 2 + name.end())


def _starts_like_name(scene: Scene, at: int) -> bool:
    return bool(re.match(r" (?:the |an? |[A-ZÀ-Þ])", scene.marked[at : at + 6]))


def _trim(scene: Scene, start: int, end: int) -> tuple[int, int]:
    text = scene.marked
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    return start, end


def _actor(scene: Scene, start: int, end: int) -> Found | None:
    """The actor that a noun phrase names, with the span of its name; None if it is none (a pronoun, a quotation)."""
    phrase = scene.marked[start:end]
    date = re.search(f" ?{DATE}+$", phrase)
    if date:
        end, phrase = start + date.start(), phrase[: date.start()]
    if not phrase or QUOTE in phrase or _PRONOUN.match(phrase) or _PRONOUN_FIRST.match(phrase) or "\n" in phrase:
        return None
    if named := _person(scene, start, phrase) or _surname(scene, start, phrase):
        return named
    if len(phrase) > _TOO_LONG or scene.language.source.verb.search(phrase):
        return None
    plain = scene.text[start:end]
    bare = scene.language.source.article.match(plain)
    if bare and bare.end() < len(plain):
        start, plain = start + bare.end(), plain[bare.end() :]
    if re.fullmatch(f"(?:{ANY_OUTLET}|[{DOCUMENT}{DATE}]|\\W)+", phrase):
        return None
    return Actor(plain, _kind(scene, plain)), Span(start, end)


def _person(scene: Scene, start: int, phrase: str) -> Found | None:
    """A person's name in the phrase: at the end of one of its parts between commas, two words or a title and one."""
    words = scene.language.source
    article = words.article.match(phrase)
    offset = article.end() if article and article.end() < len(phrase) else 0
    at = offset
    for part in phrase[offset:].split(","):
        for name in reversed(list(_NAME.finditer(part))):
            named = _without_titles(words, name[0])
            if named is None or not _ENDS_NAME.match(part, name.end()):
                continue
            skipped, text, titled = named
            bare_article = bool(offset) and at + name.start() == offset
            if not titled and (bare_article or _AFTER_PREPOSITION.search(part[: name.start()].rstrip())):
                continue  # "the Smithsonian Institution", "a spokesman for Northline Ferries"
            if _is_personal(words, text, titled):
                place = start + at + name.start() + skipped
                span = Span(place, place + len(text))
                return Actor(scene.text[span.start : span.end], ActorKind.PERSON), span
        at += len(part) + 1
    return None


def _without_titles(words: Source, text: str) -> tuple[int, str, bool] | None:
    """A run of capitalized words without the titles before and in it: how many characters go, the name, titled or not."""
    whole, titled = text, False
    while title := words.titles.match(text):
        text, titled = text[title.end() :].lstrip(), True
    # "Central Bank Governor Paulo Reis": what stands before the last title belongs to it.
    inner = [m for m in words.titles.finditer(text) if m.start() and text[m.start() - 1] == " " and m.end() < len(text)]
    if inner:
        text, titled = text[inner[-1].end() + 1 :], True
    skipped = len(whole) - len(text)
    if not text or text.endswith("'s") or words.titles.fullmatch(text.split()[-1]):
        return None  # "the US President" is an office
    return skipped, text.removesuffix(".") if text.count(".") == 1 else text, titled


def _is_personal(words: Source, text: str, titled: bool) -> bool:
    tokens = text.split()
    return (len(tokens) > 1 or titled) and not words.organization.search(text) and tokens[0] not in words.numbers


def _surname(scene: Scene, start: int, phrase: str) -> Found | None:
    """One capitalized word that the article gives as the end of a longer name: "Putney", after "Chief Kerr Putney"."""
    alone = re.match(r"([A-ZÀ-Þ][\w'-]+)(?=$|,)", phrase)
    if alone is None:
        return None
    span = Span(start, start + alone.end())
    for full in re.finditer(rf"(?<![\w'-])((?:[A-ZÀ-Þ][\w.-]+ ){{1,3}}){re.escape(alone[1])}(?![\w-])", scene.text):
        words = scene.language.source
        given = [
            word
            for word in full[1].split()
            if not words.titles.fullmatch(word) and not words.organization.fullmatch(word)
        ]
        if given and given[-1] == full[1].split()[-1] and not words.titles.match(given[-1]):
            return Actor(f"{given[-1]} {alone[1]}", ActorKind.PERSON), span
    return (Actor(alone[1], ActorKind.ORGANIZATION), span) if "," in phrase and scene.language.capitals else None


def _kind(scene: Scene, name: str) -> ActorKind:
    """By the head of the phrase: what stands before "of" or "for", and of that the last words."""
    words = scene.language.source
    head = _OF.split(name)[0].split(",")[0]
    last = " ".join(head.split()[-2:])
    if words.unnamed.search(head) or words.unnamed.search(name.split()[-1]):
        return ActorKind.UNNAMED
    if any(match.end() == len(last) for match in words.organization.finditer(last)):
        return ActorKind.ORGANIZATION
    if scene.language.capitals and name[:1].isupper() and last[:1].isupper() and last.split()[-1][0].isupper():
        return ActorKind.ORGANIZATION
    return ActorKind.GROUP if head.endswith("s") and head.split()[-1][0].islower() else ActorKind.UNNAMED


def document(scene: Scene, start: int, end: int) -> Found:
    """The document that a marked span names, without its article and "a copy of"."""
    plain = scene.text[start:end]
    bare = scene.language.source.copy_of.match(plain)
    if bare and bare.end() < len(plain):
        start, plain = start + bare.end(), plain[bare.end() :]
    return Actor(plain, ActorKind.DOCUMENT), Span(start, end)


def unknown(start: int, end: int) -> Found:
    """A hop that the text shows and does not name."""
    return Actor("unknown", ActorKind.UNNAMED), Span(start, end)


_SPEAKERS = {
    SpeakerKind.PERSON: ActorKind.PERSON,
    SpeakerKind.ORGANIZATION: ActorKind.ORGANIZATION,
    SpeakerKind.GROUP: ActorKind.GROUP,
    SpeakerKind.UNNAMED: ActorKind.UNNAMED,
    SpeakerKind.DOCUMENT: ActorKind.DOCUMENT,
}


def said_by(statements: tuple[Statement, ...], start: int, end: int) -> Found | None:
    """The speaker of a statement whose source or cue lies in a range, by its resolved name."""
    for statement in statements:
        span = statement.source or statement.cue
        if span and statement.speaker and span.start < end and start < span.end:
            kind = _SPEAKERS.get(statement.speaker.kind)
            if kind:
                return Actor(statement.speaker.name, kind), span
    return None
