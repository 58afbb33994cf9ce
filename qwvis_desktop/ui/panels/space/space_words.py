"""What is said below a view of space: of what is pointed at and selected, of gaps, of what is measured."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.camera import HALF_TURNS_XYZ, AngleConvention
from qwvis_desktop.core.cuboid_editing import gap, heading
from qwvis_desktop.ui.panels.space.plan_map import metres
from qwvis_desktop.ui.panels.space.space_surface import SpaceSurface


def _said(words: str, **values: str) -> str:
    text = QCoreApplication.translate("Space", words)
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def words_on(surface: SpaceSurface, measured: float | None = None, measuring: bool = False) -> str:
    """Return what is said of a view: the most particular that there is to say."""
    convention = surface.editor.document.convention if surface.editor is not None else HALF_TURNS_XYZ
    selected = surface.selected_cuboids
    if measured is not None:
        return _said("Distance: {length}", length=metres(measured))
    if measuring and len(selected) != 2:
        return _said("Drag from one place to another to measure the distance. Escape ends measuring.")
    if surface.hovered is not None and not surface.preview:
        return on_cuboid(surface.scene.cuboids[surface.hovered], convention)
    if len(selected) == 2:
        return on_gap(selected[0], selected[1], convention)
    if len(selected) == 1:
        return on_cuboid(selected[0], convention)
    return on_all(surface, len(selected))


def on_cuboid(cuboid: Cuboid, convention: AngleConvention) -> str:
    """Say how far away a cuboid is, how large and where it looks."""
    return _said(
        "{label}: {far} away, {size}, heading {degrees}°",
        label=_name(cuboid),
        far=metres(math.hypot(*cuboid.center)),
        size=" × ".join(f"{length:.2f}" for length in cuboid.size) + " m",
        degrees=str(round(heading(cuboid, convention))),
    )


def on_gap(first: Cuboid, second: Cuboid, convention: AngleConvention) -> str:
    """Say how far two cuboids are apart."""
    if min(*first.size, *second.size) <= 0:
        return _said("{far} between the centres of {a} and {b}", far=metres(math.dist(first.center, second.center)),
                     a=_name(first), b=_name(second))  # fmt: skip
    apart = gap(first, second, convention)
    words = "{a} and {b} meet; centres {far}" if apart.nearest == 0 else "Gap {near} between {a} and {b}; centres {far}"
    return _said(words, near=metres(apart.nearest), far=metres(apart.centers), a=_name(first), b=_name(second))


def on_all(surface: SpaceSurface, selected: int) -> str:
    """Say how many cuboids there are, how many are selected, and how many cannot be drawn."""
    if surface.is_empty:
        return ""
    count, lost = len(surface.scene), len(surface.scene.left_out)
    parts = [_said("1 cuboid") if count == 1 else _said("{n} cuboids", n=str(count))]
    if selected:
        parts.append(_said("{n} selected", n=str(selected)))
    if lost:
        parts.append(_said("{n} with numbers that cannot be drawn", n=str(lost)))
    return ", ".join(parts)


def _name(cuboid: Cuboid) -> str:
    return cuboid.label or _said("cuboid")
