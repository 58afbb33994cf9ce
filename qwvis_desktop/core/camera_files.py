"""Calibration files as others write them: what each kind says of a camera, nothing made of it yet.

``core.calibration`` fits it to a picture.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qwvis_desktop.core.geometry import Size

KNOWN = (
    'Known are JSON with fx, fy, cx and cy or a 3x3 matrix, KITTI calibration (a line that begins with "P2:"), '
    "COLMAP cameras.txt, and OpenCV YAML with a camera_matrix."
)


class NoCamera(ValueError):
    """There is no camera in this text; says why in a sentence or two."""


@dataclass(frozen=True, slots=True)
class CameraEntry:
    """What a file says of a camera.

    Attributes:
        numbers: fx, fy, cx, cy in pixels.
        size: of the picture they are for, where it tells.
        notes: what was left out, a sentence each.
    """

    numbers: tuple[float, float, float, float]
    size: Size | None = None
    notes: tuple[str, ...] = ()


def find_camera(text: str, size: Size, name: str) -> tuple[str, CameraEntry]:
    """Return the kind of a calibration file and the camera in it.

    Args:
        text: of the file.
        size: of the picture, in pixels; it chooses where there are several cameras.
        name: of the picture; it chooses too.

    Raises:
        NoCamera: it is of no known kind, or there is no camera in it that can be used.
    """
    for kind, recognise, read in _KINDS:
        if recognise.search(text):
            return kind, read(text, size, name)
    raise NoCamera(f"This is no calibration file of a known kind. {KNOWN}")


# JSON


def _read_json(text: str, size: Size, name: str) -> CameraEntry:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NoCamera("This file begins like JSON, but is damaged or was cut off.") from error
    cameras = dict(_json_cameras(value, "", 0))
    if not cameras:
        raise NoCamera(f"This JSON file holds no camera. {KNOWN}")
    chosen = cameras if len(set(cameras.values())) == 1 else _of_picture(cameras, name, size)
    if not chosen:
        raise NoCamera(
            f"This file holds {len(cameras)} cameras, and none of them goes by the name of this picture "
            f'("{name}"). Keep only the one that belongs to it.'
        )
    return next(iter(chosen.values()))


def _of_picture(cameras: Mapping[str, CameraEntry], name: str, size: Size) -> dict[str, CameraEntry]:
    """Return the cameras kept under the picture's name; else those made for its size, where they are all one."""
    wanted = {Path(name).name, Path(name).stem} if name else set()
    named = {key: found for key, found in cameras.items() if {Path(key).name, Path(key).stem} & wanted}
    sized = {key: found for key, found in cameras.items() if found.size == size}
    return next((group for group in (named, sized) if len(set(group.values())) == 1), {})


def _json_cameras(value: object, name: str, depth: int) -> Iterator[tuple[str, CameraEntry]]:
    """Yield all cameras below ``value`` with the name of what holds each."""
    if isinstance(value, list) and depth <= 4:
        for place, item in enumerate(value):
            yield from _json_cameras(item, str(place), depth + 1)
    if not isinstance(value, dict):
        return
    own = value.get("file_name") or value.get("file_path") or value.get("name")
    name = own if isinstance(own, str) else name
    numbers = _json_numbers(value)
    if numbers is not None:
        yield name, CameraEntry(numbers, _json_size(value))
    elif depth <= 4:
        for key, item in value.items():
            yield from _json_cameras(item, name if key in _JSON_HOLDERS else key, depth + 1)


_JSON_HOLDERS = frozenset({"camera", "intrinsics", "cam_params", "calibration"})
"""Keys that say what is below them, and not whose it is."""

_JSON_MATRICES = ("K", "camera_matrix", "cam_K", "intrinsic", "intrinsic_matrix", "intrinsics")


def _json_numbers(value: Mapping[str, Any]) -> tuple[float, float, float, float] | None:
    if {"fx", "fy", "cx", "cy"} <= value.keys():
        fx, fy, cx, cy = (_number(value[key]) for key in ("fx", "fy", "cx", "cy"))
        return fx, fy, cx, cy
    for key in _JSON_MATRICES:
        matrix = value.get(key)
        if isinstance(matrix, dict) and "data" in matrix:
            matrix = matrix["data"]
        if isinstance(matrix, list) and len(matrix) in {3, 9}:
            rows = matrix if len(matrix) == 3 else [matrix[:3], matrix[3:6], matrix[6:]]
            if all(isinstance(row, list) and len(row) == 3 for row in rows):
                return _from_matrix([[_number(cell) for cell in row] for row in rows])
    return None


def _json_size(value: Mapping[str, Any]) -> Size | None:
    for across, down in (("width", "height"), ("w", "h"), ("image_width", "image_height")):
        if across in value and down in value:
            return _size_of(value[across], value[down])
    return None


# KITTI


def _read_kitti(text: str, _size: Size, _name: str) -> CameraEntry:
    line = re.search(r"^[ \t]*P(?:_rect_0)?2:(.*)$", text, re.MULTILINE)
    if line is None:
        raise NoCamera('This KITTI file has no line "P2:", which is the camera of the pictures.')
    cells = [_number(cell) for cell in line[1].split()]
    if len(cells) != 12:
        raise NoCamera(f'The line "P2:" of a KITTI file holds 12 numbers, and this one {len(cells)}.')
    numbers = _from_matrix([cells[0:3], cells[4:7], cells[8:11]])
    shift = (cells[3] - cells[2] * cells[11]) / cells[0] if cells[0] else 0.0
    if abs(shift) < 1e-6:
        return CameraEntry(numbers)
    return CameraEntry(numbers, notes=(f"Its shift of {shift:.3f} m against the first camera is left out.",))


