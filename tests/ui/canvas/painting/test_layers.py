import random
from dataclasses import replace

import numpy as np
import pytest
from canvas_pictures import Opened, plain
from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.annotation import Detection, TextRegion
from qwvis_desktop.core.geometry import Box, Point, Polygon, Size
from qwvis_desktop.core.media.raster import Raster
from qwvis_desktop.ui import palette
from qwvis_desktop.ui.canvas.painting import layers
from qwvis_desktop.ui.canvas.painting.composition import Composition
from qwvis_desktop.ui.canvas.painting.layers import KeptLayer
from qwvis_desktop.ui.canvas.painting.placement import Placement
from qwvis_desktop.ui.canvas.painting.scene import Scene
from qwvis_desktop.ui.canvas.painting.style import Style
from qwvis_desktop.ui.images import Picture

pytestmark = pytest.mark.usefixtures("qapp")

SIZE = Size(900, 700)
VIEW = QSize(300, 200)


def boxes(count: int, seed: int = 1) -> list[Detection]:
    choose = random.Random(seed)
    places = [(choose.uniform(0, 800), choose.uniform(0, 600)) for _ in range(count)]
    return [Detection(label=choose.choice("abcdef") * 4, box=Box(x, y, x + 70, y + 60)) for x, y in places]


def noise(size: Size) -> Picture:
    choose = random.Random(9)
    return Picture.from_raster(Raster(size, choose.randbytes(4 * size.pixels)), size)


def composition_of(count: int, picture: Picture | None = None) -> Composition:
    composition = Composition(SIZE, Style(), QColor("#202020"), QColor("#404040"), picture or noise(SIZE))
    composition.scene = Scene(SIZE)
    composition.scene.append(boxes(count))
    return composition


