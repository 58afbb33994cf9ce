"""The table of all actions of the window, and their words: menus, tool bar and shortcuts are made from it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence

from qwvis_desktop.ui.translation import translatable


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
    enabled: bool = True


MENUS: dict[str, str] = {
    "file": translatable("Actions", "&File"),
    "file.samples": translatable("Actions", "Sa&mples"),
    "edit": translatable("Actions", "&Edit"),
    "view": translatable("Actions", "&View"),
    "view.panels": translatable("Actions", "Panel&s"),
    "view.theme": translatable("Actions", "&Theme"),
    "run": translatable("Actions", "&Run"),
    "run.replay": translatable("Actions", "P&lay Again"),
    "help": translatable("Actions", "&Help"),
}
"""Menus by key, in order; what stands before a dot is the menu that holds it."""

SAMPLES_AFTER = "file.paste"
"""The action below which the menu of samples stands."""

_PANELS: tuple[tuple[str, str], ...] = (
    ("prompt", translatable("Actions", "&Prompt")),
    ("pictures", translatable("Actions", "P&ictures")),
    ("reply", translatable("Actions", "&Reply")),
    ("annotations", translatable("Actions", "&Annotations")),
    ("evidence", translatable("Actions", "&Evidence")),
    ("camera", translatable("Actions", "&Camera")),
    ("cuboid", translatable("Actions", "C&uboid")),
    ("plan", translatable("Actions", "P&lan")),
    ("orbit", translatable("Actions", "&Orbit")),
)
"""The panels, in the order of their numbers on the keyboard."""

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        id="file.open",
        text=translatable("Actions", "&Open Pictures..."),
        menu="file",
        shortcut=("Ctrl+O",),
        icon="open",
        toolbar=True,
    ),
    ActionSpec(
        id="file.open_folder",
        text=translatable("Actions", "Open &Folder..."),
        menu="file",
        shortcut=("Ctrl+Shift+O",),
        icon="folder",
        toolbar=True,
    ),
    ActionSpec(
        id="file.open_url",
        text=translatable("Actions", "Open &Address..."),
        menu="file",
        shortcut=("Ctrl+U",),
        tip=translatable("Actions", "Download a picture from a web address"),
    ),
    ActionSpec(
        id="file.paste",
        text=translatable("Actions", "&Paste"),
        menu="file",
        shortcut=("Ctrl+V",),
        tip=translatable("Actions", "Open the picture, files or address of the clipboard, or read it as a reply"),
    ),
    ActionSpec(
        id="file.import",
        text=translatable("Actions", "&Import Annotations..."),
        menu="file",
        shortcut=("Ctrl+I",),
        tip=translatable("Actions", "Add the boxes of an Omni3D, KITTI or labelCloud file to the picture"),
        enabled=False,
    ),
    ActionSpec(
        id="file.export",
        text=translatable("Actions", "&Export..."),
        menu="file",
        shortcut=("Ctrl+E",),
        icon="export",
        tip=translatable("Actions", "Save the annotations, or the picture with them, in a format to choose"),
        starts_section=True,
        toolbar=True,
        enabled=False,
    ),
    ActionSpec(
        id="file.export_seen",
        text=translatable("Actions", "Export as &Seen..."),
        menu="file",
        shortcut=("Ctrl+Shift+E",),
        tip=translatable("Actions", "Save the part of the picture that is shown, as it is shown"),
        enabled=False,
    ),
    ActionSpec(
        id="file.copy",
        text=translatable("Actions", "&Copy Annotated Picture"),
        menu="file",
        shortcut=("Ctrl+Shift+C",),
        enabled=False,
    ),
    ActionSpec(
        id="file.close",
        text=translatable("Actions", "Close Pict&ure"),
        menu="file",
        shortcut=("Ctrl+W",),
        starts_section=True,
        enabled=False,
    ),
    ActionSpec(
        id="file.quit",
        text=translatable("Actions", "&Quit"),
        menu="file",
        shortcut=("Ctrl+Q",),
        starts_section=True,
    ),
    ActionSpec(
        id="edit.undo",
        text=translatable("Actions", "&Undo"),
        menu="edit",
        shortcut=("Ctrl+Z",),
        icon="undo",
        toolbar=True,
        enabled=False,
    ),
    ActionSpec(
        id="edit.redo",
        text=translatable("Actions", "&Redo"),
        menu="edit",
        shortcut=("Ctrl+Shift+Z", "Ctrl+Y"),
        icon="redo",
        toolbar=True,
        enabled=False,
    ),
    ActionSpec(
        id="edit.select_all",
        text=translatable("Actions", "Select &All"),
        menu="edit",
        shortcut=("Ctrl+A",),
        starts_section=True,
        enabled=False,
    ),
    ActionSpec(
        id="edit.delete",
        text=translatable("Actions", "&Delete Selected"),
        menu="edit",
        shortcut=("Del",),
        icon="delete",
        enabled=False,
    ),
    ActionSpec(
        id="edit.cuboid",
        text=translatable("Actions", "New &Cuboid"),
        menu="edit",
        shortcut=("C",),
        tip=translatable("Actions", "Draw a box on the picture that becomes a box in space"),
        starts_section=True,
        enabled=False,
    ),
    ActionSpec(
        id="view.previous",
        text=translatable("Actions", "&Previous Picture"),
        menu="view",
        shortcut=("A", "Ctrl+PgUp"),
        icon="previous",
        toolbar=True,
        enabled=False,
    ),
    ActionSpec(
        id="view.next",
        text=translatable("Actions", "&Next Picture"),
        menu="view",
        shortcut=("D", "Ctrl+PgDown"),
        icon="next",
        toolbar=True,
        enabled=False,
    ),
    ActionSpec(
        id="view.zoom_in",
        text=translatable("Actions", "Zoom &In"),
        menu="view",
        shortcut=("Ctrl++", "Ctrl+="),
        icon="zoom-in",
        starts_section=True,
        toolbar=True,
        enabled=False,
    ),
    ActionSpec(
        id="view.zoom_out",
        text=translatable("Actions", "Zoom &Out"),
        menu="view",
        shortcut=("Ctrl+-",),
        icon="zoom-out",
        toolbar=True,
        enabled=False,
    ),
    ActionSpec(
        id="view.fit",
        text=translatable("Actions", "&Fit in Window"),
        menu="view",
        shortcut=("Ctrl+0",),
        icon="fit",
        toolbar=True,
        enabled=False,
    ),
    ActionSpec(
        id="view.actual_size",
        text=translatable("Actions", "&100 %"),
        menu="view",
        shortcut=("Ctrl+1",),
        tip=translatable("Actions", "One pixel of the picture for each pixel of the screen"),
        enabled=False,
    ),
    ActionSpec(
        id="view.annotations",
        text=translatable("Actions", "Show &Annotations"),
        menu="view",
        shortcut=("H",),
        icon="eye",
        checkable=True,
        checked=True,
        starts_section=True,
        toolbar=True,
    ),
    ActionSpec(
        id="view.labels",
        text=translatable("Actions", "Show &Labels"),
        menu="view",
        shortcut=("L",),
        icon="label",
        checkable=True,
        checked=True,
        toolbar=True,
    ),
    ActionSpec(
        id="view.ground",
        text=translatable("Actions", "Show &Ground Grid"),
        menu="view",
        shortcut=("G",),
        tip=translatable("Actions", "Show the ground and the horizon, to judge whether boxes in space lean"),
        checkable=True,
        enabled=False,
    ),
    *(
        ActionSpec(id=f"panel.{name}", text=text, menu="view.panels", shortcut=(f"Alt+{place}",), checkable=True)
        for place, (name, text) in enumerate(_PANELS, start=1)
    ),
    ActionSpec(
        id="view.reset_layout",
        text=translatable("Actions", "Reset La&yout"),
        menu="view.panels",
        starts_section=True,
        tip=translatable("Actions", "Put all panels back where they were at first"),
    ),
    ActionSpec(
        id="theme.system",
        text=translatable("Actions", "&Same as System"),
        menu="view.theme",
        checkable=True,
        checked=True,
        group="theme",
    ),
    ActionSpec(
        id="theme.light", text=translatable("Actions", "&Light"), menu="view.theme", checkable=True, group="theme"
    ),
    ActionSpec(
        id="theme.dark", text=translatable("Actions", "&Dark"), menu="view.theme", checkable=True, group="theme"
    ),
    ActionSpec(
        id="run.start",
        text=translatable("Actions", "&Run"),
        menu="run",
        shortcut=("Ctrl+Return", "Ctrl+Enter"),
        icon="run",
        toolbar=True,
        enabled=False,
    ),
    ActionSpec(
        id="run.stop",
        text=translatable("Actions", "&Stop"),
        menu="run",
        shortcut=("Esc",),
        icon="stop",
        toolbar=True,
        enabled=False,
    ),
    ActionSpec(
        id="run.parse_again",
        text=translatable("Actions", "&Parse Again"),
        menu="run",
        shortcut=("Ctrl+R",),
        tip=translatable("Actions", "Read the reply that is shown once more, and say what that changes"),
        starts_section=True,
        enabled=False,
    ),
    ActionSpec(
        id="run.replay",
        text=translatable("Actions", "At Its Own &Speed"),
        menu="run.replay",
        tip=translatable("Actions", "Play the reply that is shown as it came"),
        enabled=False,
    ),
    ActionSpec(
        id="run.replay_10", text=translatable("Actions", "&Ten Times as Fast"), menu="run.replay", enabled=False
    ),
    ActionSpec(id="run.replay_once", text=translatable("Actions", "&At Once"), menu="run.replay", enabled=False),
    ActionSpec(
        id="run.self_test",
        text=translatable("Actions", "Self-&Test of the Model..."),
        menu="run",
        tip=translatable("Actions", "Send a drawn card and measure where the model sees its discs"),
    ),
    ActionSpec(
        id="run.provider",
        text=translatable("Actions", "Ser&vices and Keys..."),
        menu="run",
        tip=translatable("Actions", "Add or change a service, its address and its key"),
        starts_section=True,
    ),
    ActionSpec(id="help.shortcuts", text=translatable("Actions", "&Shortcuts"), menu="help", shortcut=("F1",)),
    ActionSpec(id="help.about", text=translatable("Actions", "&About QwVis"), menu="help"),
)
"""All actions, in the order of the menus."""


def plain_text(text: str) -> str:
    """Return the words of a menu without the marks of the letter that chooses them and of the question that follows."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&").removesuffix("...")


def menu_text(menu: str) -> str:
    """Return the title of a menu, without marks."""
    return plain_text(translated(MENUS[menu]))


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
