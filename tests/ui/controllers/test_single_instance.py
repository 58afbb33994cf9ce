"""A second start hands over what it was given to the window that is there."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from program_window import running
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from qwvis_desktop.start import take_from_others
from qwvis_desktop.ui.controllers.single_instance import SingleInstance, absolute, hand_over, server_name

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the socket's file is looked at")


@pytest.fixture
def name() -> Iterator[str]:
    # Short: the path of a socket has room for about 100 characters.
    with tempfile.TemporaryDirectory(prefix="qwvis-") as folder:
        yield str(Path(folder) / "window")


@pytest.fixture
def window(qtbot: QtBot, name: str) -> Iterator[SingleInstance]:
    window = SingleInstance(name)
    assert window.listen()
    yield window
    window.close()


def second_start(name: str, *words: str) -> subprocess.Popen[bytes]:
    code = "import sys; from qwvis_desktop.ui.controllers.single_instance import hand_over; "
    code += "sys.exit(0 if hand_over(sys.argv[1], sys.argv[2:]) else 3)"
    return subprocess.Popen([sys.executable, "-c", code, name, *words])


def test_what_a_second_start_is_given_reaches_the_window(window: SingleInstance, name: str, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.handed_over) as told:
        start = second_start(name, "a b.png", "https://host/c.png")
    assert told.args == [[str(Path("a b.png").absolute()), "https://host/c.png"]]
    assert start.wait(10) == 0


def test_without_a_window_nothing_is_handed_over(name: str) -> None:
    assert not hand_over(name, ["a.png"])
    Path(name).touch()
    assert not hand_over(name, ["a.png"])


def test_what_a_crash_left_is_no_window(qtbot: QtBot, name: str) -> None:
    Path(name).touch()
    window = SingleInstance(name)
    assert window.listen()
    window.close()
    assert not Path(name).exists()
    nowhere = SingleInstance(str(Path(name) / "no" / "folder"))
    assert not nowhere.listen()


def test_a_socket_of_another_user_is_not_talked_to(
    window: SingleInstance, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 12345678)
    assert not hand_over(name, ["a.png"])


@pytest.mark.parametrize("message", [b"hello\n", b"{}\n", b"[1]\n", b"x" * ((1 << 20) + 1)])
def test_other_messages_are_refused(window: SingleInstance, name: str, qtbot: QtBot, message: bytes) -> None:
    socket = QLocalSocket()
    socket.connectToServer(name)
    assert socket.waitForConnected(1000)
    with qtbot.assertNotEmitted(window.handed_over), qtbot.waitSignal(socket.disconnected):
        socket.write(message)


def test_a_window_for_each_folder_of_settings(tmp_path: Path) -> None:
    assert server_name(tmp_path) == server_name(tmp_path)
    assert server_name(tmp_path) != server_name(tmp_path / "other")
    assert absolute(["a", "http://b"]) == [str(Path("a").absolute()), "http://b"]


def test_the_window_opens_what_it_is_handed(qtbot: QtBot, home: Path, tmp_path: Path, name: str) -> None:
    picture = tmp_path / "a.png"
    Image.new("RGB", (40, 30)).save(picture)
    with running() as program:
        with qtbot.waitSignal(take_from_others(name, program.window, program.open).handed_over):
            start = second_start(name, str(picture))
        qtbot.waitUntil(lambda: program.workspace.editor is not None)
        assert start.wait(10) == 0
    assert not hand_over(name, [])
