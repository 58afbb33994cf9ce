"""What changes annotations: the actions of the edit menu, in its order."""

from __future__ import annotations

from qwvis_desktop.ui.action_table.spec import ActionSpec
from qwvis_desktop.ui.translation import translatable

EDIT_ACTIONS: tuple[ActionSpec, ...] = (
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
        id="edit.preferences",
        text=translatable("Actions", "Pre&ferences..."),
        menu="edit",
        shortcut=("Ctrl+,",),
        tip=translatable("Actions", "How long services are waited for, and which certificates are trusted"),
        starts_section=True,
    ),
)
