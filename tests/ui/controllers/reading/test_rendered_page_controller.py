"""The page beside the picture in the real window: asked for, streamed, linked both ways, followed through edits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from drawn_page import BLOCKS, draw_page, html_reply
from loopback.answers import streamed
from loopback.service import LoopbackService
from PIL import Image
from program_window import ask_loopback, drop, dropped_files, editor_of, open_photo, run_to_the_end, running
from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtWidgets import QDockWidget
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import LayoutBlock
from qwvis_desktop.core.page.elements import Figure, PageBreak, words_of
from qwvis_desktop.ui.panels.page.page_view import PageView

pytest.importorskip("ziamath", reason="the extra 'math' is not installed")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_page(tmp_path_factory.mktemp("page") / "pendulum.png")


@pytest.fixture
def program() -> Iterator[Program]:
    with running() as program:
        yield program


def view_of(program: Program) -> PageView:
    return program.panels.document.view


def dock(program: Program) -> QDockWidget:
    return next(each for each in program.window.findChildren(QDockWidget) if each.objectName() == "document")


def asked(program: Program, qtbot: QtBot, page: Path) -> None:
    """Ask for the page as HTML and wait until it can be read."""
    reply = html_reply()
    with LoopbackService([streamed(reply)]) as service:
        ask_loopback(program, service)
        open_photo(program, qtbot, page)
        program.services.choose_task("document-html")
        run_to_the_end(program, qtbot)
    view = view_of(program)
    qtbot.waitUntil(lambda: view.is_settled and len(view.elements) == len(BLOCKS))


def test_the_page_is_beside_the_picture(program: Program, qtbot: QtBot, page: Path) -> None:
    assert dock(program).isHidden()
    asked(program, qtbot, page)
    view = view_of(program)
    assert not dock(program).isHidden()
    assert [words_of(each).split("\n")[0] for each in view.elements][:3] == [
        "Measuring a pendulum",
        "A weight on a thread swings with a period of $T = 2\\pi\\sqrt{l/g}$.",
        "Results",
    ]
    figure = next(each for each in view.elements if isinstance(each, Figure))

    def cut() -> QImage | None:
        kind = QTextDocument.ResourceType.ImageResource.value
        image = view.document().resource(kind, QUrl(f"figure:{figure.block}"))
        return image if isinstance(image, QImage) and image.width() > 2 else None

    qtbot.waitUntil(lambda: cut() is not None)
    image = cut()
    assert image is not None
    truth = next(block.box for block in BLOCKS if block.tag == "image")
    assert (image.width(), image.height()) == pytest.approx((truth.width, truth.height), abs=3)
    assert image.pixelColor(370, 270).red() > 150  # the weight of the pendulum
    assert image.pixelColor(370, 270).blue() < 90


def test_both_sides_light_each_other(program: Program, qtbot: QtBot, page: Path) -> None:
    asked(program, qtbot, page)
    view, editor = view_of(program), editor_of(program)
    table = view.elements[3].block
    view.block_chosen.emit(table)
    assert editor.selection == {table}
    heading = view.elements[0].block
    editor.select([heading])
    assert view.chosen == {heading}
    view.block_pointed.emit(table)
    assert "table" in program.canvas.tip()
    view.block_pointed.emit(None)
    assert program.canvas.tip() == ""


def test_edits_are_followed(program: Program, qtbot: QtBot, page: Path) -> None:
    asked(program, qtbot, page)
    view, editor = view_of(program), editor_of(program)
    first = editor.document.annotations[view.elements[0].block]
    assert isinstance(first, LayoutBlock)
    editor.replace([replace(first, text="Another title")], "Retype")
    qtbot.waitUntil(lambda: words_of(view.elements[0]) == "Another title")
    editor.undo_stack.undo()
    editor.remove([view.elements[1].block], "Delete")
    qtbot.waitUntil(lambda: len(view.elements) == len(BLOCKS) - 1)
    assert words_of(view.elements[0]) == "Measuring a pendulum"


def test_another_picture_has_another_page(program: Program, qtbot: QtBot, page: Path, tmp_path: Path) -> None:
    asked(program, qtbot, page)
    view = view_of(program)
    open_photo(program, qtbot, draw_page(tmp_path / "other.png"))
    qtbot.waitUntil(lambda: not view.elements)
    assert view.toPlainText() == ""
    program.workspace.step(-1)
    qtbot.waitUntil(lambda: len(view.elements) == len(BLOCKS))


def test_pages_of_one_file_are_one_document(program: Program, qtbot: QtBot, page: Path, tmp_path: Path) -> None:
    with Image.open(page) as image:
        image.save(tmp_path / "book.tiff", save_all=True, append_images=[image.copy()])
    reply = html_reply()
    with LoopbackService([streamed(reply), streamed(reply)]) as service:
        ask_loopback(program, service)
        program.services.choose_task("document-html")
        drop(program, dropped_files(tmp_path / "book.tiff"))
        qtbot.waitUntil(lambda: program.workspace.count == 2 and program.workspace.editor is not None)
        first = program.workspace.current
        run_to_the_end(program, qtbot)
        program.workspace.step(1)
        qtbot.waitUntil(lambda: program.workspace.current is not first and program.workspace.editor is not None)
        second = program.workspace.current
        program.services.choose_task("document-html")
        run_to_the_end(program, qtbot)
    view = view_of(program)
    qtbot.waitUntil(lambda: view.is_settled and len(view.elements) == 2 * len(BLOCKS) + 2)
    breaks = [each.title for each in view.elements if isinstance(each, PageBreak)]
    assert breaks == ["book.tiff, page 1 of 2", "book.tiff, page 2 of 2"]
    assert first is not None
    assert second is not None
    heading = view.elements[1].block
    view.block_chosen.emit(heading)
    assert program.workspace.current == first
    assert editor_of(program).selection == {heading}
    assert len(view.elements) == 2 * len(BLOCKS) + 2
    program.workspace.close(first.key)
    qtbot.waitUntil(lambda: len(view.elements) == len(BLOCKS))
