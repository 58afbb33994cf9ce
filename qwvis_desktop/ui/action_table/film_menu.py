"""What can be done with a film: the actions of the film menu, in its order.

Their keys hold while a film is looked at, and are others' else: see ``Actions.set_film``.
"""

from __future__ import annotations

from qwvis_desktop.ui.action_table.spec import ActionSpec
from qwvis_desktop.ui.translation import translatable

FILM_ACTIONS: tuple[ActionSpec, ...] = tuple(
    ActionSpec(
        id=f"film.{name}",
        text=text,
        menu="film",
        shortcut=(keys,) if keys else (),
        tip=tip,
        starts_section=name in ("first", "in", "add_event", "frame"),
        enabled=False,
    )
    for name, text, keys, tip in (
        (
            "play",
            translatable("Actions", "&Play or Pause"),
            "K",
            translatable("Actions", "Space does it too, on the picture and on the timeline"),
        ),
        (
            "loop",
            translatable("Actions", "Play Selected &Event Again and Again"),
            "Ctrl+L",
            translatable("Actions", "A double click on an event does it too; without one the range is played"),
        ),
        ("first", translatable("Actions", "To the &Beginning"), "Alt+Home", ""),
        ("last", translatable("Actions", "To the E&nd"), "Alt+End", ""),
        ("frame_back", translatable("Actions", "P&revious Frame"), ",", ""),
        ("frame_on", translatable("Actions", "Ne&xt Frame"), ".", ""),
        ("second_back", translatable("Actions", "A &Second Back"), "Alt+Left", ""),
        ("second_on", translatable("Actions", "A Second &On"), "Alt+Right", ""),
        (
            "event_back",
            translatable("Actions", "Pre&vious Event"),
            "Alt+Up",
            translatable("Actions", "Go to where an event began, or to a box of a track, and select it"),
        ),
        (
            "event_on",
            translatable("Actions", "Nex&t Event"),
            "Alt+Down",
            translatable("Actions", "Go to where the next event begins, or to the next box of a track, and select it"),
        ),
        (
            "in",
            translatable("Actions", "Range Begins &Here"),
            "I",
            translatable("Actions", "What is sent, and what an event is made of, begins at this frame"),
        ),
        (
            "out",
            translatable("Actions", "Range En&ds Here"),
            "O",
            translatable("Actions", "What is sent, and what an event is made of, ends with this frame"),
        ),
        ("whole", translatable("Actions", "Send the &Whole Film"), "", translatable("Actions", "Forget the range")),
        (
            "add_event",
            translatable("Actions", "&Add Event..."),
            "E",
            translatable("Actions", "Make an event of the range; Enter on the timeline does it too"),
        ),
        ("start_here", translatable("Actions", "Selected Event Be&gins Here"), "Shift+I", ""),
        ("end_here", translatable("Actions", "Selected Event Ends Here"), "Shift+O", ""),
        (
            "split",
            translatable("Actions", "Split Event Here"),
            "S",
            translatable("Actions", "Cut the selected event, or the one that is now, in two"),
        ),
        ("merge", translatable("Actions", "&Merge Events"), "M", translatable("Actions", "Make one of those selected")),
        (
            "scale",
            translatable("Actions", "S&cale Times..."),
            "",
            translatable(
                "Actions", "Stretch the times of all events and boxes, where a model counted too fast or slow"
            ),
        ),
        (
            "frame",
            translatable("Actions", "Open This &Frame as a Picture"),
            "F",
            translatable("Actions", "Ask about it by any task for pictures; what is found can be brought back"),
        ),
        (
            "back",
            translatable("Actions", "Back to the Fi&lm of This Picture"),
            "",
            translatable("Actions", "Of a picture that is a frame: look at its film again, at that time"),
        ),
        (
            "bring_back",
            translatable("Actions", "Bring Results Bac&k to the Film"),
            "",
            translatable("Actions", "Of a picture that is a frame: put what was found into the film, at that time"),
        ),
    )
)
