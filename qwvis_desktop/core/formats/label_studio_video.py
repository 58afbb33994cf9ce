"""Label Studio's tasks for films: events on a timeline, boxes in time, and the labelling configuration for both.

Frames are counted from 1 by the film's average rate, which the configuration tells too; boxes tell their time in
seconds as well. Places are percentages. Between two boxes of a track Label Studio works out the place, as is done here;
it is told to stop (``enabled``) after a box where the model looked at a frame and found none before the next, and after
the last. Source: labelstud.io/tags/timelinelabels and labelstud.io/tags/videorectangle.
"""

from __future__ import annotations

from itertools import pairwise
from xml.etree.ElementTree import Element

from qwvis_desktop.core.annotation import Detection, JsonValue, VideoEvent
from qwvis_desktop.core.annotation_json import json_text
from qwvis_desktop.core.cues import events_of
from qwvis_desktop.core.dataset import Dataset, Holds, LabelledPicture
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.film_labels import film_of, frame_number, seen_times, timeless
from qwvis_desktop.core.label_file import Losses
from qwvis_desktop.core.label_xml import add, xml_bytes
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.core.plane.outlines import UNNAMED, category_of
from qwvis_desktop.core.tracks import Track, is_parted, tracks

_HOLDS = Holds(kinds=frozenset({"event", "detection"}))

_DIGITS = 9
"""Places after the point: a billionth of a percent is far below a pixel."""


def dump(dataset: Dataset) -> bytes:
    """Return the films as tasks with one annotation each, UTF-8."""
    return (json_text([_task(place, film) for place, film in enumerate(dataset, 1)], indent=1) + "\n").encode()


def dump_configuration(dataset: Dataset) -> bytes:
    """Return the labelling configuration: the film, its events, its boxes, and their names."""
    documents = [film.document for film in dataset]
    events = [category_of(each) for document in documents for each in events_of(document.annotations.values())]
    boxes = [track.label or UNNAMED for document in documents for track in tracks(document.annotations.values())]
    root = Element("View")
    rate = film_of(documents[0]).rate
    for name, tag, labels in (("event", "TimelineLabels", events), ("box_label", "Labels", boxes)):
        if labels:
            listed = add(root, tag, name=name, toName="video")
            for label in dict.fromkeys(labels):
                add(listed, "Label", value=label)
    add(root, "Video", name="video", value="$video", frameRate=f"{rate:g}", timelineHeight="120")
    if boxes:
        add(root, "VideoRectangle", name="box", toName="video")
    return xml_bytes(root, declared=False)  # Label Studio refuses one that is declared


def _task(place: int, film: LabelledPicture) -> JsonValue:
    media, document = film_of(film.document), film.document
    seen = seen_times(document)
    regions: list[JsonValue] = [_event(event, media) for event in events_of(document.annotations.values())]
    regions += [_track(track, media, seen) for track in tracks(document.annotations.values())]
    numbered: list[JsonValue] = [
        {"id": f"r{number}", **region} for number, region in enumerate(regions, 1) if isinstance(region, dict)
    ]
    return {"id": place, "data": {"video": film.name}, "annotations": [{"id": place, "result": numbered}]}


def _event(event: VideoEvent, media: VideoMedia) -> dict[str, JsonValue]:
    span: JsonValue = {"start": frame_number(media, event.start), "end": frame_number(media, event.end)}
    value: JsonValue = {"ranges": [span], "timelinelabels": [category_of(event)]}
    return {"type": "timelinelabels", "from_name": "event", "to_name": "video", "value": value}


def _track(track: Track, media: VideoMedia, seen: tuple[float, ...]) -> dict[str, JsonValue]:
    ends = [is_parted(here.time or 0.0, after.time or 0.0, seen) for here, after in pairwise(track.keys)]
    sequence = [_key(key, media, is_last=last) for key, last in zip(track.keys, [*ends, True], strict=True)]
    value: dict[str, JsonValue] = {
        "framesCount": media.frames,
        "duration": media.duration,
        "sequence": sequence,
        "labels": [track.label or UNNAMED],
    }
    told: dict[str, JsonValue] = {"meta": {"text": [track.identity]}} if track.identity else {}
    return {"type": "videorectangle", "from_name": "box", "to_name": "video", "value": value, **told}


def _key(key: Detection, media: VideoMedia, *, is_last: bool) -> JsonValue:
    box, size = key.box, media.size
    return {
        "frame": frame_number(media, key.time or 0.0),
        "time": key.time,
        "enabled": not is_last,
        "rotation": 0,
        "x": round(box.left / size.width * 100, _DIGITS),
        "y": round(box.top / size.height * 100, _DIGITS),
        "width": round(box.width / size.width * 100, _DIGITS),
        "height": round(box.height / size.height * 100, _DIGITS),
    }


def losses(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    events = len(events_of(document.annotations.values()))
    return (
        *_HOLDS.losses(document),
        *timeless(document),
        (events, "of 1 event what lies between two frames", "of {} events what lies between two frames"),
    )
