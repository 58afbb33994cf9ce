"""``TaskOffers``: which tasks the prompt panel offers: what the model can do with the kind of medium looked at."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from qwvis_desktop.core.model_registry import ModelSpec
from qwvis_desktop.core.tasks import for_media
from qwvis_desktop.ui.panels.asking.prompt import PromptPanel


class TaskOffers:
    """Offers tasks; what is chosen for pictures is kept, what is chosen for films as long as the program runs.

    Args:
        panel: where they are offered.
        spec: gives the chosen model.
        kept: gives the task that is kept.
        keep: keeps a task.

    Attributes:
        media: the kind of medium that is asked about.
    """

    def __init__(
        self,
        panel: PromptPanel,
        *,
        spec: Callable[[], ModelSpec],
        kept: Callable[[], str],
        keep: Callable[[str], object],
    ) -> None:
        self.media = "image"
        self._panel = panel
        self._spec = spec
        self._kept = kept
        self._keep = keep
        self._of_films = "video-events"
        panel.task_changed.connect(self._chosen)

    def offer(self) -> None:
        """Offer what can be asked now."""
        tasks = [for_media(task, self.media) for task in self._spec().tasks if self.media in task.media]
        chosen = self._of_films if self.media == "video" else self._kept()
        nothing = QCoreApplication.translate(
            "TaskOffers", "{model} takes no films. Choose another, or open a frame as a picture (F)."
        )
        self._panel.set_tasks(
            tasks,
            chosen if any(task.id == chosen for task in tasks) else "",
            nothing.replace("{model}", self._spec().family_title),
        )

    def _chosen(self, task: str) -> None:
        if self.media == "video":
            self._of_films = task
        else:
            self._keep(task)
