"""What is known of each model: family, coordinate space, limits, abilities, prices. Data: ``resources/models.toml``.

A file of the same form in the settings folder adds to it and overrules it (``core.model_files``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from qwvis_desktop.core.coordinates import CoordinateSpace, ResizeRule
from qwvis_desktop.core.prices import Price, price_for, price_from
from qwvis_desktop.core.tasks import TASKS, Task

FALLBACK_FAMILY = "qwen3-vl"
"""What a model of an unknown name is taken for: thousandths hold for all newer families, whatever is resized."""

THINKING = ("none", "off", "on", "always")
"""Whether a model thinks: never, when asked to, unless asked not to, always."""

_DATE = re.compile(r"(?<!\d)(\d{4})[-_. ](\d{2})[-_. ](\d{2})(?!\d)")
_PIECES = re.compile(r"[a-z]+|\d")

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class VideoLimits:
    """What a model takes of films (``qwen-api.md`` 1.6, 5.1); each pair is least and most.

    Attributes:
        seconds: length of the film.
        url_bytes: the largest file that is fetched from an address.
        frames: length of a list of frames.
        frame_pixels: pixels of a frame: lowest allowed, default at least, default at most, ceiling.
        total_pixels: pixels of all frames together at most: default, ceiling.
    """

    seconds: tuple[int, int]
    url_bytes: int
    frames: tuple[int, int]
    frame_pixels: tuple[int, int, int, int]
    total_pixels: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
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
        high_resolution_pixels: the budget that ``vl_high_resolution_images`` sets; None where it is not known to work.
        thinking: one of ``THINKING``.
        abilities: what it can do (see ``models.toml``).
        routes: the interfaces that reach it: ``compatible``, ``native``.
        stream_only: whether it answers only as a stream.
        context: tokens in and out; like all that follow None where unknown.
        max_input, max_input_thinking: tokens in, and while it thinks.
        max_thinking: tokens of reasoning, also the largest ``thinking_budget``.
        max_output: tokens out, reasoning not counted.
        max_image_tokens: tokens that a single picture may take.
        requests_per_minute, tokens_per_minute: of the account, all keys together.
        video: what it takes of films; None where it takes none.
        prices: in the regions whose prices are known.
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
    high_resolution_pixels: int | None = None
    routes: tuple[str, ...] = ("compatible", "native")
    stream_only: bool = False
    context: int | None = None
    max_input: int | None = None
    max_input_thinking: int | None = None
    max_thinking: int | None = None
    max_output: int | None = None
    max_image_tokens: int | None = None
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    video: VideoLimits | None = None
    prices: tuple[Price, ...] = ()

    @property
    def processor_resize(self) -> ResizeRule:
        """The family's own image processor with its widest budget: what happened to a picture that others sent."""
        return ResizeRule(self.resize.factor, self.resize.min_pixels, self.max_pixels_ceiling)

    @property
    def can_think(self) -> bool:
        """Whether it can think at all; a budget for it makes sense only then."""
        return self.thinking != "none"

    @property
    def can_switch_thinking(self) -> bool:
        """Whether thinking is a choice; a model that always thinks refuses to be told not to."""
        return self.thinking in ("off", "on")

    def input_limit(self, *, thinking: bool) -> int | None:
        """Return how many tokens it takes in; None where unknown."""
        limit = self.max_input_thinking if thinking else None
        return limit or self.max_input or self.context

    def price(self, host: str) -> Price | None:
        """Return what it costs at ``host``; None where that is not known."""
        return price_for(self.prices, host)

    def can(self, task: Task) -> bool:
        """Say whether the model can do ``task``."""
        return self.abilities.issuperset(task.needs)

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks it can do, in the order of ``TASKS``."""
        return tuple(task for task in TASKS.values() if self.can(task))


NUMBERS = (
    "high_resolution_pixels",
    "context",
    "max_input",
    "max_input_thinking",
    "max_thinking",
    "max_output",
    "max_image_tokens",
    "requests_per_minute",
    "tokens_per_minute",
)
"""Fields of ``ModelSpec`` that are numbers, and absent where they are not known."""


def _nothing() -> Mapping[str, Mapping[str, Any]]:
    return {}


@dataclass(frozen=True)
class ModelRegistry:
    """All families and models of a ``models.toml``; the fields are its tables."""

    families: Mapping[str, Mapping[str, Any]]
    models: Mapping[str, Mapping[str, Any]]
    videos: Mapping[str, Mapping[str, Any]] = field(default_factory=_nothing)
    prices: Mapping[str, Mapping[str, Any]] = field(default_factory=_nothing)

    @property
    def known_models(self) -> tuple[ModelSpec, ...]:
        """All models that the file names, in its order."""
        return tuple(self.spec(model) for model in self.models)

    def family_of(self, model: str) -> str | None:
        """Return the family a model id belongs to, in any spelling; None where none is recognised.

        Any spelling: the service's own, a name of the Hub, a tag, a file with its folder and its quantisation.
        """
        name = model.lower()
        given = self._entry(model).get("family")
        if given in self.families:
            return str(given)
        for part in (_last_part(name), name):  # a folder may be named after another model
            for key, family in self.families.items():
                if re.search(family["pattern"], part):
                    return key
        return None

    def spec(self, model: str, family: str | None = None) -> ModelSpec:
        """Return what is known of ``model``; ``family`` overrules what its name says.

        Raises:
            KeyError: ``family`` is not one of ``families``.
        """
        # The window asks for the chosen one several times for whatever changes.
        if (model, family) not in self._specs:
            self._specs[model, family] = self._spec(model, family)
        return self._specs[model, family]

    @cached_property
    def _specs(self) -> dict[tuple[str, str | None], ModelSpec]:
        return {}

    def _spec(self, model: str, family: str | None) -> ModelSpec:
        named = self.family_of(model)
        found = family or named
        key = found or FALLBACK_FAMILY
        values = dict(self.families[key])
        if family in (None, named):  # what is said of a model holds in the family that the name says
            for more in (self._variant(key, model) if named else {}, *self._entries(model)):
                values = _with(values, more)
        video = values.get("video")
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
            routes=tuple(values.get("routes", ("compatible", "native"))),
            stream_only=values.get("stream_only", False),
            video=self.video_limits(video) if video is not None else None,
            prices=tuple(price_from(region, entry) for region, entry in self._prices(model)),
            **{name: values[name] for name in NUMBERS if name in values},
        )

    def video_limits(self, name: str) -> VideoLimits:
        """Return the limits of this name.

        Raises:
            KeyError, TypeError, ValueError: there are none, or not all of them.
        """
        values = self.videos[name]
        shortest, longest = values["seconds"]
        fewest, most = values["frames"]
        lowest, least, largest, ceiling = values["frame_pixels"]
        total, total_ceiling = values["total_pixels"]
        return VideoLimits(
            seconds=(shortest, longest),
            url_bytes=values["url_bytes"],
            frames=(fewest, most),
            frame_pixels=(lowest, least, largest, ceiling),
            total_pixels=(total, total_ceiling),
        )

    def _variant(self, family: str, model: str) -> Mapping[str, Any]:
        """Return what a word in the name (``thinking``, ``instruct``) says of a model of ``family``."""
        words = set(re.split(r"[^a-z]+", model.lower()))
        variants: Mapping[str, Mapping[str, Any]] = self.families[family].get("variants", {})
        return next((values for word, values in variants.items() if word in words), {})

    def _entry(self, model: str) -> Mapping[str, Any]:
        return _longest(model, self.models) or {}

    def _entries(self, model: str) -> Iterable[Mapping[str, Any]]:
        """Return what is said of ``model``; less, where it is an older snapshot, more, where it is none."""
        entry, date = self._entry(model), _DATE.search(_last_part(model))
        if date is None:
            return entry, entry.get("stable", {})
        return () if "-".join(date.groups()) < entry.get("since", "") else (entry,)

    def _prices(self, model: str) -> Iterable[tuple[str, Mapping[str, Any]]]:
        return (_longest(model, self.prices) or {}).items()


def _with(values: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``values`` overruled by ``more``, its abilities with those named ``also`` and ``without`` the others."""
    abilities = [*more.get("abilities", values["abilities"]), *more.get("also", ())]
    kept = [ability for ability in abilities if ability not in more.get("without", ())]
    return {**values, **more, "abilities": kept}


def _last_part(name: str) -> str:
    """Return a name without its owner or folder."""
    return re.split(r"[/\\]", name.rstrip("/\\"))[-1]


@lru_cache(maxsize=1024)  # each name of the table is looked at for each model
def _pieces(name: str) -> tuple[str, ...]:
    """Return words and numbers of a name, in small letters."""
    return tuple(_PIECES.findall(name.lower()))


def _longest(model: str, entries: Mapping[str, _Value]) -> _Value | None:
    """Return the entry whose name ``model`` begins with, in any spelling; the longest of several.

    What follows in the name is a date, a region, a quantisation, the ending of a file.
    """
    pieces = _pieces(_last_part(model))
    fitting = [key for key in entries if (own := _pieces(key)) == pieces[: len(own)] and own]
    return entries[max(fitting, key=len)] if fitting else None
