"""What is asked of models: the actions of the run menu, in its order."""

from __future__ import annotations

from qwvis_desktop.ui.action_table.spec import ActionSpec
from qwvis_desktop.ui.translation import translatable

RUN_ACTIONS: tuple[ActionSpec, ...] = (
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
        id="run.together",
        text=translatable("Actions", "Run on Selecte&d Pictures"),
        menu="run",
        shortcut=("Ctrl+Shift+Return",),
        tip=translatable("Actions", "Ask about the pictures selected in the list in one request, as image 1, image 2"),
        enabled=False,
    ),
    ActionSpec(
        id="run.all",
        text=translatable("Actions", "Run on &All Pages"),
        menu="run",
        shortcut=("Ctrl+Alt+Return",),
        tip=translatable("Actions", "Ask about all pages of this document, or all open pictures, one after the other"),
        starts_section=True,
        enabled=False,
    ),
    ActionSpec(
        id="run.rest",
        text=translatable("Actions", "Run on Re&maining Pages"),
        menu="run",
        shortcut=("Ctrl+Alt+Shift+Return",),
        tip=translatable("Actions", "The same for those that were not asked about yet"),
        enabled=False,
    ),
    ActionSpec(
        id="run.each",
        text=translatable("Actions", "Run on &Each Selected"),
        menu="run",
        tip=translatable("Actions", "Ask about each of the pictures selected in the list, one after the other"),
        enabled=False,
    ),
    ActionSpec(
        id="run.stop_all",
        text=translatable("Actions", "St&op All"),
        menu="run",
        shortcut=("Shift+Esc",),
        tip=translatable("Actions", "Stop asking about one picture after the other; it can be continued"),
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
    ActionSpec(
        id="run.sent",
        text=translatable("Actions", "&What Is Sent..."),
        menu="run",
        tip=translatable("Actions", "Look at the very request that Run would send, without sending it"),
    ),
    ActionSpec(
        id="run.was_sent",
        text=translatable("Actions", "What Was Se&nt..."),
        menu="run",
        tip=translatable("Actions", "Look at the request that the reply that is shown answers"),
        enabled=False,
    ),
    ActionSpec(
        id="run.costs",
        text=translatable("Actions", "&Costs..."),
        menu="run",
        tip=translatable("Actions", "What runs cost so far, and the most they may cost"),
    ),
)
