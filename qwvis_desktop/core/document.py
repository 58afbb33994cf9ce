"""A ``Document``: one medium with its annotations and the runs they came from.

Only ``ui.editor.DocumentEditor`` (and a command of the command line, which is its own editor) changes one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from qwvis_desktop.core.annotation import Annotation, Attributes, JsonValue, ParseIssue, ReplyStatus, new_id
from qwvis_desktop.core.camera import HALF_TURNS_XYZ, AngleConvention, CameraIntrinsics
from qwvis_desktop.core.coordinates import CoordinateSpace, Frame
from qwvis_desktop.core.film_sent import FilmSent
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.media import Media

ASSUMED_CAMERA = "60 degrees per axis"
"""``Document.camera_source`` of a picture of whose camera nothing is known: what the makers draw with."""

PASTED = "Pasted reply"
"""``Run.provider`` of a reply that was pasted."""

NO_USAGE: Mapping[str, JsonValue] = MappingProxyType({})
NO_CORRECTIONS: Mapping[str, str] = MappingProxyType({})


class FilmRange(NamedTuple):
    """The part of a film that is asked about, in seconds; from its beginning or to its end where None."""

    start: float | None = None
    end: float | None = None


WHOLE_FILM = FilmRange()


class FrameOrigin(NamedTuple):
    """Where a picture comes from that is a frame of a film: the film's file, and its time in seconds."""

    film: str
    time: float


@dataclass(frozen=True, slots=True)
class Seconds:
    """How long the parts of a run took, in seconds from its start; None for what never came."""

    prepare: float | None = None
    first_byte: float | None = None
    first_annotation: float | None = None
    total: float | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """A part of the picture that the model looked at more closely.

    Attributes:
        frame: the part, and at which size it was sent.
        label: what it looked for.
        place: how many characters of the reply had come.
    """

    frame: Frame
    label: str
    place: int


