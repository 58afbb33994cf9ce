from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QTableView
from pytestqt.qtbot import QtBot
from widgets import child, click, press

from qwvis_desktop.core.annotation import Detection, Keypoint, ReplyStatus
from qwvis_desktop.core.document import Run
from qwvis_desktop.core.geometry import Box, Point, Polygon
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.annotation_model import Column
from qwvis_desktop.ui.panels.annotations import AnnotationPanel
from qwvis_desktop.ui.panels.labels import ToneLabel, WrappingLabel


@pytest.fixture
def panel(qtbot: QtBot, editor: DocumentEditor) -> AnnotationPanel:
    panel = AnnotationPanel()
    qtbot.addWidget(panel)
    panel.resize(320, 300)
    panel.show_editor(editor)
    panel.show()
    return panel


def table(panel: AnnotationPanel) -> QTableView:
    return child(panel, QTableView)


def count_line(panel: AnnotationPanel) -> str:
    labels = panel.findChildren(ToneLabel)
    return next(label.text() for label in labels if not isinstance(label, WrappingLabel))


def empty_words(panel: AnnotationPanel) -> str:
    label = child(panel, WrappingLabel)
    return label.text() if label.isVisible() else ""


def selected_rows(panel: AnnotationPanel) -> list[int]:
    return sorted(index.row() for index in table(panel).selectionModel().selectedRows())


def click_cell(panel: AnnotationPanel, row: int, column: Column, *, ctrl: bool = False) -> None:
    view = table(panel)
    modifier = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
    click(view.viewport(), view.visualRect(view.model().index(row, column)).center(), modifier)


def test_a_narrow_list_leaves_out_the_size_rather_than_the_label(panel: AnnotationPanel, qtbot: QtBot) -> None:
    panel.resize(210, 300)
    qtbot.waitUntil(lambda: table(panel).isColumnHidden(Column.SIZE))
    assert table(panel).columnWidth(Column.LABEL) > table(panel).fontMetrics().horizontalAdvance("traffic light")
    panel.resize(500, 300)
    qtbot.waitUntil(lambda: not table(panel).isColumnHidden(Column.SIZE))


def test_clicking_selects_everywhere(panel: AnnotationPanel, editor: DocumentEditor, qtbot: QtBot) -> None:
    click_cell(panel, 1, Column.LABEL)
    assert editor.selection == {"person 🚶"}
    click_cell(panel, 3, Column.KIND, ctrl=True)
    assert editor.selection == {"person 🚶", "text"}


def test_selecting_elsewhere_selects_here(panel: AnnotationPanel, editor: DocumentEditor) -> None:
    editor.select(["car", "traffic light", "text"])
    assert selected_rows(panel) == [0, 2, 3]
    editor.select([])
    assert selected_rows(panel) == []


def test_thousands_are_selected_at_once(qtbot: QtBot, editors: Callable[..., DocumentEditor]) -> None:
    editor = editors(tuple(Detection(id=str(n), label="a", box=Box(0, 0, 5, 5)) for n in range(5_000)))
    panel = AnnotationPanel()
    qtbot.addWidget(panel)
    panel.show_editor(editor)
    table(panel).selectAll()
    assert len(editor.selection) == 5_000
    editor.select(str(n) for n in range(0, 5_000, 2))
    assert len(selected_rows(panel)) == 2_500


def test_what_the_filter_hides_is_not_selected_any_more(panel: AnnotationPanel, editor: DocumentEditor) -> None:
    editor.select(["car", "person 🚶"])
    child(panel, QLineEdit).setText("person")
    assert editor.selection == {"person 🚶"}
    click_cell(panel, 0, Column.LABEL)
    assert editor.selection == {"person 🚶"}
    child(panel, QLineEdit).clear()
    assert selected_rows(panel) == [1]


def test_sorting_keeps_the_selection(panel: AnnotationPanel, editor: DocumentEditor) -> None:
    editor.select(["car"])
    table(panel).sortByColumn(Column.SIZE, Qt.SortOrder.AscendingOrder)
    assert editor.selection == {"car"}
    assert selected_rows(panel) == [4]


def test_an_eye_hides_and_leaves_the_selection(panel: AnnotationPanel, editor: DocumentEditor, qtbot: QtBot) -> None:
    editor.select(["text"])
    click_cell(panel, 0, Column.EYE)
    assert editor.hidden == {"car"}
    assert editor.selection == {"text"}
    click_cell(panel, 0, Column.EYE)
    assert editor.hidden == frozenset()


def test_an_eye_of_the_selection_stands_for_all_of_it(
    panel: AnnotationPanel, editor: DocumentEditor, qtbot: QtBot
) -> None:
    editor.select(["car", "text"])
    click_cell(panel, 3, Column.EYE)
    assert editor.hidden == {"car", "text"}


def test_space_is_the_eye_of_the_keyboard(panel: AnnotationPanel, editor: DocumentEditor, qtbot: QtBot) -> None:
    editor.select(["car"])
    press(table(panel), Qt.Key.Key_Space)
    assert editor.hidden == {"car"}


