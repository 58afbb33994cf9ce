"""Small views are made when their rows are seen, the one asked for last first; what cannot be read has none."""

from __future__ import annotations

from pathlib import Path

from films import Film, make_film
from PIL import Image
from program_window import drop, dropped_files
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.app import Program
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.ui.controllers.thumbnail_controller import SHARPNESS
from qwvis_desktop.ui.panels.filmstrip import THUMBNAIL


def thumbnails(program: Program) -> list[QImage | None]:
    """Return what the rows of the filmstrip show."""
    model = child(program.panels.filmstrip, QTableView).model()
    rows = [model.index(row, 0) for row in range(model.rowCount())]
    images = [row.data(Qt.ItemDataRole.DecorationRole) for row in rows]
    return [image.toImage() if isinstance(image, QPixmap) else None for image in images]


def test_rows_in_view_get_theirs(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.png" for number in range(4)]
    for path in paths:
        Image.new("RGB", (640, 200), "teal").save(path)
    paths[1].write_bytes(b"broken")
    paths[2] = make_film(tmp_path, Film(count=3))
    paths[3] = make_film(tmp_path, Film("high.mp4", count=3, size=Size(300, 100), rotation=90))
    drop(program, dropped_files(*paths))
    qtbot.waitUntil(lambda: [image is not None for image in thumbnails(program)] == [True, False, True, True])
    image = thumbnails(program)[0]
    assert image is not None
    assert image.width() == THUMBNAIL.width() * SHARPNESS
    assert image.height() < THUMBNAIL.height() * SHARPNESS
    assert image.pixelColor(5, 5).name() == "#008080"
    # A narrow film has room for its length beside it: white words on a dark chip, whole at both sides.
    high = thumbnails(program)[3]
    assert high is not None
    assert high.height() == THUMBNAIL.height() * SHARPNESS
    foot = [high.pixelColor(x, high.height() - 8) for x in range(high.width())]
    assert all(color.alpha() >= 180 for color in foot)
    assert max(color.lightness() for color in foot) > 200
    assert max(color.lightness() for color in (*foot[:4], *foot[-4:])) < 120
    assert high.pixelColor(1, 1).alpha() == 0


def test_what_was_closed_needs_none(program: Program, qtbot: QtBot) -> None:
    program.panels.filmstrip.thumbnail_needed.emit("unknown")
    assert not program.workspace.entries


def test_one_asked_for_while_others_are_made_is_made_too(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.png" for number in range(30)]
    for path in paths:
        Image.new("RGB", (64, 64), "teal").save(path)
    drop(program, dropped_files(*paths))
    strip = child(program.panels.filmstrip, QTableView)
    qtbot.waitUntil(lambda: strip.model() is not None and strip.model().rowCount() == 30)
    strip.scrollToBottom()
    qtbot.waitUntil(lambda: thumbnails(program)[-1] is not None)
