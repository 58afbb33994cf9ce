"""Asking about films in the window: tasks, options and the estimate follow what is looked at and which part of it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from qwvis_desktop.core.annotation import Attributes
from qwvis_desktop.core.document import WHOLE_FILM, FilmRange
from qwvis_desktop.core.request.option_rules import part_of_film
from qwvis_desktop.ui.controllers.asking.cost_controller import CostController
from qwvis_desktop.ui.controllers.asking.service_controller import ServiceController
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.editor import DocumentEditor


class FilmAsking(QObject):
    """Keeps the prompt panel in step with the kind of medium, and the estimate with the part of a film."""

    def __init__(self, workspace: Workspace, services: ServiceController, costs: CostController) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._services = services
        self._costs = costs
        self._editor: DocumentEditor | None = None
        workspace.current_changed.connect(self._follow)

    def take_part(self, options: Attributes) -> None:
        """Ask about the part of the film that ``options`` say, where they say one; all of it where that is None."""
        editor = self._workspace.editor
        if editor is None or "range" not in options:
            return
        part = part_of_film(options)
        editor.set_film_range(FilmRange(*part) if part is not None else WHOLE_FILM, self.tr("Set the range"))

    def _follow(self) -> None:
        if self._editor is not None:
            self._editor.film_range_changed.disconnect(self._costs.refresh)
            self._editor.film_counted.disconnect(self._costs.refresh)
        self._editor = editor = self._workspace.editor
        if editor is not None:
            editor.film_range_changed.connect(self._costs.refresh)
            editor.film_counted.connect(self._costs.refresh)
            self._offer_for(editor.document.media.kind)

    def _offer_for(self, kind: str) -> None:
        """Offer what can be asked about this kind of medium."""
        offers = self._services.offers
        if kind != offers.media:
            offers.media = kind
            offers.offer()
            self._services.model_chosen.emit()
