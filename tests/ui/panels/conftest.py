"""Documents and runs for the panels: a street with boxes, texts and a reply that has faults."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from qwvis_desktop.core.annotation import (
    Annotation,
    Cuboid,
    Detection,
    Keypoint,
    ParseIssue,
    Provenance,
    ReplyStatus,
    TextRegion,
    VideoEvent,
)
from qwvis_desktop.core.coordinates import CoordinateSpace, Frame, Orientation
from qwvis_desktop.core.document import Document, Run, Seconds
from qwvis_desktop.core.geometry import Box, Point, Polygon, Size
from qwvis_desktop.core.media.image import ImageMedia
from qwvis_desktop.ui.editor import DocumentEditor

SIZE = Size(4032, 3024)
REPLY = """```json
[
    {"bbox_2d": [112, 310, 298, 655], "label": "car"},
    {"bbox_2d": [402, 298, 470, 610], "label": "person 🚶"},
    {"bbox_2d": [880, 120, 1410, 260], "label": "sign"},
    {"bbox_2d": [640, 80, 668, 171], "label": "traffic light"}
]
```"""


def make_media(name: str = "street.jpg") -> ImageMedia:
    return ImageMedia(
        name=name, path=None, data=b"-", size=SIZE, stored=SIZE, orientation=Orientation.NORMAL, mime="image/jpeg"
    )


def make_run(**changes: object) -> Run:
    refused = REPLY.index("[880"), REPLY.index(', "label": "sign"')
    run = Run(
        id="run-1",
        started=datetime(2026, 5, 4, 10, 30, 12, tzinfo=UTC),
        provider="DashScope",
        model="qwen3-vl-plus",
        family="qwen3-vl",
        task="detect",
        prompt="Locate every object in the image.",
        frame=Frame.whole(SIZE, Size(1856, 1376)),
        space=CoordinateSpace.RELATIVE_1000,
        reply=REPLY,
        finish_reason="stop",
        status=ReplyStatus.PARTIAL,
        issues=(ParseIssue("outside", "This box lies outside the picture, so it was refused.", refused),),
        seconds=Seconds(prepare=0.1, first_byte=0.9, first_annotation=1.2, total=3.4),
    )
    return replace(run, **changes)  # type: ignore[arg-type]  # the fields are the test's business


def make_annotations() -> tuple[Annotation, ...]:
    def detection(label: str, numbers: tuple[float, ...], **more: Any) -> Detection:
        left, top, right, bottom = numbers
        box = Box(left * 4.032, top * 3.024, right * 4.032, bottom * 3.024)
        start = REPLY.index(f"[{int(left)},") - len('{"bbox_2d": ')
        provenance = Provenance("run-1", (start, REPLY.index("}", start) + 1), numbers)
        return Detection(id=label, label=label, box=box, provenance=provenance, **more)

    corners = (Point(2600, 300), Point(3100, 310), Point(3098, 390), Point(2598, 380))
    return (
        detection("car", (112, 310, 298, 655)),
        detection("person 🚶", (402, 298, 470, 610), score=0.93),
        detection("traffic light", (640, 80, 668, 171)),
        TextRegion(id="text", text="北京路 123 號", polygon=Polygon(corners), score=0.871),
        Keypoint(id="point", label="free space", point=Point(900, 2500)),
    )


def make_other_kinds() -> tuple[Annotation, ...]:
    return (
        Cuboid(id="cuboid", label="van", center=(1, 0, 8), size=(1.8, 1.5, 4.2), angles=(0, 0.1, 0)),
        VideoEvent(id="event", label="a door opens", start=1.5, end=4.0),
    )


def make_editor(annotations: tuple[Annotation, ...] | None = None, run: Run | None = None) -> DocumentEditor:
    editor = DocumentEditor(Document(make_media()))
    if run is not None:
        editor.set_run(run)
    editor.add(make_annotations() if annotations is None else annotations, "Add")
    return editor


@pytest.fixture
def other_kinds() -> tuple[Annotation, ...]:
    return make_other_kinds()


@pytest.fixture
def editor(qapp: object) -> DocumentEditor:
    """The street with its five annotations, without a run."""
    return make_editor()


@pytest.fixture
def run() -> Run:
    """A run that ended, with one refused box."""
    return make_run()


@pytest.fixture
def runs() -> Callable[..., Run]:
    """Make a run with other fields."""
    return make_run


@pytest.fixture
def editors() -> Callable[..., DocumentEditor]:
    """Make an editor with other annotations or a run."""
    return make_editor
