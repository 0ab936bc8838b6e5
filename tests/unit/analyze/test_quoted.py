"""Quotes and their speakers in languages without a model."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthand.analyze.statements.quoted import find_quoted, languages

CASES = [
    ("es", "«No vamos a pagar nada», dijo Ana López, ministra de Hacienda.", "Ana López", "dijo"),
    ("es", "El alcalde aseguró que “la obra terminará en mayo”.", "El alcalde", "aseguró"),
    ("fr", "« Nous ne paierons pas », a déclaré Jean Dupont, maire de la ville.", "Jean Dupont", "a déclaré"),
    ("fr", "La ministre a expliqué que « le texte sera voté en mai ».", "La ministre", "a expliqué"),
    ("de", "„Wir zahlen dafür keinen Cent“, sagte Anna Müller am Freitag.", "Anna Müller", "sagte"),
    ("de", "Der Sprecher betonte: „Das ist so nicht richtig.“", "Der Sprecher", "betonte"),
]


@pytest.mark.parametrize(("language", "text", "source", "cue"), CASES)
def test_a_quote_is_its_neighbours(language: str, text: str, source: str, cue: str) -> None:
    (found,) = find_quoted(text, language)
    said = [text[span.start : span.end] for span in found.source], [text[span.start : span.end] for span in found.cue]
    assert said == ([source], [cue])
    assert text[found.content[0].start] in "«“„"


def test_the_end_of_a_sentence_parts_a_name_from_a_quote() -> None:
    (found,) = find_quoted("Ana López dijo poco. «No vamos a pagar nunca nada de esto, señores.»", "es")
    assert found.source == ()


def test_a_title_or_a_term_in_quotation_marks_is_no_statement() -> None:
    assert find_quoted("Der Film „Das Leben der anderen Leute“ läuft im Kino.", "de") == ()
    assert find_quoted("El plan «la obra termina en mayo» sigue. Otra frase.", "es") == ()


def test_other_languages_are_left_alone() -> None:
    assert "en" not in languages()
    assert find_quoted("„Nic nie zapłacimy za to”, powiedział Jan Kowalski.", "pl") == ()


@given(st.text(alphabet="aÁ «»“”„,.dijosagte\n", max_size=120), st.sampled_from(sorted(languages())))
def test_any_text_is_safe(text: str, language: str) -> None:
    for relation in find_quoted(text, language):
        for span in (*relation.source, *relation.cue, *relation.content):
            assert 0 <= span.start < span.end <= len(text)
