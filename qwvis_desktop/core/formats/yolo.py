"""YOLO: a folder with ``data.yaml``, ``labels/`` and, where they are copied, ``images/``; a line for each object.

Three kinds of lines, as Ultralytics reads them, all numbers parts of the upright picture's width and height, the class
counted from 0: a box by its middle and size (detect), four corners of a turned box (OBB), an outline (segment). What
reaches beyond the picture is cut at its border, because readers drop the whole picture otherwise. Names of classes are
in ``data.yaml``, and one a line in ``classes.txt``, which older programs read.

``data.yaml`` names no path: readers then take its own folder.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import partial

from qwvis_desktop.core.annotation import Annotation, Detection, bounds_of
from qwvis_desktop.core.dataset import AREAS, Dataset, Holds, LabelledPicture, OutFile, PictureLabels, categories_of
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Point, Size
from qwvis_desktop.core.label_file import LabelFileError, Labels, Losses, number, read_each, sentences
from qwvis_desktop.core.plane.outlines import (
    box_of,
    category_of,
    crosses_itself,
    detection_of,
    label_of,
    rectangle_of,
    ring_of,
)

_MOST_NAMES = 1_000_000
"""Characters of a ``data.yaml``."""


class Form(StrEnum):
    """What a line says of an object."""

    DETECT = "detect"
    OBB = "obb"
    SEGMENT = "segment"


_HOLD = {
    Form.DETECT: Holds(kinds=AREAS),
    Form.OBB: Holds(kinds=AREAS, turned=True),
    Form.SEGMENT: Holds(kinds=AREAS, outlines=True),
}


def dump(form: Form, dataset: Dataset) -> Iterator[OutFile]:
    """Give the files of a data set: its description, the names of the classes, the labels of each picture."""
    names = categories_of(dataset, AREAS)
    lines = ["train: images", "val: images", f"nc: {len(names)}", "names:" if names else "names: {}"]
    # A JSON text is a YAML text as well; what YAML cannot hold (half characters) is replaced.
    lines += [f"  {place}: {json.dumps(_plain(name), ensure_ascii=False)}" for name, place in names.items()]
    yield OutFile("data.yaml", "".join(f"{line}\n" for line in lines).encode())
    yield OutFile("classes.txt", "".join(f"{_one_line(name)}\n" for name in names).encode())
    for picture in dataset:
        yield OutFile(f"labels/{picture.stem}.txt", _labels_of(picture, form, names))


_NOT_YAML = re.compile("[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""What a quoted text of one line cannot hold: control characters, ends of lines, half characters."""


def _plain(name: str) -> str:
    return _NOT_YAML.sub("\ufffd", name)


def _one_line(name: str) -> str:
    return " ".join(_plain(name).split())


