from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from film_labels import film_document
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QIcon
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.annotation import Annotation, Detection, LayoutBlock
from qwvis_desktop.core.annotation_filter import AnnotationFilter
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.palette import color_of
from qwvis_desktop.ui.panels.annotation_model import AnnotationModel, Column, extent_of, title_of


@pytest.fixture
def model(qtbot: QtBot, editor: DocumentEditor) -> AnnotationModel:
    model = AnnotationModel()
    model.show_editor(editor)
    return model


def box(key: str, label: str = "box", **more: Any) -> Detection:
    return Detection(id=key, label=label, box=Box(0, 0, 10, 20), **more)


def cells(model: AnnotationModel, column: Column) -> list[str]:
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


def test_of_boxes_in_time_it_is_told_when_they_are(model: AnnotationModel, editor: DocumentEditor) -> None:
    before = model.rowCount()
    editor.add([box("a", "car", time=62.25), box("b", "car", time=63.0)], "Add")
    assert cells(model, Column.SIZE)[before:] == ["1:02.2", "1:03.0"]


def test_each_kind_has_its_words(
    model: AnnotationModel, editor: DocumentEditor, other_kinds: tuple[Annotation, ...]
) -> None:
    editor.add(other_kinds, "Add")
    assert cells(model, Column.LABEL) == [
        "car", "person 🚶", "traffic light", "北京路 123 號", "free space", "van", "a door opens",
    ]  # fmt: skip
    assert cells(model, Column.KIND) == ["box", "box", "box", "text", "point", "cuboid", "event"]
    assert cells(model, Column.SCORE) == ["", "0.93", "", "0.87", "", "", ""]
    assert cells(model, Column.SIZE) == [
        "750 × 1043",
        "274 × 943",
        "113 × 275",
        "502 × 90",
        "",
        "1.8 × 1.5 × 4.2 m",
        "0:01.5, 2.5 s",
    ]


def test_blocks_and_nameless_boxes_have_words_too(model: AnnotationModel, editor: DocumentEditor) -> None:
    editor.add(
        [LayoutBlock(id="b", tag="h2", text="A\n title", box=None), box("c", ""), box("d", "\ud800 half")], "Add"
    )
    assert cells(model, Column.LABEL)[-3:-1] == ["h2: A title", "(no label)"]
    assert extent_of(editor.document.annotations["b"]) == ""
    assert title_of(editor.document.annotations["c"]) == ""
    assert cells(model, Column.LABEL)[-1].endswith(" half")


def test_new_ones_are_appended_without_a_reset(model: AnnotationModel, editor: DocumentEditor) -> None:
    resets: list[None] = []
    inserted: list[tuple[int, int]] = []
    model.modelReset.connect(lambda: resets.append(None))
    model.rowsInserted.connect(lambda _parent, first, last: inserted.append((first, last)))
    editor.add([box("x"), box("y")], "Add")
    assert (resets, inserted) == ([], [(5, 6)])
    assert model.row_of("y") == 6


def test_undo_puts_a_row_back_in_its_place(model: AnnotationModel, editor: DocumentEditor) -> None:
    before = list(model.ids)
    editor.remove(["car", "text"], "Delete")
    assert model.ids == ["person 🚶", "traffic light", "point"]
    editor.undo_stack.undo()
    assert model.ids == before


def test_a_replaced_one_shows_its_news(model: AnnotationModel, editor: DocumentEditor) -> None:
    editor.replace([replace(editor.document.annotations["car"], label="bus")], "Rename")
    assert cells(model, Column.LABEL)[0] == "bus"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("CAR", ["car"]),
        ("北京", ["text"]),
        ("point", ["point"]),
        (" light ", ["traffic light"]),
        ("zebra", []),
        ("", ["car", "person 🚶", "traffic light", "text", "point"]),
    ],
)
def test_the_filter_looks_at_labels_texts_and_kinds(model: AnnotationModel, text: str, left: list[str]) -> None:
    model.set_filter(AnnotationFilter.parse(text))
    assert model.ids == left
    assert [model.row_of(key) for key in left] == list(range(len(left)))


def test_the_filter_holds_for_what_comes(model: AnnotationModel, editor: DocumentEditor) -> None:
    model.set_filter(AnnotationFilter.parse("car"))
    editor.add([box("x", "tree"), box("y", "red car")], "Add")
    assert model.ids == ["car", "y"]
    assert model.row_of("x") is None


