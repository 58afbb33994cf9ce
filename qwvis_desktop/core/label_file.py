"""What reading a file of labels gives, whatever its format; and the checks that all such files need.

A file that is none of its kind is refused whole; in one that is, an object that cannot be read is left out and said,
and the others stay.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeAlias, TypeVar

from qwvis_desktop.core.annotation import Annotation
from qwvis_desktop.core.camera import CameraIntrinsics, Vector

Losses: TypeAlias = tuple[tuple[int, str, str], ...]
"""How many of something are left out, and the words for one and for many ("{}": the number)."""

HUGE = 1e6
"""No length in metres and no coordinate in pixels is beyond this; infinities and NaN are not within it either."""

_MOST_REASONS = 3
"""Different reasons that are told of objects that cannot be read."""

T = TypeVar("T")


class LabelFileError(ValueError):
    """A file of labels cannot be read; the text says what, why and what to do now."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What a file of labels holds for one picture.

    Attributes:
        annotations: in the order of the file.
        camera: in pixels of the upright original; None where the file tells none.
        left_out: a sentence each on what could not be read, or is not held.
    """

    annotations: tuple[Annotation, ...]
    camera: CameraIntrinsics | None = None
    left_out: tuple[str, ...] = ()


def sentences(losses: Losses) -> tuple[str, ...]:
    """Say what is left out, a sentence for each kind of which there is some."""
    return tuple(
        f"Left out: {one if number == 1 else many.format(number)}." for number, one, many in losses if number > 0
    )


def rounded(count: int) -> Losses:
    """Count ellipses of which an outline is kept (``plane.outlines.ellipse_of``)."""
    kept = "(an outline with corners is kept)"
    return ((count, f"the exact form of 1 ellipse {kept}", f"the exact form of {{}} ellipses {kept}"),)


def json_object(text: str, kind: str) -> dict[str, Any]:
    """Return the JSON object that a file of ``kind`` ("Omni3D") is.

    Raises:
        LabelFileError: it is none.
    """
    try:
        value = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise LabelFileError(
            f"This is no {kind} file: it is not JSON ({error}). Save it again, or copy it whole."
        ) from error
    if not isinstance(value, dict):
        raise LabelFileError(f"This is no {kind} file: it is JSON, but holds no object. Choose another file.")
    return value


def read_each(values: Iterable[T], read: Callable[[T], Annotation]) -> tuple[tuple[Annotation, ...], tuple[str, ...]]:
    """Read objects one by one, so that a bad one does not take the others with it.

    Args:
        values: the objects.
        read: raises ValueError, TypeError or KeyError with the reason for one that cannot be read.

    Returns:
        What was read, and a sentence on what was not, with the first reasons.

    Raises:
        LabelFileError: there are objects, and none could be read.
    """
    found, refused = [], 0
    reasons: dict[str, int] = {}
    for place, value in enumerate(values, start=1):
        try:
            found.append(read(value))
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            reasons.setdefault(_reason(error), place)
            refused += 1
    why = "; ".join(f"number {place}: {reason}" for reason, place in islice(reasons.items(), _MOST_REASONS))
    more = max(0, len(reasons) - _MOST_REASONS)
    why += "" if not more else "; and one other reason" if more == 1 else f"; and {more} other reasons"
    if refused and not found:
        raise LabelFileError(f"No object in this file could be read ({why}).")
    objects = "1 object that could not be read" if refused == 1 else f"{refused} objects that could not be read"
    return tuple(found), (f"Left out: {objects} ({why}).",) if refused else ()


def _reason(error: Exception) -> str:
    return f"it has no {error}" if isinstance(error, KeyError) else str(error)


def number(value: object, what: str) -> float:
    """Return a finite number of a sensible size.

    Raises:
        ValueError: it is none; the text says ``what`` it should have been.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not -HUGE < value < HUGE:
        raise ValueError(f"{what} is not a number that can be used, but {value!r:.40}")
    return float(value)


def whole(value: object, what: str) -> int:
    """Return a whole number greater than 0.

    Raises:
        ValueError: it is none.
    """
    found = number(value, what)
    if found < 1 or found != int(found):
        raise ValueError(f"{what} should be a whole number")
    return int(found)


def numbers(values: object, count: int, what: str) -> tuple[float, ...]:
    """Return a list of so many finite numbers.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(values, list | tuple) or len(values) != count:
        raise ValueError(f"{what} should be {count} numbers")
    return tuple(number(value, what) for value in values)


def vector(values: object, what: str) -> Vector:
    """Return three finite numbers.

    Raises:
        ValueError: they are none.
    """
    x, y, z = numbers(values, 3, what)
    return x, y, z


def lengths(values: object, what: str) -> Vector:
    """Return three lengths greater than 0.

    Raises:
        ValueError: they are none.
    """
    found = vector(values, what)
    if min(found) <= 0:
        raise ValueError(f"{what} should be greater than 0")
    return found


def words(value: object, what: str) -> str:
    """Return a text.

    Raises:
        TypeError: it is none.
    """
    if not isinstance(value, str):
        raise TypeError(f"{what} should be a text")
    return value
