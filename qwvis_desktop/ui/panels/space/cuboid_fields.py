"""``CuboidFields``: the numbers of the selected cuboid, to be read and changed, and what speaks for or against them."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.cuboid_editing import FARTHEST, SMALLEST, with_numbers
from qwvis_desktop.core.cuboid_evidence import CuboidEvidence, evidence_of
from qwvis_desktop.ui.editor import Change, DocumentEditor
from qwvis_desktop.ui.panels.evidence import EvidenceRow, Rows
from qwvis_desktop.ui.panels.labels import ToneLabel, WrappingLabel
from qwvis_desktop.ui.panels.number_field import NumberField
from qwvis_desktop.ui.panels.scrolling import fill_scrolling
from qwvis_desktop.ui.panels.space.camera_words import convention_title
from qwvis_desktop.ui.theme import Tone

_AXES = ("x", "y", "z")


class CuboidFields(QWidget):
    """Shows the one cuboid that is selected; every number that is changed is an undo step."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor: DocumentEditor | None = None
        self._title = WrappingLabel("", None)
        self._title.setAccessibleName(self.tr("Selected cuboid"))
        self._content = QWidget()
        self._fields = self._made_fields()
        self._degrees = tuple(
            NumberField(self.tr("Angle {n} in degrees").replace("{n}", str(n)), -1e6, 1e6, decimals=2, step=5)
            for n in (1, 2, 3)
        )
        self._turns = tuple(ToneLabel() for _ in _AXES)
        self._warning = WrappingLabel("", Tone.WARNING)
        self._warning.setAccessibleName(self.tr("What is odd about the cuboid"))
        self._evidence = Rows()
        self._place()
        for place, field in enumerate(self._fields):
            field.edited.connect(lambda value, place=place: self._change(place, value))
        for place, field in enumerate(self._degrees):
            field.edited.connect(lambda value, place=place: self._turn(place, value))
        self.show_editor(None)

    def show_editor(self, editor: DocumentEditor | None) -> None:
        """Show what is selected in ``editor``'s document and follow it; None for none."""
        if self._editor is not None:
            self._editor.changed.disconnect(self._follow)
            self._editor.selection_changed.disconnect(self._show)
            self._editor.camera_changed.disconnect(self._show)
        self._editor = editor
        if editor is not None:
            editor.changed.connect(self._follow)
            editor.selection_changed.connect(self._show)
            editor.camera_changed.connect(self._show)
        self._show()

    @property
    def cuboid(self) -> Cuboid | None:
        """The cuboid that is shown; None where not exactly one is selected."""
        if self._editor is None or len(self._editor.selection) != 1:
            return None
        # While something is removed it is gone before it is no longer selected.
        selected = self._editor.document.annotations.get(next(iter(self._editor.selection)))
        return selected if isinstance(selected, Cuboid) else None

    # Inside.

    def _made_fields(self) -> tuple[NumberField, ...]:
        """Return fields for the nine numbers, in their order."""
        centers = (self.tr("Centre {axis}"), -FARTHEST, FARTHEST, 3, 0.05)
        sizes = (self.tr("Size {axis}"), SMALLEST, FARTHEST, 3, 0.05)
        angles = (self.tr("Angle {axis} as written"), -1e6, 1e6, 4, 0.01)
        fields = []
        for (name, low, high, decimals, step), names in ((centers, _AXES), (sizes, _AXES), (angles, ("1", "2", "3"))):
            for axis in names:
                title = name.replace("{axis}", axis)
                fields.append(NumberField(title, low, high, decimals=decimals, step=step))
        return tuple(fields)

    def _place(self) -> None:
        grid = QGridLayout(self._content)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(4)
        for column, axis in enumerate(_AXES, start=1):
            grid.setColumnStretch(column, 1)
            grid.addWidget(ToneLabel(axis), 0, column, Qt.AlignmentFlag.AlignHCenter)
        names = (self.tr("Centre, m"), self.tr("Size, m"), self.tr("Angles"), self.tr("in degrees"))
        rows = (self._fields[:3], self._fields[3:6], self._fields[6:], self._degrees)
        for row, (name, fields) in enumerate(zip(names, rows, strict=True)):
            line = row + 1 if row < 2 else row + 2
            grid.addWidget(ToneLabel(name, None), line, 0)
            for column, field in enumerate(fields, start=1):
                grid.addWidget(field, line, column)
        for column, label in enumerate(self._turns, start=1):
            grid.addWidget(label, 3, column, Qt.AlignmentFlag.AlignHCenter)
        fill_scrolling(self, self._title, self._warning, self._content, self._evidence)

    def _follow(self, change: Change) -> None:
        # What stands beside the cuboid (a box of the same label) is evidence about it.
        if self.cuboid is not None or change.removed:
            self._show()

    def _show(self) -> None:
        cuboid, editor = self.cuboid, self._editor
        self._content.setVisible(cuboid is not None)
        if cuboid is None or editor is None:
            self._title.say(self.tr("Select one cuboid to see its numbers and to change them."), Tone.MUTED)
            self._warning.hide()
            self._evidence.show_rows(())
            return
        self._title.say(cuboid.label or self.tr("(no label)"), None)
        for field, number in zip(self._fields, (*cuboid.center, *cuboid.size, *cuboid.angles), strict=True):
            field.show_value(number)
        convention = editor.document.convention
        for field, label, angle, axis in zip(self._degrees, self._turns, cuboid.angles, convention.order, strict=True):
            field.show_value(math.degrees(angle * convention.unit))
            label.setText(self.tr("about {axis}").replace("{axis}", axis))
        self._show_evidence(editor, cuboid)

    def _show_evidence(self, editor: DocumentEditor, cuboid: Cuboid) -> None:
        found = evidence_of(cuboid, editor.document)
        if found.upright_under is not None:
            words = self.tr(
                "It leans by {tilt}°. Read as {convention}, the same numbers would stand upright; the camera panel "
                "lets you choose that."
            )
            words = words.replace("{tilt}", f"{found.tilt:.0f}")
            self._warning.setText(words.replace("{convention}", convention_title(found.upright_under).lower()))
        self._warning.setVisible(found.upright_under is not None)
        self._evidence.show_rows(self._rows(found))

    def _rows(self, found: CuboidEvidence) -> list[EvidenceRow]:
        rows = [
            EvidenceRow(self.tr("Leans"), self.tr("{n}° off the vertical").replace("{n}", f"{found.tilt:.1f}")),
            EvidenceRow(self.tr("Heads"), self.tr("{n}° from the right").replace("{n}", f"{found.heading:.1f}")),
        ]
        if found.bounds is None:
            seen = self.tr("nowhere in the picture")
        else:
            box = found.bounds
            seen = ", ".join(f"{side:.0f}" for side in (box.left, box.top, box.right, box.bottom))
        rows.append(EvidenceRow(self.tr("Seen in"), seen))
        if found.iou is None:
            match = self.tr("no box of this label to compare with")
        else:
            match = self.tr("{iou} with the box of the same label").replace("{iou}", f"{found.iou:.2f}")
        rows.append(EvidenceRow(self.tr("IoU"), match))
        if found.written:
            rows.append(EvidenceRow(self.tr("Written"), ", ".join(f"{number:.6g}" for number in found.written)))
        return rows

    def _change(self, place: int, value: float) -> None:
        """Put ``value`` in place of one of the nine numbers."""
        cuboid = self.cuboid
        if cuboid is not None and self._editor is not None:
            numbers = [*cuboid.center, *cuboid.size, *cuboid.angles]
            numbers[place] = value
            self._editor.replace([with_numbers(cuboid, tuple(numbers))], self._step(place))

    def _turn(self, place: int, degrees: float) -> None:
        """Turn the cuboid so that one of its angles counts so many degrees."""
        if self._editor is not None:
            self._change(6 + place, math.radians(degrees) / self._editor.document.convention.unit)

    def _step(self, place: int) -> str:
        steps = (self.tr("Move cuboid"), self.tr("Resize cuboid"), self.tr("Turn cuboid"))
        return steps[place // 3]