@pytest.mark.parametrize(
    ("column", "order", "first"),
    [
        (Column.LABEL, Qt.SortOrder.AscendingOrder, "car"),
        (Column.LABEL, Qt.SortOrder.DescendingOrder, "text"),
        (Column.SCORE, Qt.SortOrder.DescendingOrder, "person 🚶"),
        (Column.SIZE, Qt.SortOrder.DescendingOrder, "car"),
        (Column.SIZE, Qt.SortOrder.AscendingOrder, "point"),
        (Column.KIND, Qt.SortOrder.DescendingOrder, "text"),
    ],
)
def test_rows_are_sorted(model: AnnotationModel, column: Column, order: Qt.SortOrder, first: str) -> None:
    model.sort(column, order)
    assert model.ids[0] == first
    model.sort(-1)
    assert model.ids[0] == "car"


def test_what_comes_is_sorted_in(model: AnnotationModel, editor: DocumentEditor) -> None:
    model.sort(Column.LABEL)
    editor.add([box("x", "aardvark")], "Add")
    assert model.ids[0] == "x"


def test_the_eye_says_what_is_hidden(model: AnnotationModel, editor: DocumentEditor) -> None:
    role = Qt.ItemDataRole.AccessibleTextRole
    editor.hide(["car"])
    assert [model.index(row, Column.EYE).data(role) for row in range(2)] == ["hidden", "shown"]
    hidden, shown = (
        model.index(row, Column.EYE).data(Qt.ItemDataRole.DecorationRole).pixmap(16, 16).toImage() for row in range(2)
    )
    assert hidden != shown


def test_the_colour_stands_beside_the_label(model: AnnotationModel) -> None:
    swatches = [model.index(row, Column.LABEL).data(Qt.ItemDataRole.DecorationRole) for row in range(3)]
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
        colors = [swatch.pixmap(10, 10, mode).toImage().pixelColor(2, 2) for swatch in swatches]
        assert colors == [color_of(model.annotation_at(row)) for row in range(3)]
    assert model.index(0, Column.KIND).data(Qt.ItemDataRole.DecorationRole) is None


def test_the_tip_tells_further_attributes(model: AnnotationModel, editor: DocumentEditor) -> None:
    editor.add([box("x", "car", attributes={"colour": "red"})], "Add")
    assert model.index(5, Column.LABEL).data(Qt.ItemDataRole.ToolTipRole) == "car\ncolour: red"


def test_scores_are_noticed(
    qtbot: QtBot, model: AnnotationModel, editor: DocumentEditor, editors: Callable[..., DocumentEditor]
) -> None:
    other = editors((box("x"),))
    seen = [model.has_scores]
    model.scores_changed.connect(lambda: seen.append(model.has_scores))
    model.show_editor(other)
    other.add([box("y", score=0.5)], "Add")
    assert seen == [True, False, True]


def test_a_document_that_is_gone_leaves_no_rows(
    qtbot: QtBot, model: AnnotationModel, editors: Callable[..., DocumentEditor]
) -> None:
    model.show_editor(editors())
    model.show_editor(None)
    assert model.rowCount() == 0
    assert model.rowCount(model.index(0, 0)) == 0
    assert model.columnCount(QModelIndex()) == len(Column)


def test_ten_thousand_rows_are_filled_without_asking_for_cells(
    qtbot: QtBot, editors: Callable[..., DocumentEditor]
) -> None:
    editor = editors(tuple(box(str(number), f"label {number % 7}") for number in range(10_000)))
    model = AnnotationModel()
    model.show_editor(editor)
    model.sort(Column.LABEL, Qt.SortOrder.DescendingOrder)
    assert model.ids[0] == "6"
    model.set_filter(AnnotationFilter.parse("label 3"))
    assert model.rowCount() == 1429


