"""What is opened, saved and taken along: the actions of the file menu, in its order."""

from __future__ import annotations

from qwvis_desktop.ui.action_table.spec import ActionSpec
from qwvis_desktop.ui.translation import translatable

FILE_ACTIONS: tuple[ActionSpec, ...] = (
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
        id="file.open_as_film",
        text=translatable("Actions", "Open Fol&der as Film..."),
        menu="file",
        tip=translatable("Actions", "Look at the pictures of a folder as the frames of one film"),
    ),
    ActionSpec(
        id="file.open_project",
        text=translatable("Actions", "Open Pro&ject..."),
        menu="file",
        shortcut=("Ctrl+Alt+O",),
        tip=translatable("Actions", "Open a project in place of what is open"),
    ),
    ActionSpec(
        id="file.open_url",
        text=translatable("Actions", "Open &Address..."),
        menu="file",
        shortcut=("Ctrl+U",),
        tip=translatable("Actions", "Download a picture from a web address"),
    ),
    ActionSpec(
        id="file.import",
        text=translatable("Actions", "&Import Annotations..."),
        menu="file",
        shortcut=("Ctrl+I",),
        tip=translatable("Actions", "Read COCO, YOLO, VOC, labelme and other files for the pictures they are about"),
    ),
    ActionSpec(
        id="file.save",
        text=translatable("Actions", "&Save"),
        menu="file",
        shortcut=("Ctrl+S",),
        icon="save",
        tip=translatable("Actions", "Save all that was done on the open pictures"),
        starts_section=True,
        toolbar=True,
    ),
    ActionSpec(
        id="file.save_as",
        text=translatable("Actions", "Sa&ve Project As..."),
        menu="file",
        shortcut=("Ctrl+Shift+S",),
    ),
    ActionSpec(
        id="file.autosave",
        text=translatable("Actions", "Save Au&tomatically"),
        menu="file",
        tip=translatable("Actions", "Save the project after each change; without one, a file beside each picture"),
        checkable=True,
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
        text=translatable("Actions", "Export as See&n..."),
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
        id="file.close_project",
        text=translatable("Actions", "C&lose All"),
        menu="file",
        shortcut=("Ctrl+Shift+W",),
        tip=translatable("Actions", "Close the project, or all pictures"),
    ),
    ActionSpec(
        id="file.quit",
        text=translatable("Actions", "&Quit"),
        menu="file",
        shortcut=("Ctrl+Q",),
        starts_section=True,
    ),
)
