"""The page beside the picture in the real window: asked for, streamed, linked both ways, followed through edits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from drawn_page import BLOCKS, draw_page, html_reply
from loopback.answers import streamed
from loopback.service import LoopbackService
from program_window import ask_loopback, editor_of, open_photo, run_to_the_end, running
from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtWidgets import QDockWidget
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import LayoutBlock
from qwvis_desktop.core.page.elements import Figure, words_of
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
