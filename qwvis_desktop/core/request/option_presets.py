"""Presets: options of a request that go well together, for tasks that they suit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from qwvis_desktop.core.annotation import Attributes
from qwvis_desktop.core.model_registry import ModelSpec
from qwvis_desktop.core.request.option_rules import JSON_OBJECT
from qwvis_desktop.core.request.request_options import OPTIONS
from qwvis_desktop.core.tasks import ReplyShape, Task

_NONE: Mapping[str, Attributes] = MappingProxyType({})
ALL_SHAPES = frozenset(ReplyShape)
_JSON_SHAPES = frozenset({ReplyShape.OBJECTS, ReplyShape.FIELDS, ReplyShape.EVENTS})
_LONG_SHAPES = frozenset({ReplyShape.OBJECTS, ReplyShape.DOCUMENT, ReplyShape.FIELDS})


@dataclass(frozen=True, slots=True)
class Preset:
    """Options under a name.

    Attributes:
        title: its name for people (that of ours is translated where it is shown).
        options: by the service's names.
        shapes: of the tasks that it suits.
    """

    title: str
    options: Attributes = field(default_factory=lambda: MappingProxyType({}))
    shapes: frozenset[ReplyShape] = ALL_SHAPES

    def suits(self, task: Task, model: ModelSpec) -> bool:
        """Say whether the preset helps with ``task`` and ``model`` knows all of its options."""
        known = (name in OPTIONS and OPTIONS[name].offered(model) for name in self.options)
        return task.shape in self.shapes and all(known)


PRESETS: tuple[Preset, ...] = (
    Preset("Defaults"),
    Preset("Repeatable", {"temperature": 0, "seed": 1, "presence_penalty": 0}),
    # High penalties harm lists that say much the same again and again (``qwen-api.md`` 2.4).
    Preset("Long lists and pages", {"presence_penalty": 0, "temperature": 0.1}, _LONG_SHAPES),
    Preset("Small things", {"vl_high_resolution_images": True}),
    Preset("Look closer", {"zoom": 5}),
    Preset("Think first", {"enable_thinking": True}),
    Preset("Answer at once", {"enable_thinking": False}),
    Preset("JSON only", {"response_format": dict(JSON_OBJECT), "enable_thinking": False}, _JSON_SHAPES),
    Preset("Varied", {"temperature": 1.2}, frozenset({ReplyShape.PROSE})),
)
"""Presets that come with the program; the first sets nothing."""


def presets_for(
    task: Task, model: ModelSpec, own: Mapping[str, Attributes] = MappingProxyType({})
) -> tuple[Preset, ...]:
    """Return the presets that suit: ours, then those of the user that ``model`` knows, by name."""
    mine = [Preset(title, options) for title, options in sorted(own.items())]
    return tuple(preset for preset in (*PRESETS, *mine) if preset.suits(task, model))
