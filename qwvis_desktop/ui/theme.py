"""Light and dark: palettes for Qt's Fusion style, colours with a meaning, and icons that follow the palette.

Nothing here is a style sheet: widgets take their colours from the palette and so change with it at once.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from PySide6.QtCore import QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QImage,
    QPainter,
    QPalette,
    QPixmap,
    QPixmapCache,
)
from PySide6.QtWidgets import QApplication

from qwvis_desktop.core.resources import resource


class ThemeChoice(StrEnum):
    """What people may choose."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Tone(StrEnum):
    """Colours with a meaning."""

    MUTED = "muted"
    SUCCESS = "success"
    WARNING = "warning"
    ERROR = "error"
    ACCENT = "accent"
    MARK = "mark"
    """Background of the passage in a reply that belongs to what is selected."""


_ROLES = QPalette.ColorRole
_LIGHT: dict[QPalette.ColorRole, str] = {
    _ROLES.Window: "#f4f5f7",
    _ROLES.WindowText: "#1d2127",
    _ROLES.Base: "#ffffff",
    _ROLES.AlternateBase: "#f7f8fa",
    _ROLES.Text: "#1d2127",
    _ROLES.Button: "#f4f5f7",
    _ROLES.ButtonText: "#1d2127",
    _ROLES.BrightText: "#ffffff",
    _ROLES.ToolTipBase: "#ffffff",
    _ROLES.ToolTipText: "#1d2127",
    _ROLES.PlaceholderText: "#666d78",
    _ROLES.Highlight: "#1f6fd1",
    _ROLES.HighlightedText: "#ffffff",
    _ROLES.Accent: "#1f6fd1",
    _ROLES.Link: "#1a5fb4",
    _ROLES.LinkVisited: "#6a4ba0",
    _ROLES.Light: "#ffffff",
    _ROLES.Midlight: "#e7e9ed",
    _ROLES.Mid: "#c4c9d1",
    _ROLES.Dark: "#a2a9b4",
    _ROLES.Shadow: "#6b717b",
}
_DARK: dict[QPalette.ColorRole, str] = {
    _ROLES.Window: "#2b2d31",
    _ROLES.WindowText: "#e3e5e8",
    _ROLES.Base: "#1a1c1f",
    _ROLES.AlternateBase: "#202226",
    _ROLES.Text: "#e3e5e8",
    _ROLES.Button: "#383b41",
    _ROLES.ButtonText: "#e3e5e8",
    _ROLES.BrightText: "#ffffff",
    _ROLES.ToolTipBase: "#3a3d43",
    _ROLES.ToolTipText: "#e3e5e8",
    _ROLES.PlaceholderText: "#969ca6",
    _ROLES.Highlight: "#2f6fbd",
    _ROLES.HighlightedText: "#ffffff",
    _ROLES.Accent: "#4b93e6",
    _ROLES.Link: "#7db4f2",
    _ROLES.LinkVisited: "#b79ce6",
    _ROLES.Light: "#484c53",
    _ROLES.Midlight: "#3a3d43",
    _ROLES.Mid: "#17181b",
    _ROLES.Dark: "#141518",
    _ROLES.Shadow: "#0c0d0e",
}
_DISABLED = (_ROLES.WindowText, _ROLES.Text, _ROLES.ButtonText)
_TONES: dict[Tone, tuple[str, str]] = {
    Tone.MUTED: ("#5d6470", "#9ba1ab"),
    Tone.SUCCESS: ("#18794e", "#5cc997"),
    Tone.WARNING: ("#8f5a00", "#e9b44c"),
    Tone.ERROR: ("#b3261e", "#ff8f85"),
    Tone.ACCENT: ("#1a5fb4", "#7db4f2"),
    Tone.MARK: ("#ffe9a8", "#54440f"),
}
"""On light, on dark; those that are written with have a contrast of at least 4.5 to the window and to lists."""


def palette_of(dark: bool) -> QPalette:
    """Return the palette of the light or of the dark theme."""
    palette = QPalette()
    for role, color in (_DARK if dark else _LIGHT).items():
        palette.setColor(role, QColor(color))
    faded = QColor("#71767f" if dark else "#8d939d")
    for role in _DISABLED:
        palette.setColor(QPalette.ColorGroup.Disabled, role, faded)
    palette.setColor(QPalette.ColorGroup.Disabled, _ROLES.Highlight, QColor("#3d4148" if dark else "#c9ced6"))
    return palette


def is_dark(palette: QPalette) -> bool:
    """Say whether ``palette`` writes light on dark."""
    return palette.color(_ROLES.Window).lightnessF() < palette.color(_ROLES.WindowText).lightnessF()


