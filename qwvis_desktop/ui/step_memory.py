"""How many bytes an undo step holds by itself: estimated, because it is asked with every step.

Annotations are immutable, and what an edit does not concern is shared between the former and the new one: of a moved
text, a step holds another outline and not the text again.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from itertools import islice
from typing import get_args

from qwvis_desktop.core.annotation import Annotation

POINTER = 8
"""Bytes of a reference in a tuple."""

STEP = 600
"""Bytes of a step that holds nothing: Qt's command with its text, its wrapper, its tuples."""

_SAMPLE = 512
"""Annotations of one step that are weighed; of more, as many spread over all of them stand for the rest."""

_DEEPEST = 6
"""Levels of nested values up to which they are weighed."""


def bytes_of_all(annotations: Sequence[Annotation]) -> int:
    """Return about how many bytes annotations take that nothing else holds."""
    return _sampled(annotations, lambda place: _bytes_of(annotations[place]))


def bytes_beside(annotations: Sequence[Annotation], now: Mapping[str, Annotation]) -> int:
    """Return about how many bytes annotations take beside those of ``now`` that have their ids."""
    return _sampled(annotations, lambda place: _bytes_of(annotations[place], now.get(annotations[place].id)))


def bytes_of_value(value: object, depth: int = 0) -> int:
    """Return about how many bytes a plain value takes with all that is in it."""
    size = sys.getsizeof(value, POINTER)
    if depth > _DEEPEST:
        return size
    if isinstance(value, Mapping):
        return size + sum(bytes_of_value(each, depth + 1) for each in _few([*value.keys(), *value.values()]))
    if isinstance(value, tuple | list | frozenset):
        return size + sum(bytes_of_value(each, depth + 1) for each in _few(value))
    return size


def _few(values: Iterable[object]) -> Iterable[object]:
    return islice(values, 10_000)  # what a model wrote may be of any length


def _sampled(annotations: Sequence[Annotation], weigh: Callable[[int], int]) -> int:
    count = len(annotations)
    step = max(1, count // _SAMPLE)
    weighed = [weigh(place) for place in range(0, count, step)]
    return round(sum(weighed) * count / len(weighed)) + POINTER * count if weighed else 0


_NAMES = {kind: tuple(field.name for field in fields(kind)) for kind in get_args(Annotation)}


def _bytes_of(annotation: Annotation, other: Annotation | None = None) -> int:
    """Return the bytes of an annotation, but for the values that are the very same of another one."""
    size = sys.getsizeof(annotation)
    for name in _NAMES[type(annotation)]:
        value = getattr(annotation, name)
        if value is not None and (other is None or value is not getattr(other, name, None)):
            size += bytes_of_value(value)
    return size
