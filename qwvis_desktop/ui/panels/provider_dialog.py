"""``ProviderDialog``: a service, its address and its key."""

from __future__ import annotations

from collections.abc import Sequence
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
    """

    name: str
    base_url: str = ""
    needs_key: bool = True
    key: str = field(default="", repr=False)
    forget_key: bool = False
    has_key: bool = False
    local: bool = False


class ProviderDialog(QDialog):
    """Changes a service or adds one; ``entry`` holds it when accepted.

    Args:
        services: those that are known and may be changed, presets among them.
        current: name of the one to begin with.
        key_place: where a key will be kept, in a sentence.
        key_first: whether the cursor begins in the key.
    """

    def __init__(
        self,
        services: Sequence[ServiceEntry],
        current: str,
        key_place: str,
        *,
        key_first: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._services = {service.name: service for service in services}
        self.setWindowTitle(self.tr("Services and Keys"))
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
        self._wrong = WrappingLabel("", Tone.ERROR)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        self._place()
        self._connect()
        self._service.setCurrentText(current)
        self._show_service()
        if key_first:
            self._key.setFocus()

    @property
    def entry(self) -> ServiceEntry:
        """What is entered."""
        known = self._chosen()
        return ServiceEntry(
            name=self._name.text().strip(),
            base_url=self._url.text().strip(),
            needs_key=self._needs_key.isChecked(),
            key=self._key.text().strip(),
            forget_key=self._forget.isChecked(),
            has_key=known.has_key if known else False,
            local=known.local if known else False,
        )

    def _chosen(self) -> ServiceEntry | None:
        return self._services.get(self._service.currentText())

    def _place(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        rows = (
            (self.tr("&Service"), self._service),
            (self.tr("&Name"), self._name),
            (self.tr("&Address"), self._url),
            ("", self._needs_key),
            (self.tr("K&ey"), self._key),
            ("", self._forget),
            ("", self._key_place),
            ("", self._wrong),
        )
        for text, widget in rows:
            caption = QLabel(text)
            caption.setBuddy(widget)
            form.addRow(caption, widget)
        self._form = form
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addStretch(1)
        layout.addWidget(self._buttons)
        self.resize(480, 300)

    def _connect(self) -> None:
        self._service.currentIndexChanged.connect(self._show_service)
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
        wrong = "" if local else self._what_is_wrong(known)
        self._wrong.setText(wrong)
        self._buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(not wrong)

    def _what_is_wrong(self, known: ServiceEntry | None) -> str:
        name, url = self._name.text().strip(), QUrl(self._url.text().strip())
        if not name:
            return self.tr("Give the service a name.")
        if known is None and name in self._services:
            return self.tr("There is a service of this name already. Choose it above to change it.")
        if url.scheme() not in ("http", "https") or not url.host():
            return self.tr("The address begins with http:// or https://, and mostly ends with /v1.")
        return ""
