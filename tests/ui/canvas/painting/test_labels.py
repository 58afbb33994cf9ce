import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.annotation import Annotation, Detection, Keypoint, TextRegion
from qwvis_desktop.core.geometry import Box, Point, Polygon, Size
from qwvis_desktop.ui.canvas.painting.labels import ChipSheet, LabelPlan
from qwvis_desktop.ui.canvas.painting.scene import Scene
from qwvis_desktop.ui.canvas.painting.style import MAX_LABEL, Style, caption, shortened

pytestmark = pytest.mark.usefixtures("qapp")

SIZE = Size(800, 600)
STYLE = Style()


def plan_of(*annotations: Annotation, zoom: float = 1.0) -> LabelPlan:
    scene = Scene(SIZE)
    scene.append(annotations)
    plan = LabelPlan(scene, ChipSheet(STYLE), picture=SIZE, zoom=zoom, style=STYLE)
    plan.extend()
    return plan


def rectangles(plan: LabelPlan) -> dict[int, tuple[int, int, int, int]]:
    chips = plan.within(-1e9, -1e9, 1e9, 1e9)
    sheet = ChipSheet(STYLE)
    return {
        place: (x, y, x + sheet.width(plan.scene.captions[place]), y + sheet.height)
        for place, (x, y) in zip(chips.marks.tolist(), chips.corners.tolist(), strict=True)
    }


def overlap(first: tuple[int, ...], second: tuple[int, ...]) -> bool:
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.integers(1, 1200), st.sampled_from([0.3, 1.0, 2.5]))
def test_no_chip_covers_another_and_none_leaves_the_picture(seed: int, count: int, zoom: float) -> None:
    choose = random.Random(seed)
    boxes = []
    for _ in range(count):
        x, y = choose.uniform(0, 700), choose.uniform(0, 500)
        boxes.append(Detection(label=choose.choice(("a", "person", "traffic light")), box=Box(x, y, x + 60, y + 60)))
    placed = sorted(rectangles(plan_of(*boxes, zoom=zoom)).values())
    assert placed
    for number, chip in enumerate(placed):
        assert chip[0] >= 0
        assert chip[1] >= 0
        assert chip[3] <= SIZE.height * zoom
        assert not any(overlap(chip, other) for other in placed[number + 1 : number + 200] if other[0] < chip[2])


def test_a_chip_stands_on_its_frame() -> None:
    chip = rectangles(plan_of(Detection(label="car", box=Box(100, 200, 300, 400))))[0]
    assert chip[0] == 99
    assert chip[3] == 200


def test_at_the_upper_edge_a_chip_goes_inside() -> None:
    chip = rectangles(plan_of(Detection(label="car", box=Box(100, 2, 300, 400))))[0]
    assert (chip[0], chip[1]) == (101, 3)


def test_at_the_right_edge_a_chip_is_moved_onto_the_picture() -> None:
    chip = rectangles(plan_of(Detection(label="a long label", box=Box(780, 200, 799, 300))))[0]
    assert chip[2] == SIZE.width


def test_two_chips_in_one_place_part() -> None:
    twin = Box(100, 200, 300, 400)
    chips = rectangles(plan_of(Detection(label="car", box=twin), Detection(label="bus", box=twin)))
    assert len(chips) == 2
    assert not overlap(chips[0], chips[1])


def test_a_keypoints_chip_stands_beside_it() -> None:
    chip = rectangles(plan_of(Keypoint(label="nose", point=Point(400, 300))))[0]
    assert chip[0] > 400 + STYLE.marker
    assert chip[1] < 300 < chip[3]


def test_lines_of_text_get_none_for_what_they_say_stands_there() -> None:
    corners = Box(10, 100, 300, 140).corners
    line = TextRegion(text="large print", polygon=Polygon(corners))
    assert not rectangles(plan_of(line))
    assert not rectangles(plan_of(line, zoom=4.0))


