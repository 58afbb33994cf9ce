"""What is known of each model: family, coordinate space, pixel limits, abilities. Data: ``resources/models.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from qwvis_desktop.core.coordinates import CoordinateSpace, ResizeRule
from qwvis_desktop.core.resources import resource
from qwvis_desktop.core.tasks import TASKS, Task

FALLBACK_FAMILY = "qwen3-vl"
"""What a model of an unknown name is taken for: thousandths hold for all newer families, whatever is resized."""

_DATED = re.compile(r"-(?:latest|(\d{4}-\d{2}-\d{2}))$")


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """What is known of one model.

    Attributes:
        id: as the service expects it.
        family: its key in ``models.toml``; as on the command line.
        family_title: the family's name for people.
        known: whether the id, or at least its family, was recognised; False means values are those of the fallback.
        space: what the numbers of its replies count.
        resize: the resize rule with the family's default budget in pixels.
        max_pixels_ceiling: the most pixels one may ask for.
        thinking: none, off (can, not by default), on (by default) or always.
        abilities: what it can do (see ``models.toml``).
        context: tokens in and out, None where unknown.
        max_output: tokens out, None where unknown.
    """

    id: str
    family: str
    family_title: str
    known: bool
    space: CoordinateSpace
    resize: ResizeRule
    max_pixels_ceiling: int
    thinking: str
    abilities: frozenset[str]
    context: int | None = None
    max_output: int | None = None

    @property
    def processor_resize(self) -> ResizeRule:
        """The family's own image processor with its widest budget: what happened to a picture that others sent."""
        return ResizeRule(self.resize.factor, self.resize.min_pixels, self.max_pixels_ceiling)

    def can(self, task: Task) -> bool:
        """Say whether the model can do ``task``."""
        return self.abilities.issuperset(task.needs)

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks it can do, in the order of ``TASKS``."""
        return tuple(task for task in TASKS.values() if self.can(task))


@dataclass(frozen=True)
class ModelRegistry:
    """All families and models of a ``models.toml``."""

    families: Mapping[str, Mapping[str, Any]]
    models: Mapping[str, Mapping[str, Any]]

    @property
    def known_models(self) -> tuple[ModelSpec, ...]:
        """All models that the file names, in its order."""
        return tuple(self.spec(model) for model in self.models)

    def family_of(self, model: str) -> str | None:
        """Return the family a model id belongs to, in any spelling; None where none is recognised."""
        name = model.lower()
        return next((key for key, family in self.families.items() if re.search(family["pattern"], name)), None)

    def spec(self, model: str, family: str | None = None) -> ModelSpec:
        """Return what is known of ``model``; ``family`` overrules what its name says.

        Raises:
            KeyError: ``family`` is not one of ``families``.
        """
        named = self.family_of(model)
        found = family or named
        key = found or FALLBACK_FAMILY
        values = dict(self.families[key])
        if key == named:  # what the name says of a model holds in the family that the name says
            values |= {**self._variant(key, model), **self._entry(model)}
        return ModelSpec(
            id=model,
            family=key,
            family_title=values["title"],
            known=found is not None,
            space=CoordinateSpace(values["space"]),
            resize=ResizeRule(values["factor"], values["min_pixels"], values["max_pixels"]),
            max_pixels_ceiling=values["max_pixels_ceiling"],
            thinking=values["thinking"],
            abilities=frozenset(values["abilities"]),
            context=values.get("context"),
            max_output=values.get("max_output"),
        )

    def _variant(self, family: str, model: str) -> Mapping[str, Any]:
        """Return what a word in the name (``thinking``, ``instruct``) says of a model of ``family``."""
        words = set(re.split(r"[^a-z]+", model.lower()))
        variants: Mapping[str, Mapping[str, Any]] = self.families[family].get("variants", {})
        return next((values for word, values in variants.items() if word in words), {})

    def _entry(self, model: str) -> Mapping[str, Any]:
        """Return the entry for ``model``: as named, or without owner, region, date or ``-latest``."""
        name = model.lower().rsplit("/", 1)[-1].removesuffix("-us")
        if name in self.models:
            return self.models[name]
        stem, date = _DATED.sub("", name), _DATED.search(name)
        entry = self.models.get(stem, {})
        too_old = date is not None and date[1] is not None and date[1] < entry.get("since", "")
        return {} if too_old else entry


@cache
def bundled_registry() -> ModelRegistry:
    """Return the registry that comes with the program."""
    with resource("models.toml").open("rb") as file:
        data = tomllib.load(file)
    return ModelRegistry(families=data["families"], models=data["models"])
