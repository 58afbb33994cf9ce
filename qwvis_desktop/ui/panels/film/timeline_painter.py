"""Paints a timeline: ruler, ticks, thumbnails, lanes with events and tracks, the range that is sent, the playhead."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPalette, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

from qwvis_desktop.ui import palette as colors
from qwvis_desktop.ui.panels.film.timeline_layout import NAMES, ROW, RULER, STRIP, TICKS, Film, TimelineLayout
from qwvis_desktop.ui.panels.film.timeline_scene import Lane, Spans, TimelineScene
from qwvis_desktop.ui.theme import Tone, tone_color

if TYPE_CHECKING:  # numpy is slow to load and the window opens without it
    import numpy as np
    from numpy.typing import NDArray

MOST_NAMED = 1500
"""Events in view up to which each has its frame and its words."""

MOST_ROUNDED = 300
"""Events in view up to which those too narrow for words have their frames, too."""

_LEAST_NAMED = 26.0
"""Widget units from which on an event has room for words."""

_KEY = 4.5
"""Half of the diagonal of the mark of a track's own box."""

_BAR_ALPHA = 130
"""How much is seen of a bar, from 0 to 255, which says only that an object is there: its boxes lie above it."""

_ROLE = QPalette.ColorRole
_BEGINS = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft

_EDGES = tuple(QPen(colors.mixed(color, colors.BLACK, 0.3), 1) for color in colors.COLORS)
"""The frames of events, by their colours' places."""


