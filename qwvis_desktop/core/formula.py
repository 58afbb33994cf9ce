"""Formulas: from LaTeX, as a model writes it, to a drawing. Needs ziamath (the extra ``math``), which loads nothing.

A formula is drawn only within limits of length and depth: the time that laying it out takes doubles with each level.
"""

from __future__ import annotations

import importlib
import re
import threading
import warnings
from dataclasses import dataclass
from typing import Any

MAX_LENGTH = 800
"""Characters; what is longer takes seconds."""

MAX_DEPTH = 6
"""Levels of braces, pairs of brackets that grow, and environments: each doubles the time."""

FONT_SIZE = 16.0
"""Height of the type in which formulas are drawn, in units of ``FormulaPicture``."""

_NESTING = re.compile(r"\\\\|\\[{}]|(?P<open>\{|\\left\b|\\begin\b)|(?P<close>\}|\\right\b|\\end\b)")
_FRAME = re.compile(r'width="([\d.]+)" height="([\d.]+)" viewBox="\S+ (-?[\d.]+) ')
_ONE_AT_A_TIME = threading.Lock()
"""The library keeps its settings and fonts in one place for all threads."""


class FormulaError(Exception):
    """The formula cannot be drawn; it is to be shown as it was written."""


@dataclass(frozen=True, slots=True)
class FormulaPicture:
    """A formula drawn as SVG, in black.

    Attributes:
        svg: the drawing: paths and rectangles only.
        width, height: in units of which the type is ``FONT_SIZE`` high.
        descent: how much of the height is below the line of writing.
    """

    svg: str
    width: float
    height: float
    descent: float


def _library() -> Any:  # noqa: ANN401 - it names what it exports in no way that tools can read
    try:
        with warnings.catch_warnings():
            # It finds its fonts in a way that Python calls outdated.
            warnings.simplefilter("ignore", DeprecationWarning)
            return importlib.import_module("ziamath")
    except ImportError as error:
        raise FormulaError("ziamath is not installed") from error


def depth_of(latex: str) -> int:
    """Return how deep ``latex`` is nested."""
    depth = deepest = 0
    for found in _NESTING.finditer(latex):
        depth += bool(found["open"]) - bool(found["close"])
        deepest = max(deepest, depth)
    return deepest


def draw_formula(latex: str, *, inline: bool = False) -> FormulaPicture:
    """Draw a formula; ``inline`` keeps it as low as a line of text.

    Raises:
        FormulaError: the library is missing, the formula is too long or too deep, or it is no LaTeX.
    """
    if len(latex) > MAX_LENGTH or depth_of(latex) > MAX_DEPTH:
        raise FormulaError("it is too long or too deep to be drawn")
    ziamath = _library()
    with _ONE_AT_A_TIME:
        ziamath.config.svg2 = False  # plain paths, which any reader of SVG draws
        try:
            # In words within a formula the library would take these for marks of its own XML.
            plain = latex.replace("<", r"\lt ").replace(">", r"\gt ")
            svg = str(ziamath.Latex(plain, size=FONT_SIZE, inline=inline).svg())
        except Exception as error:
            # The library answers bad LaTeX with errors of many kinds, IndexError and RecursionError among them.
            raise FormulaError(f"it is no LaTeX: {error!r}") from error
    frame = _FRAME.search(svg)
    if frame is None:
        raise FormulaError("its size is not known")
    width, height, top = (float(number) for number in frame.groups())
    return FormulaPicture(svg, width, height, max(0.0, height + top))
