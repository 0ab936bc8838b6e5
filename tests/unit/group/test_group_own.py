"""Own reporting: what shows it, in four languages, and what only looks like it."""

from __future__ import annotations

import pytest

from firsthand.group.own import own_reporting

NAMES = ("The Harbour Ledger", "Ledger")


@pytest.mark.parametrize(
    "text",
    [
        "Nobody warned us, the keeper told this newspaper on Monday.",
        "“I rang three times,” the keeper told The Harbour Ledger.",
        "The letter, seen by the Ledger, is dated 17 November.",
        "Memos obtained by The Harbour Ledger show that the recall was put off.",
        "“The file was empty,” she said in an interview with the Ledger.",
        "The mayor would resign, he confirmed to The Harbour Ledger on Friday.",
        "The deputies asked for the seam to be shut, The Harbour Ledger can reveal.",
        "Papers that The Harbour Ledger has seen put the land at 3.6m.",
        "The audit, a copy of which was shared with the Ledger, is of spring.",
        "The brochure went to a developer who showed it to us. A nurse told us that she had signed.",
        "An investigation by The Harbour Ledger has found a second buyer.",
        "Das Gutachten liegt dieser Zeitung vor.",
        "„Dann zahlen wir es selbst“, sagte er im Gespräch mit dieser Zeitung.",
        "Das geht aus Protokollen hervor, die The Harbour Ledger einsehen konnte.",
        "Lo entregó en mano, explicó a este periódico.",
        "El parte, al que ha tenido acceso The Harbour Ledger, pide parar.",
        "El borrador obra en poder de The Harbour Ledger.",
        "Un audit que The Harbour Ledger a pu consulter juge le projet dangereux.",
        "Deux administrateurs nous ont affirmé ne l'avoir jamais reçu.",
    ],
)
def test_what_an_outlet_was_told_or_saw_is_its_own(text: str) -> None:
    (first, *_) = own_reporting(text, NAMES)
    shown = " ".join(text[first.span.start : first.span.end].split())
    assert first.says == f"“{shown}”"


@pytest.mark.parametrize(
    "text",
    [
        "The keeper told the Evening Courier that nobody picked up.",
        "The minister told parliament that the letter was seen by officials.",
        "“You told us to wait, and we have seen the result,” she said.",
        "He told the Ledger's lawyer nothing.",
        "A ledger was obtained by the police.",
        "The prime minister told reporters that he would go.",
        "The documents were first reported by the Ledger.",
        "In dem Gutachten, das dem Ministerium vorliegt, steht nichts davon.",
        "Selon un document consulté par l'agence, rien n'a changé.",
    ],
)
def test_what_others_were_told_is_not(text: str) -> None:
    assert own_reporting(text, NAMES) == ()


def test_a_name_in_small_letters_is_a_common_word() -> None:
    assert own_reporting("She told the lantern her secrets.", ("The Lantern",)) == ()
    assert own_reporting("She told The Lantern her secret.", ("The Lantern",))


def test_places_come_in_reading_order() -> None:
    found = own_reporting("It was shown to us. The mayor told this newspaper so. Nurses told us, too.", NAMES)
    assert [one.span.start for one in found] == sorted(one.span.start for one in found)
    assert len(found) == 3
