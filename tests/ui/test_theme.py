from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qwvis_desktop.ui.palette import contrast
from qwvis_desktop.ui.theme import Theme, ThemeChoice, Tone, icon, is_dark, monospace_font, palette_of, tone_color

ROLES = QPalette.ColorRole


@pytest.fixture
def theme(qtbot: QtBot, qapp: QApplication) -> Iterator[Theme]:
    before, style = qapp.palette(), qapp.style().objectName()
    theme = Theme(qapp, ThemeChoice.LIGHT)
    yield theme
    theme.choose(ThemeChoice.SYSTEM)
    qapp.styleHints().colorSchemeChanged.disconnect(theme._apply)
    theme.deleteLater()
    qapp.setPalette(before)
    qapp.setStyle(style)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("tone", [tone for tone in Tone if tone is not Tone.MARK])
def test_words_in_a_tone_can_be_read(dark: bool, tone: Tone) -> None:
    palette = palette_of(dark)
    for role in (ROLES.Window, ROLES.Base, ROLES.AlternateBase):
        assert contrast(tone_color(tone, palette), palette.color(role)) >= 4.5


@pytest.mark.parametrize("dark", [False, True])
def test_ordinary_words_can_be_read(dark: bool) -> None:
    palette = palette_of(dark)
    pairs = (
        (ROLES.WindowText, ROLES.Window, 7),
        (ROLES.Text, ROLES.Base, 7),
        (ROLES.ButtonText, ROLES.Button, 7),
        (ROLES.WindowText, ROLES.Midlight, 7),
        (ROLES.ToolTipText, ROLES.ToolTipBase, 7),
        (ROLES.PlaceholderText, ROLES.Base, 4.5),
        (ROLES.Link, ROLES.Base, 4.5),
        (ROLES.HighlightedText, ROLES.Highlight, 4.5),
    )
    for words, ground, least in pairs:
        assert contrast(palette.color(words), palette.color(ground)) >= least, words
    assert contrast(palette.color(ROLES.Text), tone_color(Tone.MARK, palette)) >= 7
    assert is_dark(palette) is dark


def test_light_and_dark_are_chosen(theme: Theme, qapp: QApplication) -> None:
    told: list[bool] = []
    theme.changed.connect(told.append)
    theme.choose(ThemeChoice.DARK)
    assert (theme.dark, theme.choice) == (True, ThemeChoice.DARK)
    assert qapp.palette().color(ROLES.Window) == palette_of(True).color(ROLES.Window)
    theme.choose(ThemeChoice.LIGHT)
    assert not theme.dark
    assert told[-1] is False
    assert True in told


def test_the_system_is_followed_only_when_asked_to(theme: Theme, qapp: QApplication) -> None:
    theme.choose(ThemeChoice.DARK)
    qapp.styleHints().colorSchemeChanged.emit(qapp.styleHints().colorScheme())
    assert theme.dark
    theme.choose(ThemeChoice.SYSTEM)
    assert theme.choice is ThemeChoice.SYSTEM
    assert not theme.dark  # the off-screen platform knows no scheme, which is light


def ink(of: QIcon, mode: QIcon.Mode = QIcon.Mode.Normal) -> set[str]:
    """Return the colours of the opaque pixels."""
    image = of.pixmap(QSize(32, 32), 1.0, mode).toImage()
    pixels = (image.pixelColor(x, y) for x in range(32) for y in range(32))
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}


def test_icons_follow_the_theme(theme: Theme) -> None:
    for choice in (ThemeChoice.LIGHT, ThemeChoice.DARK):
        theme.choose(choice)
        palette = palette_of(choice is ThemeChoice.DARK)
        assert palette.color(ROLES.ButtonText).name() in ink(icon("stop"))
        assert palette.color(ROLES.HighlightedText).name() in ink(icon("stop"), QIcon.Mode.Selected)
        faded = palette.color(QPalette.ColorGroup.Disabled, ROLES.ButtonText).name()
        assert faded in ink(icon("stop"), QIcon.Mode.Disabled)
        assert tone_color(Tone.ERROR, palette).name() in ink(icon("stop", Tone.ERROR))


def test_icons_are_sharp_at_200_percent(theme: Theme) -> None:
    pixmap = icon("open").pixmap(QSize(18, 18), 2.0)
    assert (pixmap.width(), pixmap.devicePixelRatio()) == (36, 2.0)
    assert QIcon(icon("open")).pixmap(16, 16).toImage().pixelColor(0, 0) == QColor(0, 0, 0, 0)


def test_the_font_of_replies_is_of_fixed_width(qtbot: QtBot) -> None:
    from PySide6.QtGui import QFontMetricsF

    metrics = QFontMetricsF(monospace_font())
    assert metrics.horizontalAdvance("iiii") == pytest.approx(metrics.horizontalAdvance("MMMM"), rel=0.01)


def test_a_copy_of_an_icon_may_be_changed(theme: Theme) -> None:
    patch = QPixmap(4, 4)
    patch.fill(QColor("red"))
    for _ in range(50):
        copied = QIcon(icon("stop"))
        copied.addPixmap(patch)
        gc.collect(0)  # the copy's engine is among the youngest
        assert copied.pixmap(QSize(32, 32), 1.0).width() == 32
