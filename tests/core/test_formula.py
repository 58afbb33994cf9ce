from __future__ import annotations

import re
import sys

import pytest

from qwvis_desktop.core.formula import MAX_DEPTH, MAX_LENGTH, FormulaError, depth_of, draw_formula

pytest.importorskip("ziamath", reason="the extra 'math' is not installed")


def test_a_fraction_hangs_below_the_line_of_writing() -> None:
    plain, fraction = draw_formula("x", inline=True), draw_formula(r"\frac{a}{b}")
    assert plain.descent < fraction.descent < fraction.height
    assert plain.width < fraction.width


def test_an_inline_formula_is_lower() -> None:
    assert draw_formula(r"\frac{a}{b}", inline=True).height < draw_formula(r"\frac{a}{b}").height


@pytest.mark.parametrize("latex", [r"\href{file:///etc/passwd}{x}", r"\text{<script>}", r"\includegraphics{x}", "日本"])
def test_a_drawing_is_paths_only(latex: str) -> None:
    assert set(re.findall(r"<(\w+)", draw_formula(latex).svg)) <= {"svg", "path", "rect"}


@pytest.mark.parametrize(
    "latex", [r"\frac{", "}{", r"\begin{foo}", "", "x" * (MAX_LENGTH + 1), "x^{" * 100 + "x" + "}" * 100]
)
def test_what_cannot_be_drawn_is_said_at_once(latex: str) -> None:
    with pytest.raises(FormulaError):
        draw_formula(latex)


def test_depth_counts_all_that_nests() -> None:
    assert depth_of("x") == 0
    assert depth_of(r"\{a\}") == 0
    assert depth_of(r"{\left( \begin{matrix} {a} \end{matrix} \right)}{b}") == 4
    assert depth_of("{" * (MAX_DEPTH + 1)) > MAX_DEPTH


def test_without_the_library_a_formula_is_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ziamath", None)
    with pytest.raises(FormulaError, match="not installed"):
        draw_formula("x")
