"""``AnnotationPanel``: the list of what is on the picture."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QStackedLayout, QVBoxLayout, QWidget

from qwvis_desktop.core.annotation import Detection, ReplyStatus
from qwvis_desktop.core.annotation_filter import AnnotationFilter
from qwvis_desktop.core.document import Run
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.annotation_model import AnnotationModel, Column
from qwvis_desktop.ui.panels.annotation_table import WIDEST_SIZE, AnnotationTable
from qwvis_desktop.ui.panels.labels import ToneLabel, WrappingLabel
from qwvis_desktop.ui.panels.row_selection import select_rows
from qwvis_desktop.ui.panels.search_line import SearchLine
from qwvis_desktop.ui.panels.words import STOPPED, counted, outcome_sentence
from qwvis_desktop.ui.theme import Tone


class AnnotationPanel(QWidget):
    """Lists the annotations of a document; selecting here selects everywhere.

    Hides, selects and deletes through the ``DocumentEditor`` it shows; show another, or None, before that goes.

    Signals:
        menu_wanted(QPoint): a menu of what is selected is asked for, at this place of the screen.
        filter_changed(AnnotationFilter): only what this lets through is to be shown.
        activated(str): the user double-clicked the annotation with this id, or pressed Return on it: show it.
    """

    activated = Signal(str)
    filter_changed = Signal(object)
    menu_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor: DocumentEditor | None = None
        self._quiet = False
        self._model = AnnotationModel(self)
        self._filter = SearchLine(self.tr("Filter annotations"))
        self._filter.setPlaceholderText(self.tr("Filter: words, score>0.5, kind:box"))
        self._table = AnnotationTable(self._model)
        self._table.setAccessibleName(self.tr("Annotations"))
        self._count = ToneLabel()
        self._count.setAccessibleName(self.tr("How many annotations there are"))
        self._empty = WrappingLabel()
        self._place()
        self._filter.setToolTip(
            self.tr(
                "Words in labels and texts; score>0.5, area<2000, kind:polygon, label:car, run:2. "
                "What does not match is not shown on the picture either."
            )
        )
        self._filter.textChanged.connect(self._apply_filter)
        self._filter.left_down.connect(self._table.setFocus)
        self._model.modelReset.connect(self._after_reset)
        self._model.rowsInserted.connect(self._show_count)
        self._model.dataChanged.connect(self._show_count)  # one may be of another kind now
        self._model.scores_changed.connect(self._show_scores)
        self._table.selectionModel().selectionChanged.connect(self._tell_selection)
        self._table.eye_clicked.connect(self._toggle_eye)
        self._table.delete_pressed.connect(self._delete)
        self._table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._table.customContextMenuRequested.connect(self._ask_for_menu)
        self._table.activated.connect(self._tell_activated)
        self._show_scores()
        self._show_count()

    def show_editor(self, editor: DocumentEditor | None) -> None:
        """Show the annotations of another document."""
        if self._editor is not None:
            self._editor.selection_changed.disconnect(self._show_selection)
            self._editor.visibility_changed.disconnect(self._show_count)
            self._editor.run_changed.disconnect(self._show_count)
        self._editor = editor
        if editor is not None:
            editor.selection_changed.connect(self._show_selection)
            editor.visibility_changed.connect(self._show_count)
            editor.run_changed.connect(self._show_count)
        self._model.show_editor(editor)

    def _ask_for_menu(self, place: QPoint) -> None:
        if self._editor is not None and self._editor.selection:
            self.menu_wanted.emit(self._table.viewport().mapToGlobal(place))

    def _place(self) -> None:
        header = self._table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(Column.EYE, QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(Column.LABEL, QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setMinimumSectionSize(26)
        metrics = self._table.fontMetrics()
        widths = {Column.EYE: "", Column.KIND: "polygon", Column.SCORE: "Score", Column.SIZE: WIDEST_SIZE}
        for column, widest in widths.items():
            header.resizeSection(column, metrics.horizontalAdvance(widest) + 10 if widest else 26)
        pages = QStackedLayout()
        holder = QWidget()
        holder.setLayout(pages)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._empty.setContentsMargins(8, 8, 8, 8)
        pages.addWidget(self._table)
        pages.addWidget(self._empty)
        self._pages = pages
        self._count.setContentsMargins(8, 4, 8, 4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        top = QVBoxLayout()
        top.setContentsMargins(8, 6, 8, 6)
        top.addWidget(self._filter)
        layout.addLayout(top)
        layout.addWidget(holder, 1)
        layout.addWidget(self._count)

    # Selection, both ways.

    def _tell_selection(self) -> None:
        if self._quiet or self._editor is None:
            return
        # By ranges: one by one, Qt would ask the model a dozen things about each of thousands.
        selection = self._table.selectionModel().selection()
        ranges = [selection.at(place) for place in range(selection.count())]
        self._quiet = True
        self._editor.select(key for each in ranges for key in self._model.ids[each.top() : each.bottom() + 1])
        self._quiet = False

    def _apply_filter(self, text: str) -> None:
        wanted = AnnotationFilter.parse(text)
        self._model.set_filter(wanted)
        self.filter_changed.emit(wanted)
        if self._editor is not None:
            # Nothing is deleted, or called otherwise, that one does not see.
            self._editor.select(key for key in self._editor.selection if self._model.row_of(key) is not None)

    def _show_scores(self) -> None:
        self._table.setColumnHidden(Column.SCORE, not self._model.has_scores)
        self._table.give_label_room()

    def _after_reset(self) -> None:
        self._show_selection()
        self._show_count()

    def _show_selection(self) -> None:
        if self._quiet or self._editor is None:
            return
        found = (self._model.row_of(key) for key in self._editor.selection)
        rows = sorted(row for row in found if row is not None)
        self._quiet = True
        select_rows(self._table, rows, Column.LABEL)
        self._quiet = False

    # What the user does.

    def _toggle_eye(self, index: QModelIndex) -> None:
        if self._editor is None:
            return
        clicked = self._model.ids[index.row()]
        # An eye of the selection stands for all of it.
        ids = self._editor.selection if clicked in self._editor.selection else frozenset({clicked})
        hidden = self._editor.hidden
        self._editor.hide(hidden - ids if clicked in hidden else hidden | ids)

    def _delete(self) -> None:
        if self._editor is not None and self._editor.selection:
            count = len(self._editor.selection)
            self._editor.remove(self._editor.selection, self.tr("Delete {n}").replace("{n}", counted(count, "object")))

    def _tell_activated(self, index: QModelIndex) -> None:
        if index.column() != Column.EYE:
            self.activated.emit(self._model.ids[index.row()])

    # Count and empty state.

    def _latest(self) -> Run | None:
        runs = tuple(self._editor.document.runs.values()) if self._editor is not None else ()
        return runs[-1] if runs else None

    def _show_count(self) -> None:
        if self._editor is None:
            self._show_empty(self.tr("Open a picture to begin."))
            return
        annotations = self._editor.document.annotations
        run = self._latest()
        refused = sum(not issue.is_note for issue in run.issues) if run is not None else 0
        kinds = Counter(type(annotation) for annotation in annotations.values())
        # Where all are alike, the count below says what they are, and labels get the room.
        is_mixed = any(isinstance(each, Detection) and each.outline is not None for each in annotations.values())
        self._table.setColumnHidden(Column.KIND, len(kinds) < 2 and not is_mixed)
        self._table.give_label_room()
        parts = [counted(count, kind.kind) for kind, count in kinds.items()]
        if self._model.rowCount() < len(annotations):
            parts.append(self.tr("{n} match").replace("{n}", str(self._model.rowCount())))
        if self._editor.hidden:
            parts.append(self.tr("{n} hidden").replace("{n}", str(len(self._editor.hidden))))
        if refused:
            parts.append(self.tr("{n} refused").replace("{n}", str(refused)))
        self._count.say(", ".join(parts), Tone.WARNING if refused else Tone.MUTED)
        if not annotations:
            self._show_empty(self._nothing_said(run))
        elif not self._model.rowCount():
            self._show_empty(self.tr("Nothing matches the filter."))
        else:
            self._pages.setCurrentWidget(self._table)

    def _show_empty(self, sentence: str) -> None:
        self._empty.setText(sentence)
        self._pages.setCurrentWidget(self._empty)
        if self._editor is None:
            self._count.say("", Tone.MUTED)

    def _nothing_said(self, run: Run | None) -> str:
        """Say why there is nothing in the list."""
        if run is None:
            return self.tr("Nothing yet. Press Run to ask the model, or draw by hand: Edit > Draw.")
        if run.error == STOPPED:
            return self.tr("The last run was stopped before it found anything.")
        if run.error:
            return self.tr("The last run failed; what failed is said below the picture.")
        if run.status is None:
            return self.tr("Nothing yet. The run goes on.")
        if run.status is ReplyStatus.OK:
            return self.tr("The reply is text without places; read it below.") if run.text else ""
        return outcome_sentence(run.status)
