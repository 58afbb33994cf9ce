"""Which key of an object means what, and what an object is called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

from qwvis_desktop.core.annotation import Attributes, JsonValue, Provenance
from qwvis_desktop.core.replies.json_tree import ClosedObject, RepeatedKeys
from qwvis_desktop.core.replies.placing import number
from qwvis_desktop.core.replies.vocabulary import (
    IMAGE_KEYS,
    LABEL_KEYS,
    LABEL_STEMS,
    PLACE_RANKS,
    SCORE_KEYS,
    TAG_KEYS,
    TEXT_KEYS,
    TIME_KEYS,
    WRAPPER_KEYS,
    known,
    plain,
)
from qwvis_desktop.core.times import seconds_of

NO_MORE: Attributes = MappingProxyType({})
"""The attributes of an object that says nothing more."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Which key of an object means what; found once for all objects with the same keys.

    Attributes:
        places: keys that tell a place, surest first.
        labels: keys that tell what is seen, best first.
        texts: keys that tell what is written there, best first.
    """

    places: tuple[str, ...]
    labels: tuple[str, ...]
    texts: tuple[str, ...]
    score: str | None
    time: str | None
    image: str | None
    tag: str | None

    @classmethod
    def of(cls, keys: tuple[str, ...]) -> Layout:
        """Return the layout of an object with these keys."""

        def first(names: frozenset[str]) -> str | None:
            return next((key for key in keys if plain(key) in names), None)

        labels = sorted((key for key in keys if _label_rank(key) is not None), key=lambda key: _label_rank(key) or 0)
        texts = sorted((key for key in keys if plain(key) in TEXT_KEYS), key=lambda key: TEXT_KEYS.index(plain(key)))
        places = sorted((key for key in keys if plain(key) in PLACE_RANKS), key=lambda key: PLACE_RANKS[plain(key)])
        return cls(
            places=tuple(places),
            labels=tuple(labels),
            texts=tuple(texts),
            score=first(SCORE_KEYS),
            time=first(TIME_KEYS),
            image=first(IMAGE_KEYS),
            tag=first(TAG_KEYS),
        )


def _label_rank(key: str) -> int | None:
    name = plain(key)
    if name in LABEL_KEYS:
        return LABEL_KEYS.index(name)
    return len(LABEL_KEYS) if name.startswith(LABEL_STEMS) else None


@dataclass(slots=True)
class Source:
    """One object being read, and what can be asked of it."""

    value: dict[str, JsonValue]
    layout: Layout
    closed: ClosedObject
    run: str
    place_key: str = ""
    side_keys: frozenset[str] = frozenset()

    @property
    def span(self) -> tuple[int, int]:
        """The place of the object in the reply."""
        return self.closed.start, self.closed.end

    def provenance(self, numbers: tuple[float, ...]) -> Provenance:
        """Return where an annotation with these numbers came from."""
        return Provenance(self.run, (self.closed.start, self.closed.end), numbers)

    @property
    def score(self) -> float | None:
        """The score where it is a number from 0 to 1."""
        key = self.layout.score
        if key is None:
            return None
        score = number(self.value[key])
        return score if score is not None and 0 <= score <= 1 else None

    @property
    def time(self) -> float | None:
        """The time in seconds where one stands there, or in what is round the object."""
        if self.layout.time is not None:
            return seconds_of(self.value[self.layout.time])
        for key, item in (self.closed.around or {}).items():
            if plain(key) in TIME_KEYS:
                return seconds_of(item)
        return seconds_of(self.closed.keys[-1]) if self.closed.keys and ":" in self.closed.keys[-1] else None

    def string(self, key: str | None) -> str:
        """Return the string under ``key``, empty where it holds none."""
        value = self.value.get(key) if key is not None else None
        return str(value) if isinstance(value, str) else ""

    def named(self, *used: str | None) -> tuple[str, Attributes]:
        """Return the label, and what else the object says beside the keys in ``used``."""
        layout = self.layout
        label_key = next((key for key in layout.labels if key not in used and named_by(self.value[key])), None)
        if label_key is None and not used:
            taken = {self.place_key, layout.time, layout.image, layout.score, *self.side_keys}
            label_key = next(
                (key for key, item in self.value.items() if key not in taken and isinstance(item, str) and item), None
            )
        label = named_by(self.value[label_key]) if label_key is not None else self._inherited(bool(used))
        gone = {self.place_key, label_key, *used, *self.side_keys}
        if self.score is not None:
            gone.add(layout.score)
        if self.time is not None:
            gone.add(layout.time)
        return label, {key: item for key, item in self.value.items() if key not in gone} or NO_MORE

    def _inherited(self, text: bool) -> str:
        """Return the label that what is round the object gives to all in it: a label of its own, or its key."""
        if text or not self.closed.keys:
            return ""
        around = self.closed.around or {}
        for name in LABEL_KEYS:
            for key, item in around.items():
                if plain(key) == name and isinstance(item, str):
                    return item
        key = self.closed.keys[-1]
        return "" if plain(key) in WRAPPER_KEYS or known(key) or (":" in key and seconds_of(key) is not None) else key


def named_by(value: JsonValue) -> str:
    """Return the label that a value gives: a string, a number, all strings of a list, the first of an object."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return ", ".join(item for item in value if isinstance(item, str))
    return next((item for item in value.values() if isinstance(item, str)), "")


def parts_of(value: RepeatedKeys) -> Iterator[dict[str, JsonValue]]:
    """Split an object whose keys come again.

    Where labels come again, several objects ran together. Where only others do, one label has several places, and each
    part gets what is said once.
    """
    keys = [key for key, _ in value.pairs]
    again = {key for key in keys if keys.count(key) > 1}
    together = any(_label_rank(key) is not None for key in again)
    once = {} if together else {key: item for key, item in value.items() if key not in again}
    part: dict[str, JsonValue] = {}
    for key, item in value.pairs:
        if key in part:
            yield {**part, **once}
            part = {}
        part[key] = item
    yield {**part, **once}
