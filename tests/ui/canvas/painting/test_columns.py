import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import Detection
from qwvis_desktop.core.geometry import Box, Point, Size
from qwvis_desktop.ui.canvas.painting.columns import Columns, meeting
from qwvis_desktop.ui.canvas.painting.scene import Scene

WIDTH = 640.0
places = st.floats(-50, 700, allow_nan=False)
boxes = st.builds(lambda x, y, w, h: Box(x, y, x + w, y + h), places, places, st.floats(0, 300), st.floats(0, 300))


@given(st.lists(boxes, max_size=30), st.lists(st.tuples(places, places, st.floats(0, 60)), min_size=1, max_size=8))
def test_columns_find_what_a_look_at_all_boxes_finds(
    all_boxes: list[Box], asked: list[tuple[float, float, float]]
) -> None:
    bounds = np.array(all_boxes, np.float64).reshape(-1, 4).T
    columns = Columns(bounds, WIDTH)
    for x, y, reach in asked:
        area = Box(x - reach, y - reach, x + reach, y + reach)
        wanted = [
            place
            for place, box in enumerate(all_boxes)
            if box.right >= area.left and box.left <= area.right and box.bottom >= area.top and box.top <= area.bottom
        ]
        assert columns.within(area).tolist() == wanted == meeting(bounds, area).tolist()


def test_what_was_moved_or_added_is_found_in_its_new_column() -> None:
    scene = Scene(Size(640, 480))
    scene.append([Detection(id="a", box=Box(10, 10, 20, 20))])
    assert scene.close_to(Point(15, 15), 4.0).tolist() == [0]
    scene.replace(Detection(id="a", box=Box(600, 10, 620, 20)))
    assert scene.close_to(Point(15, 15), 4.0).tolist() == []
    assert scene.close_to(Point(610, 15), 4.0).tolist() == [0]
    scene.append([Detection(id="b", box=Box(12, 12, 18, 18))])
    assert scene.close_to(Point(15, 15), 4.0).tolist() == [1]
