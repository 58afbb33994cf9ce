"""What is said of a run in a few words."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QCoreApplication

from qwvis_desktop.core.annotation import ReplyStatus
from qwvis_desktop.core.document import Run
from qwvis_desktop.core.tasks import TASKS
from qwvis_desktop.ui.panels.words import counted, outcome_sentence, space_words


def filled(text: str, **values: object) -> str:
    """Put values into the blanks of a translated text; braces in the values stay as they are."""
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def evidence_words(run: Run, *, was_sent: bool) -> str:
    """Say what a run sent, how its numbers were read, what was found and what was refused.

    Of a pasted or recorded reply nothing was sent from here; its frame is what it is read for.
    """
    parts = []
    if run.frame is not None:
        words = _tr("sent {width} x {height}") if was_sent else _tr("read for {width} x {height}")
        parts.append(filled(words, width=run.frame.sent.width, height=run.frame.sent.height))
    if run.frames:
        parts.append(filled(_tr("image {n} of {all}"), n=run.image + 1, all=len(run.frames)))
    if TASKS[run.task].kinds:
        parts.append(space_words(run.space))
        parts.append(found_words(run))
        parts.append(filled(_tr("{n} refused"), n=sum(not issue.is_note for issue in run.issues)))
    facts = ", ".join(parts)
    if run.status is None or run.status is ReplyStatus.OK:
        return facts
    return f"{facts}. {outcome_sentence(run.status)}" if facts else outcome_sentence(run.status)


def step_words(run: Run) -> str:
    """Return what the step is called that brings what a run found: by its model, or how its reply came."""
    return filled(_tr("Run {model}"), model=run.model) if run.model else run.provider


def found_words(run: Run) -> str:
    """Say what was found, as the reply was read, whatever a person has deleted or moved since."""
    kinds = Counter(annotation.kind for annotation in run.as_read)
    if not kinds and TASKS[run.task].kinds:
        return counted(0, TASKS[run.task].kinds[0])
    return ", ".join(counted(count, kind) for kind, count in kinds.items())


def _tr(text: str) -> str:
    return QCoreApplication.translate("RunWords", text)
