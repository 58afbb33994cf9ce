"""``ProviderDialog``: a service, its address and its key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from qwvis_desktop.core.profiles import BLANK
from qwvis_desktop.ui.panels.dialogs.sizing import resize_within_screen
from qwvis_desktop.ui.panels.labels import WrappingLabel
from qwvis_desktop.ui.theme import Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceEntry:
    """A service as the dialog shows and returns it.

    Attributes:
        name: unique, for people.
        base_url: where it is, up to and with ``/v1``; empty for an engine on this computer.
        needs_key: whether it takes a key.
        key: what was entered; empty leaves a key that is kept as it is.
        forget_key: whether a kept key is to be forgotten.
        has_key: whether a key is kept; only shown.
        local: whether it is an engine of the program itself, with nothing to set.
        dialect: how the server differs from others, where that is known.
        models: what it has, where it was found on this computer.
    """

    name: str
    base_url: str = ""
    needs_key: bool = True
    key: str = field(default="", repr=False)
    forget_key: bool = False
    has_key: bool = False
    local: bool = False
    dialect: str = ""
    models: tuple[str, ...] = ()


def _no_warning(_base_url: str, _key: str) -> str:
    return ""


class ProviderDialog(QDialog):
    """Changes a service or adds one; ``entry`` holds it when accepted.

    Args:
        services: those that are known and may be changed, presets among them.
        current: name of the one to begin with.
        key_place: where a key will be kept, in a sentence.
        key_first: whether the cursor begins in the key.
        warn: says in a sentence what speaks against an address and a key; empty where nothing does.
    """

    def __init__(
        self,
        services: Sequence[ServiceEntry],
        current: str,
        key_place: str,
        *,
        key_first: bool = False,
        warn: Callable[[str, str], str] = _no_warning,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._services = {service.name: service for service in services}
        self._found: list[ServiceEntry] = []
        self._warn = warn
        self.setWindowTitle(self.tr("Services and Keys"))
        self._running = QComboBox()
        self._running.setAccessibleName(self.tr("Found on this computer"))
        self._service = QComboBox()
        self._service.setAccessibleName(self.tr("Service"))
        self._service.addItems(list(self._services))
        self._service.insertSeparator(self._service.count())
        self._service.addItem(self.tr("Add another..."), "")
        self._name = QLineEdit()
        self._name.setAccessibleName(self.tr("Name"))
        self._url = QLineEdit()
        self._url.setAccessibleName(self.tr("Address"))
        self._url.setPlaceholderText("http://127.0.0.1:8000/v1")
        self._needs_key = QCheckBox(self.tr("It takes a &key"))
        self._key = QLineEdit()
        self._key.setAccessibleName(self.tr("Key"))
        self._key.setEchoMode(QLineEdit.EchoMode.Password)
        self._forget = QCheckBox(self.tr("&Forget the key that is kept"))
        self._key_place = WrappingLabel(key_place)
        self._warning = WrappingLabel("", Tone.WARNING)
        self._wrong = WrappingLabel("", Tone.ERROR)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        self._place()
        self._connect()
        self._service.setCurrentText(current)
        self._show_service()
        (self._key if key_first else self._service).setFocus()

    def show_searching(self) -> None:
        """Say that servers on this computer are being looked for."""
        self._running.addItem(self.tr("looking..."))
        self._running.setEnabled(False)
        self._form.setRowVisible(self._running, True)

    def show_found(self, servers: Sequence[ServiceEntry]) -> None:
        """Offer the servers that answer on this computer; none hides the line."""
        self._found = list(servers)
        self._running.clear()
        if servers:
            self._running.addItem(self.tr("choose one"))
            self._running.addItems([self._found_words(server) for server in servers])
        self._running.setEnabled(bool(servers))
        self._form.setRowVisible(self._running, bool(servers))

    def _found_words(self, server: ServiceEntry) -> str:
        text = self.tr("{name} with {models}")
        listed = ", ".join(server.models[:2]) + (", ..." if len(server.models) > 2 else "")
        return text.replace("{name}", server.name).replace("{models}", listed)

    def _take_found(self, row: int) -> None:
        """Show a server that was found: the service of this address, or a new one."""
        if not 0 < row <= len(self._found):
            return
        server = self._found[row - 1]
        known = next((entry for entry in self._services.values() if entry.base_url == server.base_url), None)
        self._service.setCurrentIndex(self._service.findText(known.name) if known else self._service.count() - 1)
        if known is None:
            self._name.setText(server.name if server.name not in self._services else QUrl(server.base_url).authority())
            self._url.setText(server.base_url)

    @property
    def entry(self) -> ServiceEntry:
        """What is entered."""
        known, address = self._chosen(), self._url.text().strip()
        server = next((found for found in self._found if found.base_url == address), None)
        return ServiceEntry(
            name=self._name.text().strip(),
            base_url=self._url.text().strip(),
            needs_key=self._needs_key.isChecked(),
            key=self._key.text().strip(),
            forget_key=self._forget.isChecked(),
            has_key=known.has_key if known else False,
            local=known.local if known else False,
            dialect=server.dialect if server else known.dialect if known else "",
            models=server.models if server else (),
        )

    def _chosen(self) -> ServiceEntry | None:
        return self._services.get(self._service.currentText())

    def _place(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        rows = (
            (self.tr("&Running here"), self._running),
            (self.tr("&Service"), self._service),
            (self.tr("&Name"), self._name),
            (self.tr("&Address"), self._url),
            ("", self._needs_key),
            (self.tr("K&ey"), self._key),
            ("", self._forget),
            ("", self._key_place),
            ("", self._warning),
            ("", self._wrong),
        )
        for text, widget in rows:
            caption = QLabel(text)
            caption.setBuddy(widget)
            form.addRow(caption, widget)
        self._form = form
        form.setRowVisible(self._running, False)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addStretch(1)
        layout.addWidget(self._buttons)
        resize_within_screen(self, 480, 300)

    def _connect(self) -> None:
        self._service.currentIndexChanged.connect(self._show_service)
        self._running.activated.connect(self._take_found)
        for line in (self._name, self._url, self._key):
            line.textChanged.connect(self._check)
        self._needs_key.toggled.connect(self._check)
        self._forget.toggled.connect(self._check)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

    def _show_service(self) -> None:
        known = self._chosen()
        shown = known or ServiceEntry(name="", needs_key=False)
        self._name.setText(shown.name)
        self._name.setEnabled(known is None)
        self._url.setText(shown.base_url)
        self._needs_key.setChecked(shown.needs_key)
        self._key.clear()
        self._key.setPlaceholderText(self.tr("kept; leave empty to keep it") if shown.has_key else "")
        self._forget.setChecked(False)
        self._check()

    def _check(self) -> None:
        """Show what applies to the service, and say what is wrong."""
        known = self._chosen()
        local = known is not None and known.local
        takes_key = self._needs_key.isChecked() and not local
        for widget, shown in (
            (self._url, not local),
            (self._needs_key, not local),
            (self._key, takes_key),
            (self._forget, takes_key and known is not None and known.has_key),
            (self._key_place, takes_key),
        ):
            self._form.setRowVisible(widget, shown)
        self._key.setEnabled(not self._forget.isChecked())
        warning = "" if local else self._warn(self._url.text().strip(), self._key.text().strip())
        self._warning.setText(warning)
        self._form.setRowVisible(self._warning, bool(warning))
        wrong = "" if local else self._what_is_wrong(known)
        self._wrong.setText(wrong)
        self._buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(not wrong)

    def _what_is_wrong(self, known: ServiceEntry | None) -> str:
        name, url = self._name.text().strip(), QUrl(self._url.text().strip())
        if BLANK in self._url.text():
            return self.tr("Put the id of your workspace in the place of {blank}.").replace("{blank}", BLANK)
        if not name:
            return self.tr("Give the service a name.")
        if known is None and name in self._services:
            return self.tr("There is a service of this name already. Choose it above to change it.")
        if url.scheme() not in ("http", "https") or not url.host():
            return self.tr("The address begins with http:// or https://, and mostly ends with /v1.")
        return ""