def _labels_of(picture: LabelledPicture, form: Form, names: Mapping[str, int]) -> bytes:
    size = picture.document.size
    lines = [
        " ".join((str(names[category_of(annotation)]), *map(_written, _numbers(annotation, form, size))))
        for annotation in picture.document.annotations.values()
        if annotation.kind in AREAS and bounds_of(annotation) is not None
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def _written(value: float) -> str:
    """Return a part of a side, which is told apart to a billionth: less than a thousandth of a pixel, always."""
    return f"{value:.9f}".rstrip("0").rstrip(".") or "0"


def _numbers(annotation: Annotation, form: Form, size: Size) -> Iterator[float]:
    if form is Form.DETECT:
        box = bounds_of(annotation)
        assert box is not None
        left, right = _within(box.left / size.width), _within(box.right / size.width)
        top, bottom = _within(box.top / size.height), _within(box.bottom / size.height)
        yield from ((left + right) / 2, (top + bottom) / 2, right - left, bottom - top)
        return
    points = ring_of(annotation)
    for x, y in rectangle_of(points).corners if form is Form.OBB else points:
        yield _within(x / size.width)
        yield _within(y / size.height)


def _within(part: float) -> float:
    return min(max(part, 0.0), 1.0)


def losses(form: Form, document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    held = [annotation for annotation in document.annotations.values() if annotation.kind in AREAS]
    width, height = document.size
    over = sum(
        (box := bounds_of(annotation)) is not None
        and (box.left < 0 or box.top < 0 or box.right > width or box.bottom > height)
        for annotation in held
    )
    return (
        *_HOLD[form].losses(document),
        (over, "what reaches beyond the picture of 1 object", "what reaches beyond the picture of {} objects"),
    )


def is_labels(text: str) -> bool:
    """Say whether the first line of ``text`` is a class and the numbers of an object."""
    first = next((line.split() for line in text.lstrip("\ufeff").split("\n") if line.strip()), [])
    if len(first) < 5 or not first[0].isdecimal():
        return False
    try:
        return all(-1 <= float(value) <= 2 for value in first[1:])
    except ValueError:
        return False


def is_description(text: str) -> bool:
    """Say whether ``text`` looks like the ``data.yaml`` of a data set."""
    if len(text) > _MOST_NAMES:
        return False
    keys = {line.partition(":")[0] for line in text.lstrip("\ufeff").split("\n") if ":" in line}
    return "names" in keys and bool(keys & {"train", "val", "test", "nc", "path"})


def names_in(description: str) -> dict[int, str]:
    """Return the names of the classes that a ``data.yaml`` tells.

    Raises:
        LabelFileError: it is none, or tells none.
    """
    import yaml  # takes longer to load than this module

    try:
        value = yaml.safe_load(description[:_MOST_NAMES])
        names = value["names"]
        pairs = names.items() if isinstance(names, dict) else enumerate(names)
        return {int(place): str(name) for place, name in pairs}
    except (yaml.YAMLError, AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise LabelFileError(f"The names of the classes in this data.yaml cannot be read: {error}.") from error


def names_in_lines(text: str) -> dict[int, str]:
    """Return the names of the classes in a ``classes.txt``."""
    return dict(enumerate(text.lstrip("\ufeff").rstrip("\n").split("\n")))


def pose_in(description: str) -> int:
    """Return how many numbers the points of an object take, as a ``data.yaml`` tells; 0 where it tells none."""
    found = _SHAPE.search(description[:_MOST_NAMES])
    return int(found[1]) * int(found[2]) if found is not None else 0


_SHAPE = re.compile(r"^kpt_shape:\s*(?:\[\s*|-\s*)(\d{1,4})\s*(?:,|-)?\s*(\d)", re.MULTILINE)


def pictures(
    files: Mapping[str, Callable[[], str]], names: Mapping[int, str], pose: int = 0
) -> tuple[PictureLabels, ...]:
    """Return the pictures of a data set with what is said of each, which is read when it is wanted.

    Args:
        files: what reads the labels of a picture, by the picture's name without ending.
        names: of the classes; a class that is not there is called by its number.
        pose: how many numbers the points of an object take behind those of its box; 0 where that is not known.
    """
    return tuple(PictureLabels(name, None, partial(_read_file, text, names, pose)) for name, text in files.items())


def _read_file(text: Callable[[], str], names: Mapping[int, str], pose: int, size: Size) -> Labels:
    lines = [line for line in text().lstrip("\ufeff").split("\n") if line.strip()]
    boxes = [_without_points(line, pose) for line in lines]
    annotations, left_out = read_each(boxes, lambda line: _read(line, names, size))
    posed = sum(box != line for box, line in zip(boxes, lines, strict=True))
    lost = ((posed, "the points of 1 object (its box is kept)", "the points of {} objects (their boxes are kept)"),)
    return Labels(annotations, None, (*left_out, *sentences(lost)))


def _without_points(line: str, pose: int) -> str:
    """Return the box of a line that has the points of an object as well (YOLO pose); any other line as it is."""
    first, *rest = line.split()
    if len(rest) in (_SIDES + pose, _SIDES + pose + 1) if pose else _are_points(rest):
        score = rest[_SIDES + pose :] if pose else rest[_SIDES + (len(rest) - _SIDES) // 3 * 3 :]
        return " ".join((first, *rest[:_SIDES], *score))
    return line


_SIDES = 4
"""Numbers of a box."""

_FEWEST_POINTS, _MOST_POINTS = 3, 200
"""Objects with less points are not told from an outline; whole bodies with hands and faces have 133."""


def _are_points(values: Sequence[str]) -> bool:
    """Say whether numbers are a box and points in it, each with how well it is seen, and not an outline."""
    try:
        x, y, across, down, *rest = map(float, values)
    except ValueError:
        return False
    points = list(zip(rest[::3], rest[1::3], rest[2::3], strict=False))
    if len(rest) % 3 == 2 or not _FEWEST_POINTS <= len(points) <= _MOST_POINTS:
        return False
    if all(seen in (0, 1, 2) for _, _, seen in points):
        return True
    are_within = all(
        (not px and not py) or (abs(px - x) <= across * _ABOUT and abs(py - y) <= down * _ABOUT) for px, py, _ in points
    )
    # So are those of most outlines, where the picture's diagonal runs through them; but an outline crosses itself not.
    corners = map(Point, *(list(map(float, values[start::2])) for start in (0, 1)))
    return are_within and crosses_itself(list(corners))


_ABOUT = 0.55
"""How far from the middle of its box a point may lie, in parts of the box: a little beyond its border."""


def _read(line: str, names: Mapping[int, str], size: Size) -> Detection:
    first, *rest = line.split()
    place = int(first)
    parts = [number(float(value), "a number") for value in rest]
    # An odd one at the end is how sure a model was.
    score = parts.pop() if len(parts) % 2 else None
    if len(parts) < 4 or any(not -1 <= part <= 2 for part in parts):
        raise ValueError("a line should be a class and four numbers or more from 0 to 1")
    name = label_of(names.get(place, str(place)))
    if len(parts) == 4:
        x, y, across, down = parts
        left, right = (x - across / 2) * size.width, (x + across / 2) * size.width
        top, bottom = (y - down / 2) * size.height, (y + down / 2) * size.height
        return Detection(label=name, box=box_of(left, top, right, bottom), score=score)
    points = [Point(x * size.width, y * size.height) for x, y in zip(parts[::2], parts[1::2], strict=True)]
    return detection_of(points, name, score=score)
