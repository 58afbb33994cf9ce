"""Films and pictures with work on them that were moved: found where the user says, or known when they are dropped."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from films import Film, make_film
from program_window import drop, dropped_files, editor_of, notice_buttons, open_photo
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import Detection, VideoEvent, new_id
from qwvis_desktop.core.document import FilmRange
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.store.project import load_project

FILM = Film("ride.mp4", count=30, size=Size(96, 64))


def saved(program: Program, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(path), ""))
    with qtbot.waitSignal(program.keeping.saves.changed):
        program.actions["file.save_as"].trigger()
    qtbot.waitUntil(lambda: not program.keeping.saves.is_dirty and path.is_file())


def says(program: Program, words: str) -> bool:
    return words in program.canvas.notice and "Find" in " ".join(notice_buttons(program))


def is_there(program: Program, path: Path) -> bool:
    editor = program.workspace.editor
    return editor is not None and editor.document.media.path == path and bool(editor.document.annotations)


def test_a_film_is_found_where_the_user_says_and_known_when_it_is_dropped(
    program: Program, photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    here, there, project = tmp_path / "here", tmp_path / "there", tmp_path / "project" / "ride.qwvis"
    for folder in (here, there, project.parent):
        folder.mkdir()
    film, picture = make_film(here, FILM), here / "photo.png"
    shutil.copy(photo, picture)
    other = make_film(there, Film("other.mp4", count=31, size=Size(96, 64)))
    open_photo(program, qtbot, picture).add([Detection(label="cat", box=Box(1, 1, 9, 9))], "Draw")
    drop(program, dropped_files(film))
    qtbot.waitUntil(lambda: program.film.films.film is not None and program.film.films.film.index is not None)
    event = VideoEvent(id=new_id(), label="jump", start=0.2, end=0.5)
    editor_of(program).add([event], "Draw")
    editor_of(program).set_film_range(FilmRange(0.1, 0.8), "Range")
    saved(program, qtbot, monkeypatch, project)
    film.rename(there / "street.mp4")
    picture.rename(there / "photo.png")
    # Opened again, it is said that it is gone, and nothing is lost by saving.
    program.keeping.projects.open(project)
    qtbot.waitUntil(lambda: says(program, '"ride.mp4" is not in the folder'))
    chosen = iter([other, there / "street.mp4"])
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(next(chosen)), ""))
    # Another film is not taken for it without a word.
    notice_buttons(program)["Find It..."].click()
    qtbot.waitUntil(lambda: says(program, '"other.mp4" has another content than "ride.mp4" had'))
    assert set(notice_buttons(program)) >= {"Find Another...", "Use It All the Same"}
    notice_buttons(program)["Find Another..."].click()
    qtbot.waitUntil(lambda: is_there(program, there / "street.mp4"))
    document = editor_of(program).document
    assert list(document.annotations.values()) == [event]
    assert document.film_range == FilmRange(0.1, 0.8)
    assert program.canvas.notice == ""
    # What lay beside it is found where it went.
    program.workspace.show(str(picture))
    qtbot.waitUntil(lambda: is_there(program, there / "photo.png"))
    saved(program, qtbot, monkeypatch, project)
    written = [str(record["path"]) for record in load_project(project)[0].pictures]
    assert written == ["../there/photo.png", "../there/street.mp4"]
    # Dropped from where it is, it is known by its content and not opened as another one.
    program.keeping.projects.close_project()
    last = tmp_path / "far" / "last.mp4"
    last.parent.mkdir()
    (there / "street.mp4").rename(last)
    program.keeping.projects.open(project)
    qtbot.waitUntil(lambda: len(program.workspace.entries) == 2)
    program.workspace.show(str(there / "street.mp4"))
    qtbot.waitUntil(lambda: says(program, '"ride.mp4" is not in the folder'))
    drop(program, dropped_files(other, last))
    qtbot.waitUntil(lambda: is_there(program, last))
    assert list(editor_of(program).document.annotations.values()) == [event]
    files = [str(path) for path in (there / "photo.png", last, other)]
    qtbot.waitUntil(lambda: [entry.file for entry in program.workspace.entries] == files)


def test_what_does_not_fit_can_be_found_again(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    project, film = tmp_path / "project" / "ride.qwvis", make_film(tmp_path, FILM)
    project.parent.mkdir()
    drop(program, dropped_files(film))
    qtbot.waitUntil(lambda: program.workspace.editor is not None)
    editor_of(program).add([VideoEvent(label="jump", start=0.2, end=0.5)], "Draw")
    saved(program, qtbot, monkeypatch, project)
    program.keeping.projects.close_project()
    right = film.rename(tmp_path / "right.mp4")
    wrong = make_film(tmp_path, Film("wrong.mp4", count=3, size=Size(128, 96)))
    chosen = iter([wrong, right])
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(next(chosen)), ""))
    program.keeping.projects.open(project)
    qtbot.waitUntil(lambda: says(program, '"ride.mp4" is not in the folder'))
    notice_buttons(program)["Find It..."].click()
    qtbot.waitUntil(lambda: "Use It All the Same" in notice_buttons(program))
    notice_buttons(program)["Use It All the Same"].click()
    qtbot.waitUntil(lambda: says(program, "its annotations were made on 96 x 64"))
    notice_buttons(program)["Find It..."].click()
    qtbot.waitUntil(lambda: is_there(program, right))
