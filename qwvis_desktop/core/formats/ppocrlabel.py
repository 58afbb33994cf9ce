"""PPOCRLabel: text regions as PaddleOCR's own annotation program keeps them, in the folder with the pictures.

``Label.txt`` has a line for each picture: its folder and name, a tab, and a JSON list of regions with ``transcription``
and ``points`` (four corners from the text's own top left, clockwise, in pixels) and ``difficult``; ``key_cls`` is the
label where the program's mode for keys and values is used. ``fileState.txt`` lists pictures: when the program saves, it
keeps the labels of those alone, so all that have text are in it. ``Cache.cach`` is of the same form as ``Label.txt``.
Source: the program's code (PFCCLab/PPOCRLabel 3: loadLabelFile, loadFilestate, savePPlabel, getImglabelidx).

The export is a folder with ``images``, which is the folder to open; ``--with-pictures`` puts the pictures there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial

from qwvis_desktop.core.annotation import JsonValue, TextRegion
from qwvis_desktop.core.annotation_json import json_text
from qwvis_desktop.core.dataset import Dataset, Holds, LabelledPicture, OutFile, PictureLabels
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Point, Polygon, Size
from qwvis_desktop.core.label_file import LabelFileError, Labels, Losses, number, read_each, words
from qwvis_desktop.core.page_text import texts_in_order
from qwvis_desktop.core.plane.outlines import rectangle_of

_HOLDS = Holds(kinds=frozenset({"text"}), outlines=True, texts=True)

_FOLDER = "images"


def losses(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    return _HOLDS.losses(document)


def dump(dataset: Dataset) -> Iterator[OutFile]:
    """Give ``Label.txt`` and ``fileState.txt``."""
    lines = (f"{_FOLDER}/{picture.copy_name}\t[{', '.join(_regions(picture))}]\n" for picture in dataset)
    yield OutFile(f"{_FOLDER}/Label.txt", "".join(lines).encode())
    kept = (f"{_FOLDER}/{picture.copy_name}\t1\n" for picture in dataset if _texts(picture.document))
    yield OutFile(f"{_FOLDER}/fileState.txt", "".join(kept).encode())


def _texts(document: Document) -> list[TextRegion]:
    return [each for each in texts_in_order(document) if isinstance(each, TextRegion)]


def _regions(picture: LabelledPicture) -> list[str]:
    return [_region(each) for each in _texts(picture.document)]


def _region(region: TextRegion) -> str:
    points = region.polygon.points
    corners = points if len(points) == 4 else rectangle_of(points).corners
    places: list[JsonValue] = [[round(point.x, 2), round(point.y, 2)] for point in corners]
    difficult = "true" if region.attributes.get("difficult") is True else "false"
    label = f', "key_cls": {_quoted(region.label)}' if region.label else ""
    text = _quoted(region.text)
    return f'{{"transcription": {text}, "points": {json_text(places)}, "difficult": {difficult}{label}}}'


_WORDS = {"true": "\\u0074rue", "false": "\\u0066alse", "null": "\\u006eull"}


def _quoted(text: str) -> str:
    """Return a text as a string of JSON that the program's reader leaves as it is.

    That splits lines at tabs, and makes True, False and None of these words in small letters wherever they stand.
    """
    safe = "".join(f"\\u{ord(letter):04x}" if _is_special(letter) else letter for letter in text.replace("\t", " "))
    for word, written in _WORDS.items():
        safe = safe.replace(word, written)
    return f'"{safe}"'


def _is_special(letter: str) -> bool:
    return letter in '"\\' or letter < " " or letter in "\x7f\x85\u2028\u2029" or "\ud800" <= letter <= "\udfff"


def is_labels(text: str) -> bool:
    """Say whether the first line of ``text`` is one of PPOCRLabel."""
    first = next((line for line in text.lstrip("\ufeff").split("\n") if line.strip()), "")
    name, tab, value = first.partition("\t")
    return (
        bool(name and tab) and value.lstrip().startswith("[") and ('"transcription"' in value or value.strip() == "[]")
    )


def pictures(text: str) -> tuple[PictureLabels, ...]:
    """Return the pictures of a ``Label.txt`` with what is said of each.

    Raises:
        LabelFileError: it is none.
    """
    if not is_labels(text):
        raise LabelFileError("This is no file of PPOCRLabel: its lines are not a picture, a tab and a list of regions.")
    found = []
    for line in text.lstrip("\ufeff").split("\n"):
        name, tab, value = line.rstrip("\r").partition("\t")
        if name.strip() and tab:
            found.append(PictureLabels(name, None, partial(_labels, value)))
    return tuple(found)


def _labels(value: str, _: Size) -> Labels:
    try:
        regions = json.loads(value or "[]")
    except (ValueError, RecursionError) as error:
        raise LabelFileError(f"A line of this file is damaged: it is not JSON ({error}). Save it again.") from error
    if not isinstance(regions, list):
        raise LabelFileError("A line of this file is damaged: it holds no list of regions. Save it again.")
    annotations, left_out = read_each(regions, _read)
    return Labels(annotations, None, left_out)


def _read(value: object) -> TextRegion:
    if not isinstance(value, dict):
        raise TypeError("a region should be an object")
    points = value["points"]
    if not isinstance(points, list) or len(points) < 3:
        raise ValueError("points should be three or more")
    corners = []
    for pair in points:
        if not isinstance(pair, list) or len(pair) != 2:
            raise ValueError("points should be pairs of numbers")
        corners.append(Point(number(pair[0], "points"), number(pair[1], "points")))
    outline = Polygon(tuple(corners))
    if outline.bounds.width <= 0 or outline.bounds.height <= 0:
        raise ValueError("the region has no area")
    label = value.get("key_cls", "")
    return TextRegion(
        label="" if label in ("None", None) else words(label, "key_cls"),
        text=words(value["transcription"], "transcription"),
        polygon=outline,
        attributes={"difficult": True} if value.get("difficult") is True else {},
    )
