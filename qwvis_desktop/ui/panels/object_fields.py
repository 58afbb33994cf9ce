"""``ObjectFields``: label, place, angle, score and attributes of what is selected, to be read and changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QGridLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from qwvis_desktop.core.annotation import Annotation, JsonValue, bounds_of
from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.core.plane.editing import SMALLEST, moved, resized, turned, with_box, with_words, words_of
from qwvis_desktop.core.plane.forms import Form, TurnedRectangle, corners_of, form_of
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.labels import ToneLabel, WrappingLabel
from qwvis_desktop.ui.panels.number_field import NumberField
from qwvis_desktop.ui.panels.scrolling import fill_scrolling
from qwvis_desktop.ui.panels.words import form_title
from qwvis_desktop.ui.theme import Tone

_FARTHEST = 1e6
_NO_SCORE = -0.01
"""What the field shows as "none": a step below the least score."""


class ObjectFields(QWidget):
    """Shows the one annotation in the plane that is selected; every change is an undo step."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor: DocumentEditor | None = None
        self._quiet = False
        self._title = WrappingLabel("", None)
        self._title.setAccessibleName(self.tr("Selected object"))
        self._content = QWidget()
        self._label = QLineEdit()
        self._label.setAccessibleName(self.tr("Label of the object"))
        self._numbers = {
            "left": NumberField(self.tr("Left"), -_FARTHEST, _FARTHEST),
            "top": NumberField(self.tr("Top"), -_FARTHEST, _FARTHEST),
            "right": NumberField(self.tr("Right"), -_FARTHEST, _FARTHEST),
            "bottom": NumberField(self.tr("Bottom"), -_FARTHEST, _FARTHEST),
            "width": NumberField(self.tr("Width"), SMALLEST, _FARTHEST),
            "height": NumberField(self.tr("Height"), SMALLEST, _FARTHEST),
        }
        self._angle = NumberField(self.tr("Angle in degrees"), -360, 360, decimals=2)
        self._score = NumberField(self.tr("Score"), _NO_SCORE, 1.0, step=0.05)
        self._score.setSpecialValueText(self.tr("none"))
        self._attributes = QTableWidget(0, 2)
        self._more = QPushButton(self.tr("Add &Attribute"))
        self._place()
        self._label.editingFinished.connect(self._relabel)
        for name, field in self._numbers.items():
            field.edited.connect(lambda value, name=name: self._change_side(name, value))
        self._angle.edited.connect(self._turn)
        self._score.edited.connect(self._rate)
        self._attributes.cellChanged.connect(lambda _row, _column: self._take_attributes())
        self._more.clicked.connect(self._add_attribute)
        self.show_editor(None)

    def show_editor(self, editor: DocumentEditor | None) -> None:
        """Show what is selected in ``editor``'s document and follow it; None for none."""
        if self._editor is not None:
            self._editor.changed.disconnect(self._show)
            self._editor.selection_changed.disconnect(self._show)
        self._editor = editor
        if editor is not None:
            editor.changed.connect(self._show)
            editor.selection_changed.connect(self._show)
        self._show()

    @property
    def annotation(self) -> Annotation | None:
        """What is shown; None where not exactly one is selected that lies in the plane."""
        if self._editor is None or len(self._editor.selection) != 1:
            return None
        # While something is removed it is gone before it is no longer selected.
        found = self._editor.document.annotations.get(next(iter(self._editor.selection)))
        return found if found is not None and form_of(found) is not None else None

    def _place(self) -> None:
        grid = QGridLayout(self._content)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        rows: tuple[tuple[tuple[str, QWidget], ...], ...] = (
            ((self.tr("Left"), self._numbers["left"]), (self.tr("Top"), self._numbers["top"])),
            ((self.tr("Right"), self._numbers["right"]), (self.tr("Bottom"), self._numbers["bottom"])),
            ((self.tr("Width"), self._numbers["width"]), (self.tr("Height"), self._numbers["height"])),
            ((self.tr("Angle"), self._angle), (self.tr("Score"), self._score)),
        )
        grid.addWidget(ToneLabel(self.tr("Label"), None), 0, 0)
        grid.addWidget(self._label, 0, 1, 1, 3)
        for line, row in enumerate(rows, start=1):
            for place, (name, field) in enumerate(row):
                grid.addWidget(ToneLabel(name, None), line, 2 * place)
                grid.addWidget(field, line, 2 * place + 1)
        table = self._attributes
        table.setAccessibleName(self.tr("Attributes"))
        table.setHorizontalHeaderLabels([self.tr("Attribute"), self.tr("Value")])
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        table.verticalHeader().hide()
        table.setTabKeyNavigation(False)
        table.setMinimumHeight(90)
        grid.addWidget(table, len(rows) + 1, 0, 1, 4)
        grid.addWidget(self._more, len(rows) + 2, 0, 1, 4)
        fill_scrolling(self, self._title, self._content)

    # Showing

    def _show(self) -> None:
        shown = self.annotation
        self._content.setVisible(shown is not None)
        if shown is None:
            self._title.say(self.tr("Select one object to see its numbers and to change them."), Tone.MUTED)
            return
        form, box = form_of(shown), bounds_of(shown)
        assert box is not None  # what lies in the plane has bounds
        self._title.say(form_title(shown), Tone.MUTED)
        if self._label.text() != words_of(shown):
            self._label.setText(words_of(shown))
        rectangle = TurnedRectangle.of(corners_of(shown)) if form is not Form.POLYGON else None
        values = {**box._asdict(), "width": box.width, "height": box.height}
        if rectangle is not None:
            values |= {"width": rectangle.width, "height": rectangle.height}
        for name, field in self._numbers.items():
            field.setEnabled(form is not Form.POINT or name in ("left", "top"))
            field.show_value(values[name])
        self._angle.setEnabled(form in (Form.BOX, Form.ROTATED) or (form is Form.TEXT and rectangle is not None))
        self._angle.show_value(rectangle.degrees if rectangle is not None else 0.0)
        self._score.show_value(_NO_SCORE if shown.score is None else shown.score)
        self._show_attributes(shown)

    def _show_attributes(self, shown: Annotation) -> None:
        listed = [(name, _written(value)) for name, value in shown.attributes.items()]
        if listed == self._listed():
            return
        self._quiet = True
        self._attributes.setRowCount(len(listed))
        for row, pair in enumerate(listed):
            for column, text in enumerate(pair):
                self._attributes.setItem(row, column, QTableWidgetItem(text))
        self._quiet = False

    def _listed(self) -> list[tuple[str, str]]:
        """Return what stands in the table, without rows that have no name."""
        rows = [
            tuple(item.text() if item is not None else "" for item in (self._attributes.item(row, c) for c in (0, 1)))
            for row in range(self._attributes.rowCount())
        ]
        return [(name, value) for name, value in rows if name.strip()]

    # Changing

    def _change(self, change: Callable[[Annotation], Annotation], text: str) -> None:
        shown, editor = self.annotation, self._editor
        if shown is None or editor is None:
            return
        made = change(shown)
        if made != shown:
            editor.replace([made], text)

    def _relabel(self) -> None:
        self._change(lambda each: with_words(each, self._label.text().strip()), self.tr("Relabel"))

    def _change_side(self, name: str, value: float) -> None:
        if name in ("width", "height"):
            self._change(lambda each: _with_length(each, name, value), self.tr("Resize"))
        else:
            self._change(lambda each: _with_side(each, name, value), self.tr("Move a side"))

    def _turn(self, degrees: float) -> None:
        def change(each: Annotation) -> Annotation:
            rectangle = TurnedRectangle.of(corners_of(each))
            return turned(each, degrees - rectangle.degrees) if rectangle is not None else each

        self._change(change, self.tr("Turn"))

    def _rate(self, score: float) -> None:
        self._change(lambda each: replace(each, score=None if score < 0 else score), self.tr("Change the score"))

    def _add_attribute(self) -> None:
        row = self._attributes.rowCount()
        self._quiet = True
        self._attributes.setRowCount(row + 1)
        name = QTableWidgetItem("")
        self._attributes.setItem(row, 0, name)
        self._attributes.setItem(row, 1, QTableWidgetItem(""))
        self._quiet = False
        self._attributes.setCurrentCell(row, 0)
        self._attributes.editItem(name)

    def _take_attributes(self) -> None:
        if not self._quiet:
            attributes = {name.strip(): _read(value) for name, value in self._listed()}
            self._change(lambda each: replace(each, attributes=attributes), self.tr("Change attributes"))


