"""Looks within a line, and formulas in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.page.elements import Mark, Piece, plain
from qwvis_desktop.core.page.words import pieces_of, pieces_of_latex, pieces_of_markdown, pieces_of_marked


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  a  b \n\n c ", (Piece("a b\nc"),)),
        ("a $x$ b", (Piece("a "), Piece("x", Mark.FORMULA, "$x$"), Piece(" b"))),
        ("$5 and $6", (Piece("$5 and $6"),)),
        ("**a** <b>", (Piece("**a** <b>"),)),
        ("", ()),
    ],
)
def test_plain_text(text: str, words: tuple[Piece, ...]) -> None:
    assert pieces_of(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("**a** *b* `*c*`",
         (Piece("a", Mark.STRONG), Piece(" "), Piece("b", Mark.EMPHASIS), Piece(" "), Piece("*c*", Mark.CODE))),
        (r"2 * 3 * 4 \*x\*", (Piece("2 * 3 * 4 *x*"),)),
        ("![a](b.png) [](c) [d](d)", (Piece("a (b.png) c d"),)),
        ("<sup>2</sup><BR/><script>", (Piece("2", Mark.RAISED), Piece("\n<script>"))),
    ],
)  # fmt: skip
def test_markdown(text: str, words: tuple[Piece, ...]) -> None:
    assert pieces_of_markdown(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (r"\textbf{a}\emph{b} 5\,\% {c}", (Piece("a", Mark.STRONG), Piece("b 5 % c"))),
        (r"x\newline y\\z", (Piece("x\ny\nz"),)),
        (r"$\alpha$\quad", (Piece(r"\alpha", Mark.FORMULA, r"$\alpha$"),)),
    ],
)
def test_latex(text: str, words: tuple[Piece, ...]) -> None:
    assert pieces_of_latex(text) == words


def test_formulas_are_found_in_words_without_a_look_only() -> None:
    found = pieces_of_marked([("$x$", Mark.PLAIN), ("$y$", Mark.CODE)])
    assert found == (Piece("x", Mark.FORMULA, "$x$"), Piece("$y$", Mark.CODE))


@given(st.text("a *_`$\\[]()<>{}&\n中", max_size=60))
def test_plain_text_keeps_each_letter(text: str) -> None:
    assert "".join(plain(pieces_of(text)).split()) == "".join(text.split())
