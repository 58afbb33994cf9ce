from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from documents import RUN, empty_document
from PySide6.QtCore import QAbstractItemModel, QItemSelectionModel, QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot
from text_lines import line, page
from widgets import child

from qwvis_desktop.core.annotation import Detection
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.plane.editing import with_words
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.text.text_model import TextModel
from qwvis_desktop.ui.panels.text.text_panel import TextPanel

TEXTS = ["one", "<b>two</b>", "שלום", "漢字 \U0001f600"]


@pytest.fixture
def editor(qtbot: QtBot) -> DocumentEditor:
    document = empty_document()
    texts = page(TEXTS, run="r1")
    document.set_run(replace(RUN, as_read=tuple(texts)))
    document.add([Detection(id="box", box=Box(0, 0, 9, 9)), *texts])
    return DocumentEditor(document)


@pytest.fixture
def panel(qtbot: QtBot, editor: DocumentEditor) -> Iterator[TextPanel]:
    panel = TextPanel()
    qtbot.addWidget(panel)
    panel.show_editor(editor)
    panel.show()
    yield panel
    panel.show_editor(None)


def model_of(panel: TextPanel) -> TextModel:
    model = child(panel, QTableView).model()
    assert isinstance(model, TextModel)
    return model


def shown(panel: TextPanel) -> list[str]:
    model = model_of(panel)
    return [str(model.index(row, 1).data()) for row in range(model.rowCount())]


def test_texts_as_they_are_read(panel: TextPanel, editor: DocumentEditor) -> None:
    assert shown(panel) == TEXTS
    editor.reorder(["box", "3", "0", "1", "2"], "Order")
    assert shown(panel) == [TEXTS[3], *TEXTS[:3]]
    editor.add([line("last", 0, 300)], "Draw")
    editor.replace([line("ONE", 0, 0, key="0")], "Change")
    editor.remove(["1"], "Delete")
    assert shown(panel) == [TEXTS[3], "ONE", TEXTS[2], "last"]
    for _ in range(4):
        editor.undo_stack.undo()
    assert shown(panel) == TEXTS


def test_qt_finds_no_fault_in_the_model(panel: TextPanel, editor: DocumentEditor) -> None:
    tester = QAbstractItemModelTester(model_of(panel), QAbstractItemModelTester.FailureReportingMode.Warning)
    editor.add([line("last", 0, 300)], "Draw")
    editor.reorder(["3", "0", "1", "2", "last", "box"], "Order")
    editor.remove(["1"], "Delete")
    assert shown(panel) == [TEXTS[3], TEXTS[0], TEXTS[2], "last"]
    tester.deleteLater()  # a fault would have been a warning of Qt's, which fails the test


def test_selecting_goes_both_ways(panel: TextPanel, editor: DocumentEditor) -> None:
    table = child(panel, QTableView)
    editor.select(["2"])
    assert [index.row() for index in table.selectionModel().selectedRows()] == [2]
    chosen, flags = table.selectionModel(), QItemSelectionModel.SelectionFlag
    chosen.select(table.model().index(0, 1), flags.ClearAndSelect | flags.Rows)
    assert editor.selection == {"0"}
    chosen.select(table.model().index(1, 1), flags.Select | flags.Rows)
    assert editor.selection == {"0", "1"}


def test_what_was_read_is_said_beside_what_was_made_of_it(panel: TextPanel, editor: DocumentEditor) -> None:
    tip = model_of(panel).index(1, 1).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "<qt>&lt;b&gt;two&lt;/b&gt;</qt>"
    now = editor.document.annotations["1"]
    editor.replace([with_words(now, "2")], "Change")
    tip = model_of(panel).index(1, 1).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "<qt>2<br>was: &lt;b&gt;two&lt;/b&gt;</qt>"


def test_dragged_rows_ask_for_their_place(panel: TextPanel, qtbot: QtBot) -> None:
    model: QAbstractItemModel = model_of(panel)
    mime = model.mimeData([model.index(2, 1), model.index(0, 1)])
    with qtbot.waitSignal(panel.moved) as moved:
        assert not model.dropMimeData(mime, Qt.DropAction.MoveAction, 4, 0, QModelIndex())
    assert moved.args == [("0", "2"), ""]
    with qtbot.waitSignal(panel.moved) as moved:
        model.dropMimeData(mime, Qt.DropAction.MoveAction, -1, -1, model.index(3, 1))
    assert moved.args == [("0", "2"), "3"]


def test_the_least_sure_first(panel: TextPanel, editor: DocumentEditor) -> None:
    scores = {"0": 0.9, "1": 0.3, "2": None, "3": 0.5}
    editor.replace([line(key, 0, 0, key=key, score=score) for key, score in scores.items()], "Score")
    panel._low_first.click()
    assert shown(panel) == ["1", "3", "0", "2"]
    assert [model_of(panel).index(row, 0).data() for row in range(4)] == ["2", "4", "1", "3"]
    assert not model_of(panel).flags(model_of(panel).index(0, 0)) & Qt.ItemFlag.ItemIsDragEnabled
    editor.replace([line("0", 0, 0, key="0", score=0.1)], "Score")
    assert shown(panel)[0] == "0"


def test_nothing_open_and_nothing_read(qtbot: QtBot, panel: TextPanel, editor: DocumentEditor) -> None:
    editor.remove(["0", "1", "2", "3"], "Delete")
    assert "press T" in panel._empty.text()
    panel.show_editor(None)
    assert panel._empty.text() == "Open a picture to begin."