def test_delete_is_one_undo_step(panel: AnnotationPanel, editor: DocumentEditor, qtbot: QtBot) -> None:
    editor.select(["car", "text"])
    press(table(panel), Qt.Key.Key_Delete)
    assert list(editor.document.annotations) == ["person 🚶", "traffic light", "point"]
    assert editor.undo_stack.undoText() == "Delete 2 objects"
    editor.undo_stack.undo()
    assert len(editor.document.annotations) == 5


def test_a_double_click_asks_to_show_it(panel: AnnotationPanel, qtbot: QtBot) -> None:
    view = table(panel)
    told: list[str] = []
    panel.activated.connect(told.append)
    view.activated.emit(view.model().index(2, Column.LABEL))
    view.activated.emit(view.model().index(2, Column.EYE))
    assert told == ["traffic light"]


def test_the_count_line(panel: AnnotationPanel, editor: DocumentEditor, run: Run) -> None:
    assert count_line(panel) == "3 boxes, 1 text, 1 point"
    editor.hide(["car", "text"])
    editor.set_run(run)
    assert count_line(panel) == "3 boxes, 1 text, 1 point, 2 hidden, 1 refused"
    child(panel, QLineEdit).setText("car")
    assert count_line(panel) == "3 boxes, 1 text, 1 point, 1 match, 2 hidden, 1 refused"
    child(panel, QLineEdit).setText("zebra")
    assert empty_words(panel) == "Nothing matches the filter."


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"status": None}, "Nothing yet. The run goes on."),
        ({"status": ReplyStatus.OK, "text": "Prose."}, "The reply is text without places; read it below."),
        ({"status": ReplyStatus.OK_EMPTY}, "The model says there is nothing of that here."),
        ({"status": ReplyStatus.PARTIAL}, "What is listed was read in full, but a part"),
        ({"status": ReplyStatus.NO_STRUCTURED_DATA}, "The model replied, but without anything of the kind"),
        ({"status": ReplyStatus.EMPTY_REPLY}, "The model sent an empty reply."),
        ({"error": "stopped"}, "The last run was stopped before it found anything."),
        ({"error": "The key is wrong."}, "The last run failed"),
    ],
)
def test_an_empty_list_says_why(
    qtbot: QtBot,
    editors: Callable[..., DocumentEditor],
    runs: Callable[..., Run],
    changes: dict[str, object],
    words: str,
) -> None:
    panel = AnnotationPanel()
    qtbot.addWidget(panel)
    panel.show()
    assert empty_words(panel) == "Open a picture to begin."
    editor = editors(())
    panel.show_editor(editor)
    assert empty_words(panel) == "Nothing yet. Press Run to ask the model, or draw by hand: Edit > Draw."
    editor.set_run(runs(issues=(), **changes))
    assert empty_words(panel).startswith(words)


def test_the_score_column_is_there_when_there_are_scores(
    panel: AnnotationPanel, editors: Callable[..., DocumentEditor]
) -> None:
    assert not table(panel).isColumnHidden(Column.SCORE)
    other = editors((Detection(id="a", label="a", box=Box(0, 0, 5, 5)),))
    panel.show_editor(other)
    assert table(panel).isColumnHidden(Column.SCORE)


def test_another_document_brings_its_own_selection(
    panel: AnnotationPanel, editor: DocumentEditor, editors: Callable[..., DocumentEditor]
) -> None:
    other = editors()
    other.select(["text"])
    editor.select(["car"])
    panel.show_editor(other)
    assert selected_rows(panel) == [3]
    assert editor.selection == {"car"}
    assert other.selection == {"text"}
    editor.select(["point"])
    assert selected_rows(panel) == [3]


def test_the_keyboard_goes_on_from_what_was_selected_elsewhere(
    panel: AnnotationPanel, editor: DocumentEditor, qtbot: QtBot
) -> None:
    editor.select(["person 🚶"])
    press(table(panel), Qt.Key.Key_Down)
    assert editor.selection == {"traffic light"}
    assert table(panel).selectionModel().currentIndex().row() == 2


def test_the_kind_is_listed_where_kinds_differ(panel: AnnotationPanel, editor: DocumentEditor) -> None:
    def kind_is_hidden() -> bool:
        return table(panel).isColumnHidden(Column.KIND)

    panel.show_editor(editor)
    editor.remove(list(editor.document.annotations), "Empty")
    editor.add([Detection(id="a", label="a", box=Box(0, 0, 9, 9)), Detection(id="b", box=Box(0, 0, 9, 9))], "Add")
    assert kind_is_hidden()
    outline = Polygon((Point(0, 0), Point(9, 0), Point(9, 9)))
    editor.replace([Detection(id="b", box=Box(0, 0, 9, 9), outline=outline)], "Bend")
    assert not kind_is_hidden()
    editor.undo_stack.undo()
    assert kind_is_hidden()
    editor.add([Keypoint(id="c", point=Point(1, 1))], "Add")
    assert not kind_is_hidden()
