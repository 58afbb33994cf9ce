"""``Look``: how the user wants annotations to be shown on the canvas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import IntEnum
from typing import Any

OPACITIES = (100, 75, 50, 25)
"""Percent that can be chosen."""


class TextView(IntEnum):
    """Whether recognised text is drawn: not at all, over the picture in its places, or on white in place of it."""

    OFF = 0
    OVER = 1
    INSTEAD = 2


@dataclass(frozen=True, slots=True)
class Look:
    """What is shown of annotations, and how.

    Attributes:
        annotations: show them at all.
        labels: show chips.
        scores: say scores on the chips.
        fill: fill areas, translucent.
        smooth: draw upright frames smoothed too, rather than crisp; slanted lines always are.
        every_label: give each its chip, also where they cover each other.
        only_selected: show what is selected and nothing else.
        opacity: percent of the annotations over the picture.
        crosshair: draw lines through the pointer.
        loupe: show what is under the pointer enlarged.
        order: number texts in their reading order.
        text: whether and how recognised text is drawn.
    """

    annotations: bool = True
    labels: bool = True
    scores: bool = True
    fill: bool = False
    smooth: bool = False
    every_label: bool = False
    only_selected: bool = False
    opacity: int = 100
    crosshair: bool = False
    loupe: bool = False
    order: bool = False
    text: TextView = TextView.OFF

    def changes(self) -> str:
        """Return what differs from the defaults, as text to keep: "fill=1 opacity=50"."""
        default = Look()
        pairs = ((field.name, getattr(self, field.name)) for field in fields(self))
        return " ".join(f"{name}={int(value)}" for name, value in pairs if value != getattr(default, name))

    @classmethod
    def from_changes(cls, text: str) -> Look:
        """Return the look that ``changes`` wrote; what is not understood stays as it is by default."""
        read = {
            name: int(value) for name, _, value in (word.partition("=") for word in text.split()) if value.isdecimal()
        }
        switches: dict[str, Any] = {name: bool(read[name]) for name in _SWITCHES if name in read}
        look = cls(**switches)
        if read.get("opacity") in OPACITIES:
            look = replace(look, opacity=read["opacity"])
        return replace(look, text=TextView(read["text"])) if read.get("text") in tuple(TextView) else look


_SWITCHES = tuple(field.name for field in fields(Look) if field.name not in ("opacity", "text"))

SWITCHES: Mapping[str, str] = {f"view.{name}": name for name in _SWITCHES}
"""Id of the checkable action -> the field of ``Look`` that it sets."""

OPACITY_ACTIONS: Mapping[str, int] = {f"view.opacity_{percent}": percent for percent in OPACITIES}
"""Id of the action -> the percent that it chooses."""

TEXT_ACTIONS: Mapping[str, TextView] = {f"view.text_{view.name.lower()}": view for view in TextView}
"""Id of the action -> the view of recognised text that it chooses."""


def checks_of(look: Look) -> dict[str, bool]:
    """Return which actions are checked, and which are not, where annotations are shown so; of a group only the one."""
    switches = {action: bool(getattr(look, name)) for action, name in SWITCHES.items()}
    return {**switches, f"view.opacity_{look.opacity}": True, f"view.text_{look.text.name.lower()}": True}
