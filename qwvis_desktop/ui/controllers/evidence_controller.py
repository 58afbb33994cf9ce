"""Why boxes stand where they stand: evidence, what-if, reading again, and the link between a box and its reply."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QObject

from qwvis_desktop.core.annotation import Annotation, VideoEvent
from qwvis_desktop.core.comparison import Rereading, numbers_of, reread
from qwvis_desktop.core.coordinates import CoordinateSpace
from qwvis_desktop.core.document import Run
from qwvis_desktop.core.model_registry import ModelRegistry
from qwvis_desktop.core.replies.convention import ConventionVerdict, judge_convention
from qwvis_desktop.core.replies.evidence import annotation_evidence, run_evidence
from qwvis_desktop.core.tasks import TASKS
from qwvis_desktop.ui.actions import Actions
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.asking.inference_controller import ActiveRun
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.jobs import JobRunner, once
from qwvis_desktop.ui.panels.evidence import Evidence, EvidencePanel, EvidenceRow
from qwvis_desktop.ui.panels.replies.reply import ReplyPanel
from qwvis_desktop.ui.panels.words import in_words, space_title, space_words

_KEEP = "keep"
"""Id of the notice's button that leaves everything as it is."""


class EvidenceController(QObject):
    """Fills the evidence panel for the run that the reply panel shows and for the annotation that is selected."""

    def __init__(
        self,
        *,
        panel: EvidencePanel,
        reply: ReplyPanel,
        canvas: CanvasView,
        workspace: Workspace,
        jobs: JobRunner,
        registry: ModelRegistry,
        actions: Actions,
    ) -> None:
        super().__init__(workspace)
        self._panel = panel
        self._reply = reply
        self._canvas = canvas
        self._workspace = workspace
        self._jobs = jobs
        self._registry = registry
        self._actions = actions
        self._editor: DocumentEditor | None = None
        self._from_caret = False
        self._self_test = ""
        self._written: dict[str, tuple[tuple[float, ...], ...]] = {}
        self._verdicts: dict[tuple[str, CoordinateSpace], ConventionVerdict] = {}
        self._answered: set[str] = set()
        workspace.current_changed.connect(self._follow)
        reply.run_chosen.connect(lambda _run: self.show())
        reply.caret_moved.connect(self._select_at)
        panel.what_if_requested.connect(self._what_if)
        panel.parse_again_requested.connect(self.parse_again)
        panel.issue_chosen.connect(reply.mark_span)
        canvas.notice_action.connect(self._answer_notice)

    @property
    def run(self) -> Run | None:
        """The run that is shown."""
        return self._editor.document.runs.get(self._reply.run) if self._editor is not None else None

    def set_self_test(self, sentence: str) -> None:
        """Say what the last self-test of the chosen model found."""
        self._self_test = sentence
        self.show()

    def show(self) -> None:
        """Show what is known of the run and of the selected annotation."""
        run, editor = self.run, self._editor
        over = run is not None and run.status is not None
        for action in ("run.parse_again", "run.replay", "run.replay_10", "run.replay_once"):
            self._actions.set_enabled(action, over)
        self._actions.set_enabled("run.was_sent", run is not None and bool(run.requests))
        if run is None or editor is None:
            self._panel.show_evidence(Evidence(self_test=self._self_test) if self._self_test else None)
            return
        selected = self._selected()
        found = annotation_evidence(selected, run) if selected is not None else None
        verdict = self._verdict(run)
        self._panel.show_evidence(
            Evidence(
                run=self._run_rows(run),
                selected=[
                    EvidenceRow(self.tr("Written"), _numbers(found.raw)),
                    *(EvidenceRow(space_title(each.space), _numbers(each.numbers)) for each in found.in_spaces),
                ]
                if found is not None
                else _time_rows(selected, run),
                formula="\n".join(found.formula) if found is not None else "",
                refused=run.issues,
                space=run.space,
                warning=in_words(" ".join(verdict.reasons)) if verdict is not None and verdict.contradicts else "",
                self_test=self._self_test,
            )
        )

    def run_ended(self, active: ActiveRun) -> None:
        """Look at the numbers of a run that ended, on a worker thread, and say where they contradict their reading."""
        run, editor = active.run, active.editor
        if run.frame is None or not TASKS[run.task].kinds:
            self.show()
            return
        self._jobs.start(
            once(lambda: numbers_of(run)),
            name="judge numbers",
            on_events=lambda found: self._judge(editor, run, found[0]),
        )

    def _judge(self, editor: DocumentEditor, run: Run, numbers: tuple[tuple[float, ...], ...]) -> None:
        self._written[run.id] = numbers
        if editor is self._editor and run.id == self._reply.run:
            self.show()
            self._say_contradiction()

    def _say_contradiction(self) -> None:
        """Say over the picture that the numbers of the shown run contradict their reading, until that is answered."""
        run = self.run
        verdict = self._verdict(run) if run is not None and run.id not in self._answered else None
        if verdict is not None and verdict.contradicts:
            show_as = self.tr("Show as {space}").replace("{space}", space_words(verdict.best))
            self._canvas.set_notice(
                in_words(" ".join(verdict.reasons)), ((verdict.best.value, show_as), (_KEEP, self.tr("Leave as It Is")))
            )

    def _verdict(self, run: Run) -> ConventionVerdict | None:
        """Return what the numbers of a run say; None where they were not looked at or nothing of them has a place."""
        numbers = self._written.get(run.id)
        if not numbers or run.frame is None:
            return None
        # Kept: it is asked for with every selection, and judging thousands of boxes takes longer than a frame.
        key = (run.id, run.space)
        if key not in self._verdicts:
            self._verdicts[key] = judge_convention(numbers, (run.frame,), run.space)
        return self._verdicts[key]

    def parse_again(self) -> None:
        """Read the kept reply of the shown run once more, and say what that changes."""
        if self.run is not None:
            self._reread(self.run, None, self.tr("Parse again"))

    def _what_if(self, space: str) -> None:
        if self.run is not None and self.run.status is not None and self.run.space != space:
            wanted = CoordinateSpace(space)
            step = self.tr("Read as {space}").replace("{space}", space_title(wanted))
            self._reread(self.run, wanted, step)

    def _reread(self, run: Run, space: CoordinateSpace | None, step: str) -> None:
        editor = self._editor
        assert editor is not None
        document = editor.document.copy()
        self._jobs.start(
            once(lambda: reread(document, run, space)),
            name="read reply again",
            on_events=lambda read: self._apply(editor, read[0], step, told=space is None),
        )

    def _apply(self, editor: DocumentEditor, read: Rereading, step: str, *, told: bool) -> None:
        if self._workspace.key_of(editor) is None:
            return
        if read.run != editor.document.runs[read.run.id] or read.changes:
            with editor.step(step):
                editor.restate(read.run, step)
                editor.remove(read.removed, step)
                editor.replace(read.replaced, step)
                editor.add(read.added, step)
        if told:
            self._canvas.set_notice(self._difference(read))
        self.show()

    def _difference(self, read: Rereading) -> str:
        counts = (
            (len(read.added), self.tr("{n} new")),
            (len(read.removed), self.tr("{n} gone")),
            (len(read.replaced), self.tr("{n} changed")),
            (len(read.kept), self.tr("{n} kept as corrected by hand")),
        )
        parts = [words.replace("{n}", str(count)) for count, words in counts if count]
        if not read.changes:
            return ". ".join((self.tr("Read again: nothing is different"), *parts)) + "."
        return self.tr("Read again: {parts}.").replace("{parts}", ", ".join(parts))

    def _answer_notice(self, action: str) -> None:
        if action != _KEEP and action not in set(CoordinateSpace):
            return  # the button of another notice
        self._canvas.set_notice("")
        self._answered.add(self._reply.run)
        if action != _KEEP:
            self._what_if(action)

    def _follow(self) -> None:
        if self._editor is not None:
            self._editor.selection_changed.disconnect(self._selection_changed)
            self._editor.run_changed.disconnect(self._run_changed)
        self._editor = self._workspace.editor
        if self._editor is not None:
            self._editor.selection_changed.connect(self._selection_changed)
            self._editor.run_changed.connect(self._run_changed)
        self.show()
        self._say_contradiction()

    def _run_changed(self, run: str) -> None:
        if run == self._reply.run:
            self.show()

    def _selected(self) -> Annotation | None:
        if self._editor is None or len(self._editor.selection) != 1:
            return None
        return self._editor.document.annotations[next(iter(self._editor.selection))]

    def _selection_changed(self) -> None:
        """Mark the place in the reply that the selected annotation was read from."""
        selected = self._selected()
        source = selected.provenance if selected is not None else None
        if self._from_caret:
            pass  # the caret is where the user put it; marking would move it
        elif source is None:
            self._reply.clear_mark()
        else:
            if source.run != self._reply.run:
                self._reply.show_run(source.run)
            self._reply.mark_span(*source.span)
        self.show()

    def _select_at(self, run: str, place: int) -> None:
        """Select the annotation whose part of the reply the caret stands in; the smallest where several do."""
        editor = self._editor
        if editor is None:
            return
        spans = [
            (annotation.provenance.span, annotation.id)
            for annotation in editor.document.annotations_of(run)
            if annotation.provenance is not None
        ]
        hit = [(end - start, key) for (start, end), key in spans if start <= place < end]
        if not hit:
            return
        self._from_caret = True
        editor.select([min(hit)[1]])
        self._from_caret = False

    def _run_rows(self, run: Run) -> list[EvidenceRow]:
        found = run_evidence(run, self._registry)
        rows = []
        if found.original is not None:
            rows.append(EvidenceRow(self.tr("Original"), f"{found.original.width} × {found.original.height}"))
        if found.sent is not None:
            # No model was asked for what was pasted, or is a sample: nothing was sent.
            name = self.tr("Sent") if run.model else self.tr("Read for")
            rows.append(EvidenceRow(name, f"{found.sent.width} × {found.sent.height}"))
        if found.turn:
            rows.append(EvidenceRow(self.tr("Turned"), self.tr("{n}° clockwise").replace("{n}", str(90 * found.turn))))
        rows += [EvidenceRow(self.tr("Note"), sentence) for sentence in run.notes]
        rows.append(EvidenceRow(self.tr("Numbers are"), space_title(found.space)))
        rows.append(EvidenceRow(self.tr("Because"), in_words(found.reason)))
        return rows