@pytest.mark.parametrize(
    ("sort", "wanted", "change", "stays"),
    [
        (-1, "", {"label": "zebra"}, True),
        (Column.LABEL, "", {"box": Box(5, 5, 15, 25)}, True),
        (Column.LABEL, "", {"label": "zebra"}, False),
        (Column.SIZE, "", {"box": Box(0, 0, 99, 99)}, False),
        (-1, "label:box", {"box": Box(5, 5, 15, 25)}, True),
        (-1, "label:box", {"label": "zebra"}, False),
    ],
)
def test_a_change_of_one_touches_its_row_alone_unless_it_belongs_elsewhere(
    model: AnnotationModel, editor: DocumentEditor, sort: int, wanted: str, change: dict[str, Any], stays: bool
) -> None:
    first = box("a", score=0.5)
    editor.add([first, *(box(key, f"box {key}") for key in "bcd")], "Add")
    model.sort(sort)
    model.set_filter(AnnotationFilter.parse(wanted))
    row = model.row_of("a")
    resets: list[bool] = []
    touched: list[int] = []
    model.modelReset.connect(lambda: resets.append(True))
    model.dataChanged.connect(lambda first, last: touched.extend(range(first.row(), last.row() + 1)))
    editor.replace([replace(first, **change)], "Change")
    assert (touched, bool(resets)) == (([row], False) if stays else ([], True))
    kept = model.ids[:]
    model.sort(sort)
    assert model.ids == kept, "as if it had been filled anew"


def test_a_change_of_many_is_told_at_once_and_leaves_the_rows_unless_they_are_sorted(
    model: AnnotationModel, editor: DocumentEditor, qtbot: QtBot
) -> None:
    many = [box(f"{place}", f"label {place}") for place in range(300)]
    editor.add(many, "Add")
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    with qtbot.assertNotEmitted(model.modelReset):
        editor.replace([replace(each, label=f"{each.label} now") for each in many[10:290]], "Rename")
    start = model.row_of("0")
    assert start is not None
    assert told == [(start + 10, start + 289)]
    assert cells(model, Column.LABEL)[start + 9 : start + 12] == ["label 9", "label 10 now", "label 11 now"]
    model.sort(Column.LABEL)
    with qtbot.waitSignal(model.modelReset):
        editor.replace([replace(each, label="a") for each in many[10:290]], "Rename")
    assert cells(model, Column.LABEL)[:280] == ["a"] * 280


def test_scores_are_looked_for_also_where_rows_stay(model: AnnotationModel, editor: DocumentEditor) -> None:
    editor.remove(editor.document.order(), "Clear")
    editor.add([box("a"), box("b")], "Add")
    known = [model.has_scores]
    model.scores_changed.connect(lambda: known.append(model.has_scores))
    editor.replace([box("b", score=0.5)], "Change")
    editor.replace([box("b", score=0.6)], "Change")
    editor.replace([box("b")], "Change")
    assert known == [False, True, False]


def test_what_a_person_accepted_is_ticked_and_said(model: AnnotationModel, editor: DocumentEditor) -> None:
    def told(role: Qt.ItemDataRole) -> object:
        return model.index(0, Column.LABEL).data(role)

    first = model.annotation_at(0)
    before = told(Qt.ItemDataRole.DecorationRole)
    assert told(Qt.ItemDataRole.AccessibleTextRole) is None
    editor.replace([replace(first, accepted=True)], "Accept")
    after = told(Qt.ItemDataRole.DecorationRole)
    assert isinstance(before, QIcon)
    assert isinstance(after, QIcon)
    assert before.pixmap(12, 12).toImage() != after.pixmap(12, 12).toImage()
    assert told(Qt.ItemDataRole.AccessibleTextRole) == f"{first.label}, accepted"
    assert "accepted" in str(told(Qt.ItemDataRole.ToolTipRole)).split("\n")
    assert told(Qt.ItemDataRole.DisplayRole) == first.label


def test_rows_can_be_looked_at_before_the_model_is_told_of_a_change(qtbot: QtBot, editor: DocumentEditor) -> None:
    editor.add([box("a", "first"), box("b", "second")], "Add")
    model, seen = AnnotationModel(), list[list[str]]()
    editor.changed.connect(lambda _change: seen.append(cells(model, Column.LABEL)))  # told before the model is
    model.show_editor(editor)
    before = cells(model, Column.LABEL)
    editor.remove(["a"], "Delete")
    assert seen == [before]
    assert cells(model, Column.LABEL) == [words for words in before if words != "first"]


def test_of_a_film_the_last_column_says_when(model: AnnotationModel, editor: DocumentEditor) -> None:
    def title() -> object:
        return model.headerData(Column.SIZE, Qt.Orientation.Horizontal)

    assert title() == "Size"
    model.show_editor(DocumentEditor(film_document(Detection(label="car", box=Box(1, 2, 3, 4), time=1.5))))
    assert (title(), cells(model, Column.SIZE)) == ("When", ["0:01.5"])
    model.show_editor(editor)
    assert title() == "Size"