def test_no_chip_hides_a_line_of_text() -> None:
    lines = [
        TextRegion(text="a line of text", polygon=Polygon(Box(10, y, 10 + width, y + 20).corners))
        for y, width in zip(range(40, 560, 24), range(100, 700, 25), strict=False)
    ]
    plan = plan_of(*lines, Detection(label="stamp", box=Box(60, 90, 200, 200)))
    chips = rectangles(plan)
    for chip in chips.values():
        for line in lines:
            box = line.polygon.bounds
            # Its border may be touched.
            assert not overlap(
                chip, (round(box.left) + 9, round(box.top) + 9, round(box.right) - 9, round(box.bottom) - 9)
            )
    assert list(rectangles(plan_of(lines[0], Detection(label="stamp", box=Box(60, 300, 200, 400))))) == [1]


def test_what_says_nothing_gets_no_chip() -> None:
    assert not rectangles(plan_of(Detection(box=Box(100, 200, 300, 400))))


def test_later_marks_are_placed_round_those_that_stand() -> None:
    choose = random.Random(3)
    boxes = [
        Detection(label="person", box=Box(x, y, x + 90, y + 90))
        for x, y in ((choose.uniform(0, 700), choose.uniform(0, 500)) for _ in range(120))
    ]
    plan = plan_of(*boxes[:60])
    before = rectangles(plan)
    plan.scene.append(boxes[60:])
    plan.extend()
    after = rectangles(plan)
    assert {place: after[place] for place in before} == before
    assert len(after) > len(before)
    placed = list(after.values())
    assert not any(overlap(a, b) for number, a in enumerate(placed) for b in placed[number + 1 :])


def test_places_do_not_depend_on_what_is_on_view() -> None:
    plan = plan_of(*(Detection(label="x", box=Box(40 * i, 30 * i, 40 * i + 60, 30 * i + 60)) for i in range(18)))
    whole = plan.within(0, 0, 800, 600)
    left = plan.within(0, 0, 300, 600)
    shown = dict(zip(whole.marks.tolist(), whole.corners.tolist(), strict=True))
    assert 0 < len(left.marks) < len(whole.marks)
    assert all(shown[mark] == corner for mark, corner in zip(left.marks.tolist(), left.corners.tolist(), strict=True))


def test_far_zoomed_in_planes_are_folded_and_not_refused() -> None:
    boxes = [Detection(label="x", box=Box(i * 15, i * 11, i * 15 + 9, i * 11 + 9)) for i in range(50)]
    assert len(rectangles(plan_of(*boxes, zoom=64.0))) == 50


def test_a_chip_is_drawn_once_and_in_its_colour() -> None:
    sheet = ChipSheet(STYLE)
    chip = sheet.image("car", 3)
    assert sheet.image("car", 3) is chip
    assert (chip.width(), chip.height()) == (sheet.width("car"), sheet.height)
    assert chip.pixelColor(0, 0).name() == "#f0e442"
    pixels = np.frombuffer(chip.constBits(), np.uint8).reshape(chip.height(), -1)
    assert (pixels < 60).any(), "nothing is written on it"


def test_any_text_can_be_drawn(qtbot: QtBot) -> None:
    sheet = ChipSheet(STYLE)
    for text in ("出口 この先右折", "مخرج", "👩‍👩‍👧", "𠮷野家", "a\ud800b", "\u0000", "\u202eabc", "e" + "\u0301" * 40):
        chip = sheet.image(shortened(text), 0)
        assert chip.height() == sheet.height


def test_long_texts_are_cut_to_one_line() -> None:
    assert shortened("one\n two\t three") == "one two three"
    assert len(shortened("x" * 100)) == MAX_LABEL
    assert shortened("x" * 100).endswith("…")
    assert shortened("y" * MAX_LABEL) == "y" * MAX_LABEL


def test_the_caption_has_the_score_where_there_is_one() -> None:
    box = Box(0, 0, 1, 1)
    assert caption(Detection(label="car", box=box, score=0.876)) == "car 0.88"
    assert caption(Detection(box=box, score=0.5)) == "0.50"
    assert caption(Detection(label="car", box=box)) == "car"
