"""The table of what can be written of films: events and boxes in time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from qwvis_desktop.core.dataset import Dataset, OutFile
from qwvis_desktop.core.file_format import Format, Layout, of_picture, whole
from qwvis_desktop.core.formats import activitynet, chapters, coco_video, label_studio_video, mot, srt, webvtt


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
    Format("mot", "MOT Challenge tracks", ".mot", "inode/directory", mot.losses, mot.dump, Layout.FOLDER),
    Format(
        "coco-video",
        "COCO JSON with tracks",
        ".coco-video.json",
        _JSON,
        coco_video.losses,
        whole(coco_video.dump),
        Layout.ONE,
    ),
)

FILM_FORMATS = tuple(replace(kind, media=("video",)) for kind in _FORMATS)
"""The formats for films, in the order in which they are offered; a part of ``export_formats.FORMATS``."""
