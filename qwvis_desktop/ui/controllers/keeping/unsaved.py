"""The questions about what is not saved, in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from qwvis_desktop.ui.panels.dialogs.questions import Answer, Question


def _tr(text: str, **values: str) -> str:
    text = QCoreApplication.translate("Unsaved", text)
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text


def _cancel() -> tuple[Answer, str]:
    return Answer.CANCEL, _tr("Cancel")


def about_unsaved(project: str, pictures: tuple[str, ...]) -> Question:
    """Ask what to do with work that is in no file.

    Args:
        project: name of the project's file; empty where none is open.
        pictures: names of the pictures that hold it.
    """
    if project:
        text = _tr('Save the changes to "{name}"?', name=project)
    elif len(pictures) == 1:
        text = _tr('Save what was done on "{name}"?', name=pictures[0])
    else:
        text = _tr("Save what was done on {n} pictures?", n=str(len(pictures)))
    discard = (Answer.DISCARD, _tr("Don't Save"))
    ways = (
        ((Answer.SAVE, _tr("Save")),)
        if project
        else ((Answer.SAVE, _tr("Save Project...")), (Answer.SAVE_ELSEWHERE, _tr("Save Beside Pictures")))
    )
    details = _tr("Annotations and replies that are not saved are lost otherwise.")
    return Question(text, details, (*ways, discard, _cancel()))


def about_taking_out(picture: str) -> Question:
    """Ask whether a picture with work on it is to go out of its project."""
    text = _tr('Take "{name}" and what was done on it out of the project?', name=picture)
    details = _tr("The picture itself stays where it is.")
    return Question(text, details, ((Answer.DISCARD, _tr("Take Out")), _cancel()))


def about_replacing(name: str) -> Question:
    """Ask whether a file may be replaced."""
    text = _tr('"{name}" is there already. Replace it?', name=name)
    return Question(text, "", ((Answer.OVERWRITE, _tr("Replace")), _cancel()))


def about_other_version(problem: str) -> Question:
    """Ask what to do with a file that another program changed; ``problem`` says that it did."""
    details = _tr("If you replace it, the other version is kept under another name beside it.")
    answers = ((Answer.SAVE_ELSEWHERE, _tr("Save As...")), (Answer.OVERWRITE, _tr("Replace")), _cancel())
    return Question(problem, details, answers)


def about_recovery(steps: int, pictures: int, when: str, films: int = 0) -> Question:
    """Ask whether what a crash left is to be restored; ``when`` says when the last step was made."""
    what = _tr("{n} steps", n=str(steps)) if steps != 1 else _tr("1 step")
    where = _tr("{n} pictures", n=str(pictures)) if pictures != 1 else _tr("1 picture")
    if films:
        watched = _tr("{n} films", n=str(films)) if films != 1 else _tr("1 film")
        where = _tr("{pictures} and {films}", pictures=where, films=watched) if pictures else watched
    text = _tr("QwVis ended before all was saved: {what} of {when}, on {where}.", what=what, when=when, where=where)
    details = _tr("Restore them? What you restore can be saved as usual; what you discard is gone.")
    return Question(
        text,
        details,
        ((Answer.RESTORE, _tr("Restore")), (Answer.DISCARD, _tr("Discard")), (Answer.CANCEL, _tr("Ask Next Time"))),
    )
