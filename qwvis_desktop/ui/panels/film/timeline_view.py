"""``TimelineView``: a timeline on a widget: what it shows, zoom and place, painting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from qwvis_desktop.core.annotation import Detection, VideoEvent
from qwvis_desktop.core.event_editing import nearest
from qwvis_desktop.core.tracks import stretches, tracks
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.palette import color_index
from qwvis_desktop.ui.panels.film.time_axis import TimeAxis
from qwvis_desktop.ui.panels.film.timeline_layout import NAMES, Film, TimelineLayout
from qwvis_desktop.ui.panels.film.timeline_painter import KeptHead, TimelinePainter, blank
from qwvis_desktop.ui.panels.film.timeline_scene import TimelineScene, TrackKeys, shown_events

REACH = 6.0
"""Widget units within which something is met, and edges snap to each other."""

_MARGIN = 8.0

_REST_MS = 15
"""What came within this time is drawn at once: a streaming reply brings events one by one."""


class TimelineView(QWidget):
    """Shows the events and tracks of a document along its film.

    Signals:
        view_changed(): other times or other lanes may be in view.
    """

    view_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(64)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.editor: DocumentEditor | None = None
        self.film: Film | None = None
        self.frames: Sequence[float] = ()
        self._scene = TimelineScene()
        self._axis = TimeAxis(0.0, NAMES + _MARGIN, 1.0)
        self._scroll = 0.0
        self._playhead = 0.0
        self._preview: VideoEvent | None = None
        self._hovered: str | None = None
        self._kept: QPixmap | None = None
        self._head = KeptHead()
        self.paints = 0
        self._stale = QTimer(self, singleShot=True, interval=_REST_MS)
        self._stale.timeout.connect(self._look_again)

    # What is shown

    def show_editor(self, editor: DocumentEditor | None) -> None:
        """Follow the document of ``editor``; None for none."""
        if self.editor is not None:
            self.editor.changed.disconnect(self._stale.start)
            self.editor.visibility_changed.disconnect(self._stale.start)
            self.editor.selection_changed.disconnect(self._on_selection)
        self.editor = editor
        self._preview, self._hovered, self._scroll = None, None, 0.0
        if editor is not None:
            editor.changed.connect(self._stale.start)
            editor.visibility_changed.connect(self._stale.start)
            editor.selection_changed.connect(self._on_selection)
        self._look_again()

    def show_film(self, film: Film | None, frames: Sequence[float] | None = None) -> None:
        """Show a film, with the times of its frames for snapping; ``frames`` None leaves those that are known."""
        is_another = film is None or self.film is None or film.duration != self.film.duration
        if is_another:
            self._axis = self._axis.fitted()
        self.film = film
        if frames is not None:
            self.frames = frames
        self._place()
        # Ticks and the range are shown at once; what lies in the lanes when the turn is over that brought a run.
        self._stale.start()
        (self._look_again if is_another else self._repaint)()

    def set_playhead(self, time: float, *, follow: bool = False) -> None:
        """Show where the film is; ``follow`` brings it into view."""
        former, self._playhead = self._playhead, time
        if follow:
            self.set_axis(self._axis.revealing(time))
        # Only what the line covers is painted again.
        for at in (former, time):
            self.update(QRectF(self._axis.x(at) - 8, 0, 16, self.height()).toAlignedRect())

    @property
    def playhead(self) -> float:
        """Where the film is, in seconds."""
        return self._playhead

    @property
    def scene(self) -> TimelineScene:
        """What lies on it now, also where it is not painted yet."""
        if self._stale.isActive():
            self._stale.stop()
            self._look_again()
        return self._scene

    @property
    def axis(self) -> TimeAxis:
        """Which time lies where."""
        return self._axis

    @property
    def layout_(self) -> TimelineLayout:
        """What is where."""
        film = self.film
        return TimelineLayout(
            self._axis,
            float(self.height()),
            self._scene.tops,
            self._scroll,
            has_strip=film is not None and bool(film.thumbnails),
            has_ticks=film is not None and bool(film.seen),
        )

    def event_of(self, key: str) -> VideoEvent | None:
        """Return the event with this id; None where there is none."""
        found = self.editor.document.annotations.get(key) if self.editor is not None else None
        return found if isinstance(found, VideoEvent) else None

    def snapped(self, time: float, but: str = "", playhead: float | None = None) -> float:
        """Return a time as an edge of an event takes it: the playhead's or that of an edge near by, else a frame's."""
        at = self._playhead if playhead is None else playhead
        film = self.film
        reach = self._axis.seconds(REACH)
        edges = sorted((at, *self._scene.edges(but), *(each for each in self._range() if each is not None)))
        near = nearest(edges, time)
        if abs(near - time) <= reach:
            return near
        if film is None:
            return time
        # The end of the film is where an event may end, though no frame is stamped so.
        return film.duration if film.duration - time < film.frame / 2 else nearest(self.frames, time)

    def _range(self) -> tuple[float | None, float | None]:
        return (self.film.start, self.film.end) if self.film is not None else (None, None)

    def show_preview(self, event: VideoEvent | None) -> None:
        """Show an event as it would be; None for none."""
        self._preview = event
        self.update()

    # Zoom and place

    def set_axis(self, axis: TimeAxis) -> None:
        """Show other times."""
        if axis != self._axis:
            self._axis = axis
            self._repaint()

    def zoom(self, factor: float, anchor: float | None = None) -> None:
        """Zoom round a place across; round the playhead where that is in view, or else the middle, by default."""
        if anchor is None:
            anchor = self._axis.x(self._playhead)
            if not self._axis.left <= anchor <= self._axis.left + self._axis.width:
                anchor = self._axis.left + self._axis.width / 2
        self.set_axis(self._axis.zoomed(factor, anchor))

    def fit(self) -> None:
        """Show all of the film."""
        self.set_axis(self._axis.fitted())

    def pan(self, across: float, down: float = 0.0) -> None:
        """Move by widget units: more than none shows what comes later and lies lower."""
        self.set_axis(self._axis.panned(across))
        self.scroll_to(self._scroll + down)

    def reveal(self, key: str) -> None:
        """Bring an event or a box into view."""
        found = self.scene.index.get(key)
        if found is not None:
            row, start, end = found
            self.scroll_to(self.layout_.revealing(row))
            if end < self._axis.start or start > self._axis.end:
                self.set_axis(self._axis.revealing(start))

    def scroll_to(self, scroll: float) -> None:
        """Move the lanes up by so many widget units, as far as they go."""
        scroll = min(max(scroll, 0.0), self.layout_.most_scroll)
        if scroll != self._scroll:
            self._scroll = scroll
            self._repaint()

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint what is kept, and above it what moves."""
        painter = QPainter(self)
        film = self.film
        if film is None:
            painter.fillRect(self.rect(), self.palette().base())
            painter.setPen(self.palette().placeholderText().color())
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("Open a film to see it in time."))
            return
        layout = self.layout_
        if self._kept is None:
            self._kept = self._drawn(layout, film)
        painter.drawPixmap(QPointF(0, 0), self._kept)
        above = TimelinePainter(painter, layout, self.palette())
        self._paint_above(above)
        above.playhead(self._playhead)
        painter.end()

    def _drawn(self, layout: TimelineLayout, film: Film) -> QPixmap:
        selection = self.editor.selection if self.editor is not None else frozenset[str]()
        head, kept = self._head.of(self, layout, film), blank(self, self.height())
        painter = QPainter(kept)
        painter.setFont(self.font())
        TimelinePainter(painter, layout, self.palette()).paint(self._scene, film, selection, head)
        painter.end()
        self.paints += 1
        return kept

    def _paint_above(self, painter: TimelinePainter) -> None:
        if self._hovered is not None and self._hovered in self._scene.index:
            row, start, end = self._scene.index[self._hovered]
            painter.hover(row, (start, end))
        pulled = self._preview
        if pulled is not None:
            row = self._scene.index[pulled.id][0] if pulled.id in self._scene.index else 0
            painter.span(row, (pulled.start, pulled.end), pulled.label, color_index(pulled.label))

    def _look_again(self) -> None:
        self._stale.stop()
        if self.editor is None or self.film is None:
            self._scene = TimelineScene()
        else:
            annotations, hidden = self.editor.document.annotations.values(), self.editor.hidden
            self._scene = TimelineScene(shown_events(annotations, hidden), _shown_tracks(self.editor))
        self._scroll = min(self._scroll, self.layout_.most_scroll)
        self._repaint()

    def _on_selection(self) -> None:
        self._repaint()
        selection = self.editor.selection if self.editor is not None else ()
        if len(selection) == 1:
            self.reveal(next(iter(selection)))

    def _repaint(self) -> None:
        self._kept = None
        self.update()
        self.view_changed.emit()

    def _place(self) -> None:
        duration = self.film.duration if self.film is not None else 0.0
        self._axis = self._axis.sized(duration, NAMES + _MARGIN, self.width() - NAMES - 2 * _MARGIN)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the room there is."""
        super().resizeEvent(event)
        self._axis = replace(self._axis.sized(self._axis.duration, NAMES + _MARGIN, self.width() - NAMES - 2 * _MARGIN))
        self._scroll = min(self._scroll, self.layout_.most_scroll)
        self._repaint()

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._head = KeptHead()
            self._repaint()
        super().changeEvent(event)

    def sizeHint(self) -> QSize:
        """Room for ruler, thumbnails and some lanes."""
        return QSize(600, 180)


def _shown_tracks(editor: DocumentEditor) -> list[TrackKeys]:
    """Return the tracks of the boxes that are not hidden."""
    document = editor.document
    shown = (each for key, each in document.annotations.items() if key not in editor.hidden)
    seen = {run.id: run.film.times for run in document.runs.values() if run.film is not None}
    return [
        TrackKeys(
            track.name,
            track.label,
            tuple(key.time or 0.0 for key in track.keys),
            tuple(key.id for key in track.keys),
            stretches(track, seen),
        )
        for track in tracks(each for each in shown if isinstance(each, Detection))
    ]
