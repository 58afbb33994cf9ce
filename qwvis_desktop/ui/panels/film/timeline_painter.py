"""Paints a timeline: ruler, ticks, thumbnails, lanes with events and tracks, the range that is sent, the playhead."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPalette, QPen, QPolygonF

from qwvis_desktop.ui import palette as colors
from qwvis_desktop.ui.panels.film.timeline_layout import NAMES, ROW, RULER, STRIP, TICKS, Film, TimelineLayout
from qwvis_desktop.ui.panels.film.timeline_scene import Lane, TimelineScene
from qwvis_desktop.ui.theme import Tone, tone_color

if TYPE_CHECKING:  # numpy is slow to load and the window opens without it
    import numpy as np
    from numpy.typing import NDArray

MOST_NAMED = 1500
"""Events in view up to which each has its frame and its words."""

_LEAST_NAMED = 26.0
"""Widget units from which on an event has room for words."""

_KEY = 4.5
"""Half of the diagonal of the mark of a track's own box."""

_ROLE = QPalette.ColorRole


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

    def paint(self, scene: TimelineScene, film: Film, selection: frozenset[str]) -> None:
        """Paint all but what moves while a film plays."""
        layout, painter = self._layout, self._painter
        whole = QRectF(0, 0, layout.right + 1, layout.height)
        painter.fillRect(whole, self._palette.color(_ROLE.Base))
        self._lanes(scene, selection)
        self._strip(film)
        self._ruler(film)
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
        self._event(self._layout.span(row, *times), words, color, is_selected=True)
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
        axis, top = self._layout.axis, self._layout.ticks_top
        self._painter.setPen(QPen(tone_color(Tone.ACCENT, self._palette), 2))
        lines = [
            QLineF(axis.x(time), top + 1.5, axis.x(time), top + TICKS - 2.5)
            for time in seen
            if _in(time, axis.start, axis.end)
        ]
        self._painter.drawLines(lines)

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
        self._events(scene, scene.events.within(layout.axis.start, layout.axis.end, rows), selection)
        self._tracks(scene, rows, selection)
        painter.setClipping(False)

    def _events(self, scene: TimelineScene, places: NDArray[np.intp], selection: frozenset[str]) -> None:
        events, layout, painter = scene.events, self._layout, self._painter
        starts, ends, rows, shades = (
            each[places].tolist() for each in (events.starts, events.ends, events.rows, events.colors)
        )
        if len(places) > MOST_NAMED:
            painter.setPen(Qt.PenStyle.NoPen)
            tops = {row: layout.row_top(row) for row in set(rows)}
            by_color: dict[int, list[QRectF]] = {}
            axis, scale = layout.axis, layout.axis.pixels
            zero = axis.x(0.0)
            for start, end, row, shade in zip(starts, ends, rows, shades, strict=True):
                rect = QRectF(zero + start * scale, tops[row] + 1, max((end - start) * scale, 3.0), ROW - 2)
                by_color.setdefault(shade, []).append(rect)
            for shade, rects in by_color.items():
                painter.setBrush(colors.COLORS[shade])
                painter.drawRects(rects)
            chosen = [place for place in places.tolist() if events.ids[place] in selection] if selection else []
        else:
            for place, start, end, row, shade in zip(places.tolist(), starts, ends, rows, shades, strict=True):
                self._event(layout.span(row, start, end), events.labels[place], shade, is_selected=False)
            chosen = [place for place in places.tolist() if events.ids[place] in selection]
        for place in chosen:
            rect = layout.span(int(events.rows[place]), float(events.starts[place]), float(events.ends[place]))
            self._event(rect, events.labels[place], int(events.colors[place]), is_selected=True)

    def _event(self, rect: QRectF, words: str, color: int, *, is_selected: bool) -> None:
        painter, ground = self._painter, colors.COLORS[color]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(ground)
        edge = self._palette.color(_ROLE.Text) if is_selected else colors.mixed(ground, colors.BLACK, 0.3)
        painter.setPen(QPen(edge, 2 if is_selected else 1))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        # Words begin where the event comes into view.
        room = rect.intersected(self._seen(0)).adjusted(5, 0, -4, 0)
        if words and room.width() >= _LEAST_NAMED:
            painter.setPen(colors.text_on(ground))
            said = self._metrics.elidedText(words, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, said)

    def _tracks(self, scene: TimelineScene, rows: range, selection: frozenset[str]) -> None:
        keys, layout, painter = scene.keys, self._layout, self._painter
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for lane in scene.lanes:
            if lane.first in scene.bars and lane.first in rows:
                start, end = scene.bars[lane.first]
                height = layout.row_top(lane.first) + ROW / 2
                pen = QPen(colors.COLORS[lane.color], 2, Qt.PenStyle.DashLine)
                painter.setPen(pen)
                painter.drawLine(QLineF(layout.axis.x(start), height, layout.axis.x(end), height))
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


def diamond(middle: QPointF, size: float) -> QPolygonF:
    """Return the mark of a track's own box."""
    x, y = middle.x(), middle.y()
    return QPolygonF([QPointF(x - size, y), QPointF(x, y - size), QPointF(x + size, y), QPointF(x, y + size)])


def _in(time: float, start: float, end: float) -> bool:
    return start <= time <= end
