"""One window for all that is opened: a second start hands over what it was given, and ends.

Qt's networking is loaded only where a window may be there already, or when this one is shown.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:  # slow to load: only the names of its types are wanted here
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

CONNECT_MS, ANSWER_MS = 500, 3000
"""How long a window that is there already may take to answer; after that this start opens one of its own."""

MOST_BYTES = 1 << 20
"""The longest message that is taken."""

_TAKEN = b"taken\n"


def server_name(home: Path) -> str:
    """Return the name under which the window of a user listens, for one folder of settings."""
    # A check sum is enough for the few folders of one user, and loading hashes takes longer than all else here.
    mark = f"{zlib.crc32(str(home.absolute()).encode()):08x}"
    if sys.platform == "win32":
        return f"qwvis-{mark}"
    folder = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    return str(Path(folder) / f"qwvis-{os.getuid()}-{mark}")


def absolute(words: Iterable[str]) -> list[str]:
    """Return files and addresses so that they mean the same in another folder."""
    return [word if urlsplit(word).scheme in ("http", "https") else str(Path(word).absolute()) for word in words]


def hand_over(name: str, words: Iterable[str]) -> bool:
    """Give ``words`` to the window that is there already; say whether there is one and it took them."""
    if sys.platform != "win32" and not _is_ours(Path(name)):
        return False
    from PySide6.QtNetwork import QLocalSocket

    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(CONNECT_MS):
        return False
    socket.write(json.dumps(absolute(words)).encode() + b"\n")
    answer = b""
    while not answer.endswith(b"\n") and socket.waitForReadyRead(ANSWER_MS):
        answer += socket.readAll().data()
    socket.disconnectFromServer()
    return answer == _TAKEN


def _is_ours(path: Path) -> bool:
    """Say whether a socket is there that we made: in a folder for all, another user may have put one."""
    try:
        return path.stat().st_uid == os.getuid()
    except OSError:
        return False


class SingleInstance(QObject):
    """Listens for later starts.

    Signals:
        handed_over(list): a later start was given these files, folders and addresses; perhaps none.
    """

    handed_over = Signal(object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._server: QLocalServer | None = None

    def listen(self) -> bool:
        """Begin to listen; say whether that was possible."""
        from PySide6.QtNetwork import QLocalServer

        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._greet)
        if not server.listen(self._name):
            # What a crash left; a window that lives would have been found before.
            QLocalServer.removeServer(self._name)
            if not server.listen(self._name):
                return False
        self._server = server
        return True

    def close(self) -> None:
        """Listen no longer."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def _greet(self) -> None:
        while self._server is not None and self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            socket.disconnected.connect(socket.deleteLater)
            socket.readyRead.connect(lambda socket=socket: self._read(socket))
            self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        if socket.bytesAvailable() > MOST_BYTES:
            socket.abort()
        elif socket.canReadLine():
            words = _words(bytes(socket.readLine().data()))
            if words is None:
                socket.abort()
                return
            socket.write(_TAKEN)
            socket.flush()
            self.handed_over.emit(words)


def _words(line: bytes) -> list[str] | None:
    """Return the words of a message; None where it is none of ours."""
    try:
        words = json.loads(line)
    except ValueError:
        return None
    return words if isinstance(words, list) and all(isinstance(word, str) for word in words) else None
