"""core.replies.evidence: the sums must come out where the boxes are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import Detection, Provenance, VideoEvent
from qwvis_desktop.core.coordinates import CoordinateSpace, Frame
from qwvis_desktop.core.document import Run
from qwvis_desktop.core.geometry import Box, Point, Size
from qwvis_desktop.core.model_files import bundled_registry
from qwvis_desktop.core.replies.evidence import annotation_evidence, run_evidence
from qwvis_desktop.core.replies.parser import ReplyContext, parse_reply
from qwvis_desktop.core.tasks import TASKS

WHOLE = Frame.whole(Size(1380, 1000), Size(1376, 992))
CROPPED = Frame(Size(1380, 1000), Size(560, 280), Box(40, 50, 840, 450))
REGISTRY = bundled_registry()


def run_of(
    frame: Frame | None,
    space: CoordinateSpace = CoordinateSpace.RELATIVE_1000,
    model: str = "qwen3-vl-plus",
    family: str = "qwen3-vl",
) -> Run:
    return Run(
        id="r",
        started=datetime(2026, 1, 1, tzinfo=UTC),
        provider="p",
        model=model,
        family=family,
        task="detect",
        prompt="",
        frame=frame,
        space=space,
    )


def detection(numbers: tuple[float, ...], run: str = "r") -> Detection:
    return Detection(box=Box(0, 0, 1, 1), provenance=Provenance(run, (3, 40), numbers))


class TestAnnotation:
    def test_formula(self) -> None:
        evidence = annotation_evidence(detection((323, 10, 500, 1000)), run_of(WHOLE))
        assert evidence is not None
        assert evidence.formula == (
            "x1 = 323 / 1000 × 1380 = 445.7",
            "y1 = 10 / 1000 × 1000 = 10.0",
            "x2 = 500 / 1000 × 1380 = 690.0",
            "y2 = 1000 / 1000 × 1000 = 1000.0",
        )
        assert (evidence.raw, evidence.span) == ((323, 10, 500, 1000), (3, 40))

    def test_formula_of_a_point_in_a_crop(self) -> None:
        evidence = annotation_evidence(detection((280, 70)), run_of(CROPPED, CoordinateSpace.SENT_PIXELS))
        assert evidence is not None
        assert evidence.formula == ("x = 40 + 280 / 560 × 800 = 440.0", "y = 50 + 70 / 280 × 400 = 150.0")
        assert evidence.pixels == (440, 150)

    def test_in_every_space(self) -> None:
        evidence = annotation_evidence(detection((500, 250)), run_of(WHOLE))
        assert evidence is not None
        written = {line.space: line.numbers for line in evidence.in_spaces}
        assert written[CoordinateSpace.RELATIVE_1000] == (500, 250)
        assert written[CoordinateSpace.RELATIVE_999] == (499.5, 249.75)
        assert written[CoordinateSpace.RELATIVE_1] == (0.5, 0.25)
        assert written[CoordinateSpace.SENT_PIXELS] == (688, 248)
        assert written[CoordinateSpace.ORIGINAL_PIXELS] == (690, 250)

    @given(
        numbers=st.tuples(*[st.integers(0, 400)] * 2, *[st.integers(500, 900)] * 2),
        frame=st.sampled_from([WHOLE, CROPPED]),
        turn=st.integers(0, 3),
    )
    def test_agrees_with_the_reader(self, numbers: tuple[int, int, int, int], frame: Frame, turn: int) -> None:
        frame = replace(frame, turn=turn)
        run = run_of(frame)
        reply = f'[{{"bbox_2d": {list(numbers)}, "label": "a"}}]'
        context = ReplyContext(run="r", task=TASKS["detect"], space=run.space, frames=(frame,))
        (found,) = parse_reply(reply, context).annotations
        assert isinstance(found, Detection)
        evidence = annotation_evidence(found, run)
        assert evidence is not None
        left, top, right, bottom = evidence.pixels
        box = Box.from_corners(Point(left, top), Point(right, bottom))
        assert (box.left, box.top, box.right, box.bottom) == pytest.approx(
            (found.box.left, found.box.top, found.box.right, found.box.bottom)
        )
        for line, place in zip(evidence.formula, evidence.pixels, strict=True):
            _, sum_, result = line.split(" = ")
            assert eval(sum_.replace("×", "*")) == pytest.approx(place)
            assert float(result) == pytest.approx(place, abs=0.051)

    def test_formula_of_a_turned_picture(self) -> None:
        frame = replace(CROPPED, turn=1)
        evidence = annotation_evidence(detection((280, 70)), run_of(frame, CoordinateSpace.SENT_PIXELS))
        assert evidence is not None
        assert evidence.formula == ("x = 40 + 70 / 280 × 800 = 240.0", "y = 50 + (560 - 280) / 560 × 400 = 250.0")
        assert run_evidence(run_of(frame), REGISTRY).turn == 1

    def test_a_turned_rectangle_has_a_centre(self) -> None:
        evidence = annotation_evidence(detection((500, 250, 10, 100, -89)), run_of(WHOLE))
        assert evidence is not None
        assert (evidence.raw, evidence.pixels) == ((500, 250, 10, 100, -89), (690, 250))

    @pytest.mark.parametrize(
        "annotation",
        [Detection(box=Box(0, 0, 1, 1)), detection((1, 2), run="other"), detection(()), detection((1.0,) * 9)],
    )
    def test_nothing_to_work_out(self, annotation: Detection) -> None:
        assert annotation_evidence(annotation, run_of(WHOLE)) is None

    def test_times_are_no_places(self) -> None:
        event = VideoEvent(label="walks", start=3, end=4, provenance=Provenance("r", (0, 9), (3, 4)))
        assert annotation_evidence(event, run_of(WHOLE)) is None

    def test_without_a_frame(self) -> None:
        assert annotation_evidence(detection((1, 2)), run_of(None)) is None


class TestRun:
    def test_sizes(self) -> None:
        evidence = run_evidence(run_of(CROPPED), REGISTRY)
        assert (evidence.original, evidence.sent, evidence.crop) == (Size(1380, 1000), Size(560, 280), CROPPED.crop)
        assert run_evidence(run_of(WHOLE), REGISTRY).crop is None

    def test_no_picture(self) -> None:
        evidence = run_evidence(run_of(None), REGISTRY)
        assert (evidence.original, evidence.sent, evidence.crop) == (None, None, None)

    @pytest.mark.parametrize(
        ("run", "reason"),
        [
            (run_of(WHOLE), "The model's name says Qwen3-VL, which writes relative-1000."),
            (run_of(WHOLE, model="mine"), "The model was taken for Qwen3-VL, which writes relative-1000."),
            (
                run_of(WHOLE, CoordinateSpace.SENT_PIXELS),
                "It was chosen for this run; Qwen3-VL is known to write relative-1000.",
            ),
            (
                run_of(WHOLE, model=""),
                "The reply does not say who wrote it. It was taken for Qwen3-VL's, which writes relative-1000.",
            ),
            (
                run_of(WHOLE, CoordinateSpace.SENT_PIXELS, model="rapidocr", family="offline-ocr"),
                "The engine on this machine writes sent-pixels.",
            ),
            (run_of(WHOLE, family="gone"), "It was chosen for this run."),
        ],
    )
    def test_why(self, run: Run, reason: str) -> None:
        assert run_evidence(run, REGISTRY).reason == reason