def tone_color(tone: Tone, palette: QPalette) -> QColor:
    """Return the colour of ``tone`` on widgets of ``palette``."""
    return QColor(_TONES[tone][is_dark(palette)])


def monospace_font() -> QFont:
    """Return the system's font of fixed width, in the size of the program's own."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(max(QGuiApplication.font().pointSizeF(), 8.0))
    return font


class Theme(QObject):
    """Keeps the program in light or dark, as chosen or as the system has it.

    Signals:
        changed(bool): the program is dark (True) or light now.
    """

    changed = Signal(bool)

    def __init__(self, application: QApplication, choice: ThemeChoice = ThemeChoice.SYSTEM) -> None:
        super().__init__(application)
        self._application = application
        self._choice = choice
        application.styleHints().colorSchemeChanged.connect(self._apply)
        self.choose(choice)

    @property
    def choice(self) -> ThemeChoice:
        """What was chosen."""
        return self._choice

    @property
    def dark(self) -> bool:
        """Whether the program is dark now."""
        return is_dark(self._application.palette())

    def choose(self, choice: ThemeChoice) -> None:
        """Follow the system, or stay light or dark."""
        self._choice = choice
        hints = self._application.styleHints()
        # Also tells the platform, so that title bars and file dialogs go along.
        if choice is ThemeChoice.SYSTEM:
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(Qt.ColorScheme.Dark if choice is ThemeChoice.DARK else Qt.ColorScheme.Light)
        self._apply()

    def _apply(self) -> None:
        system_dark = self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark
        dark = self._choice is ThemeChoice.DARK or (self._choice is ThemeChoice.SYSTEM and system_dark)
        self._application.setPalette(palette_of(dark))
        self.changed.emit(dark)


@cache
def _mask(name: str, width: int, height: int) -> QImage:
    """Return an icon in black on nothing; all of its colours are made of it, as reading and drawing it takes long."""
    from PySide6.QtSvg import QSvgRenderer  # not needed until something is painted

    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    text = resource(f"icons/{name}.svg").read_text(encoding="utf-8")
    QSvgRenderer(text.replace("currentColor", "#000").encode()).render(painter, QRectF(image.rect()))
    painter.end()
    return image


_TWINS: list[QIconEngine] = []
"""Engines that Qt asked for when it changed a copy of an icon. Qt does not tell PySide that it keeps them."""


class _IconEngine(QIconEngine):
    """Draws a one-colour SVG in the palette's text colour, sharp at every size and scale."""

    def __init__(self, name: str, tone: Tone | None) -> None:
        super().__init__()
        self._name = name
        self._tone = tone

    def clone(self) -> QIconEngine:
        """Return another one of the same icon."""
        twin = _IconEngine(self._name, self._tone)
        _TWINS.append(twin)
        return twin

    def key(self) -> str:
        """Return the kind of engine."""
        return "qwvis"

    def _color(self, mode: QIcon.Mode) -> QColor:
        palette = QGuiApplication.palette()
        if mode == QIcon.Mode.Disabled:
            return palette.color(QPalette.ColorGroup.Disabled, _ROLES.ButtonText)
        if mode == QIcon.Mode.Selected:
            return palette.color(_ROLES.HighlightedText)
        return tone_color(self._tone, palette) if self._tone else palette.color(_ROLES.ButtonText)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw the icon into ``rect``."""
        painter.drawPixmap(rect, self.pixmap(rect.size() * painter.device().devicePixelRatio(), mode, state))

    def pixmap(self, size: QSize, mode: QIcon.Mode, _state: QIcon.State) -> QPixmap:
        """Return the icon drawn at ``size`` device pixels."""
        color = self._color(mode).name()
        key = f"qwvis {self._name} {color} {size.width()} {size.height()}"
        pixmap = QPixmap()
        if not QPixmapCache.find(key, pixmap):
            pixmap = self._drawn(size, color)
            QPixmapCache.insert(key, pixmap)
        return pixmap

    def _drawn(self, size: QSize, color: str) -> QPixmap:
        image = _mask(self._name, size.width(), size.height()).copy()
        painter = QPainter(image)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        painter.fillRect(image.rect(), QColor(color))
        painter.end()
        return QPixmap.fromImage(image)


@cache
def icon(name: str, tone: Tone | None = None) -> QIcon:
    """Return the icon ``resources/icons/<name>.svg``; it changes its colour with the palette.

    Raises:
        FileNotFoundError: there is no such icon, when it is first painted.
    """
    return QIcon(_IconEngine(name, tone))
