"""A data set: documents under names that are safe in files, and what a format makes of them.

Names cannot lead out of a folder, and are taken by every system: no separators, no ``..``, no drive letters, no names
that Windows keeps for devices.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import PurePath, PureWindowsPath
from typing import TypeAlias

from qwvis_desktop.core.annotation import Annotation, Detection, Keypoint, LayoutBlock, TextRegion, bounds_of
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box, Point, Polygon, Size
from qwvis_desktop.core.label_file import LabelFileError, Labels, Losses, sentences
from qwvis_desktop.core.media.media import Media
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.core.plane.forms import TurnedRectangle
from qwvis_desktop.core.plane.outlines import category_of, outline_of

_UNSAFE = re.compile('[<>:"/\\\\|?*\x00-\x1f\x7f-\x9f\ud800-\udfff]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_MOST_BYTES = 180
"""Of a name in UTF-8: file systems take 255, and endings are put behind it."""


def safe_name(text: str, instead: str = "picture") -> str:
    """Return ``text`` as one name of a file that every system takes; ``instead`` where nothing of it is left."""
    name = _UNSAFE.sub("_", text).strip(" ").rstrip(". ")
    stem, dot, ending = name.rpartition(".")
    ending = dot + ending if dot and len(ending.encode()) <= 12 else ""
    stem = stem if ending else name
    while len(stem.encode()) > _MOST_BYTES:
        stem = stem[:-1]
    name = (stem + ending).rstrip(". ")
    if not name.strip("._"):
        return instead
    return f"_{name}" if _DEVICES.fullmatch(name) else name


@dataclass(frozen=True, slots=True)
class LabelledPicture:
    """One document of a data set.

    Attributes:
        name: what files call the picture; unique, with the folder before it where two have the same name.
        stem: the name of a file about it, without ending; unique.
        document: the picture and its annotations.
    """

    name: str
    stem: str
    document: Document

    @property
    def copy_name(self) -> str:
        """The name of a copy of the picture: the stem with the picture's own ending."""
        return f"{self.stem}{PurePath(self.name).suffix}"


Dataset: TypeAlias = Sequence[LabelledPicture]


@dataclass(frozen=True, slots=True)
class OutFile:
    """A file that a format makes.

    Attributes:
        name: where it goes: in a folder, its path below that, with ``/``; else empty for the file itself, or the ending
            that its companion has instead.
        data: its content.
        pieces: what follows that, made piece by piece while it is written.
    """

    name: str
    data: bytes = b""
    pieces: Iterable[bytes] = ()

    @property
    def content(self) -> Iterable[bytes]:
        """All of it, to be taken once."""
        return chain((self.data,), self.pieces)


@dataclass(frozen=True, slots=True)
class FilmLabels:
    """What a file tells of one film.

    Attributes:
        read: gives the labels, in pixels of the size that the file tells, by the frames of the film.
        known: the film as the file describes it; None where it does not tell enough.
    """

    read: Callable[[VideoMedia], Labels]
    known: VideoMedia | None = None


def known_film(name: str, size: Size, *, rate: float, frames: int, duration: float = 0.0) -> VideoMedia:
    """Return a film of which only this is known."""
    return VideoMedia(
        name=name,
        path=None,
        size=size,
        stored=size,
        mime="",
        duration=duration or frames / rate,
        rate=rate,
        frames=frames,
        codec="",
    )


def only_of_films(_: Size) -> Labels:
    """Refuse to read what is of a film for a picture.

    Raises:
        LabelFileError: always.
    """
    raise LabelFileError("It is of a film. Open the film it is of.")


@dataclass(frozen=True, slots=True)
class PictureLabels:
    """What a file tells of one picture.

    Attributes:
        name: of the picture, perhaps with folders, as the file writes it.
        size: of the picture whose pixels the file counts; None where it counts none, or does not say.
        read: gives the labels; it is told the size of the upright picture, for files that count parts of it.
        film: what else it tells where it is of a film; None of a picture.
    """

    name: str
    size: Size | None
    read: Callable[[Size], Labels]
    film: FilmLabels | None = None

    @property
    def file_name(self) -> str:
        """The name without folders, whichever way they are written."""
        return PureWindowsPath(self.name).name


