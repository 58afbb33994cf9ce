"""``ReplyPanel``: what the model said: its answer, the raw reply and its thinking, of this run and of earlier ones."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from qwvis_desktop.core.annotation import ParseIssue
from qwvis_desktop.core.document import Run
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.labels import ElidingLabel
from qwvis_desktop.ui.panels.replies.further import FurtherRow
from qwvis_desktop.ui.panels.replies.reply_text import ReplyText
from qwvis_desktop.ui.panels.words import STOPPED, look_words, outcome_sentence
from qwvis_desktop.ui.theme import Tone, icon


class ReplyPanel(QWidget):
    """Shows the runs of a document, the latest first; and the one that goes on as it comes.

    The panel follows ``DocumentEditor.run_changed``: a new run is shown at once, a run that ended gets its answer and
    its issues. What streams is given by ``append_reply`` and ``append_thinking``; after ``show_editor`` for a document
    whose run goes on, give once more all that came so far. Show another document, or None, before its editor goes.
    Call ``complete`` before any of this.

    Signals:
        caret_moved(str, int): in the raw reply of this run, the user put the caret before this character.
        run_chosen(str): another run is shown, by id; empty where there is none.
        sent_requested(): what was sent for the run that is shown is wanted to be seen.
        time_chosen(float): a time of the film that the answer names is to be seen.
    """

    caret_moved = Signal(str, int)
    run_chosen = Signal(str)
    sent_requested = Signal()
    time_chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor: DocumentEditor | None = None
        self._shown = ""
        self._runs = QComboBox()
        self._runs.setAccessibleName(self.tr("Run"))
        self._runs.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._runs.setMaximumWidth(260)
        self._runs.setEnabled(False)
        self._status = ElidingLabel()
        self._status.setAccessibleName(self.tr("State of the reply"))
        self._fold = _head_button(
            self.tr("Thinking"), self.tr("Show or hide what the model thought before it answered")
        )
        self._fold.setAccessibleName(self.tr("Fold or unfold the thinking"))
        self._fold.setCheckable(True)
        self._sent = _head_button(self.tr("What Was Sent"), self.tr("Look at the request that this reply answers"))
        self._sent.setIcon(icon("eye"))
        self._sent.clicked.connect(self.sent_requested)
        self._raw = ReplyText()
        self._raw.setAccessibleName(self.tr("Raw reply"))
        self._raw.setPlaceholderText(self.tr("The reply of the model appears here while it comes."))
        self._thinking = ReplyText()
        self._thinking.setAccessibleName(self.tr("Thinking"))
        self.further = FurtherRow()
        self._tabs = QTabWidget()
        self._place()
        self._runs.activated.connect(self._run_picked)
        self._fold.toggled.connect(self._show_fold)
        self._raw.caret_moved.connect(lambda place: self.caret_moved.emit(self._shown, place))
        self._sent.hide()
        self._show_fold()

    @property
    def run(self) -> str:
        """Id of the run that is shown; empty where there is none."""
        return self._shown

    @property
    def raw_text(self) -> str:
        """The raw reply that is shown."""
        return self._raw.raw

    def complete(self) -> None:
        """Make ``answer``, where the answer is read."""
        from qwvis_desktop.ui.panels.replies.answer import AnswerPane  # not for the start

        self.answer = AnswerPane(self)
        self.answer.text.time_chosen.connect(self.time_chosen)
        self.answer.hide()
        self._tabs.setCornerWidget(self.answer.tools)
        self._tabs.currentChanged.connect(self._show_answer_tools)
        self._show_answer_tools()

    def show_editor(self, editor: DocumentEditor | None) -> None:
        """Show the latest run of another document."""
        if self._editor is not None:
            self._editor.run_changed.disconnect(self._run_changed)
        self._editor = editor
        if editor is not None:
            editor.run_changed.connect(self._run_changed)
        self._list_runs()
        runs = list(editor.document.runs) if editor is not None else []
        self.show_run(runs[-1] if runs else "")

    def show_run(self, run: str) -> None:
        """Show the run with this id; an empty id shows none."""
        known = self._run_of(run)
        if known is None:
            self._show_nothing()
            return
        self._shown = known.id
        with QSignalBlocker(self._runs):
            self._runs.setCurrentIndex(self._runs.findData(known.id))
        self._raw.set_raw(known.reply)
        self._thinking.set_raw(known.thinking)
        self._show_outcome(known)
        self.run_chosen.emit(known.id)

    def append_reply(self, run: str, text: str) -> None:
        """Show a further piece of the reply of ``run``, where that is shown."""
        if run == self._shown:
            self._raw.append_raw(text)
            self.answer.append_reply(text)

    def append_thinking(self, run: str, text: str) -> None:
        """Show a further piece of the thinking of ``run``, where that is shown."""
        if run == self._shown:
            self._thinking.append_raw(text)
            self._show_fold()

    def mark_span(self, start: int, end: int) -> None:
        """Mark the characters [start, end) of the raw reply and scroll to them."""
        self._tabs.setCurrentWidget(self._raw)
        self._raw.mark_span(start, end)

    def clear_mark(self) -> None:
        """Mark nothing."""
        self._raw.clear_mark()

    def set_issues(self, issues: Sequence[ParseIssue]) -> None:
        """Underline where something was refused."""
        self._raw.set_issues(issues)

    def set_status(self, text: str, tone: Tone | None = Tone.MUTED) -> None:
        """Say in the head line how the run goes; the panel says itself how one ended."""
        self._status.say(text, tone)

    def _place(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(8, 4, 8, 4)
        head.setSpacing(8)
        caption = QLabel(self.tr("R&un"))
        caption.setBuddy(self._runs)
        head.addWidget(caption)
        head.addWidget(self._runs)
        head.addWidget(self._status, 1)
        head.addWidget(self._fold)
        head.addWidget(self._sent)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.addWidget(self._tabs)
        self._split.addWidget(self._thinking)
        self._split.setStretchFactor(0, 3)
        self._split.setStretchFactor(1, 2)
        self._split.setChildrenCollapsible(False)
        self._tabs.setDocumentMode(True)
        self._tabs.addTab(self._raw, self.tr("Raw Reply"))
        self._tabs.setTabBarAutoHide(True)
        self._tabs.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard would end at the hidden bar
        self._raw.setFrameShape(ReplyText.Shape.NoFrame)
        self._thinking.setFrameShape(ReplyText.Shape.NoFrame)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._split, 1)
        layout.addWidget(self.further)

    def _run_of(self, run: str) -> Run | None:
        return self._editor.document.runs.get(run) if self._editor is not None else None

    def _list_runs(self) -> None:
        runs = list(self._editor.document.runs.values()) if self._editor is not None else []
        with QSignalBlocker(self._runs):
            self._runs.clear()
            for number, run in enumerate(runs, 1):
                started = run.started.astimezone().strftime("%H:%M:%S")
                self._runs.addItem(f"{number}  {run.source}  {started}", run.id)
            self._runs.setCurrentIndex(self._runs.findData(self._shown))
        self._runs.setEnabled(len(runs) > 1)

    def _run_picked(self) -> None:
        self.show_run(self._runs.currentData() or "")

    def _run_changed(self, run: str) -> None:
        known = self._run_of(run)
        if known is None:
            return
        if self._runs.findData(run) < 0:
            self._list_runs()
            self.show_run(run)
        elif run == self._shown and known.status is not None:
            self._settle(known)

    def _settle(self, run: Run) -> None:
        """Show a run that ended, without moving what is looked at where nothing but its end is new."""
        self._raw.flush()
        self._thinking.flush()
        if self._raw.raw != run.reply:
            self._raw.set_raw(run.reply)
        if self._thinking.raw != run.thinking:
            self._thinking.set_raw(run.thinking)
        self._show_outcome(run)

    def _show_outcome(self, run: Run) -> None:
        self._raw.set_issues(run.issues)
        self._sent.setVisible(bool(run.requests))
        self._show_answer(run)
        self._show_fold()
        if run.error == STOPPED:
            self.set_status(self.tr("Stopped; this is what came before."), Tone.WARNING)
        elif run.error:
            self.set_status(run.error, Tone.ERROR)
        elif run.status is not None:
            self.set_status(outcome_sentence(run.status), Tone.MUTED)
        else:
            self.set_status("")

    def _show_nothing(self) -> None:
        self._shown = ""
        self._raw.set_raw("")
        self._thinking.set_raw("")
        self._show_answer(None)
        self._sent.setVisible(False)
        self.set_status("")
        self._show_fold()
        self.run_chosen.emit("")

    def _show_answer(self, run: Run | None) -> None:
        """Show what of a run is to be read before the raw reply; a run without it has no tab for it."""
        from qwvis_desktop.core.answer import answer_of, grows_as_answer  # not for the start

        grows = run is not None and run.status is None and not run.error and grows_as_answer(run.task)
        self.answer.text.link_times(_film_seconds(self._editor))
        self.answer.set_earlier(_earlier(self._editor, run))
        text = answer_of(run) if run is not None and not grows else None
        if grows and run is not None:
            self.answer.begin(run.task)
            self.answer.append_reply(run.reply)
        else:
            self.answer.settle(text or "")
        self._show_answer_tab(grows or text is not None)

    def _show_answer_tab(self, shown: bool) -> None:
        place = self._tabs.indexOf(self.answer)
        if not shown and place >= 0:
            self._tabs.removeTab(place)
        elif shown and place < 0:
            self._tabs.insertTab(0, self.answer, self.tr("Answer"))
            self._tabs.setCurrentWidget(self.answer)
        self._show_answer_tools()

    def _show_answer_tools(self) -> None:
        self.answer.tools.setVisible(self._tabs.currentWidget() is self.answer)

    def _show_fold(self) -> None:
        self._fold.setVisible(bool(self._thinking.raw))
        shown = self._fold.isChecked() and bool(self._thinking.raw)
        self._thinking.setVisible(shown)
        self._fold.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)


def _head_button(text: str, tip: str) -> QToolButton:
    """Return a button for the head line."""
    button = QToolButton()
    button.setText(text)
    button.setAccessibleName(text)
    button.setToolTip(tip)
    button.setAutoRaise(True)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return button


def _earlier(editor: DocumentEditor | None, run: Run | None) -> list[tuple[str, str]]:
    """Return the questions and answers before those of ``run``, and its own question; nothing where it begins."""
    if run is None or editor is None:
        return []
    from qwvis_desktop.core.answer import answer_of  # not for the start
    from qwvis_desktop.core.request.conversation import chain_of

    *before, _ = chain_of(editor.document.runs, run.id)
    said = [(each.prompt, answer_of(each) or each.reply) for each in before]
    steps = [(look_words(number, look.label), "") for number, look in enumerate(run.looks, 1)]
    return [*said, *([(run.prompt, "")] if said else []), *steps]


def _film_seconds(editor: DocumentEditor | None) -> float | None:
    """Return how long the film is; None where no film is looked at."""
    media = editor.document.media if editor is not None else None
    return media.duration if isinstance(media, VideoMedia) else None
