from __future__ import annotations

import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from firsthand.model.findings import Analysis
from firsthand.model.findingsform import analysis_from_json, analysis_to_json


@given(st.from_type(Analysis))
def test_what_is_written_is_read_again(analysis: Analysis) -> None:
    form = json.loads(json.dumps(analysis_to_json(analysis, "any text")))
    assert analysis_from_json(form) == analysis


def test_the_words_of_a_dated_event_stand_beside_its_span() -> None:
    form = {
        "start": 8,
        "end": 14,
        "earliest": "2025-03-07",
        "latest": "2025-03-07",
        "event_span": {"start": 0, "end": 4},
    }
    analysis = analysis_from_json({"dates": [form]})
    assert analysis.dates[0].earliest == date(2025, 3, 7)
    assert analysis_to_json(analysis, "Rain on Friday")["dates"][0]["event"] == "Rain"
