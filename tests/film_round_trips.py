"""Films with tracks for tests that write and read them: what is the same about tracks, whatever the format."""

from __future__ import annotations

from hypothesis import strategies as st

from qwvis_desktop.core.annotation import Detection
from qwvis_desktop.core.dataset import PictureLabels
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.import_format import labels_of
from qwvis_desktop.core.label_file import Labels
from qwvis_desktop.core.tracks import ENDS, Track, box_at, tracks

LABELS = ("car", "a dog & <cat>", "走る犬", "unlabelled car", "")


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    """A box within 640 x 480, in whole eighths of a pixel."""
    left, top = draw(st.integers(0, 5000)) / 8, draw(st.integers(0, 3700)) / 8
    width, height = draw(st.integers(1, 5120 - round(left * 8))) / 8, draw(st.integers(1, 3840 - round(top * 8))) / 8
    return Box(left, top, left + width, top + height)


@st.composite
def film_tracks(draw: st.DrawFn) -> list[Detection]:
    """Boxes of up to four objects with ids of their own, at frames of a film of 20 s at 25 a second."""
    found = []
    for place in range(draw(st.integers(0, 4))):
        label, name = draw(st.sampled_from(LABELS)), draw(st.integers(1, 9)) * 10 + place
        frames = sorted(draw(st.sets(st.integers(0, 499), min_size=1, max_size=6)))
        for frame in frames:
            score = draw(st.none() | st.floats(0, 1, width=16))
            ends = draw(st.booleans()) and frame != frames[-1]
            more = {ENDS: True} if ends else {}
            box = draw(boxes())
            attributes = {"track_id": name, **more}
            found.append(Detection(label=label, box=box, time=frame / 25, score=score, attributes=attributes))
    return found


def read_back(entry: PictureLabels, document: Document) -> Labels:
    """Return what is read of a file's entry for the film of ``document``."""
    return labels_of(entry, Document(document.media))


Told = list[tuple[str, str, list[tuple[float, tuple[float, ...], float | None]]]]


def told_of(annotations: object, *, scores: bool = True) -> Told:
    """Return tracks as numbers that can be compared: label, id, and time, box and score of each key."""
    return sorted(_told(track, scores) for track in tracks(annotations))  # type: ignore[arg-type]  # annotations


def _told(track: Track, scores: bool) -> tuple[str, str, list[tuple[float, tuple[float, ...], float | None]]]:
    keys = [
        (round(key.time or 0, 6), tuple(round(side, 3) for side in key.box), key.score if scores else None)
        for key in track.keys
    ]
    return track.label, track.identity, keys


def between(annotations: object) -> list[tuple[str, str, float, bool]]:
    """Return at which tenths of a second each track is to be seen, and whether its place is worked out there."""
    return sorted(
        (track.label, track.identity, tenth / 10, found[1])
        for track in tracks(annotations)  # type: ignore[arg-type]  # annotations
        for tenth in range(0, 201, 3)
        if (found := box_at(track, tenth / 10)) is not None
    )
