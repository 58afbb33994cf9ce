"""Saving and copying through the window; a failure keeps the old file and says why."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path

import drawn_documents
import pytest
from loopback.answers import streamed
from loopback.service import LoopbackService
from PIL import Image
from program_window import BOXES, ask_loopback, drop, dropped_files, editor_of, open_photo, run_to_the_end
from pypdf import PdfReader
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QLabel, QLineEdit, QListWidget
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import Detection, TextRegion
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box, Polygon
from qwvis_desktop.ui.canvas.painting.render import PictureRenderer
from qwvis_desktop.ui.panels.dialogs.export_dialog import ExportDialog
from qwvis_desktop.ui.panels.dialogs.export_progress import ExportProgress


@pytest.fixture
def done(program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path) -> Program:
    """Return the program with two boxes on a picture."""
    loopback.answer = streamed("".join(BOXES))
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    run_to_the_end(program, qtbot)
    qtbot.waitUntil(lambda: program.canvas.picture is not None)
    return program


def test_the_dialog_names_the_file_after_the_picture_and_says_what_is_lost(
    done: Program, qtbot: QtBot, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: dict[str, str] = {}

    def fill(dialog: ExportDialog) -> int:
        formats = child(dialog, QListWidget, "Format")
        for row in range(formats.count()):
            formats.setCurrentRow(row)
            offered[dialog.format_id] = dialog.path.name
        formats.setCurrentRow(list(offered).index("coco"))
        assert dialog.path.parent == photo.parent
        return 1

    monkeypatch.setattr(ExportDialog, "exec", fill)
    with qtbot.waitSignal(done.exports.saved) as saved:
        done.actions["file.export"].trigger()
    assert set(offered) >= {"png", "jpg", "coco", "csv", "reply"}
    assert saved.args is not None
    assert Path(saved.args[0]).exists()
    assert done.canvas.notice.startswith(f"Saved {saved.args[0]}")


def test_leaving_the_dialog_writes_nothing(done: Program, photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ExportDialog, "exec", lambda dialog: 0)
    done.actions["file.export"].trigger()
    assert [path.name for path in photo.parent.iterdir()] == ["photo.png"]


def test_nothing_to_export_without_a_picture(program: Program) -> None:
    program.exports.ask()
    program.exports.copy_picture()
    assert not program.actions["file.export"].isEnabled()


@pytest.mark.parametrize(("name", "kind"), [("seen.png", "PNG"), ("seen.jpg", "JPEG"), ("seen.JPEG", "JPEG")])
def test_as_seen_saves_what_is_on_view(
    done: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, kind: str
) -> None:
    target = tmp_path / name
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    with qtbot.waitSignal(done.exports.saved):
        done.actions["file.export_seen"].trigger()
    with Image.open(target) as picture:
        assert picture.format == kind
        assert picture.size[0] <= done.canvas.width()
        assert len(picture.convert("RGB").resize((40, 30)).getcolors(1200) or ()) > 5


def test_as_seen_may_be_left(done: Program, photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    done.actions["file.export_seen"].trigger()
    assert [path.name for path in photo.parent.iterdir()] == ["photo.png"]


def test_copying_puts_the_full_picture_on_the_clipboard(done: Program, qtbot: QtBot) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.clear()
    done.actions["file.copy"].trigger()
    qtbot.waitUntil(lambda: not clipboard.image().isNull())
    assert (clipboard.image().width(), clipboard.image().height()) == (800, 600)


def test_a_failed_save_keeps_the_old_file_and_says_why(
    done: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "old.file"
    old.write_bytes(b"precious")

    def read_only(path: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied", str(target))

    monkeypatch.setattr(Path, "replace", read_only)
    for format_id in ("png", "coco", "csv", "reply"):
        with qtbot.waitSignal(done.exports.problem) as said:
            done.exports.export(editor_of(done), format_id, old)
        assert said.args == [done.canvas.notice], format_id
        assert done.canvas.notice == (
            '"old.file" could not be saved. You have no permission to write there. Save to a folder of your own.'
        )
        assert old.read_bytes() == b"precious", format_id
        assert sorted(path.name for path in tmp_path.iterdir()) == ["old.file", "photo.png"], format_id


def test_places_that_cannot_be_written_to(done: Program, qtbot: QtBot, tmp_path: Path) -> None:
    for where, part in (
        ("missing/out.json", "folder does not exist"),
        ("photo.png/out.json", "folder does not exist"),
        (".", "folder of"),
    ):
        with qtbot.waitSignal(done.exports.problem) as said:
            done.exports.export(editor_of(done), "coco", tmp_path / where)
        assert said.args == [done.canvas.notice]
        assert part in done.canvas.notice, where


def test_as_seen_into_a_folder_that_is_not_there(done: Program, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignal(done.exports.problem):
        done.exports.save_image(done.canvas.as_seen(), tmp_path / "missing" / "a.png")
    assert "folder does not exist" in done.canvas.notice


def test_a_reply_without_a_run_is_said(program: Program, qtbot: QtBot, photo: Path, tmp_path: Path) -> None:
    editor = open_photo(program, qtbot, photo)
    with qtbot.waitSignal(program.exports.problem):
        program.exports.export(editor, "reply", tmp_path / "out.json")
    assert "no reply to write" in program.canvas.notice


def test_what_is_drawn_later_is_not_in_the_file(done: Program, qtbot: QtBot, tmp_path: Path) -> None:
    editor = editor_of(done)
    with qtbot.waitSignal(done.exports.saved):
        done.exports.export(editor, "csv", tmp_path / "out.csv")
        editor.remove(list(editor.document.annotations), "Delete")
    assert "sofa" in (tmp_path / "out.csv").read_text(encoding="utf-8-sig")


def test_a_path_written_by_hand_is_taken(
    done: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(dialog: ExportDialog) -> int:
        child(dialog, QLineEdit, "File").setText(str(tmp_path / "mine.png"))
        return 1

    monkeypatch.setattr(ExportDialog, "exec", fill)
    with qtbot.waitSignal(done.exports.saved):
        done.actions["file.export"].trigger()
    assert (tmp_path / "mine.png").exists()


def test_all_pictures_are_saved_together(
    done: Program, qtbot: QtBot, photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.png"
    other.write_bytes(photo.read_bytes())
    second = open_photo(done, qtbot, other)
    second.add([Detection(label="dog", box=Box(1, 2, 30, 40), score=0.5)], "Add")
    previews: list[object] = []

    def fill(dialog: ExportDialog) -> int:
        formats = child(dialog, QListWidget, "Format")
        qtbot.waitUntil(lambda: not child(dialog, QLabel, "Preview").pixmap().isNull())
        previews.append(True)
        for row in range(formats.count()):
            formats.setCurrentRow(row)
            if dialog.format_id == "coco":
                break
        child(dialog, QComboBox, "Pictures").setCurrentIndex(1)
        child(dialog, QLineEdit, "File").setText(str(tmp_path / "all.json"))
        return 1

    monkeypatch.setattr(ExportDialog, "exec", fill)
    with qtbot.waitSignal(done.exports.saved):
        done.actions["file.export"].trigger()
    value = json.loads((tmp_path / "all.json").read_text("utf-8"))
    assert [image["file_name"] for image in value["images"]] == ["photo.png", "other.png"]
    assert [annotation["image_id"] for annotation in value["annotations"]] == [1, 1, 2]
    assert previews


def of_all(format_id: str, path: Path) -> Callable[[ExportDialog], int]:
    def fill(dialog: ExportDialog) -> int:
        formats = child(dialog, QListWidget, "Format")
        for row in range(formats.count()):
            formats.setCurrentRow(row)
            if dialog.format_id == format_id:
                break
        child(dialog, QComboBox, "Pictures").setCurrentIndex(1)
        child(dialog, QLineEdit, "File").setText(str(path))
        return 1

    return fill


@pytest.fixture
def two(done: Program, qtbot: QtBot, photo: Path, tmp_path: Path) -> Program:
    """Return the program with two pictures that were worked on."""
    other = tmp_path / "other.png"
    other.write_bytes(photo.read_bytes())
    open_photo(done, qtbot, other).add([Detection(label="dog", box=Box(1, 2, 30, 40))], "Add")
    return done


def test_all_pages_become_one_searchable_pdf(
    two: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ExportDialog, "exec", of_all("searchable-pdf", tmp_path / "all.pdf"))
    with qtbot.waitSignal(two.exports.saved):
        two.actions["file.export"].trigger()
    assert len(PdfReader(tmp_path / "all.pdf").pages) == 2
    qtbot.waitUntil(lambda: not two.window.findChildren(ExportProgress))


def test_an_export_of_many_can_be_stopped_and_leaves_no_half_file(
    two: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    render = PictureRenderer.render

    def slow(self: PictureRenderer, document: Document, mime: str) -> bytes:
        drawn = render(self, document, mime)
        if document.media.name == "other.png":
            go_on.wait(10)
        return drawn

    monkeypatch.setattr(PictureRenderer, "render", slow)
    monkeypatch.setattr(ExportDialog, "exec", of_all("png", tmp_path / "drawn"))
    before = sorted(tmp_path.iterdir())
    two.actions["file.export"].trigger()
    (progress,) = two.window.findChildren(ExportProgress)
    qtbot.waitUntil(lambda: any(item.name.endswith(".part") for item in tmp_path.iterdir()))
    with qtbot.waitSignal(two.exports.problem):
        progress.canceled.emit()
    assert "was stopped" in two.canvas.notice
    go_on.set()
    qtbot.waitUntil(lambda: sorted(tmp_path.iterdir()) == before)
    qtbot.waitUntil(lambda: not two.window.findChildren(ExportProgress))


def test_text_of_a_pdf_page_goes_onto_the_original(
    program: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "scan.pdf"
    source.write_bytes(drawn_documents.document([drawn_documents.Page(size=(200, 300))]))
    drop(program, dropped_files(source))
    qtbot.waitUntil(lambda: program.workspace.editor is not None and program.canvas.picture is not None)
    line = TextRegion(text="two words", polygon=Polygon(Box(50, 60, 350, 100).corners))
    editor_of(program).add([line], "Add")

    def fill(dialog: ExportDialog) -> int:
        formats = child(dialog, QListWidget, "Format")
        items = map(formats.item, range(formats.count()))
        formats.setCurrentItem(next(item for item in items if "Searchable" in item.text()))
        (original,) = (box for box in dialog.findChildren(QCheckBox) if "original" in box.text())
        original.setChecked(True)
        child(dialog, QLineEdit, "File").setText(str(tmp_path / "out.pdf"))
        return 1

    monkeypatch.setattr(ExportDialog, "exec", fill)
    with qtbot.waitSignal(program.exports.saved):
        program.actions["file.export"].trigger()
    assert (tmp_path / "out.pdf").read_bytes().startswith(source.read_bytes())
    assert PdfReader(tmp_path / "out.pdf").pages[0].extract_text() == "two words"


def test_a_picture_has_no_original_to_lay_text_onto(done: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[bool] = []

    def look(dialog: ExportDialog) -> int:
        dialog.show()
        formats = child(dialog, QListWidget, "Format")
        for row in range(formats.count()):
            formats.setCurrentRow(row)
            if dialog.format_id == "searchable-pdf":
                shown.extend(box.isVisible() for box in dialog.findChildren(QCheckBox) if "original" in box.text())
        return 0

    monkeypatch.setattr(ExportDialog, "exec", look)
    done.actions["file.export"].trigger()
    assert shown == [False]
