"""What comes in: replies as files and text, all that a clipboard may hold, samples, and the dialogs that ask."""

from __future__ import annotations

import base64
import json
from io import BytesIO
from pathlib import Path

import pytest
from loopback.answers import Answer, streamed
from loopback.service import LoopbackService
from PIL import Image
from program_window import (
    BOXES,
    PLACES,
    ask_loopback,
    boxes,
    drop,
    dropped_files,
    editor_of,
    open_photo,
    run_to_the_end,
    wait_for_phase,
)
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QInputDialog, QLineEdit
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.app import Program
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.core.samples import bundled_samples
from qwvis_desktop.ui.panels.dialogs.small_dialogs import UrlDialog

REPLY = "".join(BOXES)


def png(size: tuple[int, int] = (40, 30)) -> bytes:
    with BytesIO() as file:
        Image.new("RGB", size, "teal").save(file, "PNG")
        return file.getvalue()


def paste(program: Program, mime: QMimeData) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.setMimeData(mime)
    program.actions["edit.paste"].trigger()
    clipboard.clear()


class TestReplies:
    @pytest.mark.parametrize("name", ["reply.json", "reply.txt", "REPLY.TXT"])
    def test_a_file_is_read_for_the_picture(
        self, program: Program, qtbot: QtBot, photo: Path, tmp_path: Path, name: str
    ) -> None:
        open_photo(program, qtbot, photo)
        file = tmp_path / name
        file.write_text("\ufeff" + REPLY, encoding="utf-8")
        drop(program, dropped_files(file))
        wait_for_phase(program, qtbot, "done")
        assert boxes(program) == PLACES
        assert program.panels.reply.raw_text == REPLY

    def test_an_exported_reply_comes_back_as_it_was(
        self, program: Program, qtbot: QtBot, photo: Path, tmp_path: Path, loopback: LoopbackService
    ) -> None:
        loopback.answer = streamed('[{"bbox_2d": [80, 120, 240, 240], "label": "cat"}]')
        open_photo(program, qtbot, photo)
        ask_loopback(program, loopback, "qwen2.5-vl-7b-instruct")
        run = run_to_the_end(program, qtbot)
        first = boxes(program)
        with qtbot.waitSignal(program.exports.saved):
            program.exports.export(editor_of(program), "reply", tmp_path / "kept.json")
        editor_of(program).undo_stack.undo()
        program.services.choose_model("qwen3-vl-plus")
        drop(program, dropped_files(tmp_path / "kept.json"))
        qtbot.waitUntil(lambda: boxes(program) == first and not program.inference.is_running(editor_of(program)))
        again = list(editor_of(program).document.runs.values())[-1]
        assert (again.model, again.space, again.reply) == (run.model, run.space, run.reply)

    def test_a_damaged_kept_reply_is_said(self, program: Program, qtbot: QtBot, photo: Path, tmp_path: Path) -> None:
        editor = open_photo(program, qtbot, photo)
        for content, part in (
            ('{"format": "qwvis-reply", "version": 99}', "another version"),
            ('{"format": "qwvis-reply", ', "not JSON"),
            ('{"format": "qwvis-reply", "version": 1, "run": {}}', "damaged"),
        ):
            (tmp_path / "kept.json").write_text(content, encoding="utf-8")
            drop(program, dropped_files(tmp_path / "kept.json"))
            qtbot.waitUntil(lambda part=part: part in program.canvas.notice)  # type: ignore[misc]  # mypy guesses no default's type
            assert not editor.document.runs

    def test_a_file_that_cannot_be_read_is_said(
        self, program: Program, qtbot: QtBot, photo: Path, tmp_path: Path
    ) -> None:
        open_photo(program, qtbot, photo)
        program.input.open_paths([tmp_path / "gone.json"])
        qtbot.waitUntil(lambda: program.canvas.notice != "")
        assert program.canvas.notice == '"gone.json" could not be read: No such file or directory.'

    def test_bytes_that_are_no_text_harm_nothing(
        self, program: Program, qtbot: QtBot, photo: Path, tmp_path: Path
    ) -> None:
        open_photo(program, qtbot, photo)
        (tmp_path / "odd.txt").write_bytes(b"\xff\xfe\x00\x80" * 9)
        drop(program, dropped_files(tmp_path / "odd.txt"))
        wait_for_phase(program, qtbot, "done")
        assert boxes(program) == []

    def test_without_a_picture_the_user_is_told_to_open_it_first(self, program: Program) -> None:
        program.input.read_text(REPLY)
        assert "Open the picture first" in program.canvas.notice


