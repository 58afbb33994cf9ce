"""Open the window, with files, folders or addresses."""

from __future__ import annotations

import gc
import os
import sys
from argparse import SUPPRESS, ArgumentParser, Namespace
from typing import Any

from qwvis_desktop.cli.output import CommandError

GC_THRESHOLDS = (10_000, 40, 20)
"""Python looks for garbage after as many new objects, not after 700: a label file of 10,000 boxes makes half a million
that are none, and looking at them time and again was half of the time that opening it took. After 20,000 it takes as
much in all, but twice as long at a time, for which all threads wait."""

SWITCH_SECONDS = 0.0005
"""For how long a thread of Python goes on while another one waits. The window's thread waits that long each time it
comes back from Qt while a worker computes; with Python's 5 ms, the event loop stood still for up to 92 ms while a film
played and its events came, with this for up to 70; the first word of a reply came as soon as before."""


_MEMORY = {"M_ARENA_MAX": (-8, 2), "M_MMAP_THRESHOLD": (-3, 8 << 20), "M_TRIM_THRESHOLD": (-1, 16 << 20)}
"""What the GNU C library is told (malloc.h): threads are served from two pieces of memory, not from eight a core,
and a picture of more than 8 MB gets one of its own, which it gives back. Pictures that came and went left holes in each
piece: 420 MB after five minutes of use, 70 with this."""


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of ``qwvis open``."""
    parser.add_argument(
        "paths",
        metavar="FILE|FOLDER|URL",
        nargs="*",
        help="what to open; FOLDER#rate=25 is a film whose frames are in it",
    )
    parser.add_argument(
        "--new-window", action="store_true", help="open a window of its own, even where one is open already"
    )
    # For packaging/run.sh: a sample with the offline engine chosen; and the same without a display.
    parser.add_argument("--demo", action="store_true", help=SUPPRESS)
    parser.add_argument("--off-screen", action="store_true", help=SUPPRESS)


def execute(arguments: Namespace) -> int:
    """Open the window; return when it is closed.

    Raises:
        CommandError: there is no display to show it on.
    """
    if not (arguments.off_screen or _has_display()):
        raise CommandError(
            "There is no display here (DISPLAY and WAYLAND_DISPLAY are not set), so no window can be shown. "
            'All other commands work without one; "qwvis --help" lists them.'
        )
    # What is imported stays: looking for garbage in it costs time now, and each time it is looked for again.
    gc.disable()
    _spare_sources()
    from qwvis_desktop import start

    settle()
    gc.enable()
    return start.main(
        arguments.paths, demo=arguments.demo, off_screen=arguments.off_screen, new_window=arguments.new_window
    )


def settle() -> None:
    """Let Python run as suits a window, before its first thread starts; what was imported by now stays."""
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    sys.setswitchinterval(SWITCH_SECONDS)
    if sys.platform == "linux":
        import ctypes  # not for the other commands

        set_option = getattr(ctypes.CDLL(None), "mallopt", None)  # not every C library has it
        if set_option is not None:
            for option, value in _MEMORY.values():
                set_option(option, value)


def _spare_sources() -> None:
    """Keep PySide from reading the source text of each module that is imported from now on.

    It looks there for its name, for the sake of ``from __feature__ import``, which this program does not use; it takes
    a fifth of the start. Where a version of PySide does so in another way, it may.
    """
    import PySide6.QtCore  # noqa: F401 - installs what looks

    feature: Any = sys.modules.get("shibokensupport.feature")
    if hasattr(feature, "_mod_uses_pyside"):
        feature._mod_uses_pyside = lambda _module: False


def _has_display() -> bool:
    """Say whether Qt will find a display; without one it would end the program on the spot."""
    chosen = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in chosen)
