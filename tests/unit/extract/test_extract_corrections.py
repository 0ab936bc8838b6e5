"""Notes of correction as outlets write them, and sentences that only sound like them."""

from __future__ import annotations

import time

import pytest

from firsthand.extract.corrections import find_corrections
from firsthand.model.corrections import NoteKind

BODY = "The council met on Monday and voted 7 to 2 for the new budget."
NOTES = [
    "Correction: An earlier version of this article said 170 homes were flooded. The district has revised the figure to 183.",
    "CORRECTION: The name of the bridge is Aldgate Bridge, not Oldgate Bridge.",
    "Correction, May 6, 2024: An earlier version of this article misidentified the mayor of Harborview.",
    "Correction (March 3): The board has nine members, not seven.",
    "Corrections: The ferry carries 400 passengers. The captain's first name is Una.",
    "Correction — The report was published on Tuesday, not on Wednesday.",
    "*Correction: This piece originally gave the wrong year for the flood.*",
    "[Correction: the match ended 2–1, not 3–1.]",
    "Corrections and clarifications: An article about the port (page 4, 3 May) named the wrong authority.",
    "Correction appended: the earlier text gave a wrong figure for the repairs to the wall.",
    "Editor's note: An earlier version of this story incorrectly stated that the minister had resigned.",
    "Editor’s Note: This article has been updated to correct the spelling of Petra Vane’s name.",
    "Editors' Note, June 2: The headline on an earlier version of this article overstated the finding.",
    "An earlier version of this article misspelled the name of the harbor master.",
    "A previous version of this story gave the wrong date for the hearing.",
    "A prior version of this report misattributed the quotation to the chair of the board.",
    "An earlier version of our report incorrectly identified the vessel.",
    "The original version of this story said the bank had cut its rate by 50 basis points; it was 25.",
    "Because of an editing error, an earlier version of this article referred incorrectly to the river Aln.",
    "Due to a production error, an earlier version of this post showed the wrong map.",
    "In an earlier version of this article, the caption named the wrong village.",
    "The headline on an earlier version of this article misstated the number of the dead.",
    "The caption with an earlier version of this article reversed the two players.",
    "This article was amended on 12 May 2024 to correct the name of the charity.",
    "This article was amended on 3 March 2025. An earlier version said the law was passed in 2019; it was 2018.",
    "This story has been updated to correct the number of people injured to eleven.",
    "This story has been corrected to show that the vote was held on Tuesday.",
    "This story was corrected on Nov. 4 to reflect that the company employs 900 people.",
    "This post has been updated to clarify that the mayor spoke before the meeting.",
    "This article has been revised to reflect that the trial begins in June.",
    "(This story corrects the spelling of the minister's name in paragraph 3.)",
    "(Corrects paragraph 3 to say that the plant is in Skerrow, not in Harborview)",
    "(This May 6 story has been corrected to fix the day of the flood in paragraph 2)",
    "(Corrects figure in headline to 183 homes)",
    "This version corrects the spelling of Lindqvist in the fourth paragraph. This story clarifies the title of the director.",
    "This report originally stated that 40 trams were out of service. The figure is 14. We regret the error.",
    "We have corrected the figure for the repairs, which an earlier text gave as 42 million crowns.",
    "Clarification: The story should have said that the memo was a draft.",
    "CLARIFICATION (Tuesday): The company says that the tests were made by a contractor.",
    "Clarification — The school is closed to pupils, not to staff.",
    "Erratum: in the table above, the values for March and April were exchanged.",
    "Retraction: the interview published here on Monday has been withdrawn because it could not be confirmed.",
    "Correction notice: the author’s affiliation was given wrongly in this essay.",
    "Una versión anterior de esta noticia hablaba de 300 hectáreas.",
    "Actualización: el servicio de emergencias ha elevado a 420 hectáreas la superficie. Una versión anterior de esta noticia hablaba de 300.",
    "Corrección: el nombre del alcalde es Julián Ferrer, no Juan Ferrer.",
    "Fe de errores: en una versión anterior de este artículo se decía que el puente mide 300 metros.",
    "Fe de erratas: la cifra correcta es de 183 viviendas.",
    "Rectificación: el ministro no asistió a la reunión del lunes.",
    "Aclaración: la empresa precisa que el contrato se firmó en marzo.",
    "Esta noticia ha sido corregida: la cifra de heridos es de once.",
    "Este artículo ha sido modificado para corregir la fecha del incendio.",
    "Correction : une version précédente de cet article indiquait que 170 maisons étaient inondées.",
    "Dans une version antérieure de cet article, nous écrivions que le pont avait été construit en 1931.",
    "Une première version de cet article attribuait la citation au maire.",
    "Rectificatif : la réunion aura lieu mardi et non lundi.",
    "Erratum : le prénom de la directrice est Mara.",
    "Cet article a été modifié à 14 h 10 pour corriger le nombre de blessés.",
    "Précision : l’enquête a été ouverte par le parquet de Skerrow, non par la police.",
    "Korrektur: In einer früheren Version dieses Artikels stand, dass 170 Häuser überflutet wurden.",
    "In einer früheren Fassung dieses Textes hieß es, die Brücke sei 1931 gebaut worden.",
    "Anmerkung der Redaktion: In einer ersten Version dieses Artikels war der Name falsch geschrieben.",
    "Hinweis: In einer vorherigen Version des Artikels wurde die Zahl der Verletzten falsch angegeben.",
    "Berichtigung: Der Rat hat neun Mitglieder, nicht sieben.",
    "Richtigstellung: Die Firma hat den Auftrag nicht erhalten.",
    "Klarstellung: Der Entwurf stammt aus dem Ministerium, nicht aus der Behörde.",
    "Wir haben die Zahl der Verletzten korrigiert.",
    "Dieser Artikel wurde nachträglich korrigiert, weil der Vorname des Kapitäns falsch war.",
    "Hinweis: Wir haben die Zahl der Verletzten in diesem Beitrag korrigiert.",
    "An earlier version of this article was published with an incorrect photograph.",
    "This article previously said that the wall was built in 1931.",
    "The Ledger regrets the error.",
    "This version corrects the year of the flood.",
    "Hemos corregido la cifra de heridos, que en un primer momento era de doce.",
    "Uma versão anterior desta reportagem dizia que o prefeito havia renunciado.",
    "Una versione precedente di questo articolo riportava un numero sbagliato.",
    "In een eerdere versie van dit artikel stond een verkeerde datum.",
]
NO_NOTES = [
    "The market correction deepened on Monday as shares fell for a fifth day.",
    "Correction: why the market may fall another 10%",
    "Correction officers walked out of the prison on Tuesday.",
    "The Department of Correction said two inmates had escaped.",
    "Corrections Department spokesman Al Reed said the van was locked.",
    "A correction in house prices is overdue, said the bank’s chief economist.",
    "An earlier version of the bill would have banned the boats altogether.",
    "A previous version of the agreement was rejected by the board in May.",
    "An earlier version of the software let anybody read the files.",
    "The first version of the memo, dated 3 May, said nothing of cracks.",
    "An early version of the statue stood in the harbor until 1931.",
    "The clarification of the law is expected before the summer.",
    "She asked for clarification, and none came.",
    "This story has been updated with new information.",
    "This article has been updated throughout.",
    "Updated at 14:10 with a statement by the port authority.",
    "Update: The road was opened again at noon.",
    "This article was first published on 3 May by the Daily Ledger.",
    "This story was originally published by the Northern Post and is republished with permission.",
    "This story was reported by Jonas Hale and edited by Petra Vane.",
    "He corrected the record in a speech to the council on Friday.",
    "The authority has corrected the fault in the pumps, the director said.",
    "“We regret the loss of life,” the company said in a statement.",
    "The error was found by a clerk who compared the two lists.",
    "The editor’s note in the margin reads: “Discussed. No action before budget.”",
    "Editor's note: This is the second of three articles about the sea wall.",
    "The committee amended the report to remove the names of the witnesses.",
    "His memoir corrects the picture of a cold man, critics wrote.",
    "Course correction was the word of the day at the summit.",
    "Das Gericht verlangt eine Korrektur des Gesetzes bis zum Sommer.",
    "Der Kurs steht vor einer Korrektur, sagen Händler.",
    "In einer früheren Version des Vertrags fehlte diese Klausel.",
    "Une version précédente du projet de loi avait été rejetée par le Sénat.",
    "La correction des copies du baccalauréat commence lundi.",
    "Una versión anterior del proyecto de ley fue rechazada en mayo.",
    "La corrección de los precios de la vivienda ya ha empezado, según el banco.",
    "The paper ran a retraction in 1998 and paid damages to the singer.",
    "“We have corrected the error,” the director said on Monday.",
    "“We regret the error,” the company said in a statement.",
    "The company has corrected the mistake in its tables.",
    "The mistake has been fixed, the operator of the trams said.",
    "Corrected for inflation, prices fell in March.",
    "Correcting the course of the river took three years.",
    "An earlier version of this article was published by the Northern Post.",
    "Der Bericht wurde von der Behörde zweimal korrigiert.",
    "„Wir haben die Fehler korrigiert“, sagte der Direktor.",
    "In der ersten Fassung des Textes fehlte das Veto, berichten Diplomaten.",
    "Se ha corregido el problema de las bombas, dijo la directora.",
    "Una versión de la noticia circuló por los teléfonos.",
    "Clarification sought: residents ask what the ruling means",
    "Two papers issued corrections. “An earlier version of this story incorrectly reported that he was warned,” one wrote.",
    "An earlier version of this story is told by Homer, and Ovid made it a comedy.",
]


