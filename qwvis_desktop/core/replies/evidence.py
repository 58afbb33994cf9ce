"""Why a box stands where it stands: sizes, space, raw numbers, the numbers in every space and the sum, as plain values.

Meant to be shown by the window and the command line; nothing is decided here.
"""

from __future__ import annotations

from dataclasses import dataclass

from qwvis_desktop.core.annotation import LOOK, Annotation, VideoEvent
from qwvis_desktop.core.coordinates import CoordinateSpace, Frame
from qwvis_desktop.core.document import Run
from qwvis_desktop.core.geometry import Box, Point, Size
from qwvis_desktop.core.model_registry import ModelRegistry
from qwvis_desktop.core.profiles import OFFLINE_OCR


@dataclass(frozen=True, slots=True)
class RunEvidence:
    """What holds for all places of a run.

    Attributes:
        original: size of the upright original; None where no picture is known (a pasted reply).
        crop: the part that was sent; None where all of it was, or none is known.
        sent: size of what the model saw.
        turn: by how many quarters, clockwise, it was turned before it was sent.
        space: what the numbers were taken to count.
        reason: why, in a sentence.
    """

    original: Size | None
    crop: Box | None
    sent: Size | None
    space: CoordinateSpace
    reason: str
    turn: int = 0


@dataclass(frozen=True, slots=True)
class SpaceNumbers:
    """One place, written in one space."""

    space: CoordinateSpace
    numbers: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class AnnotationEvidence:
    """What holds for one annotation.

    Attributes:
        raw: the numbers as the model wrote them.
        span: [start, end) of the raw reply it was read from.
        pixels: the place in pixels of the upright original as the numbers say, not clipped.
        in_spaces: what a model would have written for that place in each space.
        formula: how each number became a pixel, a line each.
    """

    raw: tuple[float, ...]
    span: tuple[int, int]
    pixels: tuple[float, ...]
    in_spaces: tuple[SpaceNumbers, ...]
    formula: tuple[str, ...]


def run_evidence(run: Run, registry: ModelRegistry) -> RunEvidence:
    """Return what holds for all places of ``run``."""
    frame = run.frame
    return RunEvidence(
        original=frame.original if frame else None,
        crop=frame.crop if frame and frame.crop != Box.whole(frame.original) else None,
        sent=frame.sent if frame else None,
        space=run.space,
        reason=_reason(run, registry),
        turn=frame.turn if frame else 0,
    )


def _reason(run: Run, registry: ModelRegistry) -> str:
    if run.family not in registry.families:
        return "It was chosen for this run."
    spec = registry.spec(run.model, run.family)
    if run.space is not spec.space:
        return f"It was chosen for this run; {spec.family_title} is known to write {spec.space.value}."
    if spec.family == OFFLINE_OCR:
        return f"The engine on this machine writes {spec.space.value}."
    if not run.model:
        taken = f"It was taken for {spec.family_title}'s, which writes {spec.space.value}."
        return f"The reply does not say who wrote it. {taken}"
    if registry.family_of(run.model) == run.family:
        return f"The model's name says {spec.family_title}, which writes {spec.space.value}."
    return f"The model was taken for {spec.family_title}, which writes {spec.space.value}."


def annotation_evidence(annotation: Annotation, run: Run) -> AnnotationEvidence | None:
    """Return what holds for ``annotation`` of ``run``; None where no numbers of the plane stand behind it.

    Drawn by hand, in space or in time, without a frame, or made by another run: there is nothing to work out.
    """
    source, frame = annotation.provenance, _frame_of(annotation, run)
    if source is None or source.run != run.id or frame is None or isinstance(annotation, VideoEvent):
        return None
    pairs = _pairs(source.numbers)
    if not pairs:
        return None
    places = [frame.to_original(pair, run.space) for pair in pairs]
    return AnnotationEvidence(
        raw=source.numbers,
        span=source.span,
        pixels=_flat(places),
        in_spaces=tuple(
            SpaceNumbers(space, _flat([frame.from_original(place, space) for place in places]))
            for space in CoordinateSpace
        ),
        formula=_formula(pairs, frame, run.space),
    )


def _frame_of(annotation: Annotation, run: Run) -> Frame | None:
    look = annotation.attributes.get(LOOK)
    return run.looks[look - 1].frame if isinstance(look, int) and 1 <= look <= len(run.looks) else run.frame


def _pairs(numbers: tuple[float, ...]) -> list[Point]:
    if len(numbers) == 5:  # a turned rectangle: centre, width, height, angle
        numbers = numbers[:2]
    if len(numbers) % 2:
        return []
    return [Point(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]


def _flat(points: list[Point]) -> tuple[float, ...]:
    return tuple(value for point in points for value in point)


def _formula(pairs: list[Point], frame: Frame, space: CoordinateSpace) -> tuple[str, ...]:
    """Return lines like ``x = 323 / 1000 × 1380 = 445.7``; numbered where there is more than one pair.

    Of a picture that was turned, x may come from the second number, and count from the far side: ``(1000 - 323)``.
    """
    extents, turn = space.extent(frame), frame.turn
    lines = []
    for number, pair in enumerate(pairs, start=1):
        mark = str(number) if len(pairs) > 1 else ""
        place = frame.to_original(pair, space)
        across = _share(pair, extents, turn % 2, backwards=turn in (2, 3))
        down = _share(pair, extents, 1 - turn % 2, backwards=turn in (1, 2))
        lines += [
            _line(f"x{mark}", across, frame.crop.width, frame.crop.left, place.x),
            _line(f"y{mark}", down, frame.crop.height, frame.crop.top, place.y),
        ]
    return tuple(lines)


def _share(pair: Point, extents: tuple[float, float], which: int, *, backwards: bool) -> str:
    value, extent = f"{pair[which]:.10g}", f"{extents[which]:.10g}"
    return f"({extent} - {value}) / {extent}" if backwards else f"{value} / {extent}"


def _line(name: str, share: str, side: float, start: float, result: float) -> str:
    shift = f"{start:.10g} + " if start else ""
    return f"{name} = {shift}{share} × {side:.10g} = {result:.1f}"
