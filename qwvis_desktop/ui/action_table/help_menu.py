"""What explains the program: the actions of the help menu, in its order."""

from __future__ import annotations

from qwvis_desktop.ui.action_table.spec import ActionSpec
from qwvis_desktop.ui.translation import translatable

HELP_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        id="help.palette",
        text=translatable("Actions", "&Find a Command..."),
        menu="help",
        shortcut=("Ctrl+Shift+P",),
        tip=translatable("Actions", "Find any action, label or picture by a few letters"),
    ),
    ActionSpec(id="help.shortcuts", text=translatable("Actions", "&Shortcuts"), menu="help", shortcut=("F1",)),
    ActionSpec(
        id="help.change_shortcuts",
        text=translatable("Actions", "&Change Shortcuts..."),
        menu="help",
        tip=translatable("Actions", "Give actions other keys"),
    ),
    ActionSpec(id="help.about", text=translatable("Actions", "&About QwVis"), menu="help"),
)
