"""``SpaceSurface``: what the views of space share: they follow an editor, share its selection, say what is what."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QFont, QMouseEvent, QPainter, QPaintEvent, QPalette, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.camera import HALF_TURNS_XYZ
from qwvis_desktop.core.geometry import Point
from qwvis_desktop.ui.editor import Change, DocumentEditor
from qwvis_desktop.ui.panels.space.space_scene import SpaceScene
from qwvis_desktop.ui.panels.space.space_strokes import Chips, Inks

if TYPE_CHECKING:  # numpy is slow to load and the window opens without it
    import numpy as np
    from numpy.typing import NDArray

_NOTCH = 120
_NOTCHES_PER_DOUBLING = 4
_TOGGLES = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class SpaceSurface(QWidget):
    """A drawing of an editor's cuboids.

    Signals:
        news(): what the view has to say may be another (selection, what is pointed at, what is there, what is seen).
    """

    news = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)
        self._editor: DocumentEditor | None = None
        self._ids: set[str] = set()
        self._scene: SpaceScene | None = None
        self._preview: tuple[Cuboid, ...] = ()
        self._hovered: str | None = None
        self._chips: Chips | None = None
        self._fitted = True

    @property
    def editor(self) -> DocumentEditor | None:
        """Whose cuboids are shown."""
        return self._editor

    def show_editor(self, editor: DocumentEditor | None) -> None:
        """Show the cuboids of another document."""
        if editor is self._editor:
            return
        self.forget_gesture()
        if self._editor is not None:
            for signal, slot in self._links(self._editor):
                signal.disconnect(slot)
        self._editor, self._preview, self._hovered, self._fitted = editor, (), None, True
        self._ids.clear()
        if editor is not None:
            self._ids.update(_cuboids_of(editor, editor.document.annotations))
            for signal, slot in self._links(editor):
                signal.connect(slot)
        self._look_again()

    def _links(self, editor: DocumentEditor) -> tuple[tuple[SignalInstance, Callable[..., None]], ...]:
        return (
            (editor.changed, self._follow),
            (editor.selection_changed, self._tell),
            (editor.visibility_changed, self._look_again),
            (editor.camera_changed, self._read_again),
        )

    @property
    def scene(self) -> SpaceScene:
        """What is drawn, with what a drag would make of it."""
        if self._scene is None and self._editor is not None:
            document = self._editor.document
            scene = SpaceScene.of_document(document, self._editor.hidden)
            self._scene = scene.with_replaced(self._preview, document.convention) if self._preview else scene
        return self._scene if self._scene is not None else SpaceScene.of((), HALF_TURNS_XYZ)

    @property
    def preview(self) -> tuple[Cuboid, ...]:
        """What a drag that goes on would make of cuboids."""
        return self._preview

    def set_preview(self, cuboids: Iterable[Cuboid]) -> None:
        """Show these in place of those with the same ids, without changing the document; none shows it as it is."""
        self._preview = tuple(cuboids)
        if self._preview and self._editor is not None:
            self._scene = self.scene.with_replaced(self._preview, self._editor.document.convention)
        else:
            self._scene = None
        self._tell()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is drawn; without cuboids that is told without numpy, which no start needs."""
        return not self._ids or not len(self.scene)

    def _follow(self, change: Change) -> None:
        gone = {*change.removed, *change.replaced} & self._ids
        if self._editor is None or not (new := _cuboids_of(self._editor, (*change.added, *change.replaced))) | gone:
            return
        self._ids -= gone
        self._ids |= new
        if any(cuboid.id in gone for cuboid in self._preview):
            # The document has moved on beneath a drag: what it started from is no longer there.
            self._preview = ()
            self.forget_gesture()
        if self._hovered not in self._ids:
            self._hovered = None
        self._look_again(refit=bool(change.added or change.removed))

    def _look_again(self, refit: bool = True) -> None:
        self._scene = None
        if self.isVisible():
            if refit and self._fitted:
                self.fit()
            self._tell()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while nobody looked."""
        super().showEvent(event)
        self._look_again()

    def _read_again(self) -> None:
        self._look_again(refit=False)

    def _tell(self) -> None:
        self.update()
        self.news.emit()

    @property
    def selected(self) -> tuple[int, ...]:
        """The places in the scene of what is selected."""
        if self._editor is None or not self._editor.selection or self.is_empty:
            return ()
        places = self.scene.places
        return tuple(sorted(places[key] for key in self._editor.selection if key in places))

    @property
    def selected_cuboids(self) -> tuple[Cuboid, ...]:
        """What is selected of what is drawn, as it is drawn."""
        return tuple(self.scene.cuboids[place] for place in self.selected)

    @property
    def hovered(self) -> int | None:
        """The place in the scene of what is under the pointer."""
        return self.scene.places.get(self._hovered) if self._hovered is not None else None

    def hover(self, place: int | None) -> None:
        """Point at a cuboid, or at none."""
        key = None if place is None else self.scene.cuboids[place].id
        if key != self._hovered:
            self._hovered = key
            self._tell()

    def select_at(self, place: int | None, modifiers: Qt.KeyboardModifier) -> None:
        """Select what was clicked; with Ctrl or Shift it joins the selection or leaves it."""
        if self._editor is None:
            return
        keys = set() if place is None else {self.scene.cuboids[place].id}
        self._editor.select(self._editor.selection ^ keys if modifiers & _TOGGLES else keys)

    def select_next(self, step: int) -> bool:
        """Select the cuboid after (1) or before (-1) the selected one; say whether there was one."""
        if self._editor is None or self.is_empty:
            return False
        selected = self.selected
        start = (-1 if step > 0 else len(self.scene)) if not selected else selected[-1 if step > 0 else 0]
        place = start + step
        if not 0 <= place < len(self.scene):
            return False
        self._editor.select({self.scene.cuboids[place].id})
        self.reveal(place)
        return True

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go to the next cuboid with Tab; past the last one, to the next widget."""
        return self.select_next(1 if forward else -1) or super().focusNextPrevChild(forward)

    # What each view does in its own way

    def fit(self) -> None:
        """Show all that belongs together."""
        raise NotImplementedError

    def paint_scene(self, painter: QPainter) -> None:
        """Draw the scene, which is not empty."""
        raise NotImplementedError

    def place_at(self, place: Point) -> int | None:
        """Return what is drawn at a place of the widget."""
        raise NotImplementedError

    def reveal(self, place: int) -> None:
        """Bring a cuboid into view."""

    def forget_gesture(self) -> None:
        """Give up what the pointer or a key has begun."""

    def zoom(self, factor: float, anchor: QPointF) -> None:
        """Zoom round a place of the widget."""
        raise NotImplementedError

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the scene, or say what to do where there is none."""
        painter = QPainter(self)
        if self.is_empty:
            _paint_words(painter, self.rect(), self.palette(), self.empty_words())
        else:
            self.paint_scene(painter)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(Inks.of(self.palette()).accent)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def empty_words(self) -> str:
        """Return what is said where nothing is to be drawn."""
        if self._editor is None:
            return self.tr("Open a picture to see its boxes in space here.")
        if not self._ids:
            return self.tr("No cuboids yet. Run the task “Find objects in 3D”, or paste a reply with “bbox_3d”.")
        if self.scene.left_out:
            return self.tr("None of the cuboids can be drawn: their numbers are not finite, or lie beyond this earth.")
        return self.tr("All cuboids are hidden. Show them again in the list of annotations.")

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom round the pointer."""
        turned = event.angleDelta().y() or event.angleDelta().x()
        if turned and not self.is_empty:
            self._fitted = False
            self.zoom(2.0 ** (turned / (_NOTCH * _NOTCHES_PER_DOUBLING)), event.position())
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Fit the view where nothing is under the pointer; else a second click is a click."""
        if self.place_at(place_of(event)) is None:
            self.fit()
        else:
            self.mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Point at nothing any more."""
        self.hover(None)
        super().leaveEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark, and another font."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._chips = None
            self.update()
        super().changeEvent(event)

    def sizeHint(self) -> QSize:
        """Room for a plan."""
        return QSize(360, 300)

    def chips(self) -> Chips:
        """Return what draws labels on this screen."""
        ratio = self.devicePixelRatioF()
        if self._chips is None or self._chips.ratio != ratio:
            self._chips = Chips(small(self.font()), ratio)
        return self._chips


