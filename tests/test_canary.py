"""A canary for a key: it goes to the service with every request, and to no byte that is written, shown or copied.

The service is rude: it repeats the key in its replies and errors, also in base64 and as addresses write it.
"""

from __future__ import annotations

import base64
import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from loopback.answers import Answer, error, streamed
from loopback.service import LoopbackService, ReceivedRequest
from malformed_keys import malformed
from program_window import BOXES, open_photo, run_to_the_end
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program
from qwvis_desktop.cli.program import run_program
from qwvis_desktop.core.export import FORMATS
from qwvis_desktop.core.providers.redaction import keep_keys_out
from qwvis_desktop.core.settings import Profile, settings_path
from qwvis_desktop.core.store.history import history_path
from qwvis_desktop.ui.panels.dialogs.provider_dialog import ServiceEntry
from qwvis_desktop.ui.panels.dialogs.sent_dialog import SentDialog
from qwvis_desktop.ui.panels.dialogs.small_dialogs import ErrorDialog

KEY = "canary/0f3a+Zq9=house.7781"
"""Of no form that is taken for a key by its looks; with characters that addresses encode."""


def needles() -> list[bytes]:
    """Return what the key may look like: as it is, encoded for addresses, and in base64 at each of three offsets."""
    texts = {KEY, quote(KEY, safe=""), quote_plus(KEY)}
    for before in (b"", b"x", b"xy"):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            # What stands before and after has a part in the first and the last characters.
            texts.add(encode(before + KEY.encode() + b"xyz").decode()[4:-8])
    return [text.encode() for text in texts]


NEEDLES = needles()


def found_in(data: bytes) -> bool:
    return any(needle in data for needle in NEEDLES)


def test_the_needles_are_sharp() -> None:
    assert found_in(f"Bearer {KEY}".encode())
    assert found_in(base64.b64encode(f"user:{KEY}".encode()))
    assert found_in(f"?key={quote(KEY, safe='')}".encode())
    assert not found_in(b"canary")


def rude(request: ReceivedRequest) -> Answer:
    """Repeat the key as a label."""
    return streamed("".join(BOXES).replace("sofa", request.headers["authorization"].removeprefix("Bearer ")))


def refusal(request: ReceivedRequest) -> Answer:
    """Refuse, and repeat the key in every form."""
    key = request.headers["authorization"].removeprefix("Bearer ")
    basic = base64.b64encode(f"user:{key}".encode()).decode()
    said = f"Bad key {key}, Basic {basic}, http://h/?key={quote(key, safe='')}"
    return error(400, "invalid_parameter_error", said, {"X-Key": key})


@dataclass
class House:
    """The program at work, and all that it may write to."""

    program: Program
    qtbot: QtBot
    service: LoopbackService
    photo: Path
    folder: Path
    copied: list[str]

    def command(self, *words: str | Path) -> None:
        run_program([str(word) for word in words])

    def ask(self, answer: Callable[[ReceivedRequest], Answer], phase: str) -> None:
        self.service.answer = answer
        run_to_the_end(self.program, self.qtbot, phase)
        self.copied += texts_of(self.program.window)


def texts_of(window: QWidget) -> list[str]:
    """Return what can be read in the window, its title first."""
    texts = [window.windowTitle()]
    for widget in window.findChildren(QWidget):
        texts += [widget.windowTitle(), widget.toolTip(), widget.accessibleName()]
        if isinstance(widget, QLabel | QLineEdit):
            texts.append(widget.text())
        elif isinstance(widget, QPlainTextEdit | QTextEdit):
            texts.append(widget.toPlainText())
    return texts


def run_in_the_window(house: House) -> None:
    house.ask(rude, "done")


def failed_run(house: House) -> None:
    house.ask(refusal, "failed")


def copied_details(house: House) -> None:
    active = house.program.inference.latest(house.program.workspace.editor)
    assert active is not None
    assert active.details
    dialog = ErrorDialog(active.run.error, active.details)
    dialog.copy_button.click()
    house.copied += [QGuiApplication.clipboard().text(), *texts_of(dialog)]
    dialog.deleteLater()


def copied_command(house: House) -> None:
    """Look at what Run would send, and copy it as a command."""
    QGuiApplication.clipboard().clear()

    def copy() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, SentDialog):
            QTimer.singleShot(20, copy)
            return
        dialog.copy_requested.emit(0)
        house.copied.extend(texts_of(dialog))
        dialog.reject()

    QTimer.singleShot(0, copy)
    house.program.actions["run.sent"].trigger()
    house.qtbot.waitUntil(lambda: QGuiApplication.clipboard().text().startswith("curl "))
    house.copied.append(QGuiApplication.clipboard().text())


def self_test(house: House) -> None:
    house.service.answer = refusal
    house.program.self_test.run()
    house.qtbot.waitUntil(lambda: (settings_path().parent / "data" / "self-tests.json").exists())
    house.copied += texts_of(house.program.window)


def exports(house: House) -> None:
    editor = house.program.workspace.editor
    assert editor is not None
    for name, kind in FORMATS.items():
        if name in ("png", "pdf", "webp", "svg") or "image" not in kind.media:
            continue  # of films, or drawn; what is drawn is in the labels, which the other formats hold
        path = house.folder / f"out-{name}{kind.suffix}"
        with house.qtbot.waitSignal(house.program.exports.saved):
            house.program.exports.export(editor, name, path)


def kept_reply(house: House) -> None:
    editor = house.program.workspace.editor
    assert editor is not None
    with house.qtbot.waitSignal(house.program.exports.saved):
        house.program.exports.export(editor, "reply", house.folder / "kept.reply.json")