def _time_rows(selected: Annotation | None, run: Run) -> Sequence[EvidenceRow]:
    """Return how the times of an event came to lie in the film."""
    source = selected.provenance if isinstance(selected, VideoEvent) else None
    if not isinstance(selected, VideoEvent) or source is None or source.run != run.id or run.film is None:
        return ()
    between = QCoreApplication.translate("EvidenceController", "{start} to {end} s")

    def words(start: float, end: float) -> str:
        return between.replace("{start}", f"{start:.3f}").replace("{end}", f"{end:.3f}")

    rows = [(QCoreApplication.translate("EvidenceController", "In the film"), words(selected.start, selected.end))]
    if len(source.numbers) == 2:
        rows.insert(0, (QCoreApplication.translate("EvidenceController", "Written"), words(*source.numbers)))
    sent = words(run.film.start, run.film.end)
    rows.append((QCoreApplication.translate("EvidenceController", "Of the film was sent"), sent))
    return [EvidenceRow(name, value) for name, value in rows]


def _numbers(numbers: tuple[float, ...]) -> str:
    """Write numbers to a tenth, and those below 10 (parts of 1, mostly) to a ten-thousandth."""
    return ", ".join(f"{round(number, 1 if abs(number) >= 10 else 4):.10g}" for number in numbers)
