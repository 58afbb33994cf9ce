"""Words for people about cameras and angles; here they can be translated."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication

from qwvis_desktop.core.camera import HALF_TURNS_XYZ, AngleConvention
from qwvis_desktop.core.document import ASSUMED_CAMERA
from qwvis_desktop.ui.translation import translatable

BY_HAND = "by hand"
"""``Document.camera_source`` of a camera that the user entered."""

FITTED = "fitted to 2D boxes"
"""``Document.camera_source`` of a camera that was fitted."""

FROM_EXIF = "EXIF, estimated"
"""``Document.camera_source`` of a camera that was reckoned from the focal length that the picture's file notes."""

FROM_SAMPLE = "the drawing itself"
"""``Document.camera_source`` of a sample that was drawn with this camera."""

_SOURCES: dict[str, str] = {
    ASSUMED_CAMERA: translatable("CameraWords", "nothing is known, so 60° for each axis"),
    BY_HAND: translatable("CameraWords", "entered by hand"),
    FITTED: translatable("CameraWords", "fitted to 2D boxes"),
    FROM_EXIF: translatable("CameraWords", "EXIF of the picture, an estimate"),
    FROM_SAMPLE: translatable("CameraWords", "the drawing itself, exact"),
}
_UNITS: dict[float, tuple[str, str]] = {
    math.pi: (translatable("CameraWords", "half turns"), translatable("CameraWords", "a half turn: 0.5 is 90°")),
    1.0: (translatable("CameraWords", "radians"), translatable("CameraWords", "a radian: 1.571 is 90°")),
    math.radians(1): (translatable("CameraWords", "degrees"), translatable("CameraWords", "a degree: 90 is 90°")),
}
_AXES: dict[str, str] = {
    "x": translatable("CameraWords", "x (to the right)"),
    "y": translatable("CameraWords", "y (down)"),
    "z": translatable("CameraWords", "z (forward)"),
}


def _tr(text: str) -> str:
    return QCoreApplication.translate("CameraWords", text)


def camera_source_words(source: str) -> str:
    """Return where a camera is known from (``Document.camera_source``); a file's name stays as it is."""
    return _tr(_SOURCES[source]) if source in _SOURCES else source


def convention_title(convention: AngleConvention) -> str:
    """Return the name of a convention: "Half turns, about x, y, z"."""
    unit, _ = _UNITS[convention.unit]
    words = _tr("{unit}, about {axes}").replace("{axes}", ", ".join(convention.order))
    return words.replace("{unit}", _tr(unit)).capitalize()


def convention_meaning(convention: AngleConvention) -> str:
    """Return what the three angles mean under a convention, in a sentence or two."""
    _, unit = _UNITS[convention.unit]
    axes = [_tr(_AXES[axis]) for axis in convention.order]
    words = _tr("The three numbers turn about {first}, {second} and {third}; each counts {unit}.")
    for blank, value in (("first", axes[0]), ("second", axes[1]), ("third", axes[2]), ("unit", _tr(unit))):
        words = words.replace("{" + blank + "}", value)
    if convention == HALF_TURNS_XYZ:
        words += " " + _tr("This is how the makers' own pictures are drawn.")
    return words
