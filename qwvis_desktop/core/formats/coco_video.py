"""COCO JSON for films, as TAO has it: films, their frames, tracks, and a box for each track in each frame.

Every table is COCO's own with ``video_id`` beside, so that readers of COCO take the frames for pictures. Frames are
counted from 0, as ``core.film_labels`` says, and tell their time in seconds. Only boxes that are known are written,
none that would be worked out; ``goes_on`` says whether the place is to be worked out up to the track's next box.

Read are such files, those of TAO, BDD100K and MMTracking (``frame_id``, ``instance_id``), and YouTube-VIS with boxes
for each frame. Where ``goes_on`` is missing, an object is not there between two boxes if a frame of ``images`` lies
between.

Source: github.com/TAO-Dataset/tao, "annotation format"; youtube-vos.org/dataset/vis; mmtracking's CocoVID.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

from qwvis_desktop.core import film_labels
from qwvis_desktop.core.annotation import Detection, JsonValue
from qwvis_desktop.core.annotation_json import json_text
from qwvis_desktop.core.dataset import (
    Dataset,
    FilmLabels,
    Holds,
    LabelledPicture,
    PictureLabels,
    known_film,
    only_of_films,
)
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Point, Polygon, Size
from qwvis_desktop.core.label_file import (
    LabelFileError,
    Labels,
    Losses,
    json_object,
    number,
    numbers,
    read_each,
    sentences,
    whole,
    words,
)
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.core.plane.outlines import UNNAMED, box_of, label_of
from qwvis_desktop.core.tracks import ENDS, SAME_MOMENT, identity_of, tracks

_HOLDS = Holds(kinds=frozenset({"detection"}), scores=True, outlines=True, attributes=True)


@dataclass(frozen=True, slots=True)
class _Tables:
    """The tables as they grow."""

    videos: list[JsonValue] = field(default_factory=list)
    images: list[JsonValue] = field(default_factory=list)
    tracks: list[JsonValue] = field(default_factory=list)
    annotations: list[JsonValue] = field(default_factory=list)
    categories: dict[str, int] = field(default_factory=dict)
    numbers: set[int] = field(default_factory=set)

    def add(self, film: LabelledPicture) -> None:
        """Add a film."""
        media, video = film_labels.film_of(film.document), len(self.videos) + 1
        self.videos.append(_video(video, film, media))
        frames, found = film_labels.FrameNumbers.of(media), tracks(film.document.annotations.values())
        images: dict[int, tuple[int, float | None]] = {}
        for wanted, track in zip(film_labels.track_numbers(found), found, strict=True):
            category = self.categories.setdefault(track.label or UNNAMED, len(self.categories) + 1)
            place = self._free(wanted)
            self.tracks.append({"id": place, "category_id": category, "video_id": video, "name": track.name})
            for key in film_labels.keys_of(track, film.document, frames):
                time = key.detection.time
                if key.frame not in images:
                    images[key.frame] = len(self.images) + 1, time
                    self.images.append(_image(images[key.frame][0], key, film, {"video_id": video}))
                image, image_time = images[key.frame]
                known: dict[str, JsonValue] = {"video_id": video, "track_id": place, "category_id": category}
                self.annotations.append(_box(len(self.annotations) + 1, image, key, known))
                if time != image_time:
                    self.annotations[-1] = {**self._last(), "time": time}

    def _last(self) -> dict[str, JsonValue]:
        last = self.annotations[-1]
        assert isinstance(last, dict)  # as it was made
        return last

    def _free(self, wanted: int) -> int:
        """Return a number that no other track of the file has, ``wanted`` where it is free."""
        found = wanted if wanted not in self.numbers else max(self.numbers) + 1
        self.numbers.add(found)
        return found


def dump(dataset: Dataset) -> bytes:
    """Return the films with their tracks, UTF-8."""
    tables = _Tables()
    for film in dataset:
        tables.add(film)
    value: dict[str, JsonValue] = {
        "info": {"description": "Written by QwVis Desktop"},
        "videos": tables.videos,
        "images": tables.images,
        "categories": [{"id": number, "name": name} for name, number in tables.categories.items()],
        "tracks": tables.tracks,
        "annotations": tables.annotations,
    }
    return (json_text(value, indent=1) + "\n").encode()


def _video(number: int, film: LabelledPicture, media: VideoMedia) -> JsonValue:
    return {
        "id": number,
        "name": film.name,
        "width": media.size.width,
        "height": media.size.height,
        "fps": media.rate,
        "length": media.frames,
        "duration": media.duration,
    }


def _image(number: int, key: film_labels.Key, film: LabelledPicture, known: Mapping[str, JsonValue]) -> JsonValue:
    size = film.document.size
    return {
        "id": number,
        **known,
        "frame_index": key.frame - 1,
        "time": key.detection.time,
        "file_name": f"{film.stem}/{key.frame:06}.jpg",
        "width": size.width,
        "height": size.height,
    }


def _box(number: int, image: int, key: film_labels.Key, known: Mapping[str, JsonValue]) -> JsonValue:
    detection = key.detection
    box, outline = detection.box, detection.outline
    written: dict[str, JsonValue] = {
        "id": number,
        "image_id": image,
        **known,
        "bbox": [box.left, box.top, box.width, box.height],
        "area": outline.area if outline else box.area,
        "iscrowd": 0,
        "goes_on": key.goes_on,
        "attributes": {name: value for name, value in detection.attributes.items() if name != ENDS},
    }
    if outline is not None:
        written["segmentation"] = [[value for point in outline.points for value in point]]
    return written if detection.score is None else {**written, "score": detection.score}


def losses(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    return (*_HOLDS.losses(document), *film_labels.timeless(document))


def is_coco_video(text: str) -> bool:
    """Say whether ``text`` looks like COCO JSON of films, without reading it all."""
    is_object = text.lstrip("\ufeff \t\r\n").startswith("{")
    return is_object and all(f'"{key}"' in text for key in ("videos", "annotations", "categories", "video_id"))


def pictures(text: str) -> tuple[PictureLabels, ...]:
    """Return the films of a file with what is said of each.

    Raises:
        LabelFileError: it is none, or damaged.
    """
    value = json_object(text.lstrip("\ufeff"), "COCO")
    try:
        names = {entry["id"]: words(entry["name"], "name") for entry in value["categories"]}
        images = {image["id"]: image for image in value.get("images") or ()}
        of: dict[Any, list[Any]] = {video["id"]: [] for video in value["videos"]}
        frames: dict[Any, list[Any]] = {key: [] for key in of}
        for image in images.values():
            frames.get(image.get("video_id"), []).append(image)
        for entry in value["annotations"]:
            image = images.get(entry.get("image_id"), {})
            of.get(entry.get("video_id", image.get("video_id")), []).append(entry)
        return tuple(_film(video, of[video["id"]], frames[video["id"]], names) for video in value["videos"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise LabelFileError(f"This COCO file is damaged: {error!r}. Save it again, or copy it whole.") from error


def _film(video: Mapping[str, Any], entries: list[Any], images: list[Any], names: Mapping[Any, str]) -> PictureLabels:
    listed = video.get("file_names")
    first = words(listed[0], "file_names").rpartition("/")[0] if isinstance(listed, list) and listed else ""
    name = words(video.get("name") or video.get("file_name") or first or str(video["id"]), "name")
    told = video if video.get("width") else images[0] if images else {}
    size = Size(whole(told["width"], "width"), whole(told["height"], "height")) if told.get("width") else None
    known = None
    if size is not None and video.get("fps") and video.get("length"):
        rate, count = number(video["fps"], "fps"), whole(video["length"], "length")
        known = known_film(name, size, rate=rate, frames=count, duration=number(video.get("duration") or 0, "duration"))
    return PictureLabels(name, size, only_of_films, FilmLabels(partial(_labels, entries, images, names), known))


class _Read(NamedTuple):
    """A box that was read, the track that it is of, and whether it goes on; None for what is not said."""

    detection: Detection
    track: object
    goes_on: bool | None


def _labels(entries: list[Any], images: list[Any], names: Mapping[Any, str], film: VideoMedia) -> Labels:
    frames = film_labels.FrameNumbers.of(film)
    of = {image["id"]: image for image in images}
    read: dict[str, _Read] = {}

    def take(entry: Mapping[str, Any]) -> Detection:
        found = _read(entry, of, names, frames)
        read[found.detection.id] = found
        return found.detection

    each = [single for entry in entries for single in _in_each_frame(entry)]
    _, left_out = read_each(each, take)
    seen = sorted({time for image in images if (time := _time(image, frames)) is not None})
    by_track: dict[object, list[_Read]] = {}
    for found in read.values():
        by_track.setdefault(found.track, []).append(found)
    loose = [found.detection for found in by_track.pop(None, ())]
    followed = [list(film_labels.with_ends(_followed(track, seen))) for track in by_track.values()]
    masks = sum(isinstance(entry, dict) and _has_mask(entry) for entry in entries)
    lost = (masks, "the mask of 1 object (its box is kept)", "the masks of {} objects (their boxes are kept)")
    return Labels((*film_labels.told_apart(followed), *loose), None, (*left_out, *sentences((lost,))))


def _has_mask(entry: Mapping[str, Any]) -> bool:
    shape = entry.get("segmentation") or entry.get("segmentations")
    parts = shape if isinstance(shape, list) else [shape]
    return any(isinstance(part, dict) for part in parts) or (len(parts) > 1 and "segmentation" in entry)


def _in_each_frame(entry: Any) -> Iterator[Any]:  # noqa: ANN401 - JSON, checked where it is read
    """Yield an entry as it is; one of YouTube-VIS, which has a box for each frame, as one for each box."""
    boxes = entry.get("bboxes") if isinstance(entry, dict) else None
    if not isinstance(boxes, list):
        yield entry
        return
    for place, box in enumerate(boxes):
        if box:
            yield {**entry, "bboxes": None, "bbox": box, "frame_index": place, "track_id": entry.get("id")}


def _followed(track: Iterable[_Read], seen: list[float]) -> Iterator[film_labels.ReadKey]:
    ordered = sorted(track, key=lambda found: found.detection.time or 0.0)
    for found, after in pairwise([*ordered, None]):
        if found is not None:
            yield film_labels.ReadKey(found.detection, _goes_on(found, after, seen))


def _goes_on(found: _Read, after: _Read | None, seen: list[float]) -> bool:
    if after is None or found.goes_on is not None:
        return bool(found.goes_on)
    place = bisect_right(seen, (found.detection.time or 0.0) + SAME_MOMENT)
    return place >= len(seen) or seen[place] >= (after.detection.time or 0.0) - SAME_MOMENT


def _time(image: Mapping[str, Any], frames: film_labels.FrameNumbers) -> float | None:
    """Return the time that a picture, or a box, tells in seconds or as a frame; None where it tells none."""
    if isinstance(image.get("time"), int | float):
        return max(0.0, number(image["time"], "time"))
    place = image.get("frame_index", image.get("frame_id"))
    return None if place is None else frames.time(int(number(place, "frame")) + 1)


def _read(
    entry: Mapping[str, Any], images: Mapping[Any, Any], names: Mapping[Any, str], frames: film_labels.FrameNumbers
) -> _Read:
    own = _time(entry, frames)
    time = own if own is not None else _time(images[entry["image_id"]], frames)
    if time is None:
        raise ValueError("its picture does not say which frame it is")
    category, score, attributes = entry["category_id"], entry.get("score"), entry.get("attributes")
    left, top, width, height = numbers(entry["bbox"], 4, "bbox")
    track = entry.get("track_id", entry.get("instance_id"))
    detection = Detection(
        label=label_of(names.get(category, str(category))),
        box=box_of(left, top, left + width, top + height),
        time=time,
        score=None if score is None else number(score, "score"),
        attributes=dict(attributes) if isinstance(attributes, dict) else {},
    )
    outline = entry.get("segmentation")
    if isinstance(outline, list) and len(outline) == 1 and isinstance(outline[0], list) and len(outline[0]) >= 6:
        sides = numbers(outline[0], len(outline[0]) // 2 * 2, "segmentation")
        detection = replace(detection, outline=Polygon(tuple(map(Point, sides[::2], sides[1::2]))))
    if track is not None and not isinstance(attributes, dict) and not identity_of(detection):
        detection = film_labels.with_attributes(detection, {film_labels.TRACK_ID: track})
    goes_on = entry.get("goes_on")
    return _Read(detection, track, goes_on if isinstance(goes_on, bool) else None)