def dataset_of(documents: Iterable[Document]) -> tuple[LabelledPicture, ...]:
    """Return documents under names of their own."""
    held = list(documents)
    plain = [safe_name(PurePath(_file_name(document.media).replace("\\", "/")).name) for document in held]
    uses = Counter(name.casefold() for name in plain)
    names: set[str] = set()
    stems: set[str] = set()
    found = []
    for name, document in zip(plain, held, strict=True):
        path = document.media.path
        folder = safe_name(path.resolve().parent.name, "") if path is not None else ""
        full = f"{folder}/{name}" if folder and uses[name.casefold()] > 1 else name
        stem, suffix = PurePath(name).stem, PurePath(name).suffix
        prefix = full.removesuffix(name)
        found.append(LabelledPicture(_free(names, stem, prefix=prefix, suffix=suffix), _free(stems, stem), document))
    return tuple(found)


def _file_name(media: Media) -> str:
    """Return what a picture's copy is called; a page of a document is copied as a PNG of its own."""
    return str(PurePath(media.file_name).with_suffix(".png")) if media.page else media.file_name


def _free(taken: set[str], stem: str, *, prefix: str = "", suffix: str = "") -> str:
    """Return a name that is free, with a number where it was not, and take it; upper and lower case are one."""
    for number in count(1):
        name = f"{prefix}{stem}{suffix}" if number == 1 else f"{prefix}{stem}-{number}{suffix}"
        if name.casefold() not in taken:
            taken.add(name.casefold())
            return name
    raise AssertionError("numbers do not end")


def categories_of(dataset: Dataset, kinds: Iterable[str]) -> dict[str, int]:
    """Return the categories of all annotations of these kinds, numbered from 0 in the order of their first mention."""
    wanted = frozenset(kinds)
    names: dict[str, int] = {}
    for picture in dataset:
        for annotation in picture.document.annotations.values():
            if annotation.kind in wanted and bounds_of(annotation) is not None:
                names.setdefault(category_of(annotation), len(names))
    return names


PLANE = frozenset({"detection", "keypoint", "text", "block"})
"""Kinds that have a place on the picture."""