# COLMAP

_COLMAP_MODELS: Mapping[str, tuple[int, int, bool]] = {
    "SIMPLE_PINHOLE": (3, 1, False),
    "PINHOLE": (4, 2, False),
    "SIMPLE_RADIAL": (4, 1, True),
    "RADIAL": (5, 1, True),
    "OPENCV": (8, 2, True),
    "FULL_OPENCV": (12, 2, True),
}
"""Model -> how many parameters it has, how many of them are focal lengths, whether the others bend straight lines.

Fisheye models and those with a field of view as a parameter are not there: without their bends they are no cameras.
"""

_COLMAP_LINE = re.compile(r"^[ \t]*\d+[ \t]+([A-Z][A-Z_]+)[ \t]+(\d{1,9})[ \t]+(\d{1,9})[ \t]+(.+)$", re.MULTILINE)


def _read_colmap(text: str, size: Size, _name: str) -> CameraEntry:
    found = {_colmap_camera(line) for line in _COLMAP_LINE.finditer(text)}
    if len(found) > 1:
        found = {camera for camera in found if camera.size == size}
    if len(found) != 1:
        raise NoCamera(
            "This cameras.txt holds several cameras, and it cannot be told which is that of this picture. "
            "Keep only its line."
        )
    return found.pop()


def _colmap_camera(line: re.Match[str]) -> CameraEntry:
    model, width, height, rest = line.groups()
    if model not in _COLMAP_MODELS:
        raise NoCamera(
            f"The camera model {model} bends straight lines too much to draw boxes with it. "
            "Undistort the pictures with COLMAP first, which gives a PINHOLE camera."
        )
    count, focals, bends = _COLMAP_MODELS[model]
    cells = [_number(cell) for cell in rest.split()]
    if len(cells) != count:
        raise NoCamera(f"The camera model {model} has {count} parameters, and this line {len(cells)}.")
    cx, cy = cells[focals : focals + 2]
    bent = bends and any(cells[focals + 2 :])
    notes = (_DISTORTION_LEFT_OUT,) if bent else ()
    return CameraEntry((cells[0], cells[focals - 1], cx, cy), _size_of(width, height), notes)


_DISTORTION_LEFT_OUT = "Its lens distortion is left out: boxes may sit a little off near the corners of the picture."


# OpenCV YAML

_YAML_MATRIX = re.compile(
    r"^[ \t]*(?:camera_?matrix|K)[ \t]*:(?:(?!^\w)[^\[])*?data[ \t]*:[ \t\r\n]*\[([^\]]*)\]",
    re.MULTILINE | re.IGNORECASE,
)
_YAML_DISTORTION = re.compile(
    r"^[ \t]*(?:distortion_?coefficients|dist_?coeffs?|D)[ \t]*:(?:(?!^\w)[^\[])*?data[ \t]*:[ \t\r\n]*\[([^\]]*)\]",
    re.MULTILINE | re.IGNORECASE,
)


def _read_opencv(text: str, _size: Size, _name: str) -> CameraEntry:
    matrix = _YAML_MATRIX.search(text)
    if matrix is None:
        raise NoCamera('This YAML file has no "camera_matrix" with its "data". ' + KNOWN)
    cells = [_number(cell) for cell in matrix[1].split(",") if cell.strip()]
    if len(cells) != 9:
        raise NoCamera(f"A camera_matrix holds 9 numbers, and this one {len(cells)}.")
    width, height = (re.search(rf"^image_{side}[ \t]*:[ \t]*(\d+)", text, re.MULTILINE) for side in ("width", "height"))
    own = _size_of(width[1], height[1]) if width and height else None
    distortion = _YAML_DISTORTION.search(text)
    bends = distortion is not None and any(_number(cell) for cell in distortion[1].split(",") if cell.strip())
    numbers = _from_matrix([cells[0:3], cells[3:6], cells[6:9]])
    return CameraEntry(numbers, own, (_DISTORTION_LEFT_OUT,) if bends else ())


_KINDS = (
    ("JSON", re.compile(r"\A\s*[\[{]"), _read_json),
    ("OpenCV", re.compile(r"\A\s*%YAML|^[ \t]*camera_?matrix[ \t]*:", re.MULTILINE | re.IGNORECASE), _read_opencv),
    ("KITTI", re.compile(r"^[ \t]*P(_rect_0)?\d:", re.MULTILINE), _read_kitti),
    ("COLMAP", _COLMAP_LINE, _read_colmap),
)
"""Name, how one is recognised, how it is read; the first that fits."""


def _from_matrix(rows: Sequence[Sequence[float]]) -> tuple[float, float, float, float]:
    """Return fx, fy, cx, cy of a camera matrix; refuse one that is none.

    Some write it column by column, which shows in the last row.
    """
    if rows[0][2] == rows[1][2] == 0 and rows[2][2] == 1 and (rows[2][0] or rows[2][1]):
        rows = list(zip(*rows, strict=True))
    (fx, skew, cx), (other, fy, cy), last = rows
    if other != 0 or abs(skew) > 1e-3 * abs(fx) or tuple(last) != (0, 0, 1):
        raise NoCamera(
            "This is no camera matrix: fx, 0, cx; 0, fy, cy; 0, 0, 1 is what one looks like. "
            "Skewed or rotated ones cannot be used."
        )
    return fx, fy, cx, cy


def _number(value: object) -> float:
    try:
        number = float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else math.nan
    except (ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise NoCamera(f"{str(value)[:40]!r} is no number a camera can have.")
    return number


def _size_of(width: object, height: object) -> Size:
    return Size(int(_number(width)), int(_number(height)))
