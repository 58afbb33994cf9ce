"""Drawing without a window: the painters of the canvas, off screen."""

from __future__ import annotations

import os
import sys

from qwvis_desktop.core.export import Renderer


def off_screen_renderer() -> Renderer:
    """Return what draws annotated pictures; the only part of the command line that loads Qt."""
    if sys.platform.startswith("linux"):
        # Elsewhere the off-screen platform has no fonts, and the real one needs no display.
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication

    from qwvis_desktop.ui.canvas.painting.film_render import FilmRenderer

    if QGuiApplication.instance() is None:
        _keep_alive.append(QGuiApplication(["qwvis"]))
    return FilmRenderer()


_keep_alive: list[object] = []
"""Qt's application object, which must outlive all drawing."""
