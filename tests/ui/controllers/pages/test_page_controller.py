"""Documents with pages through the window: opened, looked at, saved, locked."""

from __future__ import annotations

from pathlib import Path

import pytest
from drawn_documents import Page, document, tiff
from loopback.answers import Answer
from loopback.service import LoopbackService
from program_window import drop, dropped_files
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import Detection
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.media import pdf
from qwvis_desktop.core.store.session import load_session
from qwvis_desktop.ui.controllers.workspace import Entry
from qwvis_desktop.ui.panels.dialogs.page_dialogs import GoToPageDialog, PasswordDialog


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "scan.pdf"
    path.write_bytes(document([Page([f"Page {number}"], size=(200, 100 + number)) for number in range(1, 21)]))
    return path


def open_document(program: Program, qtbot: QtBot, path: Path, pages: int) -> None:
    drop(program, dropped_files(path))
    qtbot.waitUntil(lambda: program.workspace.count == pages and program.canvas.picture is not None)


def show(program: Program, qtbot: QtBot, page: int) -> None:
    assert program.paging.pages.show_page(page)
    qtbot.waitUntil(lambda: program.workspace.editor is not None and program.canvas.picture is not None)


def current(program: Program) -> Entry:
    assert program.workspace.current is not None
    return program.workspace.current


def opened(program: Program) -> int:
    return sum(program.workspace.editor_of(entry.key) is not None for entry in program.workspace.entries)


def test_a_dropped_document_gives_its_pages(program: Program, qtbot: QtBot, scan: Path) -> None:
    open_document(program, qtbot, scan, 20)
    names = [entry.name for entry in program.workspace.entries]
    assert (names[0], names[19]) == ("scan.pdf, page 1 of 20", "scan.pdf, page 20 of 20")
    assert "scan.pdf, page 1 of 20" in program.window.windowTitle()
    assert opened(program) <= 2  # what is looked at, and its neighbour
    program.actions["view.next"].trigger()
    assert current(program).page == 2
    qtbot.waitUntil(lambda: program.canvas.picture is not None and program.canvas.picture.size == Size(556, 283))


def test_a_thousand_pages_are_there_at_once(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "book.pdf").write_bytes(document([Page(size=(100, 100))] * 1000))
    open_document(program, qtbot, tmp_path / "book.pdf", 1000)
    assert opened(program) <= 2


def test_pages_of_a_tiff_and_documents_in_a_folder(program: Program, qtbot: QtBot, tmp_path: Path, scan: Path) -> None:
    (tmp_path / "fax.tif").write_bytes(tiff((30, 20), (40, 20)))
    open_document(program, qtbot, tmp_path, 22)
    assert [entry.name for entry in program.workspace.entries][:3] == [
        "fax.tif, page 1 of 2",
        "fax.tif, page 2 of 2",
        "scan.pdf, page 1 of 20",
    ]
    show(program, qtbot, 2)
    qtbot.waitUntil(lambda: program.canvas.picture is not None and program.canvas.picture.size == Size(40, 20))


