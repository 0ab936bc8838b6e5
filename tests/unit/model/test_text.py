"""Text from outside, cleaned and unescaped."""

from __future__ import annotations

from firsthand.model.text import unescaped


def test_references_of_any_length_are_resolved_or_left() -> None:
    assert unescaped("Fish &amp; chips &#8211; &eacute;t&eacute;") == "Fish & chips – été"
    monster = "&#" + "9" * 5000 + ";"
    assert unescaped(f"a &lt; {monster}") == f"a < {monster}"