@dataclass(frozen=True, slots=True)
class SentRequest:
    """A request as it was sent.

    Attributes:
        url: where to.
        headers: with the key masked.
        body: as sent, but that a length stands in place of the data of each picture or film.
    """

    url: str
    headers: Mapping[str, str]
    body: JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One request with its raw reply and cost. The annotations of a document say which run they are of.

    Attributes:
        model: which was asked; empty where nothing says who wrote the reply (it was pasted).
        family: the model's, or whose the reply was taken for.
        reply: the raw reply, kept for ever; spans of annotations and issues count its characters.
        thinking: what came apart from it as reasoning.
        frame: what was sent; None for a reply that was pasted without a request.
        frames: what was sent of each picture, where several went into one request; else empty.
        film: what was sent of a film, whose frames were sent as ``frame`` says; None where it was none.
        looks: parts that the model looked at more closely, oldest first.
        image: which of them this document is, counted from 0; ``frame`` is its frame.
        space: what the numbers were taken to count.
        after: id of the run whose conversation it goes on with; empty where it begins one.
        system: what the service was told beside the prompt; mostly empty.
        pace: when the pieces of the reply came: seconds from the start, and how many characters there were then.
        thinking_pace: the same of the reasoning.
        request_id: what the service's support asks for; empty where it gave none.
        error: why it failed, in a sentence; empty where it did not.
        requests: what was sent, oldest first; several where the model looked closer or was asked again. Empty where
            nothing was sent, and of runs of earlier versions, which did not keep it.
        left_out: of each picture, what its file holds beside pixels and was not sent.
        notes: what was done to pictures to make them fit, in sentences.
        corrections: what a person put in place of values of its fields, by their place (``field_table.Field.pointer``).
        as_read: what the reply was read as when it was read last; what the document holds otherwise, a person changed.
    """

    id: str = field(default_factory=new_id)
    started: datetime
    provider: str
    model: str
    family: str
    task: str
    prompt: str
    after: str = ""
    system: str = ""
    options: Attributes = field(default_factory=lambda: NO_USAGE)
    frame: Frame | None
    frames: tuple[Frame, ...] = ()
    film: FilmSent | None = None
    looks: tuple[Look, ...] = ()
    image: int = 0
    space: CoordinateSpace
    reply: str = ""
    thinking: str = ""
    finish_reason: str | None = None
    status: ReplyStatus | None = None
    text: str | None = None
    issues: tuple[ParseIssue, ...] = ()
    usage: Mapping[str, JsonValue] = field(default_factory=lambda: NO_USAGE)
    seconds: Seconds = Seconds()
    pace: tuple[tuple[float, int], ...] = ()
    thinking_pace: tuple[tuple[float, int], ...] = ()
    request_id: str = ""
    error: str = ""
    requests: tuple[SentRequest, ...] = ()
    left_out: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()
    corrections: Mapping[str, str] = field(default_factory=lambda: NO_CORRECTIONS)
    as_read: tuple[Annotation, ...] = field(default=(), repr=False)

    @property
    def source(self) -> str:
        """Where the reply is from, for people: the model, or how it came where that is not known."""
        return self.model or self.provider


FIRST_IMAGE = 1
"""What the first picture of a request is called where several go into it."""


def in_picture(annotations: Iterable[Annotation], image: int) -> tuple[Annotation, ...]:
    """Return those of ``annotations`` that are in the picture of this number, counted from 0."""
    return tuple(annotation for annotation in annotations if (getattr(annotation, "image", None) or 0) == image)


def run_of_picture(run: Run, image: int) -> Run:
    """Return a run about several pictures as the document of one of them keeps it."""
    if not run.frames:
        return run
    return replace(run, frame=run.frames[image], image=image, as_read=in_picture(run.as_read, image))


class Document:
    """One medium with its annotations, in the order in which they are drawn, its runs, and how space is seen in it.

    Args:
        media: what was dropped.
    """

    def __init__(self, media: Media) -> None:
        self.media = media
        self._camera = CameraIntrinsics.from_field_of_view(media.size)
        self._camera_source = ASSUMED_CAMERA
        self._convention = HALF_TURNS_XYZ
        self._film_range = WHOLE_FILM
        self._origin: FrameOrigin | None = None
        self._annotations: dict[str, Annotation] = {}
        self._runs: dict[str, Run] = {}

    @property
    def size(self) -> Size:
        """Size of the upright original in pixels."""
        return self.media.size

    @property
    def annotations(self) -> Mapping[str, Annotation]:
        """All annotations by id, in drawing order; a live view that cannot be written to."""
        return MappingProxyType(self._annotations)

    @property
    def runs(self) -> Mapping[str, Run]:
        """All runs by id, oldest first; a live view that cannot be written to."""
        return MappingProxyType(self._runs)

    @property
    def camera(self) -> CameraIntrinsics:
        """What the picture was taken with, in pixels of the upright original; boxes in space are drawn with it."""
        return self._camera

    @property
    def camera_source(self) -> str:
        """Where the camera is known from, in a few words or a file's name."""
        return self._camera_source

    @property
    def convention(self) -> AngleConvention:
        """What the three angles of each cuboid mean."""
        return self._convention

    @property
    def film_range(self) -> FilmRange:
        """Which part of a film is asked about."""
        return self._film_range

    def set_film_range(self, film_range: FilmRange) -> None:
        """Ask about another part of the film."""
        self._film_range = film_range

    @property
    def origin(self) -> FrameOrigin | None:
        """Which frame of which film the picture is; None for one that is none."""
        return self._origin

    def set_origin(self, origin: FrameOrigin | None) -> None:
        """Say which frame of which film the picture is."""
        self._origin = origin

    def set_camera(self, camera: CameraIntrinsics, source: str = "by hand") -> None:
        """See space through another camera; ``source`` says where it is known from."""
        self._camera, self._camera_source = camera, source

    def set_convention(self, convention: AngleConvention) -> None:
        """Read the angles of all cuboids in another way; the numbers stay."""
        self._convention = convention

    def order(self) -> tuple[str, ...]:
        """Return the ids in drawing order."""
        return tuple(self._annotations)

    def add(self, annotations: Iterable[Annotation]) -> None:
        """Append annotations.

        Raises:
            ValueError: one with the same id is there already; nothing was added.
        """
        new = {annotation.id: annotation for annotation in annotations}
        if not new.keys().isdisjoint(self._annotations):
            raise ValueError("an annotation with this id is there already")
        self._annotations.update(new)

    def remove(self, ids: Iterable[str]) -> tuple[Annotation, ...]:
        """Take annotations out and return them, in the order of ``ids``.

        Raises:
            KeyError: there is none with such an id; nothing was taken out.
        """
        removed = tuple(self._annotations[key] for key in ids)
        for annotation in removed:
            del self._annotations[annotation.id]
        return removed

    def replace(self, annotations: Iterable[Annotation]) -> tuple[Annotation, ...]:
        """Put annotations in place of those with the same ids; return the former ones.

        Raises:
            KeyError: there is none with such an id; nothing was replaced.
        """
        new = tuple(annotations)
        former = tuple(self._annotations[annotation.id] for annotation in new)
        self._annotations.update((annotation.id, annotation) for annotation in new)
        return former

    def insert(self, placed: Mapping[int, Annotation]) -> None:
        """Put annotations back where they were: by their places in the order that there is with them."""
        others = iter(tuple(self._annotations.values()))
        count = len(self._annotations) + len(placed)
        merged = [placed[place] if place in placed else next(others) for place in range(count)]
        self._annotations = {annotation.id: annotation for annotation in merged}

    def places(self, ids: Iterable[str]) -> dict[str, int]:
        """Return the places of annotations in the drawing order, by their ids."""
        wanted = frozenset(ids)
        return {key: place for place, key in enumerate(self._annotations) if key in wanted}

    def reorder(self, order: Sequence[str]) -> None:
        """Set the drawing order; ``order`` holds each id once."""
        self._annotations = {key: self._annotations[key] for key in order}

    def set_run(self, run: Run) -> None:
        """Keep a run, in place of an earlier state of the same."""
        self._runs[run.id] = run

    def copy(self) -> Document:
        """Return the document as it stands now, to be read on another thread while this one goes on."""
        twin = Document(self.media)
        twin._annotations = dict(self._annotations)
        twin._runs = dict(self._runs)
        twin.set_camera(self._camera, self._camera_source)
        twin.set_convention(self._convention)
        twin.set_film_range(self._film_range)
        twin.set_origin(self._origin)
        return twin

    def annotations_of(self, run: str) -> tuple[Annotation, ...]:
        """Return what is there from the run with this id."""
        return tuple(a for a in self._annotations.values() if a.provenance is not None and a.provenance.run == run)
