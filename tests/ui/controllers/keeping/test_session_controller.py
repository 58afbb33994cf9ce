"""What was opened lately is in the menu, and what was open at the end is open again."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PIL import Image
from program_window import drop, dropped_files, editor_of, running
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import Detection
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.core.store.project import dump_project
from qwvis_desktop.core.store.session import Session, load_session
from qwvis_desktop.core.store.shelf import OpenedPicture


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "pictures" / f"{number}.png" for number in range(3)]
    paths[0].parent.mkdir()
    for path in paths:
        Image.new("RGB", (60, 50), "teal").save(path)
    return paths


def recent(program: Program) -> list[str]:
    return [action.data() or action.text() for action in program.actions._list_menus["file.recent"].actions()]


def test_what_was_open_is_open_again(qtbot: QtBot, home: Path, pictures: list[Path]) -> None:
    with running() as first:
        drop(first, dropped_files(*pictures))
        qtbot.waitUntil(lambda: len(first.workspace.entries) == 3)
        first.workspace.show(str(pictures[1]))
        qtbot.waitUntil(lambda: first.workspace.editor is not None)
    pictures[2].unlink()
    with running() as second:
        second.keeping.go_on(session=True)
        qtbot.waitUntil(lambda: second.workspace.current is not None and second.workspace.current.name == "1.png")
        assert [entry.name for entry in second.workspace.entries] == ["0.png", "1.png"]
    with running() as third:
        third.services.update(session=False)
        with qtbot.waitSignal(third.keeping.recovery.done):
            third.keeping.go_on(session=True)
        assert not third.workspace.entries


def test_what_is_open_is_kept_while_the_program_runs(
    qtbot: QtBot, home: Path, pictures: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = home / "data" / "session.json"
    with running() as first:
        first.keeping.session._soon.setInterval(0)
        drop(first, dropped_files(*pictures))
        qtbot.waitUntil(lambda: first.workspace.count == 3)
        first.workspace.show(str(pictures[1]))
        qtbot.waitUntil(lambda: load_session(file) == Session("", tuple(map(str, pictures)), str(pictures[1])))
        kept = file.read_bytes()
    file.write_bytes(kept)
    with running() as second:
        # What the program dies of while it opens is not opened at the next start.
        monkeypatch.setattr(second.media, "open_paths", lambda *_args: None)
        with qtbot.waitSignal(second.keeping.session.wanted):
            second.keeping.go_on(session=True)
        assert load_session(file) == Session()


def test_what_is_being_opened_is_kept_when_it_is_open(
    program: Program, qtbot: QtBot, home: Path, pictures: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, session, gate = home / "data" / "session.json", program.keeping.session, threading.Event()
    open_ = program.keeping.shelf.open

    def slow(key: str, source: Path | bytes, name: str, page: int = 0) -> OpenedPicture:
        gate.wait(20)
        return open_(key, source, name, page)

    monkeypatch.setattr(program.keeping.shelf, "open", slow)
    session._soon.setInterval(0)
    drop(program, dropped_files(pictures[0]))
    qtbot.waitUntil(lambda: program.workspace.current is not None)
    for _ in range(3):
        with qtbot.waitSignal(session._soon.timeout):
            pass
    assert not file.exists()
    gate.set()
    qtbot.waitUntil(lambda: load_session(file).paths == (str(pictures[0]),))


def test_a_project_is_open_again(qtbot: QtBot, home: Path, tmp_path: Path) -> None:
    project = tmp_path / "town.qwvis"
    project.write_bytes(dump_project([]))
    with running() as first, qtbot.waitSignal(first.keeping.saves.opened):
        first.open([str(project)])
    with running() as second:
        with qtbot.waitSignal(second.keeping.saves.opened):
            second.keeping.go_on(session=True)
        assert second.keeping.saves.path == project


def test_the_menu_of_recent_files(program: Program, qtbot: QtBot, pictures: list[Path]) -> None:
    assert not program.actions._list_menus["file.recent"].isEnabled()
    for path in (*pictures, pictures[0]):
        drop(program, dropped_files(path))
    assert [text.partition("  ")[0] for text in recent(program)] == ["0.png", "2.png", "1.png"]
    qtbot.waitUntil(lambda: len(program.workspace.entries) == 3)
    program.actions["file.close_project"].trigger()
    program.actions._list_menus["file.recent"].actions()[1].trigger()
    qtbot.waitUntil(lambda: [entry.name for entry in program.workspace.entries] == ["2.png"])


def test_a_folder_as_a_film_is_one_again(qtbot: QtBot, home: Path, pictures: list[Path]) -> None:
    folder = pictures[0].parent
    with running() as first:
        first.open([f"{folder}#rate=10"])
        qtbot.waitUntil(lambda: first.workspace.editor is not None)
        assert recent(first)[0].startswith("pictures#rate=10")
    with running() as second:
        second.keeping.go_on(session=True)
        qtbot.waitUntil(lambda: second.workspace.editor is not None)
        media = editor_of(second).document.media
        assert isinstance(media, VideoMedia)
        assert (media.rate, media.frames) == (10, 3)
        second.open([f"{folder}#rate=5"])
        qtbot.waitUntil(lambda: _rate(second) == 5)
        editor_of(second).add([Detection(label="x", box=Box(1, 1, 9, 9), time=0.2)], "Add")
        with qtbot.waitSignal(second.input.problem) as said:
            second.open([f"{folder}#rate=4"])
        assert "is open with 5 frames a second" in said.args[0]
        assert _rate(second) == 5


def _rate(program: Program) -> float:
    editor = program.workspace.editor
    return editor.document.media.rate if editor and isinstance(editor.document.media, VideoMedia) else 0.0