def _paint_words(painter: QPainter, area: QRect, palette: QPalette, words: str) -> None:
    """Say something where nothing is to be drawn."""
    inks = Inks.of(palette)
    painter.fillRect(area, inks.ground)
    painter.setPen(inks.muted)
    within = QRectF(area).adjusted(16, 12, -16, -12)
    painter.drawText(within, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)


def _cuboids_of(editor: DocumentEditor, ids: Iterable[str]) -> set[str]:
    """Return those of ``ids`` that are cuboids."""
    annotations = editor.document.annotations
    return {key for key in ids if isinstance(annotations.get(key), Cuboid)}


def small(font: QFont) -> QFont:
    """Return a font for labels, a little smaller than ``font``."""
    made = QFont(font)
    if made.pointSizeF() > 0:
        made.setPointSizeF(max(made.pointSizeF() * 0.9, 6.0))
    return made


def place_of(event: QMouseEvent) -> Point:
    """Return where the pointer is."""
    return Point(event.position().x(), event.position().y())


def inside(outlines: NDArray[np.float64], place: Point) -> NDArray[np.bool_]:
    """Say which of convex outlines, shape (n, k, 2), hold ``place``, whichever way round they run; shape (n,)."""
    import numpy as np

    offsets = outlines - np.array(place)
    following = np.roll(offsets, -1, axis=1)
    turns = offsets[..., 0] * following[..., 1] - offsets[..., 1] * following[..., 0]
    area = np.abs(turns.sum(axis=1)) > 0
    found: NDArray[np.bool_] = ((turns >= 0).all(axis=1) | (turns <= 0).all(axis=1)) & area
    return found
