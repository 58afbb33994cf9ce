"""Runs as people see them: what the prompt panel asks for, and what run bar, reply panel and status bar then say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.comparison import frame_of, read_run
from qwvis_desktop.core.coordinates import Frame
from qwvis_desktop.core.document import Run
from qwvis_desktop.core.film_options import film_of_reply
from qwvis_desktop.core.film_sent import FilmWay
from qwvis_desktop.core.inference_request import InferenceRequest
from qwvis_desktop.core.model_registry import ModelRegistry
from qwvis_desktop.core.providers.base import ReplyChunk
from qwvis_desktop.core.providers.recorded import PastedReply, RecordedReply, Speed, TimedChunk, paced
from qwvis_desktop.core.tasks import TASKS, Task
from qwvis_desktop.ui.actions import Actions
from qwvis_desktop.ui.controllers.asking.cost_controller import CostController
from qwvis_desktop.ui.controllers.asking.inference_controller import ActiveRun, InferenceController, RunPhase
from qwvis_desktop.ui.controllers.asking.request_maker import RequestMaker
from qwvis_desktop.ui.controllers.asking.run_waits import RunWaits
from qwvis_desktop.ui.controllers.asking.run_words import evidence_words, filled, found_words, step_words
from qwvis_desktop.ui.controllers.asking.service_controller import ServiceController
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.asking.run_bar import RunBarState
from qwvis_desktop.ui.panels.filmstrip import PictureState
from qwvis_desktop.ui.panels.panel_set import Panels
from qwvis_desktop.ui.panels.words import counted, counted_together

WORTH_TELLING = 1_000_000
"""Bytes from which on it is told how far a request is on its way; a smaller one is there at once."""


class RunController(QObject):
    """Starts and stops runs of the current picture and shows how they go.

    Args:
        costs: is told of each run that ends.
        requests: makes what is sent.
        waits: knows what runs wait for.
    """

    def __init__(
        self,
        *,
        panels: Panels,
        workspace: Workspace,
        services: ServiceController,
        inference: InferenceController,
        costs: CostController,
        registry: ModelRegistry,
        actions: Actions,
        requests: RequestMaker,
        waits: RunWaits,
    ) -> None:
        super().__init__(workspace)
        self._panels = panels
        self._workspace = workspace
        self._services = services
        self._inference = inference
        self._registry = registry
        self._actions = actions
        self._requests = requests
        self._waits = waits
        self._shown: DocumentEditor | None = None
        panels.prompt.run_requested.connect(self.run)
        panels.prompt.stop_requested.connect(self.stop)
        workspace.current_changed.connect(self.show_current)
        workspace.editor_closed.connect(inference.forget)
        self._waits.changed.connect(self._show_again)
        # A request that was made elsewhere (a conversation) is shown as soon as it is sent.
        services.waiting.connect(lambda seconds, why: self._waits.try_again(panels.reply.run, seconds, why))
        services.sending.connect(self._sending)
        inference.started.connect(self._changed)
        inference.progressed.connect(self._changed)
        inference.ended.connect(self._changed)
        for over in (inference.ended, inference.abandoned):
            over.connect(lambda run: costs.run_over(run.run.id))
        inference.reply_arrived.connect(lambda run, text: panels.reply.append_reply(run.run.id, text))
        inference.thinking_arrived.connect(lambda run, text: panels.reply.append_thinking(run.run.id, text))

    @property
    def task(self) -> Task:
        """What is asked now."""
        return self._services.task

    def run(self) -> None:
        """Ask what the prompt panel says about the current picture."""
        # Keys and the tool bar come here while the button may not be pressed.
        if self._workspace.editor is not None and not self._panels.prompt.obstacle:
            self.run_for([self._workspace.editor])

    def run_for(self, editors: Sequence[DocumentEditor]) -> None:
        """Ask what the prompt panel says about pictures, in one request; the first is image 1."""
        busy = any(self._inference.is_running(editor) for editor in editors)
        request = None if busy else self._requests.request_for(editors)
        if request is not None:
            self._inference.start(
                editors[0], request, others=editors[1:], again=lambda keep: self.run_for(editors[:keep])
            )

    def stop(self) -> None:
        """Stop the run of the current picture; what came so far is kept."""
        self._inference.stop(self._workspace.editor)

    def read_pasted(self, text: str) -> bool:
        """Read ``text`` as a reply about the current picture; say whether there is one to read it for."""
        editor = self._workspace.editor
        if editor is None:
            return False
        # The engine on this machine is not what a pasted reply came from; then it is taken for the chosen model's.
        spec = self._registry.spec(self._services.settings.model)
        task = TASKS["detect"] if self._services.is_offline else self._services.task
        size = editor.document.size
        self._inference.start(
            editor,
            InferenceRequest(
                media=editor.document.media,
                task=task,
                prompt="",
                model=spec,
                provider=PastedReply(text),
                space=self._panels.prompt.state().space,
                frame=Frame.whole(size, spec.processor_resize.resized(size)),
                film=film_of_reply(editor.document.media),
            ),
        )
        return True

    def play(self, run: Run, speed: Speed) -> bool:
        """Play a kept reply for the current picture; say whether there is one."""
        editor = self._workspace.editor
        if editor is None:
            return False
        frame = frame_of(run, editor.document.size)
        self._inference.start(
            editor,
            InferenceRequest(
                media=editor.document.media,
                task=TASKS[run.task],
                prompt=run.prompt,
                model=self._registry.spec(run.model, run.family),
                provider=RecordedReply(_chunks(run), speed, name=run.provider),
                space=run.space,
                frame=replace(frame, original=editor.document.size),
                frames=run.frames,
                film=run.film,
            ),
            image=run.image,
            replay=True,
        )
        return True

    def show_kept(self, run: Run) -> None:
        """Show a run of the history on the current picture, read as today's reader does."""
        editor = self._workspace.editor
        if editor is None:
            return
        if run.id not in editor.document.runs:
            parsed = read_run(run, editor.document.size)
            read = replace(
                run, status=parsed.status, text=parsed.text, issues=parsed.issues, as_read=parsed.annotations
            )
            editor.set_run(read)
            editor.add(parsed.annotations, step_words(run), run=run.id)
        self._panels.reply.show_run(run.id)

    def replay(self, speed: Speed) -> None:
        """Play the run that the reply panel shows once more."""
        run = self.shown_run()
        if run is not None:
            self.play(run, speed)

    def shown_run(self) -> Run | None:
        """Return the run that the reply panel shows."""
        editor = self._workspace.editor
        return editor.document.runs.get(self._panels.reply.run) if editor is not None else None

    def show_current(self) -> None:
        """Show the run of the current picture."""
        editor = self._workspace.editor
        if self._shown is not None:
            self._shown.run_changed.disconnect(self._reread)
        self._shown = editor
        if editor is not None:
            editor.run_changed.connect(self._reread)
        self._panels.reply.show_editor(editor)
        self._panels.annotations.show_editor(editor)
        active = self._inference.latest(editor)
        if active is not None and not active.is_over:
            self._panels.reply.append_reply(active.run.id, "".join(active.reply))
            self._panels.reply.append_thinking(active.run.id, "".join(active.thinking))
        self._panels.prompt.set_obstacle("" if editor is not None else self.tr("Open a picture first."))
        self._show(editor, active)

    def _changed(self, active: ActiveRun) -> None:
        for editor in active.editors.values():
            key = self._workspace.key_of(editor)
            if key is not None:
                self._panels.filmstrip.set_state(key, _BADGES[active.phase], self._note(active, editor))
            if editor is self._workspace.editor:
                self._show(editor, active)

    def _reread(self, run: str) -> None:
        """Say anew how a run ended whose reply is read in another way now."""
        active = self._inference.latest(self._shown)
        if active is not None and active.is_over and active.run.id == run:
            self._show(self._shown, active)

    def _note(self, active: ActiveRun, editor: DocumentEditor) -> str:
        if active.phase is RunPhase.FAILED:
            return self.tr("failed")
        if not active.is_over:
            return ""
        run, all_of_them = editor.document.runs[active.run.id], editor.document.annotations
        # Where more lies on the picture than this run found, the picture's list counts all of it.
        if len(all_of_them) > len(run.as_read):
            return counted_together([annotation.kind for annotation in all_of_them.values()])
        return found_words(run)

    def _show(self, editor: DocumentEditor | None, active: ActiveRun | None) -> None:
        busy = active is not None and not active.is_over
        self._panels.prompt.set_busy(busy)
        self._actions.set_enabled("run.start", editor is not None and not busy)
        self._actions.set_enabled("run.stop", busy)
        self._panels.run_bar.set_state(self._bar_state(editor, active))
        run = editor.document.runs.get(active.run.id) if editor is not None and active is not None else None
        sent = run.frame.sent if run is not None and run.frame is not None and run.model else None
        self._panels.status_bar.set_sizes(editor.document.size if editor is not None else None, sent)
        usage = run.usage if run is not None else {}
        self._panels.status_bar.set_cost(
            _count(usage.get("prompt_tokens")),
            _count(usage.get("completion_tokens")),
            run.seconds.total if run is not None else None,
            _cached(usage),
            run.request_id if run is not None else "",
        )

    def _bar_state(self, editor: DocumentEditor | None, active: ActiveRun | None) -> RunBarState:
        if active is None or editor is None:
            return RunBarState()
        if not active.is_over:
            return RunBarState(phase=active.phase, text=self._progress(active), started=active.started)
        # The document's run, not the one that ended: its reply may have been read in another way since.
        run = editor.document.runs[active.run.id]
        seconds = run.seconds.total
        if active.phase is RunPhase.FAILED:
            return RunBarState(phase="failed", text=run.error, details=active.details, seconds=seconds)
        words = evidence_words(run, was_sent=bool(active.sent_bytes))
        return RunBarState(phase=active.phase, text=". ".join((words, *active.notes)), seconds=seconds)

    def _progress(self, active: ActiveRun) -> str:
        if active.phase is RunPhase.WAITING and (waits := self._waits.words(active.run.id)):
            return waits
        if active.phase is RunPhase.PREPARING and active.extracted[1]:
            done, of = active.extracted
            return filled(self.tr("frame {done} of {of}"), done=done, of=of)
        if active.phase is RunPhase.RECEIVING:
            return counted(active.found, "object")
        if active.phase is RunPhase.WAITING and active.sent_bytes and active.run.frame is not None:
            sent = active.run.frame.sent
            film = active.run.film
            text = self.tr("sent {width} x {height}, {size} kB")
            if film is not None and film.way in (FilmWay.FRAMES, FilmWay.PICTURES):
                text = self.tr("sent {count} frames of {width} x {height}, {size} kB")
                text = text.replace("{count}", f"{len(film.times):,}")
            words = filled(text, width=sent.width, height=sent.height, size=f"{active.sent_bytes / 1000:.0f}")
            return ". ".join((words, *active.notes))
        return ""

    def _show_again(self) -> None:
        self._show(self._workspace.editor, self._inference.latest(self._workspace.editor))

    def _sending(self, run: str, sent: int, total: int) -> None:
        """Say how far a request or a file is on its way, where that takes long enough to be seen."""
        active = self._inference.latest(self._workspace.editor)
        if active is None or active.run.id != run or active.phase is not RunPhase.WAITING or total < WORTH_TELLING:
            return
        text = self.tr("{sent} of {total} MB sent")
        words = filled(text, sent=f"{sent / 1e6:.1f}", total=f"{total / 1e6:.1f}") if sent < total else ""
        phase = "uploading" if words else str(active.phase)
        state = RunBarState(phase=phase, text=words or self._progress(active), started=active.started)
        self._panels.run_bar.set_state(state)