def shown(layer: KeptLayer, composition: Composition, at: Placement) -> QImage:
    image = QImage(VIEW, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    layer.paint(painter, composition, at, VIEW)
    painter.end()
    return image


def exact(composition: Composition, at: Placement) -> QImage:
    image = QImage(VIEW, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    composition.draw(painter, image.rect(), at)
    painter.end()
    return image


def assert_alike(first: QImage, second: QImage) -> None:
    """Allow for what Qt itself does not keep: corners of clipped frames, and the last bit of scaled pixels."""
    a, b = (np.frombuffer(image.constBits(), np.uint8).reshape(-1, 4)[:, :3].astype(int) for image in (first, second))
    assert a.shape == b.shape
    assert (np.abs(a - b).max(axis=1) > 8).mean() < 0.001


@pytest.mark.parametrize("zoom", [0.7, 1.0, 1.25, 3.0])
def test_panning_shows_what_painting_anew_would(zoom: float) -> None:
    composition, layer = composition_of(200), KeptLayer()
    choose = random.Random(4)
    x, y = -300.0, -250.0
    for _ in range(25):
        x, y = x + choose.randint(-160, 160), y + choose.randint(-160, 160)
        at = Placement(zoom, Point(x, y))
        assert_alike(shown(layer, composition, at), exact(composition, at))
    assert layer.exact_paints < 5, "panning painted everything anew"


@pytest.mark.parametrize("zoom", [0.7, 1.3])
def test_what_changes_after_panning_is_drawn_in_its_place(zoom: float) -> None:
    # Panned so far that the image has gone round, across and down: changes lie on its seams.
    composition, layer = composition_of(100), KeptLayer()
    composition.style = Style(labels=False)
    for x, y in ((0, 0), (-170, -140), (-230, -260), (-90, -150)):
        at = Placement(zoom, Point(x, y))
        shown(layer, composition, at)
    assert composition.scene is not None
    assert layer.placement is not None
    keys = [mark.annotation.id for mark in composition.scene.marks[:3]]
    wide = [Detection(id=key, label="x", box=Box(60 + i, 60 + i, 700, 600)) for i, key in enumerate(keys)]
    area = composition.replace(wide, layer.placement)
    assert area is not None
    layer.redraw(composition, area)
    assert_alike(shown(layer, composition, at), exact(composition, at))
    start, line = len(composition.scene), round((100 - at.corner.y) / zoom)
    composition.scene.append([Detection(box=Box(10, line, 850, line + 40))])
    layer.add(composition, start)
    after, corner = shown(layer, composition, at), at.corner
    row = round(line * zoom + corner.y)
    colors = {
        after.pixelColor(column, row).name() for column in range(max(0, round(10 * zoom + corner.x) + 2), VIEW.width())
    }
    assert colors == {palette.COLORS[composition.scene.colors[start]].name()}
    assert layer.exact_paints == 1


def test_a_view_that_grew_is_drawn_whole() -> None:
    composition, layer = composition_of(50), KeptLayer()
    at = Placement(1.0, Point(-200, -200))
    shown(layer, composition, at)
    large = QImage(620, 500, QImage.Format.Format_RGB32)
    painter = QPainter(large)
    layer.paint(painter, composition, at, large.size())
    painter.end()
    anew = QImage(large.size(), QImage.Format.Format_RGB32)
    painter = QPainter(anew)
    composition.draw(painter, anew.rect(), at)
    painter.end()
    assert_alike(large, anew)


def test_added_marks_are_drawn_onto_the_layer() -> None:
    composition, layer = composition_of(30), KeptLayer()
    at = Placement(1.0, Point(-200, -200))
    shown(layer, composition, at)
    assert composition.scene is not None
    start = len(composition.scene)
    composition.scene.append(boxes(30, seed=2))
    layer.add(composition, start)
    assert layer.exact_paints == 1
    after = shown(layer, composition, at)
    drawn = 0
    for box in (mark.bounds for mark in composition.scene.marks[start:]):
        x, y = round(box.left - 200), round(box.center.y - 200)
        if 0 <= x < VIEW.width() and 0 <= y < VIEW.height():
            colors = {color.name() for color in palette.COLORS}
            drawn += after.pixelColor(x, y).name() in colors
    assert drawn > 2


@pytest.mark.parametrize("zoom", [0.7, 1.0, 1.3])
def test_a_changed_mark_is_drawn_anew_and_nothing_else(zoom: float) -> None:
    composition, layer = composition_of(200), KeptLayer()
    at = Placement(zoom, Point(-200, -150))
    shown(layer, composition, at)
    assert composition.scene is not None
    for step in range(5):
        moved = replace(
            boxes(200)[step],
            id=composition.scene.marks[step].annotation.id,
            box=Box(300 + 9 * step, 280, 390, 340),
            label="moved",
        )
        assert layer.placement is not None
        area = composition.replace([moved], layer.placement)
        assert area is not None
        layer.redraw(composition, area)
    layer.doubt()
    before = shown(layer, composition, at)
    assert (layer.exact_paints, layer.is_exact) == (1, False)
    # The chips find their places when all is painted anew.
    layer.refine()
    after = shown(layer, composition, at)
    assert (layer.exact_paints, layer.is_exact) == (2, True)
    assert before != after
    assert_alike(after, exact(composition, at))


def test_frames_are_drawn_anew_as_they_would_be_with_all_others() -> None:
    composition, layer = composition_of(200), KeptLayer()
    composition.style = Style(labels=False)
    at = Placement(1.0, Point(-200, -150))
    shown(layer, composition, at)
    assert composition.scene is not None
    assert layer.placement is not None
    moved = replace(boxes(200)[150], id=composition.scene.marks[150].annotation.id, box=Box(300, 280, 390, 340))
    area = composition.replace([moved], layer.placement)
    assert area is not None
    layer.redraw(composition, area)
    assert_alike(shown(layer, composition, at), exact(composition, at))
    assert layer.exact_paints == 1


def test_what_is_lifted_is_not_drawn_and_comes_back(opened: Opened) -> None:
    canvas, _ = opened(Detection(id="a", label="a", box=Box(50, 60, 150, 160)), *boxes(20))
    display = canvas._display
    before = canvas.grab().toImage()
    paints = canvas.exact_paints
    display.lift(["a"])
    lifted = canvas.grab().toImage()
    assert lifted != before
    display.lift([])
    assert canvas.grab().toImage() == before
    assert canvas.exact_paints == paints


def test_in_a_crowd_no_line_has_a_halo_wherever_it_is_drawn() -> None:
    composition, layer = composition_of(1600), KeptLayer()
    composition.style = Style(labels=False)
    for step in range(6):
        at = Placement(0.4, Point(-50.0 - 60 * step, -40))
        image = shown(layer, composition, at)
        composition.is_crowded = True
        assert_alike(image, exact(composition, at))


def test_outlines_are_drawn_and_hit_by_their_own_shape(opened: Opened) -> None:
    corners = (Point(100, 50), Point(150, 100), Point(100, 150), Point(50, 100))
    diamond = Detection(id="d", label="d", box=Box(50, 50, 150, 150), outline=Polygon(corners))
    canvas, _ = opened(diamond)
    display = canvas._display
    assert display.ids_at(Point(100, 100), canvas.zoom) == ["d"]
    assert display.ids_at(Point(55, 55), canvas.zoom) == []
    image = canvas.grab().toImage()
    edge = canvas.viewport.to_widget(Point(125, 75))
    corner = canvas.viewport.to_widget(Point(50, 50))
    assert image.pixelColor(round(edge.x), round(edge.y)).name() == palette.color_for("d").name()
    assert image.pixelColor(round(corner.x), round(corner.y)).name() == "#787878"


@pytest.mark.parametrize("lean", [0.0, 4.0])
def test_the_line_round_a_text_covers_nothing_of_it(lean: float) -> None:
    plain = Composition(SIZE, Style(labels=False), QColor("#202020"), QColor("#404040"), noise(SIZE))
    plain.scene = Scene(SIZE)
    framed = composition_of(0, plain.picture)
    framed.style = plain.style
    corners = (Point(40, 40), Point(240, 40 + lean), Point(240, 90 + lean), Point(40, 90))
    framed.scene = Scene(SIZE)
    framed.scene.append([TextRegion(text="words", polygon=Polygon(corners))])
    without, with_text = (exact(each, Placement(1.0, Point(0, 0))) for each in (plain, framed))
    inside = [(x, y) for x in range(45, 236, 5) for y in (round(41 + lean), 60, 87)]
    assert all(without.pixel(x, y) == with_text.pixel(x, y) for x, y in inside)
    assert without.pixel(140, 38) != with_text.pixel(140, 38) or lean


def test_a_cheap_zoom_is_exact_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "FRAME_MS", 1000.0)
    composition, layer = composition_of(0), KeptLayer()
    shown(layer, composition, Placement(1.0, Point(0, 0)))
    at = Placement(1.25, Point(-40, -30))
    assert_alike(shown(layer, composition, at), exact(composition, at))
    assert layer.is_exact


def test_a_dear_zoom_is_scaled_first_and_exact_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "FRAME_MS", 0.0)
    composition, layer = composition_of(300), KeptLayer()
    shown(layer, composition, Placement(1.0, Point(-200, -200)))
    at = Placement(1.25, Point(-260, -260))
    scaled = shown(layer, composition, at)
    assert not layer.is_exact
    assert layer.exact_paints == 1
    assert scaled != exact(composition, at)
    layer.refine()
    assert_alike(shown(layer, composition, at), exact(composition, at))
    assert layer.is_exact


