"""How annotations look: widths and sizes, in pixels of what is painted on, and the words on their chips."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtGui import QFont, QGuiApplication

from qwvis_desktop.core.annotation import Annotation, Cuboid, LayoutBlock, TextRegion
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.ui.canvas.look import Look

MAX_LABEL = 32
"""Characters of a label that a chip shows."""

_SCREEN_FONT = 12
_SCREEN_LINE = 2
_FILL = 60


@dataclass(frozen=True, slots=True)
class Style:
    """Sizes in pixels of the painted surface.

    Attributes:
        line: width of frames and edges.
        font: height of the chips' text.
        halo: draw a dark or light edge on both sides of every line, so that it shows on any background.
        labels: draw chips at all.
        fill: alpha of what fills areas, 0 to 255; 0 for none.
        smooth: draw upright frames smoothed too.
        every_label: give each mark its chip, also where they cover each other.
        steady: text looks the same whatever the screen; on the screen it follows the screen's own rules.
        vector: the surface keeps shapes (SVG, PDF): nothing may be drawn as a picture of itself.
    """

    line: float = _SCREEN_LINE
    font: float = _SCREEN_FONT
    halo: bool = True
    labels: bool = True
    fill: int = 0
    smooth: bool = False
    every_label: bool = False
    steady: bool = False
    vector: bool = False

    @classmethod
    def for_screen(cls, ratio: float, look: Look | None = None) -> Style:
        """Return the style for a screen with ``ratio`` device pixels per widget unit, as the user wants it."""
        look = look or Look()
        return cls(
            line=max(1, round(_SCREEN_LINE * ratio)),
            font=round(_SCREEN_FONT * ratio),
            labels=look.labels,
            fill=_FILL if look.fill else 0,
            smooth=look.smooth,
            every_label=look.every_label,
        )

    @classmethod
    def for_picture(cls, size: Size, vector: bool = False) -> Style:
        """Return the style for an export at full size: as a picture looks when it fills a window."""
        unit = max(1.0, (size.width * size.height) ** 0.5 / 900)
        return cls(line=round(_SCREEN_LINE * unit), font=round(_SCREEN_FONT * unit), steady=True, vector=vector)

    @property
    def marker(self) -> float:
        """Radius of a keypoint's disc."""
        return self.font * 0.42

    @property
    def chip_font(self) -> QFont:
        """The font of the chips: the program's own, which falls back to others for scripts it lacks."""
        font = QFont(QGuiApplication.font())
        font.setPixelSize(max(1, round(self.font)))
        if self.steady:
            # Left to itself, Qt hints letters on screens of 100 % and no others, and exports would differ.
            font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        return font


@lru_cache(maxsize=4096)
def shortened(text: str, length: int = MAX_LABEL) -> str:
    """Return ``text`` on one line, cut to ``length`` characters with an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def metres(length: float) -> str:
    """Return a length as short as it is still told apart: centimetres below one metre, else decimetres."""
    return f"{length:.2f}" if abs(length) < 0.995 else f"{length:.1f}"


def caption(annotation: Annotation, score: bool = True) -> str:
    """Return what the chip of an annotation says: its label or text, and the score where there is one and it is wanted.

    Of a box in space it says depth and size in metres as well: "car 6.3 m, 4.5 × 1.7 × 1.8".
    """
    match annotation:
        case TextRegion(text=text, label=label):
            words = text or label
        case LayoutBlock(tag=tag, label=label):
            words = label or tag
        case _:
            words = annotation.label
    words = shortened(words)
    if isinstance(annotation, Cuboid):
        sides = " × ".join(map(metres, annotation.size))
        words = f"{words} {metres(annotation.center[2])} m, {sides}".strip()
    if annotation.score is None or not score:
        return words
    return f"{words} {annotation.score:.2f}".strip()
