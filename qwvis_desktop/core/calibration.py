"""Where a picture's camera is known from: a calibration file, EXIF, or boxes known in space and on the picture.

What is read holds for the upright original. A file that says for which size it was made is scaled to the picture's, as
long as the sides are in the same proportion; one that does not say is taken as it is.

Error tree: ``CalibrationError`` (a ``ValueError``); its text is a sentence or two for people.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qwvis_desktop.core.camera import HALF_TURNS_XYZ, AngleConvention, BoxInSpace, CameraIntrinsics, projected_bounds
from qwvis_desktop.core.camera_files import KNOWN, CameraEntry, NoCamera, find_camera
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.media import pdf
from qwvis_desktop.core.media.image import ImageMedia, reading
from qwvis_desktop.core.media.probe import focal_length_35mm

MAX_BYTES = 64_000_000
"""Larger files are no calibration; those that list the cameras of a whole data set reach some megabytes."""

FILM_DIAGONAL = 43.2666
"""Diagonal of 35 mm film, 36 x 24 mm, in millimetres: what "35 mm equivalent" refers to (CIPA DCG-001)."""

_SAME_RATIO = 0.01
"""Up to this share two pictures count as of the same proportion: sizes are rounded to whole pixels."""

_FAR_OFF = 0.25
"""Share of a side that a principal point may lie off the middle without a word."""

_CUT_OFF = 1.0
"""Pixels from the picture's border within which a side of a box is taken to be cut off there."""


