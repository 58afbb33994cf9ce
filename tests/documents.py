"""Documents for tests of what is written: one annotation of each kind, with awkward texts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from qwvis_desktop.core.annotation import (
    Cuboid,
    Detection,
    Keypoint,
    LayoutBlock,
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

SIZE = Size(640, 480)

RUN = Run(
    id="r1",
    started=datetime(2026, 3, 21, 8, 42, tzinfo=UTC),
    provider="here",
    model="qwen3-vl-plus",
    family="qwen3-vl",
    task="detect",
    prompt="Locate every “thing”.",
    options={"temperature": 0.1},
    frame=Frame(SIZE, Size(320, 224), Box(0.0, 16.0, 640.0, 464.0)),
    space=CoordinateSpace.RELATIVE_1000,
    reply='```json\n[{"bbox_2d": [0, 0, 500, 500], "label": "猫 \ud800"}]\n```',
    thinking="hm",
    finish_reason="stop",
    status=ReplyStatus.PARTIAL,
    issues=(ParseIssue("outside", "A box lies outside of the picture.", (3, 9)),),
    usage={"prompt_tokens": 7, "details": {"image_tokens": 5}},
    seconds=Seconds(prepare=0.1, first_byte=0.5, total=2.25),
    pace=((0.5, 10), (2.25, 58)),
)


def media_of(path: Path | None = None, name: str = "street.jpg") -> ImageMedia:
    """Return a picture of which nothing is read."""
    return ImageMedia(
        name=name,
        path=path,
        data=None if path else b"",
        size=SIZE,
        stored=SIZE,
        orientation=Orientation.NORMAL,
        mime="image/jpeg",
    )


def empty_document(path: Path | None = None) -> Document:
    """Return a picture that nothing was done with."""
    return Document(media_of(path))


def rich_document(path: Path | None = None) -> Document:
    """Return a picture with one annotation of each kind, two runs, and one box that was drawn by hand."""
    document = empty_document(path)
    document.set_run(RUN)
    document.set_run(replace(RUN, id="r2", status=ReplyStatus.OK_EMPTY, task="ask", text="A cat.\nTwo.", issues=()))
    origin = Provenance("r1", (9, 58), (0, 0, 500, 500))
    document.add(
        [
            Detection(
                id="a", label="cat", box=Box(10.5, 20.0, 110.5, 220.0), score=0.75, provenance=origin,
                attributes={"colour": "black", "count": 2},
            ),
            Detection(id="b", label="=SUM(A1)", box=Box(0.0, 0.0, 1.0, 2.0), provenance=origin),
            Keypoint(id="c", label="cat", point=Point(33.0, 44.0), provenance=origin),
            TextRegion(
                id="d",
                text='He said "yes",\r\nthen 好',
                polygon=Polygon((Point(1.0, 2.0), Point(11.0, 3.0), Point(10.0, 8.0), Point(0.0, 7.0))),
                provenance=origin,
            ),
            LayoutBlock(id="e", tag="h2", text="Title", box=Box(5.0, 6.0, 7.0, 9.0), provenance=origin),
            LayoutBlock(id="f", tag="p", text="-5", box=None, provenance=origin),
            Cuboid(
                id="g", label="car", center=(0.0, 0.0, 10.0), size=(2.0, 1.5, 4.0), angles=(0.0, 0.0, 0.0),
                provenance=origin,
            ),
            VideoEvent(id="h", label="door opens", start=1.5, end=3.25, provenance=origin),
            Detection(id="i", label="", box=Box(1.0, 1.0, 3.0, 3.0)),
        ]
    )  # fmt: skip
    return document
