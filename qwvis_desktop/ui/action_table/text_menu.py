"""What is done with recognised text: the actions of the text menu, in its order."""

from __future__ import annotations

from qwvis_desktop.ui.action_table.spec import ActionSpec
from qwvis_desktop.ui.translation import translatable

TEXT_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        id="text.find",
        text=translatable("Actions", "&Find..."),
        menu="text",
        shortcut=("Ctrl+F",),
        tip=translatable("Actions", "Find words in the texts of all open pages"),
        enabled=False,
    ),
    ActionSpec(
        id="text.find_next",
        text=translatable("Actions", "Find &Next"),
        menu="text",
        shortcut=("F3",),
        enabled=False,
    ),
    ActionSpec(
        id="text.find_previous",
        text=translatable("Actions", "Find &Previous"),
        menu="text",
        shortcut=("Shift+F3",),
        enabled=False,
    ),
    ActionSpec(
        id="text.select",
        text=translatable("Actions", "&Select Text"),
        menu="text",
        shortcut=("S",),
        tip=translatable("Actions", "Select text by dragging; a second click takes the word, a third the line"),
        checkable=True,
        starts_section=True,
        enabled=False,
    ),
    ActionSpec(
        id="text.select_all",
        text=translatable("Actions", "Select &All Text"),
        menu="text",
        shortcut=("Shift+S",),
        enabled=False,
    ),
    ActionSpec(
        id="text.copy",
        text=translatable("Actions", "&Copy Text"),
        menu="text",
        tip=translatable("Actions", "Copy the selected text, or else all texts, as they are read"),
        enabled=False,
    ),
    ActionSpec(
        id="text.move_up",
        text=translatable("Actions", "Move &Up in Reading Order"),
        menu="text",
        shortcut=("Alt+Up",),
        starts_section=True,
        enabled=False,
    ),
    ActionSpec(
        id="text.move_down",
        text=translatable("Actions", "Move &Down in Reading Order"),
        menu="text",
        shortcut=("Alt+Down",),
        enabled=False,
    ),
    ActionSpec(
        id="text.order",
        text=translatable("Actions", "&Order by Columns and Lines"),
        menu="text",
        tip=translatable("Actions", "Put all texts in the order in which one reads them, column by column"),
        enabled=False,
    ),
)
