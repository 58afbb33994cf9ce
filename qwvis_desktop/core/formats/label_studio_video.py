"""Label Studio's tasks for films: events on a timeline, boxes in time, and the labelling configuration for both.

Frames are a measure of time, as ``core.film_labels`` says: here by the film's average rate, which the configuration
tells too; boxes tell their time in seconds as well. Places are percentages. Between two boxes of a track Label Studio
works out the place, as is done here; it is told to stop (``enabled``) after a box where the model looked at a frame and
found none before the next, and after the last.

When it is read, the rate is that of ``framesCount`` and ``duration``, else that of the configuration beside it, else
the film's. Label Studio itself writes as ``time`` of a box when its frame ends; only one that is nearer to the
beginning is taken. A last box that is not told to stop stays to the end of the film, as Label Studio shows it.

Source: labelstud.io/tags/timelinelabels and labelstud.io/tags/videorectangle.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from xml.etree.ElementTree import Element

from qwvis_desktop.core.annotation import Annotation, Detection, JsonValue, VideoEvent
from qwvis_desktop.core.annotation_json import json_text
from qwvis_desktop.core.cues import events_of, in_order
from qwvis_desktop.core.dataset import Dataset, FilmLabels, Holds, LabelledPicture, PictureLabels, only_of_films
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.film_labels import (
    TRACK_ID,
    Key,
    RatedFrames,
    ReadKey,
    crowded,
    film_of,
    keys_of,
    timeless,
    told_apart,
    unheld_attributes,
    with_attributes,
    with_ends,
)
from qwvis_desktop.core.geometry import Point, Size
from qwvis_desktop.core.label_file import HUGE, Labels, Losses, number, read_each, sentences, words
from qwvis_desktop.core.label_xml import add, xml_bytes
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.core.plane.outlines import UNNAMED, box_of, category_of, detection_of, label_of
from qwvis_desktop.core.studio_tasks import StudioTask, studio_tasks
from qwvis_desktop.core.tracks import SAME_MOMENT, Track, tracks

_HOLDS = Holds(kinds=frozenset({"event", "detection"}), attributes=True)

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
    frames = RatedFrames(media.rate, media.frames)
    regions: list[JsonValue] = [_event(event, frames) for event in events_of(document.annotations.values())]
    regions += [_track(track, document, frames) for track in tracks(document.annotations.values())]
    numbered: list[JsonValue] = [
        {"id": f"r{number}", **region} for number, region in enumerate(regions, 1) if isinstance(region, dict)
    ]
    return {"id": place, "data": {"video": film.name}, "annotations": [{"id": place, "result": numbered}]}


def _event(event: VideoEvent, frames: RatedFrames) -> dict[str, JsonValue]:
    span: JsonValue = {"start": frames.number(event.start), "end": frames.number(event.end)}
    value: JsonValue = {"ranges": [span], "timelinelabels": [category_of(event)]}
    return {"type": "timelinelabels", "from_name": "event", "to_name": "video", "value": value}


def _track(track: Track, document: Document, frames: RatedFrames) -> dict[str, JsonValue]:
    media = film_of(document)
    value: dict[str, JsonValue] = {
        "framesCount": media.frames,
        "duration": media.duration,
        "sequence": [_key(key, media.size) for key in keys_of(track, document, frames)],
        "labels": [track.label or UNNAMED],
    }
    told: dict[str, JsonValue] = {"meta": {"text": [track.identity]}} if track.identity else {}
    return {"type": "videorectangle", "from_name": "box", "to_name": "video", "value": value, **told}


def _key(key: Key, size: Size) -> JsonValue:
    box = key.detection.box
    return {
        "frame": key.frame,
        "time": key.detection.time,
        "enabled": key.goes_on,
        "rotation": 0,
        "x": round(box.left / size.width * 100, _DIGITS),
        "y": round(box.top / size.height * 100, _DIGITS),
        "width": round(box.width / size.width * 100, _DIGITS),
        "height": round(box.height / size.height * 100, _DIGITS),
    }


def losses(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    events, film = len(events_of(document.annotations.values())), document.media
    return (
        *_HOLDS.losses(document),
        *unheld_attributes(document),
        *timeless(document),
        *(crowded(document, RatedFrames(film.rate, film.frames)) if isinstance(film, VideoMedia) else ()),
        (events, "of 1 event what lies between two frames", "of {} events what lies between two frames"),
    )


_REGIONS = ("videorectangle", "timelinelabels")
_RATE = re.compile(r"""<Video\b[^>]*\bframe[rR]ate\s*=\s*["']([\d.]+)["']""")


def is_film_tasks(text: str) -> bool:
    """Say whether ``text`` looks like tasks of Label Studio about films, without reading it all."""
    start = text.lstrip("\ufeff \t\r\n")
    return start.startswith(("[", "{")) and '"data"' in text and any(f'"{kind}"' in text for kind in _REGIONS)


def pictures(text: str, configuration: str | None = None) -> tuple[PictureLabels, ...]:
    """Return the films of tasks with what is said of each.

    Args:
        text: the tasks.
        configuration: the labelling configuration that lies beside them; None where there is none.

    Raises:
        LabelFileError: these are none, or damaged.
    """
    told = None if configuration is None else _RATE.search(configuration)
    rate = float(told[1]) if told is not None and told[1].count(".") < 2 else 0.0
    return tuple(
        PictureLabels(task.name, None, only_of_films, FilmLabels(partial(_labels, task, rate)))
        for task in studio_tasks(text)
    )


def _labels(task: StudioTask, configured: float, film: VideoMedia) -> Labels:
    rate = _rate(task) or configured or film.rate
    frames = RatedFrames(rate, max(1, math.ceil(film.duration * rate)))
    regions = [region for region in task.result if not _is_told_beside(region)]
    found: list[Annotation] = []
    boxes: list[list[Detection]] = []

    def read(region: Mapping[str, Any]) -> Annotation:
        if not isinstance(region, dict) or region.get("type") not in _REGIONS:
            kind = region.get("type") if isinstance(region, dict) else region
            raise ValueError(f"there is nothing here like {kind!r:.40}")
        if region["type"] == "videorectangle":
            boxes.append(list(with_ends(_track_keys(region, frames, film))))
            return boxes[-1][0]
        found.extend(_events(region, frames))
        return found[-1]

    _, left_out = read_each(regions, read)
    return Labels((*found, *told_apart(boxes)), None, (*left_out, *sentences(task.left_out)))


def _is_told_beside(region: object) -> bool:
    """Say whether a region only repeats the labels, or has words about another one."""
    kind = region.get("type") if isinstance(region, dict) else None
    return kind in ("labels", "textarea", "choices")


def _rate(task: StudioTask) -> float:
    """Return the rate by which the frames of a task were counted; 0 where it does not say."""
    for region in task.result:
        value = region.get("value") if isinstance(region, dict) else None
        count, duration = (value.get(key) if isinstance(value, dict) else None for key in ("framesCount", "duration"))
        if isinstance(count, int | float) and isinstance(duration, int | float) and 0 < duration < HUGE and count > 0:
            return count / duration
    return 0.0


def _events(region: Mapping[str, Any], frames: RatedFrames) -> list[VideoEvent]:
    value = region["value"]
    label = label_of(words((value.get("timelinelabels") or [""])[0], "timelinelabels"))
    ranges = [(number(span["start"], "start"), number(span["end"], "end")) for span in value["ranges"]]
    if not ranges:
        raise ValueError("it has no ranges")
    times = (in_order(frames.time(start), frames.time(end)) for start, end in ranges)
    return [VideoEvent(label=label, start=start, end=end) for start, end in times]


def _track_keys(region: Mapping[str, Any], frames: RatedFrames, film: VideoMedia) -> Iterator[ReadKey]:
    value = region["value"]
    label = label_of(words((value.get("labels") or value.get("videorectangle") or [UNNAMED])[0], "labels"))
    told = (region.get("meta") or {}).get("text") or [""]
    identity = words(told[0] if isinstance(told, list) else told, "meta")
    keys = sorted(value["sequence"], key=lambda key: number(key["frame"], "frame"))
    if not keys:
        raise ValueError("it has no boxes")
    for key in keys:
        detection = replace(_box(key, label, film.size), time=_time(key, frames))
        detection = with_attributes(detection, {TRACK_ID: identity}) if identity else detection
        goes_on = key.get("enabled") is not False
        yield ReadKey(detection, goes_on)
    last = frames.time(frames.count)
    if goes_on and (detection.time or 0.0) < last - SAME_MOMENT:
        yield ReadKey(Detection(label=label, box=detection.box, time=last, attributes=detection.attributes), False)


def _time(key: Mapping[str, Any], frames: RatedFrames) -> float:
    begins, told = frames.time(number(key["frame"], "frame")), key.get("time")
    if isinstance(told, int | float) and abs(told - begins) <= 0.5 / frames.rate + SAME_MOMENT:
        return max(0.0, float(told))
    return begins


def _box(key: Mapping[str, Any], label: str, size: Size) -> Detection:
    x, y, width, height = (number(key[name], name) / 100 for name in ("x", "y", "width", "height"))
    left, top, across, down = x * size.width, y * size.height, width * size.width, height * size.height
    box = box_of(left, top, left + across, top + down)
    turn = math.radians(number(key.get("rotation") or 0, "rotation") % 360)
    if not turn:
        return Detection(label=label, box=box)
    cos, sin = math.cos(turn), math.sin(turn)
    corners = ((0.0, 0.0), (across, 0.0), (across, down), (0.0, down))
    turned = tuple(Point(left + x * cos - y * sin, top + x * sin + y * cos) for x, y in corners)
    return detection_of(turned, label)
