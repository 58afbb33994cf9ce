"""``DrawingOptions``: how an annotated picture is to look, where it differs from what suits its size."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawingOptions:
    """What one may choose of an exported drawing.

    Attributes:
        line, font: how many times as wide lines and as large letters are as suits the picture's size.
        fill: how much of its colour covers an annotation's area, in percent.
        labels, scores: whether they are written.
        by_label: whether each label has its colour; else each kind of annotation has one.
        linked: whether an SVG names the picture's file instead of holding the picture.
    """

    line: float = 1.0
    font: float = 1.0
    fill: int = 0
    labels: bool = True
    scores: bool = True
    by_label: bool = True
    linked: bool = False