AREAS = PLANE - {"keypoint"}
"""Kinds that cover a part of the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holds:
    """What a format has room for.

    Attributes:
        kinds: of annotations.
        outlines: outlines of any shape.
        turned: rectangles at any angle.
        texts: what was read.
        scores, attributes: of annotations.
    """

    kinds: frozenset[str] = PLANE
    outlines: bool = False
    turned: bool = False
    texts: bool = False
    scores: bool = False
    attributes: bool = False

    def losses(self, document: Document) -> Losses:
        """Count what of ``document`` is left out: how many, and the words for one and for many."""
        held = [annotation for annotation in document.annotations.values() if annotation.kind in self.kinds]
        placed = [annotation for annotation in held if not _is_placeless(annotation)]
        return (
            *self._kinds_lost(document),
            (len(held) - len(placed), "1 block without a place", "{} blocks without a place"),
            (
                sum(self._is_straightened(annotation) for annotation in placed),
                "1 outline (a simpler one is kept)",
                "{} outlines (simpler ones are kept)",
            ),
            *(
                (sum(map(has, placed)), one, many)
                for kept, has, one, many in (
                    (self.texts, _has_text, "the text of 1 annotation", "the texts of {} annotations"),
                    (self.scores, _has_score, "the score of 1 annotation", "the scores of {} annotations"),
                    (
                        self.attributes,
                        _has_attributes,
                        "the attributes of 1 annotation",
                        "the attributes of {} annotations",
                    ),
                )
                if not kept
            ),
            (sum(bool(run.text) for run in document.runs.values()), "the answer in words", "{} answers in words"),
        )

    def _kinds_lost(self, document: Document) -> Iterator[tuple[int, str, str]]:
        kinds = [annotation.kind for annotation in document.annotations.values()]
        for kind, (one, many) in _KINDS.items():
            if kind not in self.kinds:
                yield kinds.count(kind), one, many

    def _is_straightened(self, annotation: Annotation) -> bool:
        outline = outline_of(annotation)
        if outline is None or self.outlines:
            return False
        return not (self.turned and TurnedRectangle.of(outline.points) is not None)


_KINDS: dict[str, tuple[str, str]] = {
    "detection": ("1 box", "{} boxes"),
    "keypoint": ("1 point", "{} points"),
    "text": ("1 text region", "{} text regions"),
    "block": ("1 block of a page", "{} blocks of pages"),
    "cuboid": ("1 box in space", "{} boxes in space"),
    "event": ("1 event in time", "{} events in time"),
}


def _is_placeless(annotation: Annotation) -> bool:
    return isinstance(annotation, LayoutBlock) and annotation.box is None


def _has_text(annotation: Annotation) -> bool:
    return isinstance(annotation, TextRegion | LayoutBlock) and bool(annotation.text)


def _has_score(annotation: Annotation) -> bool:
    return annotation.score is not None


def _has_attributes(annotation: Annotation) -> bool:
    return bool(annotation.attributes)


def scaled(labels: Labels, across: float, down: float) -> Labels:
    """Return labels whose places on the picture are multiplied."""
    if across == down == 1:
        return labels
    return mapped(labels, lambda point: Point(point.x * across, point.y * down))


def mapped(labels: Labels, place: Callable[[Point], Point]) -> Labels:
    """Return labels whose places on the picture are others; upright boxes must stay upright."""
    return replace(labels, annotations=tuple(_mapped(annotation, place) for annotation in labels.annotations))


def _mapped(annotation: Annotation, place: Callable[[Point], Point]) -> Annotation:
    match annotation:
        case Detection(box=box, outline=outline):
            there = None if outline is None else _mapped_outline(outline, place)
            return replace(annotation, box=there.bounds if there else _mapped_box(box, place), outline=there)
        case Keypoint(point=point):
            return replace(annotation, point=place(point))
        case TextRegion(polygon=polygon):
            return replace(annotation, polygon=_mapped_outline(polygon, place))
        case LayoutBlock(box=Box() as box):
            return replace(annotation, box=_mapped_box(box, place))
        case _:
            return annotation


def _mapped_box(box: Box, place: Callable[[Point], Point]) -> Box:
    return Box.from_corners(place(Point(box.left, box.top)), place(Point(box.right, box.bottom)))


def _mapped_outline(polygon: Polygon, place: Callable[[Point], Point]) -> Polygon:
    return Polygon(tuple(map(place, polygon.points)))


def clipped(labels: Labels, size: Size) -> Labels:
    """Return labels without what lies outside of the picture; upright boxes are cut at its border."""
    picture = Box.whole(size)
    clips = [(each, found) for each in labels.annotations if (found := _clipped(each, picture)) is not None]
    losses = (
        (len(labels.annotations) - len(clips), "1 object outside of the picture", "{} objects outside of the picture"),
        (
            sum(_is_cut(before, after) for before, after in clips),
            "what reaches beyond the picture of 1 object",
            "what reaches beyond the picture of {} objects",
        ),
    )
    return replace(
        labels, annotations=tuple(after for _, after in clips), left_out=(*labels.left_out, *sentences(losses))
    )


_VISIBLY = 0.5
"""Pixels of a box beyond the picture that rounding may make, and that nobody misses."""


def _is_cut(annotation: Annotation, kept: Annotation) -> bool:
    if kept is annotation:
        return False
    before, after = bounds_of(annotation), bounds_of(kept)
    assert before is not None
    assert after is not None
    return max(abs(a - b) for a, b in zip(before, after, strict=True)) > _VISIBLY


def _clipped(annotation: Annotation, picture: Box) -> Annotation | None:
    match annotation:
        case Keypoint(point=point):
            return annotation if picture.contains(point) else None
        case Detection(box=box, outline=None) | LayoutBlock(box=Box() as box):
            inside = box.intersection(picture)
            return None if inside is None else annotation if inside == box else replace(annotation, box=inside)
        case _:
            bounds = bounds_of(annotation)
            return None if bounds is not None and bounds.intersection(picture) is None else annotation
