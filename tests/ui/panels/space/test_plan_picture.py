from __future__ import annotations

from xml.etree import ElementTree

import pytest
from cuboid_scenes import CAR, ODD, VAN, editor_of
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.ui.panels.space.plan_picture import PDF, PNG, SVG, render_plan

SVG_SPACE = "{http://www.w3.org/2000/svg}"


def test_a_png_has_its_size_and_shows_the_cuboids(qtbot: QtBot) -> None:
    document = editor_of(CAR, VAN).document
    image = QImage.fromData(render_plan(document, PNG, Size(640, 480)))
    assert (image.width(), image.height()) == (640, 480)
    other = QImage.fromData(render_plan(document, PNG, Size(640, 480), hidden=frozenset({"van"})))
    assert image != other
    dark = QImage.fromData(render_plan(document, PNG, Size(640, 480), dark=True))
    assert dark.pixelColor(2, 240).lightness() < 100 < image.pixelColor(2, 240).lightness()


def test_an_svg_keeps_shapes_and_words(qtbot: QtBot) -> None:
    root = ElementTree.fromstring(render_plan(editor_of(CAR, VAN).document, SVG, Size(800, 600)))
    assert root.attrib["viewBox"] == "0 0 800 600"
    words = {text.text for text in root.iter(f"{SVG_SPACE}text")}
    assert {"car", "van"} <= words
    assert not list(root.iter(f"{SVG_SPACE}image"))


def test_a_pdf_is_a_page_of_that_size(qtbot: QtBot) -> None:
    data = render_plan(editor_of(CAR).document, PDF, Size(800, 600))
    assert data.startswith(b"%PDF-")
    assert b"/MediaBox [0 0 800" in data


@pytest.mark.parametrize("mime", [PNG, SVG, PDF])
def test_odd_cuboids_and_none_are_drawn(qtbot: QtBot, mime: str) -> None:
    assert render_plan(editor_of(CAR, *ODD).document, mime)
    assert render_plan(editor_of().document, mime)


def test_what_cannot_be_written_is_said(qtbot: QtBot) -> None:
    with pytest.raises(ValueError, match="image/gif"):
        render_plan(editor_of(CAR).document, "image/gif")
    with pytest.raises(ValueError, match="greater than 0"):
        render_plan(editor_of(CAR).document, PNG, Size(0, 5))
