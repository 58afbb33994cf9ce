"""What changes how things are seen: the actions of the view menu, in its order."""

from __future__ import annotations

from qwvis_desktop.ui.action_table.spec import ActionSpec
from qwvis_desktop.ui.translation import translatable

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
    ("object", translatable("Actions", "O&bject")),
    ("review", translatable("Actions", "Re&view")),
    ("steps", translatable("Actions", "&Steps")),
    ("document", translatable("Actions", "&Document")),
    ("fields", translatable("Actions", "&Fields")),
)
"""The panels, in the order of their numbers on the keyboard."""

_PANEL_KEYS = (
    *(f"Alt+{digit}" for digit in (*range(1, 10), 0)),
    "Alt+Shift+1",
    "Alt+Shift+2",
    "Alt+Shift+3",
    "Alt+Shift+4",
)

_LOOKS: tuple[ActionSpec, ...] = (
    *(
        ActionSpec(
            id=f"view.{name}",
            text=text,
            menu="view",
            shortcut=(keys,),
            checkable=True,
            checked=name == "scores",
            tip=tip,
        )
        for name, text, keys, tip in (
            ("scores", translatable("Actions", "Show S&cores"), "Shift+L", ""),
            (
                "every_label",
                translatable("Actions", "Show &Every Label"),
                "Ctrl+Shift+L",
                translatable("Actions", "Show all labels, also where they cover each other"),
            ),
            ("fill", translatable("Actions", "Fill A&reas"), "Shift+F", ""),
            (
                "smooth",
                translatable("Actions", "S&mooth Frames"),
                "Shift+M",
                translatable("Actions", "Draw upright frames smoothed, between the pixels of the screen"),
            ),
            ("only_selected", translatable("Actions", "Sho&w Only Selected"), "Shift+H", ""),
            (
                "crosshair",
                translatable("Actions", "Cross&hair"),
                "Shift+C",
                translatable("Actions", "Lines through the pointer across the picture"),
            ),
            (
                "loupe",
                translatable("Actions", "Lo&upe"),
                "Shift+Z",
                translatable("Actions", "Show what is under the pointer enlarged"),
            ),
            (
                "order",
                translatable("Actions", "Show Reading Or&der"),
                "Shift+O",
                translatable("Actions", "Number texts and blocks of pages as they are read"),
            ),
        )
    ),
    *(
        ActionSpec(
            id=f"view.opacity_{percent}",
            text=text,
            menu="view.opacity",
            shortcut=(keys,),
            checkable=True,
            checked=percent == 100,
            group="opacity",
        )
        for percent, text, keys in (
            (100, translatable("Actions", "&100 %"), "Ctrl+Alt+1"),
            (75, translatable("Actions", "&75 %"), "Ctrl+Alt+2"),
            (50, translatable("Actions", "&50 %"), "Ctrl+Alt+3"),
            (25, translatable("Actions", "&25 %"), "Ctrl+Alt+4"),
        )
    ),
)
"""How annotations are shown; see ``canvas.look``."""

_TEXTS: tuple[ActionSpec, ...] = (
    *(
        ActionSpec(
            id=f"view.text_{name}",
            text=text,
            menu="view.text",
            shortcut=(keys,),
            tip=tip,
            checkable=True,
            checked=name == "off",
            group="text",
        )
        for name, text, keys, tip in (
            ("off", translatable("Actions", "&Off"), "Ctrl+Alt+7", translatable("Actions", "Draw frames and labels")),
            (
                "over",
                translatable("Actions", "O&ver the Picture"),
                "Ctrl+Alt+8",
                translatable("Actions", "Draw each text in its place on the picture"),
            ),
            (
                "instead",
                translatable("Actions", "&Instead of the Picture"),
                "Ctrl+Alt+9",
                translatable("Actions", "Draw each text in its place on white paper"),
            ),
        )
    ),
    ActionSpec(
        id="view.text_next",
        text=translatable("Actions", "&Next of These"),
        menu="view.text",
        shortcut=("Shift+T",),
        tip=translatable("Actions", "Change between picture, text over it, and text instead of it"),
        starts_section=True,
    ),
)
"""How recognised text is shown."""

VIEW_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        id="view.previous",
        text=translatable("Actions", "&Previous Picture"),
        menu="view",
        shortcut=(",", "Ctrl+PgUp"),
        icon="previous",
        toolbar=True,
        enabled=False,
    ),
    ActionSpec(
        id="view.next",
        text=translatable("Actions", "Ne&xt Picture"),
        menu="view",
        shortcut=(".", "Ctrl+PgDown"),
        icon="next",
        toolbar=True,
        enabled=False,
    ),
    ActionSpec(
        id="view.go_to_page",
        text=translatable("Actions", "Go to Page..."),
        menu="view",
        shortcut=("Ctrl+G",),
        tip=translatable("Actions", "Look at a page of this document, by its number"),
        enabled=False,
    ),
    ActionSpec(
        id="view.select_pages",
        text=translatable("Actions", "Select Pages..."),
        menu="view",
        shortcut=("Ctrl+Shift+G",),
        tip=translatable("Actions", "Select pages of this document by their numbers, to ask about just these"),
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
        text=translatable("Actions", "&Zoom Out"),
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
        id="view.selection",
        text=translatable("Actions", "Zoom to Selectio&n"),
        menu="view",
        shortcut=("Ctrl+2",),
        enabled=False,
    ),
    ActionSpec(
        id="view.annotations",
        text=translatable("Actions", "Show &Annotations"),
        menu="view",
        shortcut=("H",),
        tip=translatable("Actions", "Show or hide all annotations; while the key is held, they are away"),
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
    *_LOOKS,
    *_TEXTS,
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
        ActionSpec(id=f"panel.{name}", text=text, menu="view.panels", shortcut=(key,), checkable=True)
        for (name, text), key in zip(_PANELS, _PANEL_KEYS, strict=True)
    ),
    ActionSpec(
        id="panel.history",
        text=translatable("Actions", "&History"),
        menu="view.panels",
        shortcut=("Ctrl+H",),
        tip=translatable("Actions", "Every run that was made, to be found and shown again"),
        checkable=True,
    ),
    ActionSpec(
        id="panel.text",
        text=translatable("Actions", "&Text"),
        menu="view.panels",
        shortcut=("Ctrl+T",),
        tip=translatable("Actions", "The texts of the picture as they are read"),
        checkable=True,
    ),
    ActionSpec(
        id="panel.timeline",
        text=translatable("Actions", "Ti&meline"),
        menu="view.panels",
        shortcut=("Ctrl+Shift+T",),
        tip=translatable("Actions", "Player, events and tracks of a film"),
        checkable=True,
    ),
    ActionSpec(
        id="view.next_part",
        text=translatable("Actions", "&Go to the Next"),
        menu="view.panels",
        shortcut=("F6",),
        tip=translatable("Actions", "Hand the keyboard on from the picture to the first panel in sight, and so on"),
        starts_section=True,
    ),
    ActionSpec(
        id="view.previous_part",
        text=translatable("Actions", "Go Bac&k"),
        menu="view.panels",
        shortcut=("Shift+F6",),
        tip=translatable("Actions", "Hand the keyboard back to the panel before, or to the picture"),
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
)