_BADGES: dict[RunPhase, PictureState] = {
    RunPhase.PREPARING: PictureState.BUSY,
    RunPhase.WAITING: PictureState.BUSY,
    RunPhase.THINKING: PictureState.BUSY,
    RunPhase.RECEIVING: PictureState.BUSY,
    RunPhase.DONE: PictureState.OK,
    RunPhase.STOPPED: PictureState.IDLE,
    RunPhase.FAILED: PictureState.FAILED,
}


def _cached(usage: Mapping[str, JsonValue]) -> int | None:
    """Return how many of the tokens that were sent the service knew already (``qwen-api.md`` 2.7)."""
    details = usage.get("prompt_tokens_details")
    return _count(details.get("cached_tokens")) if isinstance(details, dict) else None


def _count(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _chunks(run: Run) -> tuple[TimedChunk, ...]:
    """Cut a kept reply into the pieces in which it came; into even ones where their times were not kept."""
    if not run.pace:
        return paced(run.reply, thinking=run.thinking)
    thoughts = run.thinking_pace or ((run.pace[0][0], len(run.thinking)),)
    chunks = [
        *(TimedChunk(seconds, ReplyChunk(thinking=piece)) for seconds, piece in _pieces(run.thinking, thoughts)),
        *(TimedChunk(seconds, ReplyChunk(text=piece)) for seconds, piece in _pieces(run.reply, run.pace)),
    ]
    chunks.sort(key=lambda chunk: chunk.seconds)
    end = ReplyChunk(finish_reason=run.finish_reason or "stop", usage=run.usage)
    return (*chunks, TimedChunk(run.pace[-1][0], end))


def _pieces(text: str, pace: Iterable[tuple[float, int]]) -> Iterator[tuple[float, str]]:
    before = 0
    for seconds, length in pace:
        yield seconds, text[before:length]
        before = length