@pytest.mark.parametrize("note", NOTES)
def test_a_note_is_found_wherever_it_stands_with_its_whole_paragraph(note: str) -> None:
    for before, after in (("", ""), (BODY + "\n\n", ""), ("", "\n\n" + BODY), (BODY + "\n\n", "\n\n" + BODY)):
        text = before + note + after
        (found,) = find_corrections(text)
        assert text[found.span.start : found.span.end] == note


@pytest.mark.parametrize("sentence", NO_NOTES)
def test_what_only_sounds_like_a_note_is_none(sentence: str) -> None:
    assert find_corrections(f"{BODY}\n\n{sentence}") == ()
    assert find_corrections(sentence) == ()


def test_a_label_on_a_line_of_its_own_takes_the_next_paragraph_along() -> None:
    text = f"{BODY}\n\nCorrection\n\nThe board has nine members, not seven.\n\n{BODY}"
    (found,) = find_corrections(text)
    assert text[found.span.start : found.span.end] == "Correction\n\nThe board has nine members, not seven."


def test_a_label_with_nothing_after_it_corrects_nothing() -> None:
    assert find_corrections(f"{BODY}\n\nCorrection") == ()


def test_two_notes_are_two_in_reading_order_each_of_its_kind() -> None:
    text = f"{BODY}\n\nClarification: the memo that we quote was a draft.\n\nCorrection: the board has nine members."
    assert [note.kind for note in find_corrections(text)] == [NoteKind.CLARIFICATION, NoteKind.CORRECTION]


def test_an_article_about_corrections_is_no_note() -> None:
    long = " ".join(["Newspapers print corrections; an earlier version of this article said so."] * 40)
    assert find_corrections(long) == ()


def test_a_long_text_that_nearly_matches_is_read_in_no_time() -> None:
    text = "\n\n".join(
        ["an earlier version of this " * 50, "this story has been " * 60, "*_- " * 300, "we have the " * 99] * 40
    )
    began = time.process_time()
    find_corrections(text)
    assert time.process_time() - began < 5  # a pattern that runs away takes minutes
