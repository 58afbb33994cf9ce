"""``ReadingSet``: the controllers of what is read from pages, together."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from qwvis_desktop.core.inference_request import InferenceRequest
from qwvis_desktop.core.media.image import ImageMedia
from qwvis_desktop.core.media.raster import Raster
from qwvis_desktop.core.model_registry import ModelRegistry
from qwvis_desktop.core.tasks import TASKS
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.asking.inference_controller import InferenceController
from qwvis_desktop.ui.controllers.asking.service_controller import OFFLINE_MODEL
from qwvis_desktop.ui.controllers.reading.fields_controller import FieldsController
from qwvis_desktop.ui.controllers.reading.rendered_page_controller import RenderedPageController
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.jobs import JobRunner
from qwvis_desktop.ui.panels.panel_set import Panels


class ReadingSet(QObject):
    """Makes the controllers of reading and speaks for them.

    Signals:
        said(str): what was done, where one does not see it.

    Args:
        show_page: brings the panel of the page to the front, the first time that there is one.
        show_fields: the same for the panel of fields.
        picture: gives the decoded picture of an entry, by its key, where the window has it in full.
    """

    said = Signal(str)

    def __init__(
        self,
        *,
        window: QWidget,
        show_page: Callable[[], object],
        show_fields: Callable[[], object],
        registry: ModelRegistry,
        canvas: CanvasView,
        panels: Panels,
        workspace: Workspace,
        inference: InferenceController,
        jobs: JobRunner,
        picture: Callable[[str], Raster | None],
    ) -> None:
        super().__init__(window)
        self.page = RenderedPageController(
            panel=panels.document,
            canvas=canvas,
            workspace=workspace,
            inference=inference,
            jobs=jobs,
            show_panel=show_page,
            picture=picture,
        )
        self.fields = FieldsController(
            panel=panels.fields,
            canvas=canvas,
            workspace=workspace,
            jobs=jobs,
            show_panel=show_fields,
            read_page=self.read_page,
        )
        self._workspace, self._inference, self._picture = workspace, inference, picture
        self._model = registry.spec(OFFLINE_MODEL)
        for teller in (self.page, self.fields):
            teller.said.connect(self.said)

    def read_page(self) -> None:
        """Read the text of the picture that is looked at with the engine on this machine."""
        editor, current = self._workspace.editor, self._workspace.current
        if editor is None or current is None or not isinstance(editor.document.media, ImageMedia):
            return
        from qwvis_desktop.core.providers.offline_ocr import OfflineOcr  # loads numpy, which takes its time

        request = InferenceRequest(
            media=editor.document.media,
            task=TASKS["spot-text"],
            prompt="",
            model=self._model,
            provider=OfflineOcr(),
            space=self._model.space,
            raster=self._picture(current.key),
        )
        self._inference.start(editor, request)
