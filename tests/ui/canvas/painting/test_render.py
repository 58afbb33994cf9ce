import io
import re
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QByteArray, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from qwvis_desktop.core.annotation import Annotation, Cuboid, Detection, Keypoint, LayoutBlock, TextRegion, VideoEvent
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box, Point, Polygon
from qwvis_desktop.core.media.image import MediaError, open_image
from qwvis_desktop.ui import palette
from qwvis_desktop.ui.canvas.painting.render import PDF, SVG, PictureRenderer
from qwvis_desktop.ui.drawing_options import DrawingOptions

pytestmark = pytest.mark.usefixtures("qapp")

CAR = Detection(id="car", label="car", box=Box(100, 100, 300, 250), score=0.9)

EVERY_KIND: tuple[Annotation, ...] = (
    CAR,
    Keypoint(label="nose", point=Point(500, 80)),
    TextRegion(text="出口", polygon=Polygon((Point(50, 320), Point(250, 290), Point(255, 330), Point(55, 360)))),
    LayoutBlock(tag="h2", text="A title", box=Box(350, 300, 600, 380)),
    Cuboid(label="box", center=(0, 0, 5), size=(1, 1, 1), angles=(0.1, 0.1, 0)),
    VideoEvent(label="nowhere", start=0, end=1),
    Detection(label="lone \ud800 surrogate", box=Box(500, 150, 630, 250)),
)


@pytest.fixture
def document(tmp_path: Path) -> Document:
    path = tmp_path / "grey.png"
    Image.new("RGB", (640, 400), (120, 120, 120)).save(path)
    document = Document(open_image(path))
    document.add(EVERY_KIND)
    return document


def opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGB")


def rgb(color: QColor) -> tuple[int, int, int]:
    return color.red(), color.green(), color.blue()


@pytest.mark.parametrize(("mime", "kind"), [("image/png", "PNG"), ("image/jpeg", "JPEG"), ("image/webp", "WEBP")])
def test_a_picture_of_full_size_with_its_boxes(document: Document, mime: str, kind: str) -> None:
    data = PictureRenderer().render(document, mime)
    with Image.open(io.BytesIO(data)) as image:
        assert image.format == kind
        assert image.size == (640, 400)
    pixel = opened(data).getpixel((100, 200))
    assert pixel == pytest.approx(rgb(palette.color_for("car")), abs=60)


def test_nothing_but_the_annotations_is_changed(document: Document) -> None:
    image = opened(PictureRenderer().render(document, "image/png"))
    assert image.getpixel((100, 200)) == rgb(palette.color_for("car"))
    assert image.getpixel((105, 92)) == rgb(palette.color_for("car")), "the chip"
    assert image.getpixel((200, 180)) == (120, 120, 120)
    assert image.getpixel((5, 5)) == (120, 120, 120)


def test_hidden_annotations_are_left_out(document: Document) -> None:
    image = opened(PictureRenderer(frozenset(["car"])).render(document, "image/png"))
    assert image.getpixel((100, 200)) == (120, 120, 120)


def test_drawing_leaves_the_original_alone(document: Document) -> None:
    path = document.media.path
    assert path is not None
    before = path.read_bytes()
    PictureRenderer().render(document, "image/png")
    assert path.read_bytes() == before
    assert opened(before).getpixel((100, 200)) == (120, 120, 120)


def test_lines_grow_with_the_picture(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    Image.new("RGB", (4000, 3000), (120, 120, 120)).save(path)
    document = Document(open_image(path))
    document.add([Detection(label="car", box=Box(1000, 1000, 3000, 2500))])
    image = opened(PictureRenderer().render(document, "image/png"))
    color = rgb(palette.color_for("car"))
    width = sum(image.getpixel((x, 2000)) == color for x in range(980, 1020))
    assert 6 <= width <= 10


def test_an_svg_keeps_shapes_and_looks_alike(document: Document) -> None:
    data = PictureRenderer().render(document, SVG)
    assert data.count(b"<image") == 1
    assert b"<text" in data
    assert b"car 0.90" in data
    renderer = QSvgRenderer(QByteArray(data))
    assert renderer.isValid()
    assert renderer.viewBox().size() == QSize(640, 400)
    assert re.search(rb'width="169.\d+mm" height="105.\d+mm"', data), "640 pixels at 96 an inch"
    image = QImage(640, 400, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    assert image.pixelColor(5, 5).red() == pytest.approx(120, abs=3)
    assert rgb(image.pixelColor(100, 200)) == pytest.approx(rgb(palette.color_for("car")), abs=40)


def test_a_pdf_has_one_page_of_the_pictures_shape(document: Document) -> None:
    data = PictureRenderer().render(document, PDF)
    assert data.startswith(b"%PDF-")
    assert data.count(b"/Type /Page\n") == 1
    assert b"/MediaBox [0 0 640" in data


def test_a_picture_without_annotations_stays_as_it_is(document: Document) -> None:
    document.remove(document.order())
    image = opened(PictureRenderer().render(document, "image/png"))
    assert image.getcolors() == [(640 * 400, (120, 120, 120))]


def test_a_picture_that_is_gone_is_said(document: Document) -> None:
    path = document.media.path
    assert path is not None
    path.unlink()
    with pytest.raises(MediaError):
        PictureRenderer().render(document, "image/png")


def test_the_look_can_be_chosen() -> None:
    box = Detection(label="cat", box=Box(100, 80, 300, 240), score=0.5)
    document = Document(open_image(png(400, 300), "plain.png"))
    document.add([box])
    plain = QImage.fromData(PictureRenderer().render(document, "image/png"))
    filled = QImage.fromData(PictureRenderer(options=DrawingOptions(fill=50)).render(document, "image/png"))
    assert plain.pixelColor(200, 160) == QColor("white")
    assert filled.pixelColor(200, 160) != QColor("white")
    kinds = QImage.fromData(PictureRenderer(options=DrawingOptions(by_label=False)).render(document, "image/png"))
    assert kinds.pixelColor(200, 80) != plain.pixelColor(200, 80)
    bare = PictureRenderer(options=DrawingOptions(labels=False)).render(document, "image/svg+xml")
    assert b"cat" not in bare
    assert b"cat 0.50" in PictureRenderer().render(document, "image/svg+xml")
    unscored = PictureRenderer(options=DrawingOptions(scores=False)).render(document, "image/svg+xml")
    assert b"0.50" not in unscored
    assert b"cat" in unscored


def test_the_preview_is_the_drawing_made_smaller() -> None:
    document = Document(open_image(png(400, 300), "plain.png"))
    document.add([Detection(label="cat", box=Box(100, 80, 300, 240))])
    small = PictureRenderer().preview(document, 200)
    assert (small.width(), small.height()) == (200, 150)
    assert small.pixelColor(100, 40) != QColor("white")
    assert small.pixelColor(100, 80) == QColor("white")
    whole = PictureRenderer().preview(document, 4000)
    assert (whole.width(), whole.height()) == (400, 300)


def test_an_svg_may_name_the_picture_instead_of_holding_it(tmp_path: Path) -> None:
    path = tmp_path / "a b & c.png"
    path.write_bytes(png(40, 30))
    renderer = PictureRenderer(options=DrawingOptions(linked=True))
    assert b'href="a%20b%20%26%20c.png"' in renderer.render(Document(open_image(path)), "image/svg+xml")
    assert b'href="data:image/jpeg' in renderer.render(Document(open_image(png(40, 30), "a.png")), "image/svg+xml")


def png(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(file, "PNG")
    return file.getvalue()