def test_refining_what_is_exact_costs_nothing() -> None:
    composition, layer = composition_of(10), KeptLayer()
    at = Placement(1.0, Point(0, 0))
    shown(layer, composition, at)
    layer.refine()
    shown(layer, composition, at)
    assert layer.exact_paints == 1


def test_a_picture_that_is_not_there_yet_is_blank() -> None:
    composition = Composition(SIZE, Style(), QColor("#202020"), QColor("#404040"))
    image = exact(composition, Placement(0.1, Point(100, 100)))
    assert image.pixelColor(QPoint(5, 5)).name() == "#202020"
    assert image.pixelColor(QPoint(120, 120)).name() == "#404040"


def test_the_level_that_fits_the_zoom_is_drawn() -> None:
    full, reduced = QColor("#ff0000"), QColor("#0000ff")
    picture = plain(Size(2000, 2000), full)
    assert [level.width() for level in picture.levels] == [2000, 1000, 500]
    picture.levels[1].fill(reduced)
    size = Size(2000, 2000)
    composition = Composition(size, Style(), QColor(), QColor(), picture)
    assert exact(composition, Placement(1.0, Point(0, 0))).pixelColor(50, 50) == full
    assert exact(composition, Placement(0.51, Point(0, 0))).pixelColor(50, 50) == full
    assert exact(composition, Placement(0.5, Point(0, 0))).pixelColor(50, 50) == reduced


def test_a_zoom_in_the_widget_ends_exact_by_itself(
    opened: Opened, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layers, "FRAME_MS", 0.0)
    canvas, _ = opened(*boxes(50))
    canvas.repaint()
    canvas.set_zoom(1.7)
    canvas.repaint()
    assert not canvas.is_exact
    qtbot.waitUntil(lambda: canvas.is_exact)
    exact_view = canvas.grab().toImage()
    canvas.invalidate()
    assert canvas.grab().toImage() == exact_view