class TimelinePainter:
    """Paints one timeline.

    Args:
        painter: on the widget, in its units.
        layout: what is where.
        palette: light or dark.
    """

    def __init__(self, painter: QPainter, layout: TimelineLayout, palette: QPalette) -> None:
        self._painter, self._layout, self._palette = painter, layout, palette
        self._metrics = QFontMetricsF(painter.font())

    def paint_head(self, film: Film) -> None:
        """Paint what stands above the lanes: ruler, ticks and thumbnails."""
        self._strip(film)
        self._ruler(film)

    def paint(self, scene: TimelineScene, film: Film, selection: frozenset[str], head: QPixmap) -> None:
        """Paint all but what moves while a film plays; ``head`` is what ``paint_head`` painted."""
        layout, painter = self._layout, self._painter
        whole = QRectF(0, 0, layout.right + 1, layout.height)
        painter.fillRect(whole, self._palette.color(_ROLE.Base))
        self._lanes(scene, selection)
        painter.drawPixmap(QPointF(0, 0), head)
        self._range(film)
        self._names(scene.lanes)

    def playhead(self, time: float) -> None:
        """Paint where the film is."""
        layout, painter = self._layout, self._painter
        x = layout.axis.x(time)
        if not layout.axis.left - 1 <= x <= layout.right + 1:
            return
        color = tone_color(Tone.ERROR, self._palette)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color, 1.5))
        painter.drawLine(QLineF(x, RULER / 2, x, layout.height))
        painter.setBrush(color)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawPolygon(QPolygonF([QPointF(x - 6, 3), QPointF(x + 6, 3), QPointF(x, RULER - 7)]))

    def span(self, row: int, times: tuple[float, float], words: str, color: int) -> None:
        """Paint an event as it would be while it is pulled."""
        self._painter.setClipRect(self._seen(self._layout.lanes_top))
        self._framed([(self._layout.span(row, *times), words)], color, self._selected_edge())
        self._painter.setClipping(False)

    def hover(self, row: int, times: tuple[float, float]) -> None:
        """Paint that the pointer is on something."""
        painter = self._painter
        painter.setClipRect(self._seen(self._layout.lanes_top))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._palette.color(_ROLE.Text), 1))
        rect = self._layout.span(row, *times)
        painter.drawRoundedRect(rect if times[0] < times[1] else rect.adjusted(-5, 0, 3, 0), 3, 3)
        painter.setClipping(False)

    # The parts

    def _seen(self, top: float) -> QRectF:
        layout = self._layout
        return QRectF(layout.axis.left, top, layout.axis.width, layout.height - top)

    def _ruler(self, film: Film) -> None:
        layout, painter = self._layout, self._painter
        bottom = layout.strip_top
        painter.fillRect(QRectF(0, 0, layout.right + 1, bottom), self._palette.color(_ROLE.Window))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        muted = tone_color(Tone.MUTED, self._palette)
        painter.setClipRect(self._seen(0))
        small: list[QLineF] = []
        large: list[QLineF] = []
        for tick in layout.axis.ticks():
            x = round(layout.axis.x(tick.time)) + 0.5
            (large if tick.words else small).append(QLineF(x, RULER - (8 if tick.words else 4), x, RULER))
            if tick.words:
                painter.setPen(muted)
                room = self._metrics.horizontalAdvance(tick.words)
                painter.drawText(QPointF(min(x + 3, layout.right - room), RULER - 8), tick.words)
        painter.setPen(QPen(muted, 1))
        painter.drawLines([*small, *large])
        if film.seen and layout.has_ticks:
            self._seen_frames(film.seen)
        painter.setClipping(False)
        painter.setPen(self._palette.color(_ROLE.Mid))
        painter.drawLine(QLineF(0, bottom - 0.5, layout.right, bottom - 0.5))

    def _seen_frames(self, seen: Iterable[float]) -> None:
        axis, top, bottom = self._layout.axis, self._layout.ticks_top + 1.5, self._layout.ticks_top + TICKS - 2.5
        self._painter.setPen(QPen(tone_color(Tone.ACCENT, self._palette), 2))
        start, end, zero, scale = axis.start, axis.end, axis.x(0.0), axis.pixels
        places = [zero + time * scale for time in seen if start <= time <= end]
        self._painter.drawLines([QLineF(x, top, x, bottom) for x in places])

    def _strip(self, film: Film) -> None:
        layout, painter = self._layout, self._painter
        if not layout.has_strip:
            return
        top = layout.strip_top
        painter.fillRect(QRectF(0, top, layout.right + 1, STRIP), self._palette.color(_ROLE.Window))
        painter.setClipRect(QRectF(layout.axis.left, top, layout.axis.width, STRIP))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        edge = layout.axis.left - STRIP * 4
        for time, image in film.thumbnails:
            x = layout.axis.x(time)
            width = image.width() * (STRIP - 2) / max(image.height(), 1)
            # Each begins at its time; one that would cover its neighbour before is left out.
            if x >= edge and x <= layout.right and x + width >= layout.axis.left:
                painter.drawImage(QRectF(x, top + 1, width, STRIP - 2), image)
                edge = x + width + 2
        painter.setClipping(False)

    def _lanes(self, scene: TimelineScene, selection: frozenset[str]) -> None:
        layout, painter = self._layout, self._painter
        painter.setClipRect(QRectF(0, layout.lanes_top, layout.right + 1, layout.height - layout.lanes_top))
        for at, lane in enumerate(scene.lanes):
            top = layout.row_top(lane.first)
            if at % 2 == 0 and top < layout.height and top + lane.count * ROW > layout.lanes_top:
                band = QRectF(0, top - 1, layout.right + 1, lane.count * ROW + 2)
                painter.fillRect(band, self._palette.color(_ROLE.AlternateBase))
        painter.setClipRect(self._seen(layout.lanes_top))
        rows = layout.rows_in_view()
        if scene.is_empty:
            say_empty(painter, layout, self._palette)
            return
        self._events(scene, scene.events.within(layout.axis.start, layout.axis.end, rows), selection)
        self._tracks(scene, rows, selection)
        painter.setClipping(False)

    def _events(self, scene: TimelineScene, places: NDArray[np.intp], selection: frozenset[str]) -> None:
        events, seen = scene.events, places.tolist()
        rects, shades = rects_of(self._layout, scene.events, places), events.colors[places].tolist()
        chosen = {at for at, place in enumerate(seen) if events.ids[place] in selection} if selection else set()
        wide = 0.0 if len(seen) <= MOST_ROUNDED else _LEAST_NAMED if len(seen) <= MOST_NAMED else math.inf
        together: dict[int, list[QRectF]] = {}
        framed: dict[int, list[tuple[QRectF, str]]] = {}
        for at, (place, rect, shade) in enumerate(zip(seen, rects, shades, strict=True)):
            if at in chosen:
                continue
            if rect.width() >= wide:
                framed.setdefault(shade, []).append((rect, events.labels[place]))
            else:
                together.setdefault(shade, []).append(rect)
        # Colour by colour: to change it takes as long as to draw one.
        for shade, these in framed.items():
            self._framed(these, shade, _EDGES[shade])
        self._crowd(together)
        for at in sorted(chosen):
            self._framed([(rects[at], events.labels[seen[at]])], shades[at], self._selected_edge())

    def _crowd(self, rects: Mapping[int, Sequence[QRectF]]) -> None:
        """Paint events by their colours, without words: many are too narrow for those."""
        painter = self._painter
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(Qt.PenStyle.NoPen)
        for shade, these in rects.items():
            painter.setBrush(colors.COLORS[shade])
            painter.drawRects(these)

    def _selected_edge(self) -> QPen:
        return QPen(self._palette.color(_ROLE.Text), 2)

    def _framed(self, events: Sequence[tuple[QRectF, str]], color: int, edge: QPen) -> None:
        """Paint events of one colour, each with its frame, and with its words where there is room."""
        painter, ground = self._painter, colors.COLORS[color]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(ground)
        painter.setPen(edge)
        for rect, _words in events:
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setPen(colors.text_on(ground))
        start, end = self._layout.axis.left, self._layout.right
        for rect, words in events:
            # Words begin where the event comes into view.
            left, right = max(rect.left(), start), min(rect.right(), end)
            if words and right - left - 9 >= _LEAST_NAMED:
                room = QRectF(left + 5, rect.top(), right - left - 9, rect.height())
                said = self._metrics.elidedText(words, Qt.TextElideMode.ElideRight, room.width())
                painter.drawText(room, _BEGINS, said)

    def _tracks(self, scene: TimelineScene, rows: range, selection: frozenset[str]) -> None:
        keys, layout, painter = scene.keys, self._layout, self._painter
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for lane in scene.lanes:
            if lane.first in scene.bars and lane.first in rows:
                shade = QColor(colors.COLORS[lane.color])
                shade.setAlpha(_BAR_ALPHA)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(shade)
                for start, end in scene.bars[lane.first]:
                    painter.drawRoundedRect(layout.span(lane.first, start, end).adjusted(0, 5, 0, -5), 3, 3)
        ink = self._palette.color(_ROLE.Text)
        for place in keys.within(layout.axis.start, layout.axis.end, rows).tolist():
            middle = QPointF(layout.axis.x(float(keys.starts[place])), layout.row_top(int(keys.rows[place])) + ROW / 2)
            ground = colors.COLORS[int(keys.colors[place])]
            is_selected = keys.ids[place] in selection
            size = _KEY + (1.5 if is_selected else 0)
            painter.setBrush(ground)
            painter.setPen(
                QPen(ink if is_selected else colors.mixed(ground, colors.BLACK, 0.4), 2 if is_selected else 1)
            )
            painter.drawPolygon(diamond(middle, size))

    def _range(self, film: Film) -> None:
        """Shade what is not sent, and mark where the range begins and ends."""
        layout, painter = self._layout, self._painter
        veil = QColor(self._palette.color(_ROLE.Window))
        veil.setAlpha(170)
        axis = layout.axis
        if film.start is not None and film.start > axis.start:
            right = min(axis.x(film.start), layout.right)
            painter.fillRect(QRectF(axis.left, RULER, right - axis.left, layout.height), veil)
        if film.end is not None and film.end < axis.end:
            left = max(axis.x(film.end), axis.left)
            painter.fillRect(QRectF(left, RULER, layout.right - left, layout.height), veil)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self._seen(0))
        color = tone_color(Tone.ACCENT, self._palette)
        for time, way in ((film.start, 1), (film.end, -1)):
            if time is not None:
                x = axis.x(time)
                painter.setPen(QPen(color, 2))
                painter.drawLine(QLineF(x, 2, x, layout.height))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(color)
                painter.drawPolygon(QPolygonF([QPointF(x, 2), QPointF(x + 8 * way, 2), QPointF(x, 12)]))
        painter.setClipping(False)

    def _names(self, lanes: Iterable[Lane]) -> None:
        layout, painter = self._layout, self._painter
        painter.setClipRect(QRectF(0, layout.lanes_top, NAMES, layout.height - layout.lanes_top))
        for lane in lanes:
            top = layout.row_top(lane.first)
            if top > layout.height or top + lane.count * ROW < layout.lanes_top:
                continue
            if lane.color >= 0:
                painter.fillRect(QRectF(6, top + 6, 8, 8), colors.COLORS[lane.color])
            painter.setPen(self._palette.color(_ROLE.Text))
            words = lane.name or QCoreApplication.translate("Timeline", "Events")
            said = self._metrics.elidedText(words, Qt.TextElideMode.ElideRight, NAMES - 26)
            painter.drawText(QRectF(20, top, NAMES - 24, ROW), Qt.AlignmentFlag.AlignVCenter, said)
        painter.setClipping(False)
        painter.setPen(self._palette.color(_ROLE.Mid))
        painter.drawLine(QLineF(NAMES - 0.5, 0, NAMES - 0.5, layout.height))


