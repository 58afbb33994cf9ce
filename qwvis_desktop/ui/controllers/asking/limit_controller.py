"""Limits in the window: what a service would refuse is said above the picture, with a button that mends it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from qwvis_desktop.core.annotation import Attributes
from qwvis_desktop.core.inference_request import InferenceRequest
from qwvis_desktop.core.request.limits import Finding
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.asking.inference_controller import Again
from qwvis_desktop.ui.panels.asking.options import OptionsPane

MEND, SEND = "limits.mend", "limits.send"
"""Ids of the notice's buttons."""


class LimitController(QObject):
    """Looks at requests before they are sent.

    Args:
        canvas: above which it is said.
        options: where what mends it is set.
        encode: has the pictures of the next request sent as we encode them.
        take_part: takes over which part of a film is asked about, from options.
    """

    def __init__(
        self,
        canvas: CanvasView,
        options: OptionsPane,
        parent: QObject,
        *,
        encode: Callable[[], object],
        take_part: Callable[[Attributes], object],
    ) -> None:
        super().__init__(parent)
        self._take_part = take_part
        self._encode = encode
        self._canvas = canvas
        self._options = options
        self._found: Finding | None = None
        self._again: Again | None = None
        self._anyway = False
        canvas.notice_action.connect(self._answer)

    def allows(self, request: InferenceRequest, again: Again) -> bool:
        """Say whether ``request`` may be sent; where not, it is said why, and ``again`` runs it when it is mended."""
        from qwvis_desktop.core.request_findings import request_findings  # with all that reads films: not for the start

        anyway, self._anyway = self._anyway, False
        if not request.model.routes:
            return True  # it is answered on this machine
        found = request_findings(request)
        self._found = next((finding for finding in found if finding.refused), None)
        if self._found is None or anyway:
            return True
        self._again = again
        remedy = self._found.remedy
        # What is gone on with is sent as it was asked: options that are changed now do not mend it.
        buttons = [(MEND, remedy.title)] if remedy is not None and request.resumes is None else []
        self._canvas.set_notice(self._found.message, [*buttons, (SEND, self.tr("Send Anyway"))])
        return False

    def _answer(self, action: str) -> None:
        found, again = self._found, self._again
        if action not in (MEND, SEND) or found is None or again is None:
            return
        self._canvas.set_notice("")
        self._anyway = action == SEND
        remedy = found.remedy if action == MEND else None
        if remedy is not None and remedy.options is not None:
            self._take_part(remedy.options)
            changed = {**self._options.values, **remedy.options}
            self._options.set_values({name: value for name, value in changed.items() if value is not None})
            self._options.changed.emit()
        if remedy is not None and remedy.encode:
            self._encode()
        again(remedy.keep if remedy is not None else None)
