"""``ZoomSurface``: a picture one can zoom and move, painted from a ``Display``."""

from __future__ import annotations

import math
from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from qwvis_desktop.core.film_moment import FilmMoment, is_interpolated
from qwvis_desktop.core.geometry import Point, Size
from qwvis_desktop.ui.canvas.detail import wanted_part
from qwvis_desktop.ui.canvas.display import Display
from qwvis_desktop.ui.canvas.viewport import Viewport
from qwvis_desktop.ui.images import Detail, Picture

_STEP = 1.25
"""What one press of "zoom in" multiplies."""

_FIT_MARGIN = 12.0

_SELECTION_ROOM, _SELECTION_ZOOM = 0.7, 8.0
"""Share of the view that a selection is enlarged to, and how far at most."""

_TAKEN = frozenset(
    (
        *(QEvent.Type.NativeGesture, QEvent.Type.DevicePixelRatioChange, QEvent.Type.Show),
        *(QEvent.Type.ShortcutOverride, QEvent.Type.ToolTip),
    )
)
"""Events that have no method of their own and that the canvas takes; the others, with every move of the pointer, are
to cost nothing."""

_CLOSER_MS = 60
"""For how long a view must rest until sharp parts of a large picture are read for it."""


class ZoomSurface(QWidget):
    """The picture on the widget: zoom, place, painting.

    Signals:
        zoom_changed(float): device pixels per original pixel, 1.0 for 100 %.
        visible_size_needed(Size): the picture is shown at this many device pixels now.
        detail_wanted(Box, int): to be sharp, this part of a large picture is to be read, its sides divided by that.
    """

    zoom_changed = Signal(float)
    visible_size_needed = Signal(object)
    detail_wanted = Signal(object, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)
        self._display = Display(self.devicePixelRatioF(), self.palette(), self)
        self._display.stale.connect(self.update)
        self._viewport = Viewport(ratio=self.devicePixelRatioF())
        self._fitted = True
        self._needed: Size | None = None
        self._refine = QTimer(self, singleShot=True)
        self._refine.timeout.connect(self._refine_now)
        self._closer = QTimer(self, singleShot=True, interval=_CLOSER_MS)
        self._closer.timeout.connect(self._look_closer)
        self.installEventFilter(self)

    # Zoom and place

    @property
    def zoom(self) -> float:
        """Device pixels per original pixel."""
        return self._viewport.zoom

    @property
    def viewport(self) -> Viewport:
        """Where the picture lies on the widget."""
        return self._viewport

    @property
    def is_exact(self) -> bool:
        """Whether the last paint showed everything as it is, not a scaled moment of a zoom."""
        return self._display.is_exact

    def invalidate(self) -> None:
        """Paint all anew, and place all labels anew."""
        self._display.invalidate()

    @property
    def picture(self) -> Picture | None:
        """The picture on view, perhaps a reduced one; None until it comes."""
        return self._display.picture

    @property
    def detail(self) -> Detail | None:
        """The sharp part of a large picture that is shown; None where none is."""
        return self._display.detail

    @property
    def exact_paints(self) -> int:
        """How often everything was painted anew, rather than used again."""
        return self._display.layer.exact_paints

    def fit(self) -> None:
        """Show the picture whole, and keep it so while the widget changes its size."""
        self._fitted = True
        size = self._display.size
        if size is not None:
            self._move_to(Viewport.fitted(size, self._view(), self.devicePixelRatioF(), _FIT_MARGIN))

    def set_zoom(self, factor: float, anchor: QPointF | None = None) -> None:
        """Zoom to ``factor`` device pixels per original pixel round ``anchor``, else round the middle of the view."""
        if self._display.size is not None:
            self._fitted = False
            place = anchor if anchor is not None else QPointF(self.width() / 2, self.height() / 2)
            self._move_to(self._viewport.zoomed(factor, Point(place.x(), place.y())))

    def zoom_in(self) -> None:
        """Zoom in by one step."""
        self.set_zoom(self.zoom * _STEP)

    def zoom_out(self) -> None:
        """Zoom out by one step."""
        self.set_zoom(self.zoom / _STEP)

    def center_on(self, ids: Iterable[str]) -> None:
        """Bring these annotations into view: move as little as needed, zoom out only where they would not fit."""
        box = self._display.bounds_of(ids)
        if box is None:
            return
        view, seen = self._view(), self._viewport.visible(self._view())
        if seen.left <= box.left and seen.top <= box.top and seen.right >= box.right and seen.bottom >= box.bottom:
            return
        room = self._viewport.ratio * 0.9
        fits = min(view.x * room / max(box.width, 1.0), view.y * room / max(box.height, 1.0))
        self._fitted = False
        self._move_to(Viewport.centered(min(self.zoom, fits), box.center, view, self._viewport.ratio))

    def zoom_to(self, ids: Iterable[str]) -> None:
        """Show these annotations as large as they go, with some of what is round them."""
        box = self._display.bounds_of(ids)
        if box is not None:
            view, room = self._view(), self._viewport.ratio * _SELECTION_ROOM
            fits = min(view.x * room / max(box.width, 1.0), view.y * room / max(box.height, 1.0))
            self._fitted = False
            self._move_to(Viewport.centered(min(fits, _SELECTION_ZOOM), box.center, view, self._viewport.ratio))

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture by widget units."""
        if self._display.size is not None:
            self._fitted = False
            self._move_to(self._viewport.panned(dx, dy))

    # Films

    def show_moment(self, moment: FilmMoment | None) -> None:
        """Show only what is seen at a moment of a film, or all; called again where the moment is another."""
        self._display.show_moment(moment)

    def of_tracks(self, ids: Iterable[str]) -> frozenset[str]:
        """Return these ids, and of a film those of all boxes of the tracks that they belong to."""
        moment = self._display.moment
        if moment is None:
            return frozenset(ids)
        return frozenset(member for key in ids for member in moment.track_of(key))

    def worked_out(self, ids: Iterable[str]) -> frozenset[str]:
        """Return those of these ids whose boxes are seen where nobody placed them: between two others of a track."""
        moment = self._display.moment
        shown = moment.shown if moment is not None else {}
        return frozenset(key for key in ids if key in shown and is_interpolated(shown[key]))

    @property
    def moment_time(self) -> float:
        """The time of the film's frame that is seen, in seconds; 0 where there is no film."""
        return self._display.moment.time if self._display.moment is not None else 0.0

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint in device pixels."""
        painter = QPainter(self)
        if self._display.size is None:
            self.paint_empty(painter)
        else:
            painter.scale(1 / self._viewport.ratio, 1 / self._viewport.ratio)
            self._display.paint(painter, self._viewport, self._device_size())
            if not self.is_exact:
                self._refine.start(self._display.rest_ms)
        painter.end()

    def paint_empty(self, painter: QPainter) -> None:
        """Paint what is seen while nothing is open."""
        painter.fillRect(self.rect(), self.palette().window())

    def sizeHint(self) -> QSize:
        """Room for a picture."""
        return QSize(800, 600)

    def _refine_now(self) -> None:
        self._display.refine()
        self.update()

    def _device_size(self) -> QSize:
        ratio = self._viewport.ratio
        return QSize(math.ceil(self.width() * ratio), math.ceil(self.height() * ratio))

    def _view(self) -> Point:
        return Point(float(self.width()), float(self.height()))

    def _move_to(self, viewport: Viewport) -> None:
        size = self._display.size
        if size is None:
            return
        before = self._viewport
        self._viewport = viewport.reachable(size, self._view())
        if self._viewport.zoom != before.zoom:
            self.zoom_changed.emit(self._viewport.zoom)
        needed = Size(math.ceil(size.width * self.zoom), math.ceil(size.height * self.zoom))
        if needed != self._needed:
            self._needed = needed
            self.visible_size_needed.emit(needed)
        self._closer.start()
        self.update()

    def _look_closer(self) -> None:
        wanted = wanted_part(self._display.picture, self._viewport, self._view(), self._display.detail)
        if wanted is not None:
            self.detail_wanted.emit(*wanted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the picture fitted, or what is in the middle there."""
        super().resizeEvent(event)
        self._follow_screen()
        old = event.oldSize()
        if self._fitted or not old.isValid():
            self.fit()
        else:
            self._move_to(self._viewport.panned((self.width() - old.width()) / 2, (self.height() - old.height()) / 2))

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark."""
        if event.type() == QEvent.Type.PaletteChange:
            self._display.set_surface(self.devicePixelRatioF(), self.palette())
        super().changeEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what has no method of its own: gestures, another screen.

        The widget filters itself. Were ``event`` overridden instead, PySide6 6.11 would crash on an exception that C
        code (numpy) raises in ``paintEvent``, and not print it.
        """
        return watched is self and event.type() in _TAKEN and self._take_event(event)

    def _take_event(self, event: QEvent) -> bool:
        """Do what an event asks for that is one of ``_TAKEN``; say whether nobody else is to have it."""
        if isinstance(event, QNativeGestureEvent):
            return self._on_gesture(event)
        if event.type() in (QEvent.Type.DevicePixelRatioChange, QEvent.Type.Show):
            self._follow_screen()
        return False

    def _follow_screen(self) -> None:
        """Draw for the screen's device pixel ratio, which another screen or setting may have changed."""
        ratio, before = self.devicePixelRatioF(), self._viewport.ratio
        if ratio == before:
            return
        middle = self._viewport.to_picture(Point(self.width() / 2, self.height() / 2))
        self._display.set_surface(ratio, self.palette())
        self._viewport = Viewport.centered(self.zoom * ratio / before, middle, self._view(), ratio)
        if self._fitted:
            self.fit()

    def _on_gesture(self, event: QNativeGestureEvent) -> bool:
        match event.gestureType():
            case Qt.NativeGestureType.ZoomNativeGesture:
                self.set_zoom(self.zoom * max(0.1, 1 + event.value()), event.position())
            case Qt.NativeGestureType.SmartZoomNativeGesture if self._fitted:
                self.set_zoom(1.0, event.position())
            case Qt.NativeGestureType.SmartZoomNativeGesture:
                self.fit()
            case _:
                return False
        return True
