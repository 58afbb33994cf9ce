from __future__ import annotations

from dataclasses import replace

from qwvis_desktop.core.annotation import Annotation, Detection, Keypoint
from qwvis_desktop.core.geometry import Box, Point, Size
from qwvis_desktop.ui.canvas.painting.scene import Scene


def drawn(scene: Scene) -> list[tuple[float, float, float, float]]:
    """Return the boxes that the lines make, and see that those of the rectangles are the same."""
    found = []
    for rect, top, right, bottom, left in zip(scene.rects, *scene.sides, strict=True):
        box = (left.x1(), top.y1(), right.x1(), bottom.y1())
        assert box == (rect.left(), rect.top(), rect.right(), rect.bottom())
        assert (top.p1(), top.p2(), right.p2()) == (left.p1(), right.p1(), bottom.p2())
        assert left.p2() == bottom.p1()
        found.append(box)
    return found


def test_lines_and_rectangles_follow_what_is_appended_and_replaced() -> None:
    first = Detection(id="a", box=Box(1, 2, 30, 40))
    second: list[Annotation] = [Keypoint(id="p", point=Point(7, 8)), Detection(id="b", box=Box(5, 6, 70, 80))]
    scene = Scene(Size(100, 100))
    scene.append([first])
    moved = replace(first, box=Box(3, 4, 32, 42))
    assert scene.replace(moved), "before the lines were asked for"
    assert drawn(scene) == [moved.box]
    scene.append(second)
    assert drawn(scene) == [moved.box, (7, 8, 7, 8), (5, 6, 70, 80)]
    assert scene.replace(replace(first, box=Box(9, 9, 20, 20))), "after they were"
    assert drawn(scene) == [(9, 9, 20, 20), (7, 8, 7, 8), (5, 6, 70, 80)]
    assert scene.index == {"a": 0, "p": 1, "b": 2}
