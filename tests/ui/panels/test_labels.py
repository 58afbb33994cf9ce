from __future__ import annotations

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from qwvis_desktop.ui.panels.labels import ElidingLabel, ToneLabel, WrappingLabel
from qwvis_desktop.ui.theme import Tone, palette_of, tone_color


def written_in(label: ToneLabel) -> str:
    return label.palette().color(QPalette.ColorRole.WindowText).name()


def test_a_tone_follows_the_theme(qtbot: QtBot, qapp: QApplication) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    layout = QVBoxLayout(holder)
    label = ToneLabel("words", Tone.ERROR)
    layout.addWidget(label)
    holder.show()
    before = qapp.palette()
    try:
        for dark in (False, True, False):
            palette = palette_of(dark)
            qapp.setPalette(palette)
            qapp.processEvents()
            assert written_in(label) == tone_color(Tone.ERROR, palette).name()
            label.set_tone(None)
            assert written_in(label) == palette.color(QPalette.ColorRole.WindowText).name()
            label.set_tone(Tone.ERROR)
    finally:
        qapp.setPalette(before)


def test_words_are_never_taken_for_html(qtbot: QtBot) -> None:
    label = ToneLabel()
    qtbot.addWidget(label)
    label.say("<img src='file:///etc/hostname'> & <b>bold</b>", Tone.MUTED)
    assert label.textFormat().name == "PlainText"
    assert "<b>" in label.text()


@pytest.mark.parametrize(("width", "lines"), [(2000, 1), (150, 3)])
def test_lines_are_broken_to_the_width_there_is(qtbot: QtBot, width: int, lines: int) -> None:
    label = WrappingLabel("What failed, why it failed, and what a person can do about it just now.")
    qtbot.addWidget(label)
    height = label.heightForWidth(width)
    line = label.fontMetrics().lineSpacing()
    assert (height + line // 2) // line >= lines
    assert label.minimumSizeHint().width() < 60
    if lines == 1:
        assert height < 2 * line


def test_what_does_not_fit_is_told_by_the_tip(qtbot: QtBot) -> None:
    label = ElidingLabel("a sentence that is rather longer than its place")
    qtbot.addWidget(label)
    label.resize(80, 20)
    label.grab()
    assert label.toolTip() == label.text()
    label.resize(800, 20)
    label.grab()
    assert label.toolTip() == ""
    assert label.minimumSizeHint().width() < 60