def rects_of(layout: TimelineLayout, events: Spans, places: NDArray[np.intp]) -> list[QRectF]:
    """Return what events cover, as ``TimelineLayout.span`` tells it."""
    starts, ends, rows = (each[places].tolist() for each in (events.starts, events.ends, events.rows))
    tops = {row: layout.row_top(row) + 1 for row in set(rows)}
    zero, scale, height = layout.axis.x(0.0), layout.axis.pixels, float(ROW - 2)
    return [
        QRectF(zero + start * scale, tops[row], max((end - start) * scale, 3.0), height)
        for start, end, row in zip(starts, ends, rows, strict=True)
    ]


def say_empty(painter: QPainter, layout: TimelineLayout, palette: QPalette) -> None:
    """Say how events come onto a timeline that has none."""
    words = QCoreApplication.translate("Timeline", "No events yet. Run finds them; I, O and E mark one by hand.")
    room = QRectF(layout.axis.left, layout.lanes_top, layout.axis.width, min(layout.height - layout.lanes_top, 44))
    painter.setPen(palette.color(_ROLE.PlaceholderText))
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)
    painter.setClipping(False)


def diamond(middle: QPointF, size: float) -> QPolygonF:
    """Return the mark of a track's own box."""
    x, y = middle.x(), middle.y()
    return QPolygonF([QPointF(x - size, y), QPointF(x, y - size), QPointF(x + size, y), QPointF(x, y + size)])


class KeptHead:
    """Ruler, ticks and thumbnails: kept while only the lanes change, as when a reply brings events."""

    def __init__(self) -> None:
        self._shown: tuple[object, ...] = ()
        self._head = QPixmap()

    def of(self, widget: QWidget, layout: TimelineLayout, film: Film) -> QPixmap:
        """Return the head of a timeline on ``widget``; drawn where it is another than the last one."""
        shown = (layout.axis, layout.lanes_top, widget.devicePixelRatioF(), film.seen, film.thumbnails)
        if shown != self._shown:
            self._shown, self._head = shown, blank(widget, round(layout.lanes_top))
            painter = QPainter(self._head)
            painter.setFont(widget.font())
            TimelinePainter(painter, layout, widget.palette()).paint_head(film)
            painter.end()
        return self._head


def blank(widget: QWidget, height: int) -> QPixmap:
    """Return room to draw on, as wide as ``widget``."""
    ratio = widget.devicePixelRatioF()
    pixmap = QPixmap(QSize(widget.width(), height) * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(widget.palette().base().color())
    return pixmap
