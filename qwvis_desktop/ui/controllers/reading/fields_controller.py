"""The fields of a page: shown, corrected as steps that can be undone, and lit where they stand on the picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from PySide6.QtCore import QObject, QTimer, Signal

from qwvis_desktop.core.document import Document
from qwvis_desktop.core.field_places import PageText, Place
from qwvis_desktop.core.field_sheet import fields_on, fields_run
from qwvis_desktop.core.field_table import Field
from qwvis_desktop.core.text.flow import texts_of
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.jobs import Job, JobRunner, once
from qwvis_desktop.ui.panels.page.fields_panel import FieldsPanel

REST_MS = 80
"""Changes that come within this time are shown together."""


@dataclass(frozen=True, slots=True)
class _Found:
    """The fields of a page and the places where each value stands, by its pointer."""

    fields: tuple[Field, ...] = ()
    places: Mapping[str, tuple[Place, ...]] = field(default_factory=lambda: MappingProxyType({}))
    has_text: bool = False


class FieldsController(QObject):
    """Shows the fields of the picture that is looked at.

    Signals:
        said(str): what was done, where one does not see it.

    Args:
        show_panel: brings the panel to the front, the first time that there are fields.
        read_page: reads the text of the picture that is looked at, on this machine.
    """

    said = Signal(str)

    def __init__(
        self,
        *,
        panel: FieldsPanel,
        canvas: CanvasView,
        workspace: Workspace,
        jobs: JobRunner,
        show_panel: Callable[[], object],
        read_page: Callable[[], object],
    ) -> None:
        super().__init__(workspace)
        self._panel, self._canvas, self._workspace, self._jobs = panel, canvas, workspace, jobs
        self._show_panel = show_panel
        self._editor: DocumentEditor | None = None
        self._found = _Found()
        self._job: Job | None = None
        self._resting = QTimer(self, interval=REST_MS, singleShot=True)
        self._resting.timeout.connect(self.refresh)
        panel.value_edited.connect(self._correct)
        panel.field_chosen.connect(self._light)
        panel.search_requested.connect(read_page)
        panel.said.connect(self.said)
        workspace.current_changed.connect(self._follow)

    def refresh(self) -> None:
        """Look for the values anew, on a worker; what was looked for before is not wanted any more."""
        self._resting.stop()
        if self._job is not None:
            self._job.abandon()
        editor = self._editor
        if editor is None or fields_run(editor.document) is None:
            self._take(_Found())
            return
        document = editor.document.copy()
        self._job = self._jobs.start(
            once(lambda: _looked_for(document)), name="find fields", on_events=lambda found: self._take(found[-1])
        )

    def _take(self, found: _Found) -> None:
        self._found = found
        counts = {pointer: len(places) for pointer, places in found.places.items()}
        self._panel.show_fields(found.fields, counts, has_text=found.has_text)
        if found.fields:
            self._show_panel()

    def _follow(self) -> None:
        """Show the fields of the picture that is looked at now."""
        if self._editor is self._workspace.editor:
            return
        if self._editor is not None:
            self._editor.changed.disconnect(self._rest)
            self._editor.run_changed.disconnect(self._rest)
            self._editor.selection_changed.disconnect(self._show_selection)
        self._editor = editor = self._workspace.editor
        if editor is not None:
            editor.changed.connect(self._rest)
            editor.run_changed.connect(self._rest)
            editor.selection_changed.connect(self._show_selection)
        self.refresh()

    def _rest(self) -> None:
        if not self._resting.isActive():
            self._resting.start()

    def _correct(self, pointer: str, words: str) -> None:
        """Put ``words`` in place of a value; what the model gave is kept beside it."""
        editor = self._editor
        run = fields_run(editor.document) if editor is not None else None
        read = next((each.read for each in self._found.fields if each.pointer == pointer), None)
        if editor is None or run is None or read is None:
            return
        corrections = {place: text for place, text in run.corrections.items() if place != pointer}
        if words != read:
            corrections[pointer] = words
        if corrections != dict(run.corrections):
            editor.restate(replace(run, corrections=MappingProxyType(corrections)), self.tr("Correct Field"))

    def _light(self, pointer: str) -> None:
        """Light all places of a value on the picture, and bring the first into view."""
        places = self._found.places.get(pointer, ())
        first = places[0] if places else ()
        self._canvas.show_hits([span for place in places for span in place], first)
        if first:
            self._canvas.center_on([span.key for span in first])

    def _show_selection(self) -> None:
        """Mark the field whose value stands in the line that was selected on the picture."""
        selection = self._editor.selection if self._editor is not None else frozenset()
        if len(selection) == 1:
            for pointer, places in self._found.places.items():
                if any(span.key in selection for place in places for span in place):
                    self._panel.choose(pointer)
                    return


def _looked_for(document: Document) -> _Found:
    texts = texts_of(document.annotations.values())
    fields = fields_on(document)
    page = PageText(texts)
    places = {each.pointer: page.places_of(each.value) for each in fields}
    return _Found(fields, MappingProxyType(places), bool(texts))
