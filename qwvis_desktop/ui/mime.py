"""What is put on the clipboard or dragged, as an object of Qt's own; and what lies there."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QStringListModel
from PySide6.QtGui import QGuiApplication


def empty_mime() -> QMimeData:
    """Return an object of Qt's own to put texts and data in; whoever is given it (clipboard, drag) deletes it.

    Of one made in Python, the deletion calls Python. Where the clipboard is Qt's own, not the desktop's (off screen,
    VNC, EGLFS), Qt deletes what lies on it at the very end of the process, when Python is gone: the program crashed.
    """
    model = QStringListModel([""])
    mime = model.mimeData([model.index(0)])
    mime.clear()
    return mime


def clipboard_mime() -> QMimeData:
    """Return what lies on the clipboard; an empty object where Qt gives none, as its own clipboard does when empty."""
    # The stubs do not know that it may be none.
    held: object = QGuiApplication.clipboard().mimeData()
    return held if isinstance(held, QMimeData) else empty_mime()
