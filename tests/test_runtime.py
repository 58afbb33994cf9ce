"""What the program needs of the libraries under it, and which of them it may load before its window is there."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("PIL", "av", "cv2", "httpx", "httpx2", "numpy", "onnxruntime", "openai", "pyvips", "rapidocr")
"""Modules that cost tens of milliseconds each and are not needed to show a window."""

LATE = (
    "core.export",
    "core.export_formats",
    "core.film_formats",
    "core.film_request",
    "core.history_archive",
    "core.import_formats",
    "core.inference",
    "core.label_sets",
    "core.page.document",
    "core.providers.connect",
    "core.replies.parser",
    "core.run_recording",
    "core.self_test",
    "core.text_formats",
    "ui.canvas.painting.render",
    "ui.panels.dialogs.export_dialog",
    "ui.panels.dialogs.preferences_dialog",
)
"""Modules of the program's own that the window does not need, with all that they import."""

BEHIND = (
    "app",
    "core.inference_request",
    "core.providers.base",
    "core.store.project",
    "ui.film_player",
    "ui.controllers.asking.asking_set",
    "ui.controllers.film.film_set",
    "ui.controllers.keeping.keeping_set",
    "ui.panels.panel_set",
    "ui.panels.replies.answer",
    "ui.panels.space.camera",
    "wiring",
)
"""Modules of what is not seen at first; they are imported when the window is on the screen."""

OFF_SCREEN_NOISE = "This plugin does not support"
"""How Qt's off-screen platform says that it has no real windows."""

COUNT_NONE = """
import sys
from PySide6.QtCore import QRect

rectangle, calls = QRect(), 300
rectangle.setX(1)
before = sys.getrefcount(None)
for _ in range(calls):
    rectangle.setX(1)
print((before - sys.getrefcount(None)) / calls)
"""

SHOW_WINDOW = """
import sys
from PySide6.QtWidgets import QApplication
from qwvis_desktop.%s import %s

application = QApplication([])
made = %s(application)
made.window.show()
application.processEvents()
print(",".join(sorted(module for module in sys.modules if "." not in module or module.startswith("qwvis"))))
made.window.close()
"""


def said_by(code: str) -> str:
    """Return what a Python of its own says when it runs ``code``."""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert [line for line in ended.stderr.splitlines() if not line.startswith(OFF_SCREEN_NOISE)] == []
    return ended.stdout.strip()


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="from 3.12 on, None is never counted")
def test_qt_loses_no_reference_to_none() -> None:
    """PySide6 6.12.0 on CPython 3.11 lost one with every call that returns None; the program died within seconds."""
    assert float(said_by(COUNT_NONE)) < 0.5


def test_a_lost_reference_would_be_seen() -> None:
    """The same count notices a function that gives away references to None."""
    lossy = COUNT_NONE.replace("rectangle.setX(1)\nprint", "give(none)\nprint").replace(
        "import sys\n", "import ctypes\nimport sys\n", 1
    )
    lossy = lossy.replace(
        "rectangle, calls", "none, give = ctypes.py_object(None), ctypes.pythonapi.Py_DecRef\nrectangle, calls", 1
    )
    if sys.version_info >= (3, 12):
        pytest.skip("from 3.12 on, None is never counted")
    assert float(said_by(lossy)) > 0.5


def loaded_for(module: str, name: str) -> set[str]:
    """Return the modules that are loaded when the window is shown that ``name`` of ``module`` makes."""
    return {loaded.removeprefix("qwvis_desktop.") for loaded in said_by(SHOW_WINDOW % (module, name, name)).split(",")}


def test_the_window_is_there_before_anything_heavy() -> None:
    loaded = loaded_for("front", "Front")
    assert "front" in loaded
    assert loaded & {*HEAVY, *LATE, *BEHIND} == set()


def test_the_program_is_there_before_what_only_some_need() -> None:
    loaded = loaded_for("app", "whole_program")
    assert loaded >= {*BEHIND}
    assert loaded & {*HEAVY, *LATE} == set()


LOAD_FOR_A_PICTURE = """
import sys
from qwvis_desktop.start import FIRST_PICTURE, the_rest

heavy = ("PIL", "numpy", "pyvips", "simplejpeg")
assert not any(name in sys.modules for name in heavy)
for load in the_rest():
    if load is FIRST_PICTURE[-1]:
        break
from qwvis_desktop.core.media import jpeg_codec, vips_codec
missing = [codec.__name__ for codec in (jpeg_codec, vips_codec) if codec.library() is None]
print([name for name in heavy if name not in sys.modules], missing)
"""


def test_what_the_first_picture_needs_is_loaded_behind_the_window() -> None:
    assert said_by(LOAD_FOR_A_PICTURE) == "[] []"


READ_NO_SOURCE = """
import inspect
from qwvis_desktop.cli import open
open._spare_sources()

def refuse(module):
    raise AssertionError(f"the source of {module.__name__} was read")

inspect.getsource = refuse
import qwvis_desktop.app
print("imported")
"""


def test_the_start_reads_no_source_text() -> None:
    """PySide would read that of each module that is imported, and take a fifth of the start for it."""
    assert said_by(READ_NO_SOURCE) == "imported"


def test_the_command_line_needs_no_qt() -> None:
    loaded = said_by(
        "import sys, qwvis_desktop.cli.program\nprint(','.join(sorted(m for m in sys.modules if '.' not in m)))"
    ).split(",")
    assert "qwvis_desktop" in loaded
    assert [name for name in (*HEAVY, "PySide6") if name in loaded] == []
