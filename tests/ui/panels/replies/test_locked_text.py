from __future__ import annotations

from audit import watched
from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextCursor, QTextDocument, QTextImageFormat
from pytestqt.qtbot import QtBot

from qwvis_desktop.ui.panels.replies.locked_text import LockedText


def test_pictures_that_text_names_are_not_loaded(qtbot: QtBot) -> None:
    text = LockedText()
    qtbot.addWidget(text)
    text.show()
    with watched() as events:
        for name in ("file:///etc/passwd", "http://127.0.0.1:9/x.png", "/etc/hostname", "qrc:/x.png"):
            look = QTextImageFormat()
            look.setName(name)
            QTextCursor(text.document()).insertImage(look)
            text.document().resource(QTextDocument.ResourceType.ImageResource.value, QUrl(name))
        text.grab()
    assert events == []


def test_only_words_are_given_away(qtbot: QtBot) -> None:
    text = LockedText()
    qtbot.addWidget(text)
    text.setPlainText("<b>a</b>")
    text.selectAll()
    data = text.createMimeDataFromSelection()
    assert data.text() == text.selected_text() == "<b>a</b>"
    assert not data.hasHtml()