def test_a_page_can_be_gone_to(
    program: Program, qtbot: QtBot, scan: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert not program.actions["view.go_to_page"].isEnabled()
    open_document(program, qtbot, scan, 20)
    assert program.actions["view.go_to_page"].isEnabled()
    monkeypatch.setattr(GoToPageDialog, "exec", lambda self: self._number.setValue(17) or True)
    program.actions["view.go_to_page"].trigger()
    assert current(program).page == 17
    assert not program.paging.pages.show_page(21)


def test_one_page_is_named_on_the_command_line(program: Program, qtbot: QtBot, scan: Path) -> None:
    program.open([f"{scan}#page=7"])
    qtbot.waitUntil(lambda: program.workspace.editor is not None)
    assert (current(program).page, program.workspace.count) == (7, 20)


def test_work_on_pages_is_saved_and_opened_again(program: Program, qtbot: QtBot, scan: Path, tmp_path: Path) -> None:
    program.services.update(page_resolution=72)
    open_document(program, qtbot, scan, 20)
    for page in (1, 3):
        show(program, qtbot, page)
        assert program.workspace.editor is not None
        program.workspace.editor.add([Detection(label=f"on {page}", box=Box(1, 2, 30, 40 + page))], "Draw")
    project = tmp_path / "work.qwvis"
    program.keeping.saves._save_to(project)
    qtbot.waitUntil(lambda: project.exists() and not program.keeping.saves.is_dirty)
    program.keeping.projects.close_project()
    program.services.update(page_resolution=150)  # does not move what was done
    program.keeping.projects.open(project)
    qtbot.waitUntil(lambda: program.workspace.count == 20 and program.workspace.editor is not None)
    assert current(program).page == 3
    editor = program.workspace.editor
    assert editor is not None
    assert editor.document.size == Size(200, 103)
    assert [annotation.label for annotation in editor.document.annotations.values()] == ["on 3"]
    show(program, qtbot, 5)
    assert program.workspace.editor is not None
    assert program.workspace.editor.document.size == Size(417, 219)


def test_work_beside_a_document_lies_beside_by_page(program: Program, qtbot: QtBot, scan: Path) -> None:
    program.services.update(page_resolution=72)
    open_document(program, qtbot, scan, 20)
    for page in (1, 2):
        show(program, qtbot, page)
        assert program.workspace.editor is not None
        program.workspace.editor.add([Detection(label=f"on {page}", box=Box(1, 2, 30, 40))], "Draw")
    program.keeping.saves.save_beside(program.keeping.recorder.dirty)
    beside = [scan.with_name("scan.pdf.qwvis"), scan.with_name("scan.pdf-p002.qwvis")]
    qtbot.waitUntil(lambda: all(path.exists() for path in beside) and not program.keeping.recorder.dirty)
    program.keeping.projects.close_project()
    program.services.update(page_resolution=100)
    open_document(program, qtbot, scan, 20)
    show(program, qtbot, 2)
    assert program.workspace.editor is not None
    document_ = program.workspace.editor.document
    assert document_.size == Size(200, 102)
    assert [annotation.label for annotation in document_.annotations.values()] == ["on 2"]


def test_the_session_opens_the_document_at_its_page(program: Program, qtbot: QtBot, scan: Path) -> None:
    open_document(program, qtbot, scan, 20)
    show(program, qtbot, 4)
    program.keeping.session.keep()
    session = load_session(program.keeping.session._file)
    assert (session.paths, session.current) == ((str(scan),), f"{scan}#page=4")
    program.keeping.projects.close_project()
    program.input.open_paths([Path(path) for path in session.paths], session.current)
    qtbot.waitUntil(lambda: program.workspace.count == 20 and current(program).page == 4)
    qtbot.waitUntil(lambda: program.workspace.editor is not None)


def test_a_document_is_fetched_from_its_address(
    program: Program, qtbot: QtBot, loopback: LoopbackService, scan: Path
) -> None:
    loopback.answer = Answer([scan.read_bytes()], content_type="application/pdf")
    program.media.open_urls([f"http://127.0.0.1:{loopback.port}/scan.pdf"])
    qtbot.waitUntil(lambda: program.workspace.count == 20 and program.canvas.picture is not None)
    assert (current(program).name, Path(current(program).file).name) == ("scan.pdf, page 1 of 20", "scan.pdf")


def password_dialog(program: Program, qtbot: QtBot) -> PasswordDialog:
    def found() -> list[PasswordDialog]:
        return [each for each in program.window.findChildren(PasswordDialog) if each.isVisible()]

    qtbot.waitUntil(lambda: bool(found()))
    return found()[0]


def test_a_locked_document_asks_for_its_password(
    program: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(pdf.PASSWORD_VARIABLE, raising=False)
    path = tmp_path / "locked.pdf"
    path.write_bytes(document([Page(size=(100, 100))] * 3, "open sesame"))
    drop(program, dropped_files(path))
    dialog = password_dialog(program, qtbot)
    assert not dialog.problem.isVisible()
    dialog._line.setText("wrong")
    dialog.accept()
    qtbot.waitUntil(lambda: not dialog.isVisible() and password_dialog(program, qtbot) is not dialog)
    again = password_dialog(program, qtbot)
    assert again.problem.isVisible()
    again._line.setText("open sesame")
    again.accept()
    qtbot.waitUntil(lambda: program.workspace.count == 3 and program.canvas.picture is not None)
    assert current(program).page == 1


def test_a_password_that_is_not_given_is_said(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "locked.pdf"
    path.write_bytes(document([Page()], "open sesame"))
    drop(program, dropped_files(path))
    password_dialog(program, qtbot).reject()
    qtbot.waitUntil(lambda: "needs a password" in program.canvas.notice)
    assert "needs a password" in current(program).problem
