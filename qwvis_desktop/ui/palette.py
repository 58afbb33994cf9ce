"""Colours of annotations: steady by name, apart for colour-blind eyes, with the text colour that reads on each.

The hues are those of Okabe and Ito ("Color Universal Design", 2008), without black and grey, each in three
lightnesses. A name always gets the same colour, on every machine and in every export.
"""

from __future__ import annotations

import zlib
from functools import lru_cache

from PySide6.QtGui import QColor

from qwvis_desktop.core.annotation import Annotation, LayoutBlock, TextRegion

_HUES = ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7")
"""Okabe and Ito: orange, sky blue, bluish green, yellow, blue, vermilion, reddish purple."""

BLACK = QColor(0, 0, 0)
WHITE = QColor(255, 255, 255)


def mixed(color: QColor, other: QColor, share: float) -> QColor:
    """Return ``color`` with ``share`` (0 to 1) of ``other`` in it."""
    mixed = (
        round(a + (b - a) * share)
        for a, b in zip(color.getRgb()[:3], other.getRgb()[:3], strict=True)  # type: ignore[index]  # the stubs say object
    )
    return QColor(*mixed)


def _steps() -> tuple[QColor, ...]:
    hues = tuple(QColor(name) for name in _HUES)
    lighter = tuple(mixed(hue, WHITE, 0.45) for hue in hues)
    darker = tuple(mixed(hue, BLACK, 0.25) for hue in hues)
    return hues + lighter + darker


COLORS: tuple[QColor, ...] = _steps()
"""All colours that annotations may have."""


@lru_cache(maxsize=4096)
def color_index(name: str) -> int:
    """Return the place in ``COLORS`` of the colour of ``name``; upper and lower case are one."""
    return zlib.crc32(name.strip().casefold().encode("utf-8", "surrogatepass")) % len(COLORS)


def color_for(name: str) -> QColor:
    """Return the colour of everything called ``name``."""
    return COLORS[color_index(name)]


def color_name(annotation: Annotation) -> str:
    """Return the name that gives an annotation its colour.

    Text regions share one colour where the label says nothing beyond the text; blocks of a page go by their tag.
    """
    match annotation:
        case TextRegion(label=label, text=text):
            return label if label and label != text else "text"
        case LayoutBlock(tag=tag):
            return tag
        case _:
            return annotation.label


def color_of(annotation: Annotation) -> QColor:
    """Return the colour in which an annotation is drawn and listed."""
    return color_for(color_name(annotation))


def luminance(color: QColor) -> float:
    """Return the relative luminance of WCAG 2, 0 (black) to 1 (white)."""

    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF())


def contrast(first: QColor, second: QColor) -> float:
    """Return the contrast ratio of WCAG 2, 1 to 21."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def text_on(color: QColor) -> QColor:
    """Return black or white, whichever reads better on ``color``."""
    return _text_on(color.rgb())


@lru_cache(maxsize=256)
def _text_on(color: int) -> QColor:
    ground = QColor(color)
    return BLACK if contrast(ground, BLACK) >= contrast(ground, WHITE) else WHITE
