"""What is done with recognised text: the actions of the text menu, in its order."""

from __future__ import annotations

from qwvis_desktop.ui.action_table.spec import ActionSpec
from qwvis_desktop.ui.translation import translatable

TEXT_ACTIONS: tuple[ActionSpec, ...] = (
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