class TestClipboard:
    def test_files(self, program: Program, qtbot: QtBot, photo: Path) -> None:
        paste(program, dropped_files(photo))
        qtbot.waitUntil(lambda: program.workspace.editor is not None)
        assert editor_of(program).document.media.path == photo

    def test_a_picture(self, program: Program, qtbot: QtBot) -> None:
        mime = QMimeData()
        mime.setImageData(QImage(33, 22, QImage.Format.Format_RGB32))
        paste(program, mime)
        qtbot.waitUntil(lambda: program.workspace.editor is not None)
        assert editor_of(program).document.size == Size(33, 22)

    def test_a_page_with_a_picture_in_it(self, program: Program, qtbot: QtBot) -> None:
        mime = QMimeData()
        mime.setHtml(f'<img src="data:image/png;base64,{base64.b64encode(png((21, 34))).decode()}">')
        paste(program, mime)
        qtbot.waitUntil(lambda: program.workspace.editor is not None)
        assert editor_of(program).document.size == Size(21, 34)

    def test_an_address(self, program: Program, qtbot: QtBot, loopback: LoopbackService) -> None:
        loopback.answer = Answer([png()], content_type="image/png", whole=True)
        mime = QMimeData()
        mime.setUrls([QUrl(f"http://127.0.0.1:{loopback.port}/a.png")])
        paste(program, mime)
        qtbot.waitUntil(lambda: program.workspace.editor is not None)
        assert editor_of(program).document.media.name == "a.png"

    def test_the_text_of_a_reply(self, program: Program, qtbot: QtBot, photo: Path) -> None:
        open_photo(program, qtbot, photo)
        mime = QMimeData()
        mime.setText(f"```json\n{REPLY}\n```")
        paste(program, mime)
        wait_for_phase(program, qtbot, "done")
        assert boxes(program) == PLACES

    @pytest.mark.parametrize("kind", ["nothing", "odd"])
    def test_what_cannot_be_taken_is_refused_in_a_sentence(self, program: Program, kind: str) -> None:
        mime = QMimeData()
        if kind == "odd":
            mime.setData("application/x-own", b"1234")
        paste(program, mime)
        assert "QwVis can open pictures, films, folders, links and replies" in program.canvas.notice

    def test_an_empty_clipboard_is_none_to_stumble_over(self, program: Program) -> None:
        # Off screen Qt gives no object at all then.
        QGuiApplication.clipboard().clear()
        program.actions["edit.paste"].trigger()
        assert "QwVis can open pictures, films, folders, links and replies" in program.canvas.notice

    def test_links_of_another_kind_are_refused(self, program: Program) -> None:
        mime = QMimeData()
        mime.setUrls([QUrl("ftp://127.0.0.1/a.png")])
        paste(program, mime)
        assert "ftp" in program.canvas.notice


class TestSamples:
    @pytest.mark.parametrize("name", [sample.id for sample in bundled_samples()])
    def test_each_opens_and_plays(self, program: Program, qtbot: QtBot, name: str) -> None:
        program.actions.listed_chosen.emit("file.samples", name)
        qtbot.waitUntil(lambda: program.workspace.editor is not None and bool(editor_of(program).document.annotations))
        program.actions["run.stop"].trigger()
        (run,) = editor_of(program).document.runs.values()
        assert run.provider == "drawn truth, no model"

    def test_one_that_is_open_is_looked_at_and_played_once_more(
        self, program: Program, qtbot: QtBot, photo: Path
    ) -> None:
        program.input.open_sample("shapes", play=False)
        qtbot.waitUntil(lambda: program.workspace.editor is not None)
        shapes = editor_of(program)
        assert not shapes.document.runs
        open_photo(program, qtbot, photo)
        program.input.open_sample("shapes")
        qtbot.waitUntil(lambda: program.workspace.editor is shapes and len(shapes.document.runs) == 1)


class TestDialogs:
    def test_files(
        self, program: Program, qtbot: QtBot, photo: Path, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(photo)], ""))
        program.actions["file.open"].trigger()
        qtbot.waitUntil(lambda: program.workspace.editor is not None)
        assert json.loads((home / "settings.json").read_text(encoding="utf-8"))["folder"] == str(photo.parent)

    def test_a_folder(self, program: Program, qtbot: QtBot, photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(photo.parent))
        program.actions["file.open_folder"].trigger()
        qtbot.waitUntil(lambda: program.workspace.editor is not None)
        assert program.services.settings.folder == str(photo.parent)

    def test_a_folder_as_a_film(
        self, program: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number in range(12):
            (tmp_path / f"{number}.png").write_bytes(png())
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
        monkeypatch.setattr(QInputDialog, "getDouble", lambda *_: (4.0, True))
        program.actions["file.open_as_film"].trigger()
        qtbot.waitUntil(lambda: program.workspace.editor is not None and program.canvas.picture is not None)
        media = editor_of(program).document.media
        assert isinstance(media, VideoMedia)
        assert (media.name, media.frames, media.rate, media.duration) == (tmp_path.name, 12, 4.0, 3.0)

    def test_an_address(
        self, program: Program, qtbot: QtBot, loopback: LoopbackService, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fill(dialog: UrlDialog) -> int:
            child(dialog, QLineEdit).setText(f"http://127.0.0.1:{loopback.port}/b.png")
            return 1

        monkeypatch.setattr(UrlDialog, "exec", fill)
        loopback.answer = Answer([png()], content_type="image/png", whole=True)
        program.actions["file.open_url"].trigger()
        qtbot.waitUntil(lambda: program.workspace.editor is not None)

    def test_all_may_be_left(self, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([], ""))
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
        monkeypatch.setattr(UrlDialog, "exec", lambda dialog: 0)
        for action in ("file.open", "file.open_folder", "file.open_as_film", "file.open_url"):
            program.actions[action].trigger()
        assert not program.workspace.entries
        assert program.canvas.notice == ""


def test_boxes_of_a_pasted_reply_are_undone_in_one_step(program: Program, qtbot: QtBot, photo: Path) -> None:
    open_photo(program, qtbot, photo)
    program.input.read_text(REPLY)
    qtbot.waitUntil(lambda: boxes(program) == [Box(80, 120, 240, 240), Box(400, 300, 720, 540)])
    program.actions["edit.undo"].trigger()
    assert boxes(program) == []
