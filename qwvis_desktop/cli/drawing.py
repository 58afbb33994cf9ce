"""Drawing without a window: the painters of the canvas, off screen."""

from __future__ import annotations

import os
import sys

from qwvis_desktop.core.camera import CameraIntrinsics
from qwvis_desktop.core.export import Renderer


def off_screen_renderer(camera: CameraIntrinsics | None = None) -> Renderer:
    """Return what draws annotated pictures; the only part of the command line that loads Qt.

    Args:
        camera: the view in which boxes in space are drawn; None for the one the canvas assumes.
    """
    if sys.platform.startswith("linux"):
        # Elsewhere the off-screen platform has no fonts, and the real one needs no display.
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication

    from qwvis_desktop.ui.canvas.render import PictureRenderer

    if QGuiApplication.instance() is None:
        _keep_alive.append(QGuiApplication(["qwvis"]))
    return PictureRenderer() if camera is None else _with_camera(camera)


def _with_camera(camera: CameraIntrinsics) -> Renderer:
    from qwvis_desktop.core.document import Document
    from qwvis_desktop.ui.canvas.render import PictureRenderer
    from qwvis_desktop.ui.canvas.scene import Scene

    class SeenFrom(PictureRenderer):
        """The canvas's renderer with a camera that was given."""

        def _scene(self, document: Document) -> Scene:
            scene = Scene(document.size)
            scene.camera = camera
            scene.append(document.annotations.values())
            return scene

    return SeenFrom()


_keep_alive: list[object] = []
"""Qt's application object, which must outlive all drawing."""
