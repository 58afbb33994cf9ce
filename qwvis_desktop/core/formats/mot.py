"""MOT Challenge: the boxes of a film as text, a line each, in a folder for each film with what the film is.

``gt/gt.txt`` holds frame, track, left, top, width, height, confidence, class, visibility; ``gt/labels.txt`` the names
of the classes, a line each, as CVAT reads them; ``seqinfo.ini`` rate, length and size. Frames, tracks and classes are
counted from 1, frames as ``core.film_labels`` says; pixels from 0, as CVAT and TrackEval do. Only boxes that are known
are written, none that would be worked out; a tenth number, which readers pass over, is 1 where the place is to be
worked out up to the track's next box, and 0 where it is not. A whole 1 as confidence stands for none, and 0 for a box
that evaluations pass over (attribute ``ignored``); a score always has a point.

Read are such folders, files of others with or without names of classes, and the results of trackers and detectors.
Where the tenth number is missing, an object is nowhere but on the frames that have its box.

Source: motchallenge.net/instructions; the names of classes without ``labels.txt`` are those of MOT16 and MOT17
(arXiv:1603.00831, table 3).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from configparser import ConfigParser
from configparser import Error as ConfigError
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from qwvis_desktop.core import film_labels
from qwvis_desktop.core.annotation import Detection, JsonValue
from qwvis_desktop.core.dataset import (
    Dataset,
    FilmLabels,
    Holds,
    LabelledPicture,
    OutFile,
    PictureLabels,
    known_film,
    only_of_films,
)
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.label_file import LabelFileError, Labels, Losses, number, read_each
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.core.plane.outlines import UNNAMED, box_of, label_of
from qwvis_desktop.core.tracks import tracks

IGNORED, VISIBILITY, CONFIDENCE = "ignored", "visibility", "confidence"
"""Attributes: that evaluations pass over the box; which share of the object can be seen, from 0 to 1; what a detector
gave as its confidence that is no share."""

_HOLDS = Holds(kinds=frozenset({"detection"}), scores=True, attributes=True)

_LINE = re.compile(r"\s*\d+(\.0*)?(\s*,\s*-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?){5,9}\s*,?\s*", re.IGNORECASE)
_LOOKED_AT = 20_000
"""Characters of a text that are looked at to see what it is."""

_CLASSES = (
    *("pedestrian", "person on vehicle", "car", "bicycle", "motorbike", "non motorized vehicle", "static person"),
    *("distractor", "occluder", "occluder on the ground", "occluder full", "reflection", "crowd"),
)


def dump(dataset: Dataset) -> Iterator[OutFile]:
    """Give the files of each film, in a folder of its name."""
    for film in dataset:
        media = film_labels.film_of(film.document)
        boxes, names = _boxes(film.document, media)
        yield OutFile(f"{film.stem}/gt/gt.txt", boxes.encode())
        yield OutFile(f"{film.stem}/gt/labels.txt", "".join(f"{name}\n" for name in names).encode())
        yield OutFile(f"{film.stem}/seqinfo.ini", _information(film, media).encode())


def _boxes(document: Document, media: VideoMedia) -> tuple[str, list[str]]:
    """Return the lines in the order of frames and tracks, and the names of the classes."""
    names: dict[str, int] = {}
    lines: list[tuple[int, int, str]] = []
    frames, found = film_labels.FrameNumbers.of(media), tracks(document.annotations.values())
    for track_id, track in zip(film_labels.track_numbers(found), found, strict=True):
        category = names.setdefault(" ".join(track.label.split()) or UNNAMED, len(names) + 1)
        lines += [
            (key.frame, track_id, _line(key, track_id, category))
            for key in film_labels.keys_of(track, document, frames)
        ]
    return "".join(line for *_, line in sorted(lines)), list(names)


def _line(key: film_labels.Key, track_id: int, category: int) -> str:
    attributes = key.detection.attributes
    seen = attributes.get(VISIBILITY, 1)
    visibility = f"{seen:g}" if isinstance(seen, int | float) else "1"
    head, tail = f"{key.frame},{track_id},{_box(key.detection)}", f"{category},{visibility},{int(key.goes_on)}\n"
    return f"{head},{_confidence(key.detection)},{tail}"


def _box(key: Detection) -> str:
    sides = (key.box.left, key.box.top, key.box.width, key.box.height)
    return ",".join(f"{side:.6f}".rstrip("0").rstrip(".") for side in sides)


def _confidence(key: Detection) -> str:
    return repr(float(key.score)) if key.score is not None else "0" if key.attributes.get(IGNORED) else "1"


def _information(film: LabelledPicture, media: VideoMedia) -> str:
    return (
        f"[Sequence]\nname={film.stem}\nimDir=img1\nframeRate={media.rate:g}\nseqLength={media.frames}\n"
        f"imWidth={media.size.width}\nimHeight={media.size.height}\nimExt=.jpg\n"
    )


def losses(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    held = film_labels.unheld_attributes(document, (IGNORED, VISIBILITY))
    return (*_HOLDS.losses(document), *held, *film_labels.timeless(document))


def is_boxes(text: str) -> bool:
    """Say whether the first lines of ``text`` are boxes of tracks."""
    lines = [line for line in text.lstrip("\ufeff")[:_LOOKED_AT].splitlines() if line.strip()][:3]
    return bool(lines) and all(map(_LINE.fullmatch, lines))


def is_information(text: str) -> bool:
    """Say whether ``text`` is a ``seqinfo.ini``."""
    return text.lstrip("\ufeff \t\r\n").startswith("[Sequence]")


def is_mot(text: str) -> bool:
    """Say whether ``text`` is either of them."""
    return is_boxes(text) or is_information(text)


def film(boxes: str, information: str | None, names: str | None, *, called: str) -> PictureLabels:
    """Return what is said of a film.

    Args:
        boxes: the lines of ``gt.txt``, ``det.txt`` or of results.
        information: the text of ``seqinfo.ini``; None where there is none.
        names: those of the classes, a line each; None where there are none.
        called: what the film is called where nothing says it.

    Raises:
        LabelFileError: these are no boxes, or ``information`` is damaged.
    """
    if not is_boxes(boxes):
        raise LabelFileError("This is no file of MOT Challenge: its lines are not frame, track, box. Choose another.")
    told = {} if information is None else _told(information)
    size = _size(told)
    name = told.get("name", called)
    known = None
    if size is not None and "framerate" in told and "seqlength" in told:
        known = known_film(name, size, rate=_number(told, "framerate"), frames=int(_number(told, "seqlength")))
    classes = tuple(line.strip() for line in names.splitlines()) if names is not None else _CLASSES
    return PictureLabels(name, size, only_of_films, FilmLabels(partial(_labels, boxes, classes), known))


def _told(information: str) -> dict[str, str]:
    read = ConfigParser(interpolation=None, strict=False)
    try:
        read.read_string(information.lstrip("\ufeff"))
        return dict(read["Sequence"])
    except (ConfigError, KeyError) as error:
        raise LabelFileError(
            f"The seqinfo.ini of this film is damaged: {error}. Copy it again, or delete it."
        ) from error


def _number(told: dict[str, str], key: str) -> float:
    try:
        found = number(float(told[key]), key)
    except ValueError as error:
        raise LabelFileError(f'The seqinfo.ini of this film says "{told[key]:.40}" for {key}. Correct it.') from error
    if found < 0.001:
        raise LabelFileError(f"The seqinfo.ini of this film says {told[key]:.40} for {key}. Correct it.")
    return found


def _size(told: dict[str, str]) -> Size | None:
    if "imwidth" not in told or "imheight" not in told:
        return None
    return Size(max(1, int(_number(told, "imwidth"))), max(1, int(_number(told, "imheight"))))


def _labels(boxes: str, classes: Sequence[str], film: VideoMedia) -> Labels:
    frames, of = film_labels.FrameNumbers.of(film), dict[str, _Box]()
    rows = [[each.strip() for each in line.split(",")] for line in boxes.lstrip("\ufeff").splitlines() if line.strip()]

    def read(row: list[str]) -> Detection:
        found = _read(row, classes, frames)
        of[found.detection.id] = found
        return found.detection

    _, left_out = read_each(rows, read)
    by_track: dict[JsonValue, list[_Box]] = {}
    for box in of.values():
        by_track.setdefault(_track(box), []).append(box)
    held = [each for track in by_track.values() for each in film_labels.with_ends(_followed(track))]
    return Labels(tuple(held), None, left_out)


class _Box(NamedTuple):
    """A box that was read, the number of its frame, and the tenth number; None where there is none."""

    detection: Detection
    frame: int
    goes_on: bool | None


def _track(box: _Box) -> str:
    """Return what tells the track of a box apart; one without a track is its own."""
    told = box.detection.attributes.get(film_labels.TRACK_ID)
    return box.detection.id if told is None else f"{told} {box.detection.label}"


def _followed(track: list[_Box]) -> Iterator[film_labels.ReadKey]:
    ordered = sorted(track, key=lambda box: box.frame)
    for box, after in pairwise([*ordered, None]):
        if box is not None:
            is_next = after is not None and after.frame == box.frame + 1
            yield film_labels.ReadKey(box.detection, is_next if box.goes_on is None else box.goes_on)


def _read(row: list[str], classes: Sequence[str], frames: film_labels.FrameNumbers) -> _Box:
    values = row[:-1] if row[-1] == "" else row
    if len(values) < 6:
        raise ValueError("a line should have a frame, a track and four numbers of a box")
    frame, track, left, top, width, height = (number(float(each), "a number") for each in values[:6])
    if width <= 0 or height <= 0:
        raise ValueError("the box has no area")
    category = int(float(values[7])) if len(values) > 7 else -1
    attributes: dict[str, JsonValue] = {} if track < 0 else {film_labels.TRACK_ID: int(track)}
    score = _score(values[6] if len(values) > 6 else "1", attributes)
    goes_on = None
    if category > 0 and len(values) > 8:
        visibility = number(float(values[8]), "visibility")
        if visibility != 1 and 0 <= visibility <= 1:
            attributes[VISIBILITY] = visibility
        goes_on = {"1": True, "0": False}.get(values[9]) if len(values) > 9 else None
    box = box_of(left, top, left + width, top + height)
    return _Box(
        Detection(
            label=_label(category, classes),
            score=score,
            box=box,
            time=frames.time(int(frame)),
            attributes=attributes,
        ),
        int(frame),
        goes_on,
    )


def _score(confidence: str, attributes: dict[str, JsonValue]) -> float | None:
    """Return the score that a confidence is; one that is a flag is none, and 0 or what is no share is noted."""
    value = number(float(confidence), "confidence")
    if "." in confidence and 0 <= value <= 1:
        return value
    if value == 0:
        attributes[IGNORED] = True
    elif value not in (1, -1):
        attributes[CONFIDENCE] = value
    return None


def _label(category: int, classes: Sequence[str]) -> str:
    if category < 1:
        return ""
    return label_of(classes[category - 1]) if category <= len(classes) else str(category)
