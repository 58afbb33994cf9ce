"""Forms of arguments: sizes, cameras, options. Each raises what argparse turns into a sentence."""

from __future__ import annotations

import json
import math
import re
from argparse import ArgumentTypeError
from collections.abc import Callable
from pathlib import Path

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.camera import CameraIntrinsics
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.request.result_schema import result_schema_of
from qwvis_desktop.core.request.schema_presets import preset_fields
from qwvis_desktop.core.settings import MOST_PARALLEL


def size(text: str) -> Size:
    """Read ``1280x960``."""
    found = re.fullmatch(r"\s*(\d{1,9})\s*[xX×*]\s*(\d{1,9})\s*", text)
    if found is None or "0" in {found[1].lstrip("0") or "0", found[2].lstrip("0") or "0"}:
        raise ArgumentTypeError(f"{text!r} is not a size. Write width x height in pixels, such as 1280x960")
    return Size(int(found[1]), int(found[2]))


def camera(text: str) -> CameraIntrinsics:
    """Read ``FX,FY,CX,CY`` in pixels."""
    try:
        fx, fy, cx, cy = (float(part) for part in text.split(","))
        return CameraIntrinsics(fx, fy, cx, cy)
    except ValueError as error:
        raise ArgumentTypeError(
            f"{text!r} is not a camera ({error}). Write FX,FY,CX,CY in pixels, such as 1108.5,1108.5,640,480"
        ) from error


def seconds(text: str) -> float:
    """Read a length of time in seconds."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise ArgumentTypeError(f"{text!r} is not a length of time. Write seconds, such as 12.5")
    return value


def percent(least: int, most: int) -> Callable[[str], int]:
    """Return what reads a whole number of percent from ``least`` to ``most``."""

    def read(text: str) -> int:
        found = re.fullmatch(r"\s*(\d{1,4})\s*%?\s*", text)
        if found is None or not least <= int(found[1]) <= most:
            raise ArgumentTypeError(f"{text!r} will not do. Write percent from {least} to {most}, such as {most // 2}")
        return int(found[1])

    return read


def option(text: str) -> tuple[str, JsonValue]:
    """Read ``KEY=VALUE``; the value is JSON where it can be read so (``0.1``, ``true``), else text."""
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise ArgumentTypeError(f"{text!r} is not an option. Write KEY=VALUE, such as temperature=0.1")
    try:
        read: JsonValue = json.loads(value, parse_constant=_refuse)
    except ValueError:
        read = value
    return key.strip(), read


def result_schema(text: str) -> dict[str, JsonValue]:
    """Read the fields to fill: JSON, the name of a preset, or a file that holds JSON."""
    try:
        written = preset_fields(text) or text
        written = written if written.lstrip().startswith("{") else Path(text).read_text(encoding="utf-8")
        return result_schema_of(written)
    except (OSError, UnicodeDecodeError) as error:
        raise ArgumentTypeError(f"the fields in {text!r} cannot be read ({error})") from error
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error


def _refuse(word: str) -> None:
    """Refuse NaN and Infinity, which Python reads and no service does."""
    raise ValueError(word)


def picture_quality(text: str) -> int | None:
    """Read the quality of a page's JPEG; None for "lossless"."""
    if text == "lossless":
        return None
    if not text.isdecimal() or not 1 <= int(text) <= 100:
        raise ArgumentTypeError(f"{text!r} is no quality. Write a number from 1 to 100, or lossless")
    return int(text)


def at_once(text: str) -> int:
    """Read how many requests go on at a time."""
    if not text.isdecimal() or not 1 <= int(text) <= MOST_PARALLEL:
        raise ArgumentTypeError(f"{text!r} is no number of requests. Write one from 1 to {MOST_PARALLEL}")
    return int(text)
