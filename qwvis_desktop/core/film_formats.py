"""The table of what can be written of films: events and boxes in time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from qwvis_desktop.core.dataset import Dataset, OutFile
from qwvis_desktop.core.document import WHOLE_FILM, Document
from qwvis_desktop.core.event_editing import times_of
from qwvis_desktop.core.file_format import Format, Layout, of_picture, whole
from qwvis_desktop.core.film_labels import frame_notes
from qwvis_desktop.core.formats import activitynet, chapters, coco_video, label_studio_video, mot, srt, webvtt
from qwvis_desktop.core.label_file import Losses


def _tasks(dataset: Dataset) -> Iterator[OutFile]:
    yield OutFile("", label_studio_video.dump(dataset))
    yield OutFile(_CONFIGURATION, label_studio_video.dump_configuration(dataset))


_CONFIGURATION = ".config.xml"
_JSON = "application/json"

_FORMATS = (
    Format("srt", "Subtitles (SRT)", ".srt", "application/x-subrip", srt.losses, of_picture(srt.dump)),
    Format("webvtt", "Subtitles (WebVTT)", ".vtt", "text/vtt", webvtt.losses, of_picture(webvtt.dump)),
    Format(
        "chapters",
        "Chapters for YouTube",
        ".chapters.txt",
        "text/plain",
        chapters.losses_of_lines,
        of_picture(chapters.dump_lines),
    ),
    Format(
        "ffmetadata",
        "Chapters for FFmpeg",
        ".ffmetadata.txt",
        "text/plain",
        chapters.losses_of_metadata,
        of_picture(chapters.dump_metadata),
    ),
    Format(
        "activitynet",
        "ActivityNet JSON",
        ".activitynet.json",
        _JSON,
        activitynet.losses,
        whole(activitynet.dump),
        Layout.ONE,
    ),
    Format(
        "label-studio-video",
        "Label Studio tasks for films",
        ".label-studio.json",
        _JSON,
        label_studio_video.losses,
        _tasks,
        Layout.ONE,
        beside=(_CONFIGURATION,),
    ),
    Format(
        "mot",
        "MOT Challenge tracks",
        ".mot",
        "inode/directory",
        mot.losses,
        mot.dump,
        Layout.FOLDER,
        notes=frame_notes,
    ),
    Format(
        "coco-video",
        "COCO JSON with tracks",
        ".coco-video.json",
        _JSON,
        coco_video.losses,
        whole(coco_video.dump),
        Layout.ONE,
        notes=frame_notes,
    ),
)


def _losses_of_films(document: Document) -> Losses:
    is_part = document.film_range != WHOLE_FILM
    return ((int(is_part), "what lies outside of the range that is set", ""),)


def _losses_of_stills(document: Document) -> Losses:
    timed = sum(times_of(each) is not None for each in document.annotations.values())
    return ((int(bool(document.annotations) and not timed), "the whole film: no box and no event has a time", ""),)


MP4, STILLS = "mp4", "stills"
"""Ids of what a renderer of films draws: the film itself, and frames of it as pictures in a folder."""

_DRAWN = (
    Format(MP4, "Annotated film (MP4)", ".annotated.mp4", "video/mp4", _losses_of_films),
    Format(
        STILLS,
        "Annotated frames (PNG)",
        ".frames",
        "inode/directory",
        _losses_of_stills,
        layout=Layout.FOLDER,
    ),
)

FILM_FORMATS = tuple(replace(kind, media=("video",)) for kind in (*_DRAWN, *_FORMATS))
"""The formats for films, in the order in which they are offered; a part of ``export_formats.FORMATS``."""
