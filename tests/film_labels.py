"""Events for tests of what is written of films: awkward texts, overlaps, moments."""

from __future__ import annotations

from hypothesis import strategies as st

from qwvis_desktop.core.annotation import Provenance, VideoEvent

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
