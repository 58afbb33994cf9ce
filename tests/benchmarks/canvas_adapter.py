"""QwVis's canvas under a driver that measures annotation apps side by side: the window's canvas and loader alone.

The driver imports this module and calls ``adapter()``, or another of the functions at its end. It wants a folder of
media in which ``NAME.json`` (labels in labelme's format) may lie beside ``NAME.jpg``.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEventLoop, QPointF
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget

from qwvis_desktop.cli.open import settle
from qwvis_desktop.core.annotation import Detection
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box, Point, Size
from qwvis_desktop.core.media.folder import pictures_in
from qwvis_desktop.core.media.image import open_image
from qwvis_desktop.start import the_rest
from qwvis_desktop.ui.canvas.look import Look
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.images import Detail, Picture, PictureLoader


def detections_of(labels: Path) -> list[Detection]:
    """Return the boxes of a label file in labelme's format."""
    shapes = json.loads(labels.read_text())["shapes"]
    return [
        Detection(label=shape["label"], box=Box.from_corners(Point(*shape["points"][0]), Point(*shape["points"][-1])))
        for shape in shapes
    ]


class BenchWindow(QMainWindow):
    """A window with nothing but the canvas; wired as the program wires canvas and loader."""

    look = Look()

    def __init__(self) -> None:
        super().__init__()
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        self.canvas = CanvasView()
        self.canvas.set_look(self.look)
        layout.addWidget(self.canvas)
        self.setCentralWidget(holder)
        self.resize(1200, 800)
        self.loader = PictureLoader(parent=self)
        self.loader.ready.connect(self._show)
        self.loader.detail_ready.connect(self._show_detail)
        self.canvas.detail_wanted.connect(self._sharpen)
        self.editor: DocumentEditor | None = None
        self.key = ""
        self.is_full = False
        self.files: list[Path] = []
        self.place = -1

    def open(self, path: Path, fresh: bool = True) -> None:
        """Open a picture, with the labels that lie beside it; ``fresh``: as if it had never been opened."""
        self.key, self.is_full = str(path), False
        if fresh:
            self.loader.forget(self.key)
        document = Document(open_image(path))
        former, self.editor = self.editor, DocumentEditor(document)
        self.canvas.show_editor(self.editor)
        if former is not None:
            former.deleteLater()
        self.loader.show(self.key, document.media, self.target())
        labels = path.with_suffix(".json")
        if labels.exists():
            self.editor.add(detections_of(labels), "Import")

    def _show_detail(self, key: str, detail: Detail) -> None:
        if key == self.key:
            self.canvas.set_detail(detail)

    def _sharpen(self, area: Box, shrink: int) -> None:
        if self.editor is not None:
            self.loader.sharpen(self.key, self.editor.document.media, area, shrink)

    def target(self) -> Size:
        """Return the size of the view in device pixels."""
        ratio = self.canvas.devicePixelRatioF()
        return Size(round(self.canvas.width() * ratio), round(self.canvas.height() * ratio))

    def next(self) -> None:
        """Open the next picture of the folder; the one after it is prefetched."""
        self.place += 1
        self.open(self.files[self.place], fresh=False)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.loader.close()
        super().closeEvent(event)

    def _show(self, key: str, picture: Picture, final: bool) -> None:
        if key != self.key:
            return
        self.canvas.set_picture(picture)
        self.is_full = final
        if self.place + 1 < len(self.files):
            after = self.files[self.place + 1]
            self.loader.prefetch(str(after), open_image(after), self.target())


class CanvasAdapter:
    """What the driver asks of an app."""

    binding = "PySide6"
    labels_dir = ""
    draws_text = True

    def main(self, arguments: Sequence[str]) -> None:
        settle()  # as the command does that opens the window
        application = QApplication(["qwvis", *arguments])
        window = BenchWindow()
        window.show()
        for _ in the_rest():  # as the program does behind its window: who opens a picture by hand finds it done
            QApplication.processEvents()
        sys.exit(application.exec())

    def canvas_class(self) -> type[CanvasView]:
        return CanvasView

    def find(self, application: QApplication) -> tuple[BenchWindow, CanvasView]:
        window = next(widget for widget in application.topLevelWidgets() if isinstance(widget, BenchWindow))
        return window, window.canvas

    def open(self, window: BenchWindow, path: str) -> None:
        window.open(Path(path))
        # The canvas paints the picture's place before it has it; what counts is the paint with the picture.
        while window.canvas.picture is None:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
            time.sleep(0.0005)

    def open_folder(self, window: BenchWindow, folder: str) -> None:
        window.files, window.place = pictures_in(Path(folder)), -1
        window.next()

    def next(self, window: BenchWindow) -> None:
        window.next()

    def ready(self, window: BenchWindow) -> bool:
        return window.is_full

    def fit(self, window: BenchWindow) -> None:
        window.canvas.fit()

    def set_percent(self, window: BenchWindow, percent: float) -> None:
        window.canvas.set_zoom(percent / 100)

    def zoom(self, window: BenchWindow, canvas: CanvasView, up: bool, place: QPointF) -> None:
        canvas.set_zoom(canvas.zoom * (1.1 if up else 1 / 1.1), place)

    def pan(self, window: BenchWindow, canvas: CanvasView, dx: float, dy: float, qt: object) -> None:
        canvas.pan(-dx, -dy)

    def scale(self, canvas: CanvasView) -> float:
        return canvas.zoom

    def n_shapes(self, canvas: CanvasView) -> int:
        window = canvas.window()
        assert isinstance(window, BenchWindow)
        return len(window.editor.document.annotations) if window.editor else 0

    def invalidate(self, canvas: CanvasView) -> None:
        canvas.invalidate()

    def settled(self, canvas: CanvasView) -> bool:
        return canvas.is_exact


class DrawnAsAPeer(CanvasAdapter):
    """The canvas with all that the peer with labels draws: smoothed frames, filled areas, every label."""

    def main(self, arguments: Sequence[str]) -> None:
        """Start with that look."""
        BenchWindow.look = Look(fill=True, smooth=True, every_label=True)
        super().main(arguments)


def adapter() -> CanvasAdapter:
    """Return what the driver asks for."""
    return CanvasAdapter()


def drawn_as_a_peer() -> CanvasAdapter:
    """Return the same, drawing all that X-AnyLabeling draws."""
    return DrawnAsAPeer()