def _with_side(annotation: Annotation, name: str, value: float) -> Annotation:
    """Return the annotation with one side of its bounds elsewhere; a point is moved, an outline stretched."""
    box = bounds_of(annotation)
    assert box is not None  # what lies in the plane has bounds
    if form_of(annotation) is Form.POINT:
        return moved(annotation, value - box.left if name == "left" else 0.0, value - box.top if name == "top" else 0.0)
    sides = {**box._asdict(), name: value}
    first, last = Point(sides["left"], sides["top"]), Point(sides["right"], sides["bottom"])
    return with_box(annotation, Box.from_corners(first, last))


def _with_length(annotation: Annotation, name: str, value: float) -> Annotation:
    """Return the annotation with another width or height; its left and upper side stay, of a rectangle its own."""
    box = bounds_of(annotation)
    assert box is not None  # what lies in the plane has bounds
    rectangle = TurnedRectangle.of(corners_of(annotation))
    if rectangle is None or form_of(annotation) is Form.POLYGON:
        return (
            _with_side(annotation, "right", box.left + value)
            if name == "width"
            else _with_side(annotation, "bottom", box.top + value)
        )
    if name == "width":
        return resized(annotation, (1, 0), rectangle.at(2 * value / rectangle.width - 1, 0))
    return resized(annotation, (0, 1), rectangle.at(0, 2 * value / rectangle.height - 1))


def _written(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _read(text: str) -> JsonValue:
    """Return a number, yes, no or a list where the text is one, else the text."""
    try:
        value: JsonValue = json.loads(text, parse_constant=lambda _: text)
    except ValueError:
        return text
    return value
