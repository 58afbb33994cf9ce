"""Fields in the real window: asked for, corrected and undone, found on the page by reading it, kept with a project."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from drawn_page import draw_page
from loopback.answers import streamed
from loopback.service import LoopbackService
from program_window import ask_loopback, editor_of, open_photo, run_to_the_end, running
from PySide6.QtWidgets import QDockWidget
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import TextRegion
from qwvis_desktop.core.field_sheet import fields_on
from qwvis_desktop.core.geometry import Box, Polygon
from qwvis_desktop.core.providers import offline_ocr
from qwvis_desktop.core.providers.recorded import PastedReply
from qwvis_desktop.core.store.picture_record import content, document_of, identity
from qwvis_desktop.ui.panels.page.fields_panel import FieldsPanel

FILLED = {"Title": "Measuring a pendulum", "Longest": "50cm", "Swings": {"measured": "14,2"}, "Missing": "42"}


@pytest.fixture
def program(tmp_path: Path, qtbot: QtBot) -> Iterator[Program]:
    """The window after fields were asked for."""
    with running() as program, LoopbackService([streamed(json.dumps(FILLED))]) as service:
        ask_loopback(program, service)
        open_photo(program, qtbot, draw_page(tmp_path / "page.png"))
        program.services.choose_task("extract-fields")
        run_to_the_end(program, qtbot)
        qtbot.waitUntil(lambda: len(panel_of(program).fields) == 4)
        yield program


def panel_of(program: Program) -> FieldsPanel:
    return program.panels.fields


def values(program: Program) -> list[str]:
    return [each.value for each in panel_of(program).fields]


def cell(program: Program, row: int) -> str:
    item = panel_of(program).tree.topLevelItem(row)
    assert item is not None
    return item.text(2)


def line(text: str, box: Box) -> TextRegion:
    return TextRegion(text=text, polygon=Polygon(box.corners))


def test_a_correction_is_a_step_and_the_model_s_value_stays(program: Program, qtbot: QtBot) -> None:
    dock = next(each for each in program.window.findChildren(QDockWidget) if each.objectName() == "fields")
    assert not dock.isHidden()
    editor, panel = editor_of(program), panel_of(program)
    panel.value_edited.emit("/Swings/measured", "14.3")
    qtbot.waitUntil(lambda: "14.3" in values(program))
    (changed,) = [each for each in fields_on(editor.document) if each.is_corrected]
    assert (changed.read, changed.value) == ("14,2", "14.3")
    assert editor.undo_stack.undoText() == "Correct Field"
    editor.undo_stack.undo()
    qtbot.waitUntil(lambda: "14,2" in values(program))
    editor.undo_stack.redo()
    panel.value_edited.emit("/Swings/measured", "14,2")
    qtbot.waitUntil(lambda: not any(each.is_corrected for each in panel.fields))
    assert dict(next(iter(editor.document.runs.values())).corrections) == {}


def test_values_are_lit_where_they_stand(program: Program, qtbot: QtBot) -> None:
    editor, panel = editor_of(program), panel_of(program)
    title, row = line("Measuring a pendulum", Box(80, 60, 720, 120)), line("50 cm 14.2 s", Box(80, 510, 600, 560))
    editor.add([title, row, line("50 cm", Box(80, 700, 200, 740))], "Read")
    qtbot.waitUntil(lambda: bool(cell(program, 0)))
    counts = [cell(program, at) for at in (0, 1, 3)]
    assert counts == ["found", "2 places", "not found"]
    panel.field_chosen.emit("/Longest")
    marks = program.canvas._display.text_marks
    assert len(marks.hits) == 2
    assert [(span.key, span.start, span.end) for span in marks.current] == [(row.id, 0, 5)]
    editor.select([title.id])
    current = panel.tree.currentItem()
    assert current is not None
    assert current.text(0) == "Title"
    panel.field_chosen.emit("/Missing")
    assert marks.hits == ()


def test_the_page_is_read_when_that_is_asked_for(
    program: Program, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = PastedReply('[{"bbox_2d": [80, 60, 720, 120], "text_content": "MEASURING A PENDULUM"}]')
    monkeypatch.setattr(offline_ocr, "OfflineOcr", lambda: lines)
    editor, panel = editor_of(program), panel_of(program)
    panel.search_requested.emit()
    qtbot.waitUntil(lambda: cell(program, 0) == "found")
    assert len(panel.fields) == 4
    (text,) = (each for each in editor.document.annotations.values() if isinstance(each, TextRegion))
    assert text.polygon.bounds.left == pytest.approx(80, abs=1)


def test_corrections_are_kept_with_the_picture(program: Program, qtbot: QtBot) -> None:
    editor = editor_of(program)
    panel_of(program).value_edited.emit("/Title", "Another")
    qtbot.waitUntil(lambda: "Another" in values(program))
    media = editor.document.media
    again, _ = document_of(identity(media, None) | content(editor.document), media)
    first, *_ = fields_on(again)
    assert (first.value, first.read) == ("Another", "Measuring a pendulum")
