"""Why boxes stand where they stand: evidence, what-if, reading again, the link between box and reply."""

from __future__ import annotations

from PySide6.QtCore import QObject


class EvidenceController(QObject):
    """x."""

    def __init__(self, panels, canvas, workspace, services, inference, jobs, registry) -> None:
        super().__init__(workspace)
