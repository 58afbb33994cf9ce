from pathlib import Path

import numpy as np
import pytest
from canvas_pictures import Opened
from PIL import Image
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.geometry import Box, Point, Size
from qwvis_desktop.core.media import large
from qwvis_desktop.core.media.image import open_image
from qwvis_desktop.core.media.large import Part
from qwvis_desktop.core.media.raster import Raster
from qwvis_desktop.ui.canvas.detail import wanted_part
from qwvis_desktop.ui.canvas.viewport import Viewport
from qwvis_desktop.ui.images import Detail, Picture, PictureLoader, image_of

pytestmark = pytest.mark.usefixtures("qapp")

VIEW = Point(400.0, 300.0)
ORIGINAL = Size(8000, 6000)


def overview() -> Picture:
    return Picture.from_raster(Raster(Size(1000, 750), bytes(1000 * 750 * 4)), ORIGINAL, is_overview=True)


def detail(box: Box, shrink: int, color: bytes = b"\x00\x00\xff\xff") -> Detail:
    raster = Raster(Size(round(box.width) // shrink, round(box.height) // shrink), b"")
    raster = Raster(raster.size, color * raster.size.pixels)
    return Detail(image_of(raster), Part(raster, box, shrink))


def test_an_overview_that_is_sharp_enough_needs_no_part() -> None:
    assert wanted_part(overview(), Viewport(0.125), VIEW, None) is None
    assert wanted_part(None, Viewport(1.0), VIEW, None) is None
    whole = Picture.from_raster(Raster(Size(10, 10), bytes(400)), Size(10, 10))
    assert wanted_part(whole, Viewport(8.0), VIEW, None) is None


@pytest.mark.parametrize(("zoom", "shrink"), [(0.2, 4), (0.25, 4), (0.3, 2), (0.5, 2), (0.9, 1), (1.0, 1), (7.0, 1)])
def test_a_part_has_at_least_a_pixel_for_each_of_the_screen(zoom: float, shrink: int) -> None:
    viewport = Viewport.centered(zoom, Point(4000, 3000), VIEW, 1.0)
    wanted = wanted_part(overview(), viewport, VIEW, None)
    assert wanted is not None
    box, found = wanted
    assert found == shrink
    seen = viewport.visible(VIEW)
    assert box.intersection(seen) == seen
    assert box.width == pytest.approx(2 * seen.width)


def test_a_part_that_is_there_is_not_asked_for_again() -> None:
    viewport = Viewport.centered(1.0, Point(4000, 3000), VIEW, 1.0)
    wanted = wanted_part(overview(), viewport, VIEW, None)
    assert wanted is not None
    there = detail(*wanted)
    assert wanted_part(overview(), viewport, VIEW, there) is None
    assert wanted_part(overview(), viewport.panned(90, -90), VIEW, there) is None
    assert wanted_part(overview(), viewport.panned(300, 0), VIEW, there) is not None
    assert wanted_part(overview(), viewport, VIEW, detail(wanted[0], 2)) is not None


def test_a_part_is_drawn_in_its_place_above_the_overview(opened: Opened) -> None:
    canvas, _ = opened(size=ORIGINAL)
    canvas.set_picture(overview())
    canvas.set_zoom(0.5)
    canvas.set_detail(detail(Box(4000, 3000, 4100, 3080), 2))
    image = canvas.grab().toImage()
    for point, name in ((Point(4002, 3002), "#ff0000"), (Point(4098, 3078), "#ff0000"), (Point(3996, 3040), "#000000")):
        place = canvas.viewport.to_widget(point)
        assert image.pixelColor(round(place.x), round(place.y)).name() == name
    canvas.set_zoom(0.1)
    assert canvas.grab().toImage().pixelColor(canvas.rect().center()).name() == "#000000"


def test_a_large_picture_opens_reduced_and_sharpens_where_one_looks(
    tmp_path: Path, qtbot: QtBot, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large, "LARGE_PIXELS", 100_000)
    monkeypatch.setattr(large, "OVERVIEW_PIXELS", 50_000)
    columns = np.indices((1200, 1600))[1] % 2 * 255
    Image.fromarray(np.stack([columns.astype(np.uint8)] * 3, axis=2)).save(tmp_path / "stripes.png")
    media = open_image(tmp_path / "stripes.png")
    canvas, _ = opened(size=media.size)
    loader = PictureLoader()
    loader.ready.connect(lambda _key, picture, _final: canvas.set_picture(picture))
    loader.detail_ready.connect(lambda _key, found: canvas.set_detail(found))
    canvas.detail_wanted.connect(lambda area, shrink: loader.sharpen("a", media, area, shrink))
    with qtbot.waitSignal(loader.ready) as told:
        loader.show("a", media, Size(500, 400))
    assert told.args is not None
    assert told.args[2] is True
    assert loader.full("a") is None
    with qtbot.waitSignal(loader.detail_ready):
        canvas.set_zoom(1.0)
    image = canvas.grab().toImage()
    shades = {image.pixelColor(x, 200).name() for x in range(100, 140)}
    assert shades == {"#000000", "#ffffff"}
    loader.close()
