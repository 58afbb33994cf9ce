"""Small views: of the picture that comes, and in the background for the others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QPixmap
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.image import open_image
from qwvis_desktop.ui.controllers.thumbnail_controller import ThumbnailController
from qwvis_desktop.ui.controllers.workspace import Entry, Workspace
from qwvis_desktop.ui.images import PictureLoader
from qwvis_desktop.ui.jobs import JobRunner
from qwvis_desktop.ui.panels.filmstrip import Filmstrip, FilmstripItem, FilmstripModel


class Strip:
    """A filmstrip with all that answers it."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot, self.folder = qtbot, folder
        self.filmstrip, self.workspace = Filmstrip(), Workspace()
        self.loader, self.jobs = PictureLoader(), JobRunner()
        qtbot.addWidget(self.filmstrip)
        self.controller = ThumbnailController(self.filmstrip, self.workspace, self.loader, self.jobs)
        self.workspace.entries_changed.connect(
            lambda: self.filmstrip.set_items([FilmstripItem(entry.key, entry.name) for entry in self.workspace.entries])
        )

    def add(self, *names: str) -> list[str]:
        entries = []
        for name in names:
            path = self.folder / name
            if not path.exists():
                Image.new("RGB", (80, 60), "teal").save(path)
            entries.append(Entry(str(path), name, path=path))
        self.workspace.add(entries)
        return [entry.key for entry in entries]

    def load(self, key: str) -> None:
        self.loader.show(key, open_image(Path(key)), Size(80, 60))

    def has(self, key: str) -> bool:
        model = self.filmstrip.findChild(FilmstripModel)
        assert model is not None
        return isinstance(model._thumbnails.get(key), QPixmap)

    def until(self, key: str) -> None:
        self.qtbot.waitUntil(lambda: self.has(key))


@pytest.fixture
def strip(qtbot: QtBot, tmp_path: Path) -> Iterator[Strip]:
    strip = Strip(qtbot, tmp_path)
    yield strip
    strip.loader.close()
    assert strip.jobs.close()


def ask(strip: Strip, key: str) -> None:
    strip.filmstrip.thumbnail_needed.emit(key)


def test_others_are_made_in_the_background(strip: Strip) -> None:
    first, second = strip.add("a.png", "b.png")
    ask(strip, first)
    ask(strip, second)
    strip.until(first)
    strip.until(second)


def test_the_picture_that_comes_goes_first_and_is_decoded_once(strip: Strip) -> None:
    first, second = strip.add("a.png", "b.png")
    strip.workspace.show(first)
    ask(strip, first)
    ask(strip, second)
    assert not any(job.thread_.name == "thumbnails" for job in strip.jobs._jobs)
    strip.load(first)
    strip.until(first)
    strip.until(second)


def test_what_is_decoded_already_is_used_at_once(strip: Strip, qtbot: QtBot) -> None:
    (key,) = strip.add("a.png")
    with qtbot.waitSignal(strip.loader.ready):
        strip.load(key)
    ask(strip, key)
    assert strip.has(key)


def test_a_picture_that_is_left_is_made_with_the_others(strip: Strip) -> None:
    first, second = strip.add("a.png", "b.png")
    strip.workspace.show(first)
    ask(strip, first)
    strip.workspace.show(second)
    strip.until(first)


def test_a_picture_that_cannot_be_opened_holds_up_no_other(strip: Strip) -> None:
    first, second = strip.add("a.png", "b.png")
    strip.workspace.show(first)
    ask(strip, first)
    ask(strip, second)
    strip.workspace.set_problem(first, "It is damaged.")
    strip.until(second)
