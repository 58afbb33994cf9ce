"""What an option of a request is: its name, its value and range, for which models, and where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.model_registry import ModelSpec, VideoLimits


class OptionKind(StrEnum):
    """What an option's value is, and so what it is set with."""

    SWITCH = "switch"
    WHOLE = "whole"
    NUMBER = "number"
    TEXT = "text"
    WORDS = "words"
    FORMAT = "format"
    CHOICE = "choice"
    RANGE = "range"


class OptionPlace(StrEnum):
    """Where in a request an option stands."""

    TOP = "top"
    PICTURE = "picture"
    FILM = "film"
    """Beside a film, or nowhere: it says what of it is sent, and how."""
    SYSTEM = "system"
    OURS = "ours"
    """Nowhere: it says what this program does."""


Default: TypeAlias = JsonValue | Callable[[ModelSpec], JsonValue]


Value: TypeAlias = int | str
"""One of the values of a choice."""


def _always(_model: ModelSpec) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestOption:
    """One thing that may be set.

    Attributes:
        id: the service's name for it.
        title: its name for people; ``hint``: what it does, in a sentence (both are translated where they are shown).
        kind: what its value is.
        low, high: the range, both ends allowed unless ``open_low`` or ``open_high``; None where there is no end.
        default: what holds where it is not sent: a value, or told by the model; None where that is not known.
        offered: whether a model knows it.
        place: where in the request it stands.
        media: kinds of media that it makes sense for.
        choices: the values of a choice, and what each is for people (translated where it is shown).
        excludes: options that cannot be set beside it.
    """

    id: str
    title: str
    hint: str
    kind: OptionKind
    low: float | None = None
    high: float | None = None
    open_low: bool = False
    open_high: bool = False
    default: Default = None
    offered: Callable[[ModelSpec], bool] = _always
    place: OptionPlace = OptionPlace.TOP
    media: tuple[str, ...] = ("image", "video")
    choices: Mapping[Value, str] = field(default_factory=dict)
    excludes: tuple[str, ...] = ()

    def default_for(self, model: ModelSpec) -> JsonValue:
        """Return what holds for ``model`` where the option is not sent; None where that is not known."""
        return self.default(model) if callable(self.default) else self.default

    def range_for(self, model: ModelSpec) -> tuple[float | None, float | None]:
        """Return the lowest and the highest value for ``model``."""
        if self.place is OptionPlace.PICTURE:
            # Documents name two lowest values for the newer families (10): the smaller one refuses nothing that works.
            return min(model.resize.min_pixels, 4 * model.resize.factor**2), model.max_pixels_ceiling
        if self.place is OptionPlace.FILM and model.video is not None and self.id in _FILM_RANGES:
            return _FILM_RANGES[self.id](model.video)
        most = {"max_tokens": model.max_output, "thinking_budget": model.max_thinking}
        return self.low, most.get(self.id, self.high)


_FILM_RANGES: Mapping[str, Callable[[VideoLimits], tuple[float, float]]] = MappingProxyType(
    {
        "max_frames": lambda limits: limits.frames,
        "frame_pixels": lambda limits: (limits.frame_pixels[0], limits.frame_pixels[3]),
        "total_pixels": lambda limits: (limits.frame_pixels[0] * limits.frames[0], limits.total_pixels[1]),
    }
)
"""Lowest and highest value of options of films (``qwen-api.md`` 1.6, 5.1)."""
