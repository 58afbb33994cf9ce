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
        id="text.correct",
        text=translatable("Actions", "Co&rrect Texts"),
        menu="text",
        shortcut=("F4",),
        tip=translatable("Actions", "Go through the texts one by one, each enlarged; F2 begins with the selected one"),
        starts_section=True,
        enabled=False,
    ),
    ActionSpec(
        id="text.low_first",
        text=translatable("Actions", "&Least Sure First"),
        menu="text",
        shortcut=("Ctrl+Shift+F",),
        tip=translatable("Actions", "List and correct the texts with the lowest scores first"),
        checkable=True,
        enabled=False,
    ),
    ActionSpec(
        id="text.split",
        text=translatable("Actions", "Spl&it Text"),
        menu="text",
        shortcut=("Ctrl+Shift+J",),
        tip=translatable("Actions", "Split the text at the caret while it is corrected, else where the pointer is"),
        enabled=False,
    ),
    ActionSpec(
        id="text.merge",
        text=translatable("Actions", "&Merge Texts"),
        menu="text",
        shortcut=("Ctrl+J",),
        tip=translatable("Actions", "Make one of the selected texts; of one alone, with the text that follows it"),
        enabled=False,
    ),
    ActionSpec(
        id="text.read_again",
        text=translatable("Actions", "Read A&gain"),
        menu="text",
        shortcut=("Ctrl+Shift+R",),
        tip=translatable(
            "Actions", "Send the part of the picture at the selected texts, enlarged, and propose what comes"
        ),
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
