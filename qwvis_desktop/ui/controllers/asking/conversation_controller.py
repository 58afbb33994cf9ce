"""Going on from the run that the reply panel shows: asking further, and finishing a reply that was cut."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from qwvis_desktop.core.annotation import Attributes, new_id
from qwvis_desktop.core.document import Run
from qwvis_desktop.core.film_options import film_options
from qwvis_desktop.core.inference_request import InferenceRequest
from qwvis_desktop.core.media.raster import Raster
from qwvis_desktop.core.model_registry import ModelRegistry
from qwvis_desktop.core.providers.base import Provider
from qwvis_desktop.core.providers.catalog import film_room_of
from qwvis_desktop.core.providers.dialects import cannot_go_on, dialect_named
from qwvis_desktop.core.request.conversation import chain_of, exchanges_of, was_cut, why_not_continued
from qwvis_desktop.core.tasks import TASKS
from qwvis_desktop.ui.controllers.asking.inference_controller import InferenceController
from qwvis_desktop.ui.controllers.asking.service_controller import ServiceController
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.panels.replies.reply import ReplyPanel


class ConversationController(QObject):
    """Offers what can be gone on from, and starts it.

    Signals:
        problem(str): it cannot be done; a sentence for people.

    Args:
        options: gives what is set for requests, and the system message.
        provider: gives the chosen service for the run with an id, which is told how far it is and what it waits for.
        picture: gives the decoded picture of an entry, by its key, where the window has it in full.
    """

    problem = Signal(str)

    def __init__(
        self,
        *,
        reply: ReplyPanel,
        workspace: Workspace,
        services: ServiceController,
        inference: InferenceController,
        registry: ModelRegistry,
        options: Callable[[], tuple[Attributes, str]],
        provider: Callable[[str], Provider],
        picture: Callable[[str], Raster | None],
    ) -> None:
        super().__init__(workspace)
        self._reply = reply
        self._row = reply.further
        self._workspace = workspace
        self._services = services
        self._inference = inference
        self._registry = registry
        self._options = options
        self._picture = picture
        self._provider = provider
        self._row.asked.connect(self.ask_further)
        self._row.continue_requested.connect(self.finish_reply)
        reply.run_chosen.connect(lambda _run: self.show())
        services.model_chosen.connect(self.show)
        inference.started.connect(lambda _run: self.show())
        inference.ended.connect(lambda _run: self.show())

    @property
    def _run(self) -> Run | None:
        editor = self._workspace.editor
        return editor.document.runs.get(self._reply.run) if editor is not None else None

    def show(self) -> None:
        """Offer what can be done with the run that is shown."""
        run, editor = self._run, self._workspace.editor
        idle = run is not None and run.status is not None and not self._inference.is_running(editor)
        if run is None or not idle or run.task not in TASKS:
            self._row.offer(further=False, rest=False)
            return
        able = "conversation" in self._services.spec.abilities and not self._services.is_offline
        # What was asked about several pictures names them by number; here is but one of them.
        further = able and bool(run.reply) and not run.frames
        self._row.offer(further=further, rest=was_cut(run), why_not=self._why_not(run))

    def ask_further(self, words: str) -> bool:
        """Ask ``words`` about the same picture, with what was said before; say whether it was begun."""
        run, editor = self._run, self._workspace.editor
        if run is None or editor is None or not words or self._inference.is_running(editor):
            return False
        options, system = self._options()
        chain, new = chain_of(editor.document.runs, run.id), new_id()
        begun = self._start(
            InferenceRequest(
                media=editor.document.media,
                task=TASKS[run.task],
                prompt=words,
                model=self._services.spec,
                provider=self._provider(new),
                run=new,
                room=film_room_of(self._services.profile, self._services.settings.wire.upload),
                options={**options, **film_options(run.options)},
                system=system,
                raster=self._raster(),
                base64_mb=self._services.settings.wire.base64_mb,
                earlier=exchanges_of(chain),
                after=run.id,
            ),
            lambda: self.ask_further(words),
        )
        if begun:
            self._row.clear()
        return begun

    def finish_reply(self) -> bool:
        """Let the model go on where the shown reply was cut; say whether it was begun."""
        run, editor = self._run, self._workspace.editor
        if run is None or editor is None or not was_cut(run) or self._inference.is_running(editor):
            return False
        why_not = self._why_not(run)
        if why_not:
            self.problem.emit(why_not)
            return False
        return self._start(
            InferenceRequest(
                media=editor.document.media,
                task=TASKS[run.task],
                prompt=run.prompt,
                model=self._registry.spec(run.model, run.family),
                provider=self._provider(run.id),
                room=film_room_of(self._services.profile, self._services.settings.wire.upload),
                options=run.options,
                system=run.system,
                space=run.space,
                raster=self._raster(),
                base64_mb=self._services.settings.wire.base64_mb,
                earlier=exchanges_of(chain_of(editor.document.runs, run.after)),
                resumes=run,
            ),
            self.finish_reply,
        )

    def _start(self, request: InferenceRequest, once_more: Callable[[], object]) -> bool:
        """Start ``request``, or have ``once_more`` called when what speaks against it is mended; say which."""
        editor, shown = self._workspace.editor, self._reply.run
        assert editor is not None

        def again(_keep: int | None) -> None:
            if self._workspace.editor is editor and self._reply.run == shown:
                once_more()

        active = self._inference.start(editor, request, again=again)
        if active is not None:
            self._reply.show_run(active.run.id)
        return active is not None

    def _why_not(self, run: Run) -> str:
        if run.provider != self._services.profile.name:
            words = self.tr("This reply came from {service}. Choose that service to go on with it.")
            return words.replace("{service}", run.provider)
        if run.frames:
            return self.tr("A reply about several pictures cannot be gone on with. Run again.")
        unable = cannot_go_on(dialect_named(self._services.profile.dialect))
        return unable or why_not_continued(run, self._registry.spec(run.model, run.family))

    def _raster(self) -> Raster | None:
        entry = self._workspace.current
        return self._picture(entry.key) if entry is not None else None
