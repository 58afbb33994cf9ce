"""Films for tests of what is written of them: events with awkward texts, overlaps, moments; boxes in time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

from hypothesis import strategies as st

from qwvis_desktop.core.annotation import Annotation, Detection, Provenance, VideoEvent
from qwvis_desktop.core.coordinates import Orientation
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.label_file import HUGE, LabelFileError
from qwvis_desktop.core.media.video import VideoMedia

OPENS = VideoEvent(
    id="e1", label="a person opens the door", start=1.5, end=4.25, score=0.5, provenance=Provenance("r1", (0, 9))
)
WALKS = VideoEvent(id="e2", label="walks & <talks>", start=3, end=8.125, provenance=Provenance("r1", (9, 18)))
RTL = VideoEvent(id="e3", label="האיש יוצא\nمرحبا 走", start=8.125, end=9.5)
MOMENT = VideoEvent(id="e4", label="", start=0, end=0)

EVENTS = (OPENS, WALKS, RTL, MOMENT)


@st.composite
def events(draw: st.DrawFn) -> VideoEvent:
    """An event of whole thousandths of a second, with any words."""
    start, length = draw(st.integers(0, 7_200_000)), draw(st.integers(1, 60_000))
    return VideoEvent(label=draw(st.text(max_size=40)), start=start / 1000, end=(start + length) / 1000)


def film_media(**changes: object) -> VideoMedia:
    """Return a film of 20 seconds of which nothing is read."""
    values: dict[str, Any] = {
        "name": "street.mp4",
        "path": None,
        "size": Size(640, 480),
        "stored": Size(640, 480),
        "orientation": Orientation.NORMAL,
        "mime": "video/mp4",
        "duration": 20.0,
        "rate": 25.0,
        "frames": 500,
        "codec": "h264",
    }
    return VideoMedia(**{**values, **changes})


def film_document(*annotations: Annotation) -> Document:
    """Return a film with annotations."""
    document = Document(film_media())
    document.add(annotations)
    return document


CAR = tuple(
    Detection(id=f"c{time}", label="car", time=time, box=Box(10 + 64 * time, 48, 74 + 64 * time, 96), score=score)
    for time, score in ((1.0, 0.5), (2.0, None), (4.0, None))
)
DOG = Detection(id="d1", label="dog", time=2.0, box=Box(0, 0, 32, 24), attributes={"track_id": 7})
TIMELESS = Detection(id="d2", label="dog", box=Box(0, 0, 32, 24))


def assert_read_or_refused(read: Callable[[], Iterable[Annotation]]) -> None:
    """Check that what is read can be in a film, at times and places that can be, or else refused in a sentence."""
    found: Iterable[Annotation] = ()
    refusal = "."
    try:
        found = read()
    except LabelFileError as error:
        refusal = str(error)
    assert refusal.endswith(".")
    for annotation in found:
        if isinstance(annotation, VideoEvent):
            assert 0 <= annotation.start <= annotation.end < math.inf
        else:
            assert isinstance(annotation, Detection)
            left, top, right, bottom = annotation.box
            assert 0 <= (annotation.time or 0.0) < math.inf
            assert -HUGE <= left <= right <= 2 * HUGE
            assert -HUGE <= top <= bottom <= 2 * HUGE