def history_file(house: House) -> None:
    house.program.history_panel.export(house.folder / "window.jsonl")
    house.qtbot.waitUntil((house.folder / "window.jsonl").exists)


def project_and_journal(house: House) -> None:
    house.program.keeping.saves._save_to(house.folder / "all.qwvis")  # what Save As does after its question
    house.qtbot.waitUntil((house.folder / "all.qwvis").exists)


def log(house: House) -> None:
    handler = logging.FileHandler(house.folder / "qwvis.log")
    logger = logging.getLogger("some.library")
    logger.addHandler(handler)
    try:
        raise ValueError(f"Illegal header value b'Bearer {KEY}'")
    except ValueError:
        logger.exception("failed with %s", {"Authorization": f"Bearer {KEY}"})
    logger.removeHandler(handler)
    handler.close()


def crash(house: House) -> None:
    message = f"Illegal header value b'Bearer {KEY}' or {base64.b64encode(KEY.encode()).decode()}"

    def fail() -> None:
        raise ValueError(message)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    sys.excepthook(ValueError, ValueError(message), None)


def settings(house: House) -> None:
    house.program.services.update(theme="dark", folder=str(house.folder))
    assert "Canary" in settings_path().read_text(encoding="utf-8")


def command_run(house: House) -> None:
    for answer in (rude, refusal):
        house.service.answer = answer
        words = ("--task", "detect", "--base-url", house.service.base_url, "--model", "qwen3-vl-plus", "--json")
        house.command("run", house.photo, *words, "--export", "reply", "--export", "csv", "--save-dir", house.folder)


def command_prepare(house: House) -> None:
    words = ("--base-url", house.service.base_url, "--model", "qwen3-vl-plus", "--task", "detect", "--json")
    house.command("prepare", house.photo, *words, "--body", house.folder / "body.json")
    assert json.loads((house.folder / "body.json").read_bytes())["model"] == "qwen3-vl-plus"


def command_doctor(house: House) -> None:
    house.service.answer = refusal
    house.command("doctor", "--json")
    house.command("doctor", "--provider", "Canary", "--model", "qwen3-vl-plus", "--json")


def command_history(house: House) -> None:
    house.command("history", "--json")
    house.command("history", "--export", house.folder / "command.jsonl")
    house.command("costs", "--json")


FLOWS: dict[str, Callable[[House], None]] = {
    "a run in the window": run_in_the_window,
    "the kept reply": kept_reply,
    "exports": exports,
    "project and journal": project_and_journal,
    "a failed run": failed_run,
    "details copied to the clipboard": copied_details,
    "a request copied as a command": copied_command,
    "a self-test": self_test,
    "the history's file": history_file,
    "a log": log,
    "a crash on two threads": crash,
    "settings": settings,
    "qwvis run": command_run,
    "qwvis prepare --body": command_prepare,
    "qwvis doctor --json": command_doctor,
    "qwvis history and costs": command_history,
}
"""What is done with the key in use, in order."""


@pytest.fixture
def hooks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep keys out of logs and crashes as the program does at its start, and take that back."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    before = logging.getLogRecordFactory()
    keep_keys_out(lambda: (KEY,))
    yield
    logging.setLogRecordFactory(before)


@pytest.mark.slow
@pytest.mark.usefixtures("hooks")
def test_the_canary_is_seen_by_nobody_but_the_service(
    program: Program,
    qtbot: QtBot,
    loopback: LoopbackService,
    photo: Path,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QWVIS_API_KEY", KEY)
    open_photo(program, qtbot, photo)
    program.services.keep_profile(Profile("Canary", base_url=loopback.base_url, needs_key=True), KEY)
    program.services.choose_model("qwen3-vl-plus")
    program.services.choose_task("detect")
    house = House(program, qtbot, loopback, photo, tmp_path, [])
    leaks = []
    for name, flow in FLOWS.items():
        flow(house)
        printed = capfd.readouterr()
        leaks += [f"{name}: {place}" for place in leaks_of(house, home, printed.out + printed.err)]
        house.copied.clear()
    assert len(FLOWS) >= 14
    assert history_path().exists()
    used = {request.headers.get("authorization") for request in loopback.requests if request.method == "POST"}
    assert used == {f"Bearer {KEY}"}, "the canary was not sent, so that nothing was tested"
    assert not leaks, "\n".join(leaks)


def leaks_of(house: House, home: Path, printed: str) -> list[str]:
    """Return where the key can be found now: files, what was printed, what was copied or shown."""
    files = [path for folder in (home, house.folder) for path in folder.rglob("*") if path.is_file()]
    leaks = [path.name for path in files if found_in(path.read_bytes())]
    leaks += ["printed"] if found_in(printed.encode()) else []
    return leaks + [f"shown: {text[:60]}" for text in house.copied if found_in(text.encode())]


def test_malformed_keys_are_said_and_go_nowhere(program: Program, home: Path, tmp_path: Path) -> None:
    said: list[str] = []
    program.service_dialogs.said.connect(said.append)
    kinds = malformed(KEY)
    assert len(kinds) >= 12
    for pasted, part in kinds.values():
        said.clear()
        program.service_dialogs.take(
            ServiceEntry(name="Canary", base_url="http://127.0.0.1:1/v1", needs_key=True, key=pasted)
        )
        if not pasted:
            continue  # an empty field keeps the key that is kept
        assert part in said[0], pasted
        texts = [*said, *texts_of(program.window), QApplication.clipboard().text()]
        assert not any(found_in(text.encode()) or "0f3a" in text for text in texts)
    files = [path for folder in (home, tmp_path) for path in folder.rglob("*") if path.is_file()]
    assert not [path for path in files if b"0f3a" in path.read_bytes()]
