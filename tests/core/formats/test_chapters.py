from __future__ import annotations

from pathlib import Path

import pytest
from documents import empty_document
from film_labels import EVENTS, OPENS, WALKS

from qwvis_desktop.core.annotation import Annotation, VideoEvent
from qwvis_desktop.core.dataset import LabelledPicture, dataset_of
from qwvis_desktop.core.formats import chapters
from qwvis_desktop.core.label_file import sentences

METADATA = r""";FFMETADATA1
[CHAPTER]
TIMEBASE=1/1000
START=1500
END=4250
title=a person opens the door
[CHAPTER]
TIMEBASE=1/1000
START=3000
END=8125
title=a\=b\; \#c \\d\
e
"""

AWKWARD = VideoEvent(label="a=b; #c \\d\ne", start=3, end=8.125)


def film(*annotations: Annotation) -> LabelledPicture:
    document = empty_document()
    document.add(annotations)
    return dataset_of([document])[0]


def test_lines_are_written_as_they_were() -> None:
    late = VideoEvent(label="the end", start=3725.9, end=3726)
    again = VideoEvent(label="at once", start=3.7, end=4)
    assert chapters.dump_lines(film(*EVENTS, late, again)).decode() == (
        "0:00 unlabelled\n0:01 a person opens the door\n0:03 walks & <talks> / at once\n0:08 האיש יוצא مرحبا 走\n"
        "1:02:05 the end\n"
    )


def test_the_first_line_is_at_0() -> None:
    assert chapters.dump_lines(film(WALKS)).decode() == "0:00 Start\n0:03 walks & <talks>\n"
    assert chapters.dump_lines(film()) == b""


def test_what_lines_cannot_hold_is_said() -> None:
    assert sentences(chapters.losses_of_lines(film(OPENS, WALKS).document)) == (
        "Left out: the score of 1 annotation.",
        "Left out: the ends of 2 events (each lasts to the next).",
        "Left out: the fraction of a second of 1 start.",
    )


def test_metadata_is_written_as_it_was() -> None:
    assert chapters.dump_metadata(film(OPENS, AWKWARD)).decode() == METADATA
    assert sentences(chapters.losses_of_metadata(film(AWKWARD).document)) == ()


def test_ffmpeg_reads_the_same(tmp_path: Path) -> None:
    av = pytest.importorskip("av")
    path = tmp_path / "chapters.txt"
    path.write_bytes(METADATA.encode())
    with av.open(path, format="ffmetadata") as container:
        found = container.chapters()
    assert [(chapter["start"] * chapter["time_base"], chapter["end"] * chapter["time_base"]) for chapter in found] == [
        (1.5, 4.25),
        (3, 8.125),
    ]
    assert [chapter["metadata"]["title"] for chapter in found] == [OPENS.label, AWKWARD.label]
