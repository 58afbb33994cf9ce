"""Questions that must be answered before work goes on: what to do with what is not saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtWidgets import QMessageBox, QWidget


class Answer(StrEnum):
    """What the user wants."""

    SAVE = "save"
    SAVE_ELSEWHERE = "save elsewhere"
    OVERWRITE = "overwrite"
    DISCARD = "discard"
    RESTORE = "restore"
    SEND = "send"
    CANCEL = "cancel"


_ROLES = {
    Answer.SAVE: QMessageBox.ButtonRole.AcceptRole,
    Answer.SAVE_ELSEWHERE: QMessageBox.ButtonRole.AcceptRole,
    Answer.RESTORE: QMessageBox.ButtonRole.AcceptRole,
    Answer.SEND: QMessageBox.ButtonRole.AcceptRole,
    Answer.OVERWRITE: QMessageBox.ButtonRole.DestructiveRole,
    Answer.DISCARD: QMessageBox.ButtonRole.DestructiveRole,
    Answer.CANCEL: QMessageBox.ButtonRole.RejectRole,
}


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes:
        text: what happened, in a sentence.
        details: what the answers mean.
        answers: the answers with the words on their buttons; the first one is what Return chooses, and closing the
            window is ``Answer.CANCEL``.
    """

    text: str
    details: str
    answers: tuple[tuple[Answer, str], ...]


def with_letters(texts: Sequence[str]) -> list[str]:
    """Mark in each text a letter that no other has, if there is one, the first of a word rather than others."""
    found: list[str] = []
    taken: set[str] = set()
    for text in texts:
        letters = [place for place, letter in enumerate(text) if letter.isalpha()]
        firsts = [place for place in letters if place == 0 or text[place - 1] == " "]
        place = next((place for place in (*firsts, *letters) if text[place].casefold() not in taken), None)
        if place is None:
            found.append(text)
        else:
            taken.add(text[place].casefold())
            found.append(f"{text[:place]}&{text[place:]}")
    return found


def ask(question: Question, parent: QWidget | None = None) -> Answer:
    """Ask, and wait for the answer."""
    box = QMessageBox(parent)
    box.setWindowTitle("QwVis")
    box.setIcon(QMessageBox.Icon.Question)
    box.setText(question.text)
    box.setInformativeText(question.details)
    lettered = with_letters([words for _, words in question.answers])
    buttons = {
        box.addButton(words, _ROLES[answer]): answer
        for (answer, _), words in zip(question.answers, lettered, strict=True)
    }
    for button, answer in buttons.items():
        if answer is question.answers[0][0]:
            box.setDefaultButton(button)
        if answer is Answer.CANCEL:
            box.setEscapeButton(button)
    box.exec()
    chosen = box.clickedButton()
    box.deleteLater()
    return next((answer for button, answer in buttons.items() if button is chosen), Answer.CANCEL)
