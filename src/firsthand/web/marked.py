"""Sentences with the words that were cut and added, as HTML that says so to the eye and to the ear."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from firsthand.desk.compared import Mark, Piece

# Few screen readers tell of <ins> and <del>, so words do; they are not seen (class vh).
_CUT = Markup('<del><span class="vh">[cut: </span>{}<span class="vh">]</span></del>{}')
_ADDED = Markup('<ins><span class="vh">[added: </span>{}<span class="vh">]</span></ins>{}')
_WHOLE_CUT, _WHOLE_ADDED = Markup("<del>{}</del>{}"), Markup("<ins>{}</ins>{}")


def marked(pieces: Iterable[Piece], whole: bool = False) -> Markup:
    """Pieces as HTML, escaped; the white space behind a mark stays outside it.

    Args:
        whole: the sentence as such was cut or added, which is told once beside it, not in it.
    """
    out = Markup("")
    for piece in pieces:
        text = piece.text.rstrip()
        space = piece.text[len(text) :]
        if piece.mark is Mark.SAME or not text:
            out += piece.text
        elif piece.mark is Mark.CUT:
            out += (_WHOLE_CUT if whole else _CUT).format(text, space)
        else:
            out += (_WHOLE_ADDED if whole else _ADDED).format(text, space)
    return out
