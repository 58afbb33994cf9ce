"""MOT Challenge: the boxes of a film as text, a line each, in a folder for each film with what the film is.

``gt/gt.txt`` holds frame, track, left, top, width, height, confidence, class, visibility; ``gt/labels.txt`` the names
of the classes, a line each, as CVAT reads them; ``seqinfo.ini`` rate, length and size. Frames, tracks and classes are
counted from 1, frames by the rate that ``seqinfo.ini`` tells. Only boxes that are known are written, none that would be
worked out. Source: motchallenge.net/instructions.
"""

from __future__ import annotations

from collections.abc import Iterator

from qwvis_desktop.core.annotation import Detection
from qwvis_desktop.core.dataset import Dataset, Holds, LabelledPicture, OutFile
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.film_labels import film_of, frame_number, timeless
from qwvis_desktop.core.label_file import Losses
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.core.plane.outlines import UNNAMED
from qwvis_desktop.core.tracks import tracks

_HOLDS = Holds(kinds=frozenset({"detection"}), scores=True)


def dump(dataset: Dataset) -> Iterator[OutFile]:
    """Give the files of each film, in a folder of its name."""
    for film in dataset:
        media = film_of(film.document)
        boxes, names = _boxes(film.document, media)
        yield OutFile(f"{film.stem}/gt/gt.txt", boxes.encode())
        yield OutFile(f"{film.stem}/gt/labels.txt", "".join(f"{name}\n" for name in names).encode())
        yield OutFile(f"{film.stem}/seqinfo.ini", _information(film, media).encode())


def _boxes(document: Document, media: VideoMedia) -> tuple[str, list[str]]:
    """Return the lines in the order of frames and tracks, and the names of the classes."""
    names: dict[str, int] = {}
    lines: list[tuple[int, int, str]] = []
    for number, track in enumerate(tracks(document.annotations.values()), 1):
        category = names.setdefault(" ".join(track.label.split()) or UNNAMED, len(names) + 1)
        for key in track.keys:
            frame = frame_number(media, key.time or 0.0)
            lines.append((frame, number, f"{frame},{number},{_box(key)},{_score(key)},{category},1\n"))
    return "".join(line for *_, line in sorted(lines)), list(names)


def _box(key: Detection) -> str:
    sides = (key.box.left, key.box.top, key.box.width, key.box.height)
    return ",".join(f"{side:.3f}".rstrip("0").rstrip(".") for side in sides)


def _score(key: Detection) -> str:
    return "1" if key.score is None else f"{key.score:g}"


def _information(film: LabelledPicture, media: VideoMedia) -> str:
    return (
        f"[Sequence]\nname={film.stem}\nimDir=img1\nframeRate={media.rate:g}\nseqLength={media.frames}\n"
        f"imWidth={media.size.width}\nimHeight={media.size.height}\nimExt=.jpg\n"
    )


def losses(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    return (*_HOLDS.losses(document), *timeless(document))
