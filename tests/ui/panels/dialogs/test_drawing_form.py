from __future__ import annotations

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QCheckBox, QLabel, QSpinBox
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.ui.drawing_options import DrawingOptions
from qwvis_desktop.ui.panels.dialogs.drawing_form import DrawingForm


@pytest.fixture
def form(qtbot: QtBot) -> DrawingForm:
    form = DrawingForm()
    qtbot.addWidget(form)
    form.resize(400, 500)
    form.show()
    return form


def test_says_what_its_fields_say(form: DrawingForm, qtbot: QtBot) -> None:
    assert form.options == DrawingOptions()
    for name, value in (("Line width", 200), ("Letters", 50), ("Fill", 30)):
        child(form, QSpinBox, name).setValue(value)
    with qtbot.waitSignal(form.changed) as asked:
        for switch in form.findChildren(QCheckBox):
            switch.toggle()
    wanted = DrawingOptions(line=2, font=0.5, fill=30, labels=False, scores=False, by_label=False, linked=True)
    assert asked.args == [wanted]
    assert form.options == wanted


def test_the_preview_is_fitted(form: DrawingForm) -> None:
    image = QImage(640, 320, QImage.Format.Format_RGB32)
    image.fill(0)
    form.show_preview(image)
    label = child(form, QLabel, "Preview")
    assert label.pixmap().width() > 0
    assert label.pixmap().deviceIndependentSize().width() <= label.width()
    before = label.pixmap().width()
    form.resize(700, 500)
    assert label.pixmap().width() >= before


def test_a_picture_is_named_only_by_what_can(form: DrawingForm) -> None:
    linked = form.findChildren(QCheckBox)[-1]
    form.show_linked(False)
    assert not linked.isVisible()
    form.show_linked(True)
    assert linked.isVisible()
