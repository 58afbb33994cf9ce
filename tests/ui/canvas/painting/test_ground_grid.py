import pytest
from canvas_pictures import Opened, media

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.camera import CameraIntrinsics
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Point, Size
from qwvis_desktop.ui.canvas.painting.ground_grid import CAMERA_HEIGHT, Ground, grid_lines, ground_of_document
from qwvis_desktop.ui.canvas.view import CanvasView

SIZE = Size(400, 300)


def document(*cuboids: Cuboid) -> Document:
    made = Document(media(SIZE))
    made.add(cuboids)
    return made


def cuboid(y: float, z: float, height: float = 1.0) -> Cuboid:
    return Cuboid(center=(0, y, z), size=(1, height, 1), angles=(0, 0, 0))


def test_the_ground_lies_where_the_lowest_box_stands() -> None:
    assert ground_of_document(document(cuboid(0.2, 4), cuboid(1.0, 9, 0.5))).height == pytest.approx(1.25)


def test_without_boxes_it_lies_below_the_camera() -> None:
    assert ground_of_document(document()) == Ground(CAMERA_HEIGHT, 1.0)
    assert ground_of_document(document(cuboid(0, -5))) == Ground(CAMERA_HEIGHT, 1.0)
    assert ground_of_document(document(cuboid(-3, 5))).height == CAMERA_HEIGHT


@pytest.mark.parametrize(("depth", "cell"), [(0.6, 0.05), (3.0, 0.25), (15.0, 1.0), (60.0, 5.0), (9e9, 100.0)])
def test_cells_are_as_wide_as_the_distances_need(depth: float, cell: float) -> None:
    assert ground_of_document(document(cuboid(1, depth))).cell == cell


def test_every_line_lies_on_the_ground_in_front_of_the_camera() -> None:
    for near, far, _ in grid_lines(Ground(1.5, 0.5)):
        assert near[1] == far[1] == 1.5
        assert min(near[2], far[2]) > 0


def changed_rows(canvas: CanvasView) -> set[int]:
    canvas.set_ground_shown(False)
    before = canvas.grab().toImage()
    canvas.set_ground_shown(True)
    after = canvas.grab().toImage()
    left, top = (round(each) for each in canvas.viewport.to_widget(Point(203, 0)))
    places = [(left, top + row) for row in range(SIZE.height)]
    return {y - top for x, y in places if before.pixelColor(x, y) != after.pixelColor(x, y)}


def test_grid_and_horizon_can_be_switched_and_follow_the_camera(opened: Opened) -> None:
    canvas, editor = opened()
    rows = changed_rows(canvas)
    assert 150 in rows, "the horizon"
    assert not any(row < 147 for row in rows), "ground above the horizon"
    assert any(row > 160 for row in rows), "the grid"
    editor.set_camera(CameraIntrinsics(300, 300, 200, 90), "by hand", "Camera")
    assert 90 in changed_rows(canvas)
    image = canvas.as_seen()
    canvas.set_ground_shown(False)
    assert canvas.as_seen() != image
