from __future__ import annotations

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.core.export_options import Choice, ExportOptions
from qwvis_desktop.ui.panels.dialogs.export_options_form import ExportOptionsForm


@pytest.fixture
def form(qtbot: QtBot) -> ExportOptionsForm:
    form = ExportOptionsForm()
    qtbot.addWidget(form)
    form.show()
    return form


def test_it_begins_with_what_is_usual(form: ExportOptionsForm) -> None:
    assert form.options == ExportOptions()


def test_what_is_chosen_is_told(form: ExportOptionsForm) -> None:
    words, original = form.findChildren(QCheckBox)
    words.setChecked(True)
    quality = child(form, QComboBox, "Pages")
    quality.setCurrentIndex(quality.count() - 1)
    assert form.options == ExportOptions(estimated_words=True, picture_quality=None)
    quality.setCurrentIndex(1)
    assert form.options.picture_quality == 70
    original.setChecked(True)
    assert form.options.onto_original
    assert not quality.isEnabled()


@pytest.mark.parametrize("choices", [set(), {Choice.ESTIMATED_WORDS}, {Choice.PICTURE_QUALITY}, set(Choice)])
def test_only_what_the_format_lets_one_choose_is_shown(form: ExportOptionsForm, choices: set[Choice]) -> None:
    form.show_choices(choices)
    words, original = form.findChildren(QCheckBox)
    assert form.isVisible() == bool(choices)
    assert words.isVisible() == (Choice.ESTIMATED_WORDS in choices)
    assert original.isVisible() == (Choice.ONTO_ORIGINAL in choices)
    assert child(form, QComboBox, "Pages").isVisible() == (Choice.PICTURE_QUALITY in choices)
