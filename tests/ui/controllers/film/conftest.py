from __future__ import annotations

from pathlib import Path

import pytest
from films import Film, make_film
from program_window import drop, dropped_files, editor_of
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program
from qwvis_desktop.ui.editor import DocumentEditor

FILM = Film(count=90, key_every=30)


@pytest.fixture(scope="session")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a film of three seconds whose frames tell their numbers."""
    return make_film(tmp_path_factory.mktemp("films"), FILM)


@pytest.fixture
def editor(program: Program, path: Path, qtbot: QtBot) -> DocumentEditor:
    """Open the film in the window, and wait until all its frames are known."""
    drop(program, dropped_files(path))
    qtbot.waitUntil(lambda: program.canvas.picture is not None)
    qtbot.waitUntil(lambda: program.film.films.film is not None and program.film.films.film.index is not None)
    program.window.activateWindow()
    program.canvas.setFocus()
    return editor_of(program)
