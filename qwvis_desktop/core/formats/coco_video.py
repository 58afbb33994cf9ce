"""COCO JSON for films, as TAO has it: films, their frames, tracks, and a box for each track in each frame.

Every table is COCO's own with ``video_id`` beside, so that readers of COCO take the frames for pictures. Frames are
counted from 0 by the film's average rate and tell their time in seconds. Only boxes that are known are written, none
that would be worked out. Source: github.com/TAO-Dataset/tao, "annotation format".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from qwvis_desktop.core.annotation import Detection, JsonValue
from qwvis_desktop.core.annotation_json import json_text
from qwvis_desktop.core.dataset import Dataset, Holds, LabelledPicture
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.film_labels import film_of, frame_number, timeless
from qwvis_desktop.core.label_file import Losses
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.core.plane.outlines import UNNAMED
from qwvis_desktop.core.tracks import tracks

_HOLDS = Holds(kinds=frozenset({"detection"}), scores=True)


@dataclass(frozen=True, slots=True)
class _Tables:
    """The tables as they grow."""

    videos: list[JsonValue] = field(default_factory=list)
    images: list[JsonValue] = field(default_factory=list)
    tracks: list[JsonValue] = field(default_factory=list)
    annotations: list[JsonValue] = field(default_factory=list)
    categories: dict[str, int] = field(default_factory=dict)

    def add(self, film: LabelledPicture) -> None:
        """Add a film."""
        media, video = film_of(film.document), len(self.videos) + 1
        self.videos.append(_video(video, film, media))
        images: dict[int, int] = {}
        for track in tracks(film.document.annotations.values()):
            category = self.categories.setdefault(track.label or UNNAMED, len(self.categories) + 1)
            number = len(self.tracks) + 1
            self.tracks.append({"id": number, "category_id": category, "video_id": video, "name": track.name})
            for key in track.keys:
                place = frame_number(media, key.time or 0.0) - 1
                if place not in images:
                    images[place] = len(self.images) + 1
                    self.images.append(_image(images[place], place, key, film, {"video_id": video}))
                known: dict[str, JsonValue] = {"video_id": video, "track_id": number, "category_id": category}
                self.annotations.append(_box(len(self.annotations) + 1, images[place], key, known))


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


def _image(number: int, place: int, key: Detection, film: LabelledPicture, known: Mapping[str, JsonValue]) -> JsonValue:
    size = film.document.size
    return {
        "id": number,
        **known,
        "frame_index": place,
        "time": key.time,
        "file_name": f"{film.stem}/{place + 1:06}.jpg",
        "width": size.width,
        "height": size.height,
    }


def _box(number: int, image: int, key: Detection, known: Mapping[str, JsonValue]) -> JsonValue:
    box = key.box
    written: dict[str, JsonValue] = {
        "id": number,
        "image_id": image,
        **known,
        "bbox": [box.left, box.top, box.width, box.height],
        "area": box.area,
        "iscrowd": 0,
    }
    return written if key.score is None else {**written, "score": key.score}


def losses(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    return (*_HOLDS.losses(document), *timeless(document))
