"""``ActionSpec``: what an action is, and its words for people."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionSpec:
    """One thing the user can do.

    Attributes:
        id: its name in the program.
        text: its words in a menu, with ``&`` before the letter that chooses it and ``...`` where a question follows.
        menu: key of ``MENUS`` of the menu it stands in.
        shortcut: key sequences in Qt's portable form; the first is shown.
        icon: a file of ``resources/icons`` without its ending.
        tip: what it does, where the text alone does not say it.
        checkable: whether it is on or off.
        checked: whether it is on at first.
        group: of the checkable actions of one group exactly one is on.
        starts_section: whether a line is drawn above it.
        toolbar: whether it stands in the tool bar too.
        repeats: whether its key does it again and again while it is held down; what is switched on and off never does.
        enabled: whether it can be chosen from the start; others wait for ``Actions.set_enabled``.
    """

    id: str
    text: str
    menu: str
    shortcut: tuple[str, ...] = ()
    icon: str = ""
    tip: str = ""
    checkable: bool = False
    checked: bool = False
    group: str = ""
    starts_section: bool = False
    toolbar: bool = False
    repeats: bool = True
    enabled: bool = True


def plain_text(text: str) -> str:
    """Return the words of a menu without the marks of the letter that chooses them and of the question that follows."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&").removesuffix("...")


def action_text(spec: ActionSpec) -> str:
    """Return the words of an action, without marks."""
    return plain_text(translated(spec.text))


def shortcut_text(spec: ActionSpec) -> str:
    """Return the keys of an action as this system writes them; empty where it has none."""
    keys = (QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in spec.shortcut)
    return ", ".join(keys)


def tip_of(spec: ActionSpec) -> str:
    """Return what is said of an action when the pointer rests on it: what it does, and its keys."""
    words = translated(spec.tip) if spec.tip else action_text(spec)
    keys = shortcut_text(spec)
    return f"{words} ({keys})" if keys else words


def translated(text: str) -> str:
    """Return words of the table in the language of the program."""
    return QCoreApplication.translate("Actions", text) if text else ""
