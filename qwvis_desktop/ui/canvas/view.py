"""``CanvasView``: the middle of the window: the picture, what can be dropped on it, and notices above it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRectF, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QHelpEvent,
    QImage,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from qwvis_desktop.core.annotation_filter import AnnotationFilter
from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.ui.canvas.drop import DropKind, picture_of, plan_drop
from qwvis_desktop.ui.canvas.editing.label_entry import LabelEntry
from qwvis_desktop.ui.canvas.empty import paint_invitation, words_of_empty
from qwvis_desktop.ui.canvas.interaction import PictureSurface
from qwvis_desktop.ui.canvas.look import Look
from qwvis_desktop.ui.canvas.overlays import DropOverlay, NoticeStrip
from qwvis_desktop.ui.canvas.tooltip import describe
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.images import Detail, Picture


class CanvasView(PictureSurface):
    """Shows one document: picture, annotations, and what lies above them.

    It asks the editor to select and changes nothing else; what is dropped it passes on. Besides the signals of
    ``PictureSurface``:

    Signals:
        files_dropped(list[Path]): pictures and folders.
        urls_dropped(list[str]): http and https links.
        text_dropped(str): text that may be a reply.
        picture_dropped(bytes, str): encoded picture data and a name for it.
        notice_action(str): the button with this id was pressed in the notice strip.
        label_given(str): the label that was asked for.
        label_refused(): none was given.
        menu_wanted(QPoint, bool): a menu is asked for at this place of the screen; True: of what is selected.
    """

    files_dropped = Signal(list)
    urls_dropped = Signal(list)
    text_dropped = Signal(str)
    picture_dropped = Signal(bytes, str)
    notice_action = Signal(str)
    label_given = Signal(str)
    label_refused = Signal()
    menu_wanted = Signal(object, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self.setAccessibleName(self.tr("Picture"))
        self._overlay = DropOverlay(self)
        self._notice = NoticeStrip(self)
        self._absence: str | None = None
        self._notice.action.connect(self.notice_action)
        self._notice.size_changed.connect(self._place_overlays)
        self._label_entry = LabelEntry(self)
        self._label_entry.given.connect(self.label_given)
        self._label_entry.refused.connect(self.label_refused)
        self._say_what_is_open()

    def show_editor(self, editor: DocumentEditor | None) -> None:
        """Show the document of ``editor``, fitted; None for none. Its picture comes by ``set_picture``."""
        self.stop_drawing()
        self._label_entry.close_entry()
        self.follow_texts(editor)
        self._absence = None
        self._display.show_editor(editor)
        self._notice.leave_picture()
        self._say_what_is_open()
        self.fit()

    def show_absence(self, why: str) -> None:
        """Say why what is looked at is not there, in place of the invitation; nothing while that is not known."""
        self._absence = why
        self._say_what_is_open()
        self.update()

    def set_picture(self, picture: Picture | None) -> None:
        """Show this picture, perhaps a reduced preview, under the annotations."""
        before = self._display.size
        self._display.set_picture(picture)
        self._closer.start()
        if before != self._display.size:
            self.fit()

    def set_detail(self, detail: Detail | None) -> None:
        """Show a sharp part of a large picture, as ``detail_wanted`` asked for."""
        self._display.set_detail(detail)

    @property
    def look(self) -> Look:
        """How annotations are shown."""
        return self._display.look

    def set_look(self, look: Look) -> None:
        """Show annotations in this way."""
        self._display.set_look(look)

    def set_filter(self, wanted: AnnotationFilter) -> None:
        """Show only the annotations that this lets through; the others are not met by the pointer either."""
        self._display.set_filter(wanted)

    def set_ground_shown(self, shown: bool) -> None:
        """Show or hide a grid on the ground and the horizon, by which one sees whether boxes stand upright."""
        self._display.show_ground(shown)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Select what lies under the pointer, and ask for a menu; by its key, of what is selected."""
        if self._display.size is None or self.is_drawing:
            return
        selected, place = self.selected(), event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            bounds = self._display.bounds_of(selected)
            if bounds is not None:
                middle = self.viewport.to_widget(bounds.center)
                inside = QPointF(min(max(middle.x, 0), self.width()), min(max(middle.y, 0), self.height()))
                place = self.mapToGlobal(inside.toPoint())
        else:
            found = self.ids_at(QPointF(event.pos()))
            if selected.isdisjoint(found):
                selected = frozenset(found[:1])
                self.select(selected)
        self.menu_wanted.emit(place, bool(selected))

    def pixel_at(self, point: Point) -> tuple[int, int, int] | None:
        """Return red, green and blue of a pixel of the upright original; None where only a reduced one is known."""
        picture = self.picture
        if picture is None or not picture.is_full or not Box.whole(picture.size).contains(point):
            return None
        x, y = min(int(point.x), picture.size.width - 1), min(int(point.y), picture.size.height - 1)
        color = picture.levels[0].pixelColor(x, y)
        return color.red(), color.green(), color.blue()

    def set_notice(
        self, text: str, actions: Sequence[tuple[str, str]] = (), *, brief: bool = False, lasting: bool = False
    ) -> None:
        """Say ``text`` in a strip at the top edge, with a button for each (id, title); an empty text closes it.

        What stands there unread waits until the new one is closed. ``brief``: the new one goes by itself.
        ``lasting``: it is not about the picture on view, and stays when another one is.
        """
        if text:
            self._notice.show_notice(text, actions, brief=brief, lasting=lasting)
        else:
            self._notice.clear()

    def withdraw_notice(self, text: str) -> None:
        """Take a sentence away that is true no more."""
        self._notice.withdraw(text)

    def ask_label(self, beside: Box | None, known: Sequence[str], text: str = "") -> None:
        """Ask for a label; the answer comes by ``label_given`` or ``label_refused``, at once for what was asked before.

        Args:
            beside: the box of the picture that is labelled; None asks in the corner.
            known: labels to complete from.
            text: what stands there at first.
        """
        corner = self._viewport.to_widget(Point(beside.left, beside.bottom)) if beside is not None else Point(0, 0)
        self._label_entry.ask(QPoint(round(corner.x), round(corner.y) + 6), known, text)

    def announce(self, words: str) -> None:
        """Let screen readers say what the keyboard has come to on the picture."""
        self.setAccessibleDescription(words)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def as_seen(self) -> QImage:
        """Return what is on view in device pixels, without selection, pointer and strips; null where nothing is."""
        if self._display.size is None:
            return QImage()
        return self._display.as_seen(self._viewport, self._device_size())

    @property
    def notice(self) -> str:
        """What the notice strip says; empty while there is none."""
        return self._notice.text

    @property
    def drop_sentence(self) -> str:
        """What is said of the drag that hovers; empty while none does."""
        return self._overlay.sentence

    def tip(self) -> str:
        """Return what is said of the annotation under the pointer; empty where there is none."""
        hovered = self._display.hovered
        annotation = self._display.annotation(hovered) if hovered is not None else None
        return describe(annotation) if annotation is not None else ""

    def paint_empty(self, painter: QPainter) -> None:
        """Paint what to do while nothing is open."""
        super().paint_empty(painter)
        if self._absence is None or self._absence:
            paint_invitation(painter, QRectF(self.rect()), self.palette(), self.font(), words_of_empty(self._absence))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the strips follow."""
        super().resizeEvent(event)
        self._place_overlays()

    def _take_event(self, event: QEvent) -> bool:
        """Say what lies under the pointer when it rests."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_tip(event.globalPos())
            return True
        return super()._take_event(event)

    # Drops

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Say what a drop will do, or why nothing."""
        plan = plan_drop(event.mimeData())
        self._overlay.say(plan.sentence, accepted=plan.kind is not DropKind.REFUSED)
        # A refused drag is accepted as well, or nothing further would be heard of it; the drop itself does nothing.
        event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Keep saying it."""
        if plan_drop(event.mimeData()).kind is DropKind.REFUSED:
            event.ignore()
        else:
            event.acceptProposedAction()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        """Stop saying it."""
        self._overlay.clear()

    def dropEvent(self, event: QDropEvent) -> None:
        """Pass on what was dropped."""
        self._overlay.clear()
        if self.take(event.mimeData()):
            event.acceptProposedAction()
        else:
            event.ignore()

    def take(self, mime: QMimeData) -> bool:
        """Announce what a drop or the clipboard holds by its signal; False where it holds nothing of use."""
        plan = plan_drop(mime)
        match plan.kind:
            case DropKind.FILES:
                self.files_dropped.emit(list(plan.paths))
            case DropKind.URLS:
                self.urls_dropped.emit(list(plan.urls))
            case DropKind.TEXT:
                self.text_dropped.emit(plan.text)
            case DropKind.PICTURE:
                picture = picture_of(mime)
                if picture is None:
                    return False
                self.picture_dropped.emit(*picture)
            case DropKind.REFUSED:
                return False
        return True

    def _say_what_is_open(self) -> None:
        headline, lines = words_of_empty(self._absence)
        editor = self._display.editor
        self.setAccessibleDescription(editor.document.media.name if editor else ". ".join((headline, *lines)))

    def _place_overlays(self) -> None:
        self._overlay.setGeometry(self.rect())
        self._notice.setGeometry(0, 0, self.width(), self._notice.height_for(self.width()))

    def _show_tip(self, place: QPoint) -> None:
        from html import escape  # not for the start

        if text := self.tip():
            QToolTip.showText(place, f"<qt>{escape(text).replace(chr(10), '<br>')}</qt>", self)
        else:
            QToolTip.hideText()
