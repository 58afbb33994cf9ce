"""What changes annotations: the actions of the edit menu, in its order."""

from __future__ import annotations

from qwvis_desktop.ui.action_table.spec import ActionSpec
from qwvis_desktop.ui.translation import translatable

_FORMS: tuple[tuple[str, str, str], ...] = (
    ("box", translatable("Actions", "&Box"), "R"),
    ("rotated", translatable("Actions", "&Rotated Box"), "Shift+R"),
    ("polygon", translatable("Actions", "Poly&gon"), "Shift+P"),
    ("point", translatable("Actions", "&Point"), "P"),
    ("text", translatable("Actions", "&Text"), "T"),
    ("block", translatable("Actions", "B&lock of a Page"), ""),
)
"""What can be drawn and converted to, with the keys of drawing it."""

_COPIES: tuple[tuple[str, str, str], ...] = (
    ("table", translatable("Actions", "&Table"), translatable("Actions", "Copy rows to paste into a spreadsheet")),
    ("json", translatable("Actions", "&JSON"), translatable("Actions", "Copy what the command line prints")),
    (
        "crop",
        translatable("Actions", "&Part of the Picture"),
        translatable("Actions", "Copy what lies below"),
    ),
)
"""As what can be copied: what is selected, or all."""

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
        id="edit.copy",
        text=translatable("Actions", "&Copy"),
        menu="edit",
        shortcut=("Ctrl+C",),
        tip=translatable("Actions", "Copy what is selected, to be pasted on this picture or another"),
        starts_section=True,
        enabled=False,
    ),
    *(
        ActionSpec(id=f"edit.copy_{name}", text=text, tip=tip, menu="edit.copy_as", enabled=False)
        for name, text, tip in _COPIES
    ),
    ActionSpec(
        id="edit.paste",
        text=translatable("Actions", "Pas&te"),
        menu="edit",
        shortcut=("Ctrl+V",),
        tip=translatable(
            "Actions",
            "Add copied annotations, open a copied picture, file or address, or read copied text as a reply",
        ),
    ),
    ActionSpec(
        id="edit.duplicate",
        text=translatable("Actions", "Dup&licate"),
        menu="edit",
        shortcut=("Ctrl+D",),
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
        id="edit.select_all",
        text=translatable("Actions", "Select &All"),
        menu="edit",
        shortcut=("Ctrl+A",),
        starts_section=True,
        enabled=False,
    ),
    ActionSpec(
        id="edit.select_same",
        text=translatable("Actions", "&Select Same Label"),
        menu="edit",
        shortcut=("Ctrl+Shift+A",),
        tip=translatable("Actions", "Select all that is called like what is selected"),
        enabled=False,
    ),
    ActionSpec(
        id="edit.next",
        text=translatable("Actions", "Next &in Reading Order"),
        menu="edit",
        tip=translatable("Actions", "Select the next annotation; Tab on the picture does it too"),
        enabled=False,
    ),
    ActionSpec(
        id="edit.previous",
        text=translatable("Actions", "Previous in Readin&g Order"),
        menu="edit",
        tip=translatable("Actions", "Select the previous annotation; Shift+Tab on the picture does it too"),
        enabled=False,
    ),
    *(
        ActionSpec(
            id=f"edit.draw_{form}",
            text=text,
            menu="edit.draw",
            shortcut=(key,) if key else (),
            tip=translatable("Actions", "Draw with the pointer, or place it with Enter and move it by keys"),
            starts_section=form == "box",
            enabled=False,
        )
        for form, text, key in _FORMS
    ),
    ActionSpec(
        id="edit.cuboid",
        text=translatable("Actions", "&Cuboid"),
        menu="edit.draw",
        shortcut=("C",),
        tip=translatable("Actions", "Draw a box on the picture that becomes a box in space"),
        enabled=False,
    ),
    ActionSpec(
        id="edit.keep_label",
        text=translatable("Actions", "&Keep Last Label"),
        menu="edit",
        tip=translatable("Actions", "Give what is drawn the label given last, without asking"),
        checkable=True,
    ),
    ActionSpec(
        id="edit.relabel",
        text=translatable("Actions", "R&elabel..."),
        menu="edit",
        shortcut=("F2",),
        tip=translatable("Actions", "Change the label of what is selected, or the text of a text"),
        starts_section=True,
        enabled=False,
    ),
    *(
        ActionSpec(
            id=f"edit.label_{place}",
            text=translatable("Actions", "Label") + f" &{place}",
            menu="edit.label",
            shortcut=(str(place),),
            enabled=False,
        )
        for place in range(1, 10)
    ),
    *(
        ActionSpec(id=f"edit.convert_{form}", text=text, menu="edit.convert", enabled=False)
        for form, text, _key in _FORMS
    ),
    ActionSpec(
        id="edit.next_corner",
        text=translatable("Actions", "Next C&orner"),
        menu="edit",
        shortcut=("V",),
        tip=translatable(
            "Actions", "Choose a corner for the arrow keys; Insert adds one after it, Delete takes it out"
        ),
        enabled=False,
    ),
    ActionSpec(
        id="edit.previous_corner",
        text=translatable("Actions", "Previous Corner"),
        menu="edit",
        shortcut=("Shift+V",),
        enabled=False,
    ),
    ActionSpec(
        id="edit.merge",
        text=translatable("Actions", "&Merge Duplicates..."),
        menu="edit",
        tip=translatable("Actions", "Leave one of each pile of objects with the same label in the same place"),
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
