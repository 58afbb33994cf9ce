"""What people do to annotations beyond pulling them: draw with a label, relabel, convert, merge, go through them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QInputDialog, QWidget

from qwvis_desktop.core.annotation import Annotation
from qwvis_desktop.core.plane.editing import bounds_of_all, with_label, with_words, words_of
from qwvis_desktop.core.plane.forms import Form, converted, form_of
from qwvis_desktop.core.plane.overlap import duplicates
from qwvis_desktop.core.plane.reading_order import reading_order
from qwvis_desktop.ui.actions import Actions
from qwvis_desktop.ui.canvas.tooltip import describe
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.asking.service_controller import ServiceController
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.jobs import JobRunner, once
from qwvis_desktop.ui.panels.words import counted

DIGITS = 9
"""Labels that have a key of their own."""

_MOST_LABELS = 200
"""Own labels that are remembered."""

_USUAL_IOU = 0.9


class EditController(QObject):
    """Draws, labels, converts and merges for the picture that is looked at.

    Signals:
        problem(str): something could not be done; a sentence for people.
        said(str): what was done, where one does not see it.
    """

    problem = Signal(str)
    said = Signal(str)

    def __init__(
        self,
        *,
        window: QWidget,
        canvas: CanvasView,
        actions: Actions,
        workspace: Workspace,
        services: ServiceController,
        jobs: JobRunner,
    ) -> None:
        super().__init__(window)
        self._window, self._canvas, self._actions = window, canvas, actions
        self._workspace, self._services, self._jobs = workspace, services, jobs
        self._editor: DocumentEditor | None = None
        self._drawn: Annotation | None = None
        self._relabelled: tuple[str, ...] = ()
        self._last_label = ""
        self._listing = QTimer(self, singleShot=True, interval=0)
        self._listing.timeout.connect(self._list_labels)
        canvas.drawn.connect(self._ask_for_label)
        canvas.label_given.connect(self._label)
        canvas.label_refused.connect(self._forget)
        canvas.stepped.connect(self._step_or_leave)
        workspace.current_changed.connect(self._follow)
        actions.set_checked("edit.keep_label", services.settings.keep_label)

    def does(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do, by their ids."""
        return {
            "edit.relabel": self.relabel,
            "edit.delete": self.delete,
            "edit.select_same": self.select_same,
            "edit.merge": self.ask_to_merge,
            "edit.keep_label": self._keep_label,
            "edit.next": lambda: self.step(1),
            "edit.previous": lambda: self.step(-1),
            "edit.next_corner": lambda: self._canvas.step_vertex(1),
            "edit.previous_corner": lambda: self._canvas.step_vertex(-1),
            **{f"edit.convert_{form}": partial(self.convert, form) for form in Form},
            **{f"edit.label_{place}": partial(self.label_by_digit, place) for place in range(1, DIGITS + 1)},
        }

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels that are known: a person's own in the order of their first use, then those of the picture."""
        own = self._services.settings.labels
        if self._editor is None:
            return own
        found = (
            words_of(each) for each in self._editor.document.annotations.values() if form_of(each) is not Form.TEXT
        )
        return tuple(dict.fromkeys(label for label in (*own, *found) if label))

    # Labels

    def _ask_for_label(self, annotation: Annotation) -> None:
        if self._actions["edit.keep_label"].isChecked() and self._last_label and form_of(annotation) is not Form.TEXT:
            self._drawn, self._relabelled = annotation, ()
            self._label(self._last_label)
            return
        words = () if form_of(annotation) is Form.TEXT else self.labels
        self._canvas.ask_label(bounds_of_all([annotation]), words, "" if not words else self._last_label)
        # Only now: what was asked about before is refused by asking.
        self._drawn, self._relabelled = annotation, ()

    def _label(self, words: str) -> None:
        drawn, ids, editor = self._drawn, self._relabelled, self._editor
        self._forget()
        if editor is None:
            return
        if drawn is not None:
            editor.add([with_words(drawn, words)], self.tr("Draw"))
            editor.select([drawn.id])
        else:
            self._change(editor, (with_words(each, words) for each in _there(editor, ids)), self.tr("Relabel"))
        if drawn is None or form_of(drawn) is not Form.TEXT:
            self._remember(words)

    def _forget(self) -> None:
        if self._drawn is not None:
            self._canvas.show_live(())
        self._drawn, self._relabelled = None, ()

    def _remember(self, label: str) -> None:
        self._last_label = label
        own = self._services.settings.labels
        if label and label not in own:
            self._services.update(labels=(*own, label)[-_MOST_LABELS:])
        self._listing.start()

    def relabel(self) -> None:
        """Ask for another label of what is selected, or for the text of text regions."""
        editor, chosen = self._editor, self._selected()
        if editor is None or not chosen:
            return
        words = () if all(form_of(each) is Form.TEXT for each in chosen) else self.labels
        self._canvas.center_on([chosen[0].id])
        self._canvas.ask_label(bounds_of_all(chosen), words, words_of(chosen[0]))
        # A label tells tracks apart: all boxes of a track are called the same.
        self._drawn, self._relabelled = None, tuple(self._canvas.of_tracks(each.id for each in chosen))

    def label_by_digit(self, digit: int) -> None:
        """Give what is selected the label that has this key."""
        labels, editor = self.labels, self._editor
        if editor is None or digit > len(labels):
            return
        label = labels[digit - 1]
        chosen = _there(editor, self._canvas.of_tracks(editor.selection))
        self._change(editor, (with_label(each, label) for each in chosen), self.tr("Relabel"))
        self._last_label = label

    def _keep_label(self) -> None:
        self._services.update(keep_label=self._actions["edit.keep_label"].isChecked())

    def _list_labels(self) -> None:
        labels = self.labels
        for place in range(1, DIGITS + 1):
            label = labels[place - 1] if place <= len(labels) else ""
            action = self._actions[f"edit.label_{place}"]
            action.setText(label.replace("&", "&&") or self.tr("Label {n}").replace("{n}", str(place)))
            action.setEnabled(bool(label) and self._editor is not None)

    # What is selected

    def _selected(self) -> tuple[Annotation, ...]:
        editor = self._editor
        return _there(editor, editor.selection) if editor is not None else ()

    def _change(self, editor: DocumentEditor, annotations: Iterable[Annotation], text: str) -> None:
        """Replace those that are other than they were."""
        now = editor.document.annotations
        editor.replace([each for each in annotations if now[each.id] != each], text)

    def delete(self) -> None:
        """Take the chosen corner out, or else all that is selected."""
        editor = self._editor
        if editor is not None and self._canvas.worked_out(editor.selection):
            self.problem.emit(
                self.tr(
                    "This box was worked out between two others. Go to one of those to delete it (Alt+Up, Alt+Down)."
                )
            )
        elif editor is not None and not self._canvas.remove_vertex() and editor.selection:
            count = counted(len(editor.selection), "object")
            editor.remove(self._in_order(editor.selection), self.tr("Delete {n}").replace("{n}", count))

    def _in_order(self, ids: frozenset[str]) -> Sequence[str]:
        return [each.id for each in _there(self._editor, ids)] if self._editor is not None else ()

    def select_same(self) -> None:
        """Select all that is called like something that is selected."""
        editor, words = self._editor, {words_of(each) for each in self._selected()}
        if editor is not None and words:
            self.select_labelled(words)

    def select_labelled(self, labels: Iterable[str]) -> None:
        """Select all shown annotations with one of these labels."""
        editor, wanted = self._editor, frozenset(labels)
        if editor is not None:
            editor.select(each.id for each in self._canvas.let_through() if words_of(each) in wanted)

    def convert(self, form: Form) -> None:
        """Make what is selected in the plane something of another form, in the same place."""
        editor = self._editor
        if editor is not None:
            size = editor.document.size
            self._change(editor, (converted(each, form, size) for each in self._selected()), self.tr("Convert"))

    # Through the annotations

    def step(self, by: int) -> bool:
        """Select the next annotation in reading order, and bring it into view; say whether there is one."""
        editor = self._editor
        if editor is None:
            return False
        order = reading_order(self._canvas.let_through())
        places = [place for place, key in enumerate(order) if key in editor.selection]
        at = (max(places) if by > 0 else min(places)) + by if places else 0 if by > 0 else len(order) - 1
        if not 0 <= at < len(order):
            return False
        editor.select([order[at]])
        self._canvas.center_on([order[at]])
        self._canvas.announce(describe(editor.document.annotations[order[at]]))
        return True

    def _step_or_leave(self, by: int) -> None:
        if not self.step(by):
            self._canvas.leave_focus(by > 0)

    # Duplicates

    def ask_to_merge(self) -> None:
        """Ask from what IoU on two of the same label are one, and leave the better one of each pile."""
        if self._editor is None:
            return
        threshold, is_wanted = QInputDialog.getDouble(
            self._window,
            self.tr("Merge Duplicates"),
            self.tr("Of objects with the same label that cover each other by at least this IoU, one stays:"),
            _USUAL_IOU,
            0.05,
            1.0,
            2,
        )
        if is_wanted:
            self.merge(threshold)

    def merge(self, threshold: float) -> None:
        """Leave one of each pile of duplicates, of what is selected, or of all that is shown where nothing is."""
        editor = self._editor
        if editor is None:
            return
        chosen = self._selected()
        among = chosen if len(chosen) > 1 else self._canvas.let_through()
        self._jobs.start(
            once(lambda: duplicates(among, threshold)),
            name="find duplicates",
            on_events=lambda found: self._merged(editor, among, found[0]),
        )

    def _merged(self, editor: DocumentEditor, among: Sequence[Annotation], gone: Sequence[str]) -> None:
        before = {each.id: each for each in among}
        # What was changed while the search went on is looked at no further.
        ids = [key for key in gone if editor.document.annotations.get(key) == before[key]]
        editor.remove(ids, self.tr("Merge duplicates"))
        if ids:
            self.said.emit(self.tr("Merged: {n} taken out.").replace("{n}", counted(len(ids), "object")))
        else:
            self.said.emit(self.tr("There are no duplicates."))

    def _follow(self) -> None:
        if self._editor is not None:
            self._editor.changed.disconnect(self._listing.start)
        self._forget()
        self._editor = editor = self._workspace.editor
        if editor is not None:
            editor.changed.connect(self._listing.start)
        self._listing.start()


def _there(editor: DocumentEditor, ids: Iterable[str]) -> tuple[Annotation, ...]:
    """Return those of these ids that are there, in drawing order."""
    wanted, annotations = frozenset(ids), editor.document.annotations
    if len(wanted) == 1:
        return tuple(annotations[key] for key in wanted if key in annotations)
    return tuple(annotation for key, annotation in annotations.items() if key in wanted)