class CalibrationError(ValueError):
    """No camera can be taken from this; the text says why."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """A camera read from a file.

    Attributes:
        camera: in pixels of the picture it was asked for.
        kind: "JSON", "KITTI", "COLMAP" or "OpenCV".
        notes: what was left out or looks odd, a sentence each.
    """

    camera: CameraIntrinsics
    kind: str
    notes: tuple[str, ...] = ()


def read_calibration(source: Path | str, size: Size, name: str = "") -> Calibration:
    """Read a camera.

    Args:
        source: a file, or the text of one.
        size: of the upright original, in pixels.
        name: of the picture; it chooses where a JSON file holds the cameras of several.

    Raises:
        CalibrationError: it cannot be read, is of an unknown shape, holds no usable numbers, or was made for a picture
            of other proportions.
    """
    text = source if isinstance(source, str) else _text_of(source)
    try:
        kind, found = find_camera(text, size, name)
    except NoCamera as error:
        raise CalibrationError(str(error)) from error
    return Calibration(_fitted_to(found, size), kind, (*found.notes, *_oddities(found, size)))


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CalibrationError(f'"{path.name}" is too large for a calibration file. Choose another.')
        return path.read_text(encoding="utf-8-sig", errors="strict")
    except UnicodeDecodeError as error:
        raise CalibrationError(f'"{path.name}" is no text, and so no calibration file. {KNOWN}') from error
    except OSError as error:
        raise CalibrationError(f'"{path.name}" cannot be read: {error.strerror}.') from error


def _fitted_to(found: CameraEntry, size: Size) -> CameraIntrinsics:
    try:
        camera = CameraIntrinsics(*found.numbers)
    except ValueError as error:
        raise CalibrationError(f"The camera in this file cannot be used: {error}.") from error
    own = found.size
    if own is None or own == size:
        return camera
    if min(own) <= 0 or abs(own.width * size.height / (own.height * size.width) - 1) > _SAME_RATIO:
        raise CalibrationError(
            f"This calibration was made for a picture of {own.width}x{own.height} pixels, and this one has "
            f"{size.width}x{size.height}, which is another shape. Choose the file of this picture."
        )
    return camera.resized(own, size)


def _oddities(found: CameraEntry, size: Size) -> Iterator[str]:
    own = found.size
    if own is not None and own != size:
        yield f"It was made for {own.width}x{own.height} pixels and was scaled to {size.width}x{size.height}."
    elif own is None:
        _, _, cx, cy = found.numbers
        if abs(cx / size.width - 0.5) > _FAR_OFF or abs(cy / size.height - 0.5) > _FAR_OFF:
            yield (
                f"Its middle ({cx:.0f}, {cy:.0f}) lies far off the middle of this picture, which has "
                f"{size.width}x{size.height} pixels: it may belong to another one."
            )


def camera_from_exif(media: ImageMedia) -> CameraIntrinsics | None:
    """Return an estimate of the camera from the focal length "in 35 mm film" that the picture's EXIF tells.

    Pixels are taken to be square, the lens to look at the middle, and the picture not to be cropped since. It follows
    the orientation: the diagonal is the same whichever way up.

    Returns:
        None where EXIF tells no focal length.

    Raises:
        MediaError: the picture cannot be read any more.
    """
    if media.mime == pdf.MIME:
        return None
    with reading(media.name), media.open() as file:
        millimetres = focal_length_35mm(file)
    if millimetres is None:
        return None
    focal = millimetres / FILM_DIAGONAL * math.hypot(*media.size)
    return CameraIntrinsics(focal, focal, media.size.width / 2, media.size.height / 2)


@dataclass(frozen=True, slots=True)
class Fit:
    """A camera found from boxes known in space and on the picture.

    Attributes:
        camera: square pixels, looking at the middle of the picture.
        residual: how far the sides are off, in pixels: root of the mean square.
        per_pair: the same for each pair; None for one of which no side could be used.
        sides: how many sides were used.
    """

    camera: CameraIntrinsics
    residual: float
    per_pair: tuple[float | None, ...]
    sides: int


def fit_camera(
    pairs: Sequence[tuple[BoxInSpace, Box]], size: Size, convention: AngleConvention = HALF_TURNS_XYZ
) -> Fit:
    """Return the one focal length with which boxes in space best fill their boxes on the picture.

    Each side of a projected box is its place for a focal length of 1, times the focal length, off the middle: the least
    squares have a closed form. Sides that lie on the picture's border are left out: there the object is cut off.

    Args:
        pairs: a box in space and the box of the same object in pixels.
        size: of the upright original.
        convention: what the angles mean.

    Raises:
        CalibrationError: no side can be used, or no focal length fits.
    """
    sides = [list(_sides(cuboid, box, size, convention)) for cuboid, box in pairs]
    used = [side for of_pair in sides for side in of_pair]
    weight = sum(unit * unit for unit, _ in used)
    if not used or weight < 1e-12:
        raise CalibrationError(
            "No box can be used to find the camera. It takes an object with both a box in space before the camera and "
            "a box on the picture that is not cut off by its border."
        )
    focal = sum(unit * seen for unit, seen in used) / weight
    if not 0 < focal < math.inf:
        raise CalibrationError(
            "No focal length fits these boxes: those on the picture lie on the other side of its middle. "
            "Look whether they are of the same objects."
        )
    camera = CameraIntrinsics(focal, focal, size.width / 2, size.height / 2)
    per_pair = tuple(_root_mean_square(of_pair, focal) if of_pair else None for of_pair in sides)
    return Fit(camera, _root_mean_square(used, focal), per_pair, len(used))


def _sides(cuboid: BoxInSpace, box: Box, size: Size, convention: AngleConvention) -> Iterator[tuple[float, float]]:
    """Yield for each usable side where a focal length of 1 shows it, and how many pixels off the middle it is."""
    unit = projected_bounds(cuboid, CameraIntrinsics(1.0, 1.0, 0.0, 0.0), convention)
    if unit is None:
        return
    for low, high, unit_low, unit_high, length in (
        (box.left, box.right, unit.left, unit.right, size.width),
        (box.top, box.bottom, unit.top, unit.bottom, size.height),
    ):
        if low > _CUT_OFF:
            yield unit_low, low - length / 2
        if high < length - _CUT_OFF:
            yield unit_high, high - length / 2


def _root_mean_square(sides: Sequence[tuple[float, float]], focal: float) -> float:
    return math.sqrt(sum((unit * focal - seen) ** 2 for unit, seen in sides) / len(sides))
