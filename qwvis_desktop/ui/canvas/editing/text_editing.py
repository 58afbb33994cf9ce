"""``TextEditing``: texts of the picture selected with the pointer as in any reader, and what is lit of them."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QApplication, QStyle, QWidget

from qwvis_desktop.core.annotation import TextRegion
from qwvis_desktop.core.text.flow import TextFlow, TextPosition, TextSpan, texts_of
from qwvis_desktop.core.text.places import clusters, sides_of
from qwvis_desktop.ui.canvas.editing.plane_editing import PlaneEditing
from qwvis_desktop.ui.canvas.editing.tools import Tool
from qwvis_desktop.ui.canvas.glide import Glide
from qwvis_desktop.ui.canvas.painting.text_painter import straightened
from qwvis_desktop.ui.canvas.viewport import Viewport
from qwvis_desktop.ui.editor import DocumentEditor

PART_HEIGHT = 64
"""Widget units that a line is high which is laid straight."""

_EASY_HEIGHT = 40.0
"""Widget units that a line is high which is read with ease."""

_ROOM, _MOST_ZOOM = 0.85, 8.0
"""Share of the view that a line may take, and how far it is enlarged at most."""

_Range = tuple[TextPosition, TextPosition]


class TextEditing(PlaneEditing):
    """Selects text while that is switched on; the left button then does nothing else.

    Signals:
        text_mode_changed(bool): whether the left button selects text.
        text_copied(str): this is wanted on the clipboard.
    """

    text_mode_changed = Signal(bool)
    text_copied = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text_tool = _TextTool(self)
        self._glide = Glide(self._move_to, self)
        self._looked_at = ""
        self._selects_text = False
        self._flow = TextFlow(())
        self._range: _Range | None = None
        self._followed: DocumentEditor | None = None

    @property
    def selects_text(self) -> bool:
        """Whether the left button selects text."""
        return self._selects_text

    def set_selects_text(self, wanted: bool) -> None:
        """Let the left button select text, or annotations again."""
        if wanted == self._selects_text:
            return
        self._selects_text = wanted
        self.stop_drawing()
        self.select_text(None)
        self.show_cursor(self._tool.cursor)
        if wanted:
            self.setFocus()
        self.text_mode_changed.emit(wanted)

    @property
    def _tool(self) -> Tool:
        """What the left button does."""
        return self._text_tool if self._selects_text and self._drawing is None else super()._tool

    # One text after the other

    def look_at_text(self, key: str) -> None:
        """Glide to a text: it comes into the middle, its letters as high as one reads them with ease."""
        region, view = self._display.annotation(key), self._view()
        if not isinstance(region, TextRegion):
            return
        sides, ratio, box = sides_of(region), self._viewport.ratio, region.polygon.bounds
        wanted = _EASY_HEIGHT * ratio / max(sides.height, 1.0)
        fits = min(view.x / max(box.width, 1.0), view.y / max(box.height, 1.0)) * ratio * _ROOM
        seen = Viewport.centered(min(wanted, fits, _MOST_ZOOM), box.center, view, ratio)
        self._looked_at = key
        hint = QStyle.StyleHint.SH_Widget_Animation_Duration
        self._fitted = False
        self._glide.start(self._viewport, seen, view, self.style().styleHint(hint) if self.isVisible() else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Glide into the middle of the view as it is now."""
        super().resizeEvent(event)
        if self._glide.is_going:
            self.look_at_text(self._looked_at)

    def part_of(self, region: TextRegion) -> QImage:
        """Return the part of the picture that a text lies on, laid straight; null until there is a picture."""
        picture = self.picture
        if picture is None:
            return QImage()
        level = picture.levels[0]
        height = round(PART_HEIGHT * self._viewport.ratio)
        return straightened(level, level.width() / picture.size.width, region, height)

    # What is selected

    @property
    def text_range(self) -> _Range | None:
        """Where the selection begins (what stays while it grows) and ends; None for none."""
        return self._range

    def flow(self) -> TextFlow:
        """Return the texts that are shown, as they are read now."""
        editor = self._display.editor
        shown = texts_of(editor.document.annotations.values()) if editor is not None else ()
        hidden = editor.hidden if editor is not None else frozenset()
        return TextFlow([each for each in shown if each.id not in hidden])

    def select_text(self, wanted: _Range | None, flow: TextFlow | None = None) -> None:
        """Select what stands between two places of ``flow``; None for nothing."""
        self._range = wanted
        if flow is not None:
            self._flow = flow
        self._display.text_marks.selection = self._flow.spans(*wanted) if wanted is not None else ()
        self.update()

    def select_all_text(self) -> None:
        """Select all texts of the picture."""
        flow = self.flow()
        self.set_selects_text(True)
        self.select_text(flow.whole, flow)

    @property
    def selected_text(self) -> str:
        """What is selected, as one text."""
        return self._flow.text(*self._range) if self._range is not None else ""

    def show_hits(self, hits: Sequence[TextSpan], current: Sequence[TextSpan] = ()) -> None:
        """Light what was found, and the hit that one looks at."""
        self._display.text_marks.hits, self._display.text_marks.current = tuple(hits), tuple(current)
        self.update()

    def follow_texts(self, editor: DocumentEditor | None) -> None:
        """Forget the selection when the texts of this editor are others."""
        if self._followed is not None:
            self._followed.changed.disconnect(self._texts_changed)
        self._followed = editor
        if editor is not None:
            editor.changed.connect(self._texts_changed)
        self._range = None
        self._glide.stop()

    def _texts_changed(self) -> None:
        if self._range is not None:
            self.select_text(None)

    # The pointer without a button, and keys

    def _look_at(self, place: QPointF) -> None:
        if self._tool is self._text_tool:
            self.show_cursor(self._text_tool.cursor)
        else:
            super()._look_at(place)

    def _take_event(self, event: QEvent) -> bool:
        """Keep the keys of copying, selecting and giving up from the window while text is selected."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = QKeySequence.StandardKey
            is_ours = event.key() == Qt.Key.Key_Escape or any(map(event.matches, (keys.Copy, keys.SelectAll)))
            if self._selects_text and is_ours:
                event.accept()
                return True
        return super()._take_event(event)

    def _edit_by_key(self, event: QKeyEvent) -> bool:
        return (self._tool is self._text_tool and self._text_by_key(event)) or super()._edit_by_key(event)

    def _text_by_key(self, event: QKeyEvent) -> bool:
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if event.matches(QKeySequence.StandardKey.Copy):
            if self._range is not None:
                self.text_copied.emit(self.selected_text)
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all_text()
        elif event.key() == Qt.Key.Key_Escape:
            if self._range is not None:
                self.select_text(None)
            else:
                self.set_selects_text(False)
        elif by is not None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._range is not None:
            self.select_text((self._range[0], _stepped(self._flow, self._range[1], by)))
        else:
            return False
        return True


def _stepped(flow: TextFlow, position: TextPosition, by: int) -> TextPosition:
    """Return the place one letter further on (1) or back (-1), also from region to region; the same at the ends."""
    text = flow.regions[position.region].text
    stops = [*(start for start, _ in clusters(text)), len(text)]
    if by > 0:
        after = next((stop for stop in stops if stop > position.offset), None)
        if after is not None:
            return TextPosition(position.region, after)
        return TextPosition(position.region + 1, 0) if position.region + 1 < len(flow.regions) else position
    before = next((stop for stop in reversed(stops) if stop < position.offset), None)
    if before is not None:
        return TextPosition(position.region, before)
    if not position.region:
        return position
    return TextPosition(position.region - 1, len(flow.regions[position.region - 1].text))


class _TextTool:
    """Selects text: by dragging; a second click takes the word, a third the line; with Shift, up to the click."""

    cursor = Qt.CursorShape.IBeamCursor

    def __init__(self, surface: TextEditing) -> None:
        self._surface = surface
        self._flow = TextFlow(())
        self._anchor: _Range | None = None
        self._clicks, self._last, self._at = 0, 0.0, QPointF()

    def press(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Begin a selection, or take the word or the line."""
        self._count(place)
        self._flow = self._surface.flow()
        position = self._flow.position_at(self._surface.in_picture(place))
        if position is None:
            self._anchor = None
            self._surface.select_text(None)
            return
        before = self._surface.text_range
        if modifiers & Qt.KeyboardModifier.ShiftModifier and before is not None:
            self._anchor = before[0], before[0]
        else:
            self._anchor = self._around(position)
        self._extend(position)

    def move(self, place: QPointF) -> Qt.CursorShape | None:
        """Select up to the pointer, by letters, words or lines as it began."""
        position = self._flow.position_at(self._surface.in_picture(place))
        if position is not None:
            self._extend(position)
        return None

    def release(self, place: QPointF) -> None:
        """Leave what is selected."""

    def _count(self, place: QPointF) -> None:
        now, near = time.monotonic(), QApplication.startDragDistance()
        is_further = now - self._last <= QApplication.doubleClickInterval() / 1000
        is_further = is_further and (place - self._at).manhattanLength() < near
        self._clicks = self._clicks % 3 + 1 if is_further else 1
        self._last, self._at = now, place

    def _around(self, position: TextPosition) -> _Range:
        match self._clicks:
            case 2:
                return self._flow.word_at(position)
            case 3:
                return self._flow.region_at(position)
            case _:
                return position, position

    def _extend(self, position: TextPosition) -> None:
        if self._anchor is None:
            return
        start, end = self._around(position)
        wanted = (self._anchor[0], end) if end >= self._anchor[1] else (self._anchor[1], min(start, self._anchor[0]))
        self._surface.select_text(wanted if wanted[0] != wanted[1] else None, self._flow)
