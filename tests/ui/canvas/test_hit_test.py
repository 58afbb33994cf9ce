from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import Annotation, Cuboid, Detection, Keypoint, LayoutBlock, TextRegion, VideoEvent
from qwvis_desktop.core.geometry import Box, Point, Polygon, Size
from qwvis_desktop.ui.canvas.hit_test import in_polygon, marks_at
from qwvis_desktop.ui.canvas.painting.marks import Shape
from qwvis_desktop.ui.canvas.painting.scene import Scene
from qwvis_desktop.ui.canvas.painting.seen_cuboids import convex_hull

SIZE = Size(1000, 800)


def scene_of(*annotations: Annotation) -> Scene:
    scene = Scene(SIZE)
    scene.append(annotations)
    return scene


def found(scene: Scene, x: float, y: float, reach: float = 8.0) -> list[str]:
    return [scene.marks[place].annotation.id for place in marks_at(scene, Point(x, y), reach)]


def box(key: str, *sides: float) -> Detection:
    return Detection(id=key, box=Box(*sides))


def test_the_smallest_box_under_the_pointer_wins() -> None:
    scene = scene_of(box("small", 100, 100, 150, 150), box("large", 0, 0, 500, 500), box("other", 600, 0, 700, 50))
    assert found(scene, 120, 120) == ["small", "large"]
    assert found(scene, 300, 300) == ["large"]
    assert found(scene, 550, 300) == []


def test_of_equal_boxes_the_one_on_top_wins() -> None:
    assert found(scene_of(box("a", 0, 0, 50, 50), box("b", 0, 0, 50, 50)), 10, 10) == ["b", "a"]


def test_a_keypoint_is_met_from_eight_pixels_and_before_any_box() -> None:
    scene = scene_of(box("box", 90, 90, 104, 104), Keypoint(id="point", point=Point(100, 100)))
    assert found(scene, 94.5, 94.5) == ["point", "box"]
    assert found(scene, 100, 108) == ["point"]
    assert found(scene, 100, 108.5) == []
    assert found(scene, 100, 115, reach=16.0) == ["point"]


def test_the_nearest_of_two_keypoints_wins() -> None:
    scene = scene_of(Keypoint(id="a", point=Point(100, 100)), Keypoint(id="b", point=Point(106, 100)))
    assert found(scene, 101, 100) == ["a", "b"]
    assert found(scene, 105, 100) == ["b", "a"]


def test_a_line_thin_box_can_be_pointed_at() -> None:
    scene = scene_of(box("thin", 100, 100, 300, 101))
    assert found(scene, 200, 103) == ["thin"]
    assert found(scene, 200, 106) == []


def test_slanted_text_is_met_inside_its_outline_only() -> None:
    outline = Polygon((Point(100, 200), Point(300, 100), Point(310, 120), Point(110, 220)))
    scene = scene_of(TextRegion(id="text", text="slanted", polygon=outline))
    assert found(scene, 205, 160) == ["text"]
    assert found(scene, 110, 110) == []


def test_a_cuboid_is_met_inside_its_hull() -> None:
    scene = scene_of(Cuboid(id="cuboid", center=(0, 0, 5), size=(1, 1, 1), angles=(0, 0, 0)))
    assert scene.marks[0].shape is Shape.EDGES
    assert found(scene, 500, 400) == ["cuboid"]
    assert found(scene, 10, 10) == []


def test_what_has_no_place_is_not_there() -> None:
    scene = scene_of(
        VideoEvent(id="event", start=0, end=1),
        LayoutBlock(id="block", tag="p", text="", box=None),
        Cuboid(id="behind", center=(0, 0, -5), size=(1, 1, 1), angles=(0, 0, 0)),
    )
    assert len(scene) == 0
    assert found(scene, 500, 400) == []


def test_an_empty_scene_meets_nothing() -> None:
    assert found(scene_of(), 1, 1) == []


COORDINATES = st.integers(0, 60)
BOXES = st.builds(lambda x, y, w, h: Box(x, y, x + w, y + h), COORDINATES, COORDINATES, COORDINATES, COORDINATES)


@given(st.lists(BOXES, max_size=300), COORDINATES, COORDINATES)
def test_arrays_find_what_looking_at_each_box_finds(boxes: list[Box], x: int, y: int) -> None:
    scene = scene_of(*(Detection(id=str(place), box=each) for place, each in enumerate(boxes)))
    point = Point(float(x), float(y))
    expected = {str(place) for place, each in enumerate(boxes) if each.contains(point)}
    assert set(found(scene, point.x, point.y, reach=1e-9)) == expected


@given(st.lists(st.builds(Point, st.floats(-100, 100), st.floats(-100, 100)), min_size=3, max_size=20))
def test_a_hull_has_all_points_inside(points: list[Point]) -> None:
    hull = convex_hull(points)
    assert set(hull) <= set(points)
    left, right = min(p.x for p in points), max(p.x for p in points)
    assert min(p.x for p in hull) == left
    assert max(p.x for p in hull) == right


def test_the_hull_of_a_square_with_its_middle_is_the_square() -> None:
    square = {Point(0, 0), Point(4, 0), Point(4, 4), Point(0, 4)}
    assert set(convex_hull([*square, Point(2, 2), Point(2, 0)])) == square


def test_inside_and_outside_of_a_concave_outline() -> None:
    outline = (Point(0, 0), Point(10, 0), Point(10, 10), Point(5, 3), Point(0, 10))
    assert in_polygon(outline, Point(2, 2))
    assert not in_polygon(outline, Point(5, 8))
