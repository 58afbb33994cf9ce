"""The net under all tests: what a test leaves behind fails it, and no test sees the user's own settings or network.

Caught are Qt messages from WARNING up, top-level widgets, threads and thread pools that go on, files of the test's own
folder that stay open, objects of Python's on the clipboard, and every attempt to reach another machine.
A dialog that a test opens without answering it fails the test too, where it would wait for ever.
``tests/test_house.py`` shows that each is caught.
"""

from __future__ import annotations

import gc
import io
import ipaddress
import itertools
import os
import re
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import shiboken6
from loopback.service import LoopbackService
from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QMessageLogContext,
    QThreadPool,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from pytestqt.qtbot import QtBot

from qwvis_desktop.cli.open import GC_THRESHOLDS

GRACE_SECONDS = 2.0
"""How long a thread that is ending may take; a test that leaves none waits for nothing."""

WAIT_MS = 20_000
"""How long a test waits for what is to come, unless it says so itself. Only one that fails waits so long; pytest-qt's
own 5 seconds are too few for a film or a start of the program on a machine that has much else to do.
"""

ANSWER_SECONDS = 15.0
"""How long a dialog waits for a test to answer it. A test that means to, does so as soon as the dialog is there."""

ASKING = {
    "QFileDialog": ("getOpenFileName", "getOpenFileNames", "getSaveFileName", "getExistingDirectory"),
    "QMessageBox": ("question", "information", "warning", "critical", "about", "aboutQt"),
    "QInputDialog": ("getText", "getMultiLineText", "getInt", "getDouble", "getItem"),
    "QColorDialog": ("getColor",),
    "QFontDialog": ("getFont",),
}
"""Functions of Qt that ask the user and wait for the answer: a test puts its own in their place."""

KEPT_BY_QT = frozenset({"QTipLabel", "QWhatsThat"})
"""Classes of widgets that Qt makes itself and keeps for the next time."""

REMOVED_VARIABLES = ("DASHSCOPE_API_KEY", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
"""What could be the user's own; lower case too. Tests that need one set it."""

EXAMPLES = {"house": 30, "long": 2000}
"""How many examples a property is tried on, by profile: ``pytest --hypothesis-profile long`` takes the long way."""

_DESCRIPTORS = "/proc/self/fd/" if Path("/proc/self/fd").is_dir() else ""
"""Where the system lists the open files of this process; empty where it does not."""

_strangers: list[str] = []
_messages: list[str] = []
_passed = pytest.StashKey[bool]()


def _isolate_environment(config: pytest.Config) -> None:
    for name in REMOVED_VARIABLES:
        os.environ.pop(name, None)
        os.environ.pop(name.lower(), None)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A shell starts what it runs in the background this way, and programs started by a test would inherit it.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    if "XDG_RUNTIME_DIR" not in os.environ:
        # Qt warns where it has to make this folder itself.
        folder = tempfile.TemporaryDirectory(prefix="qwvis-tests-")
        config.add_cleanup(folder.cleanup)
        os.environ["XDG_RUNTIME_DIR"] = folder.name
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        # Programs that tests start would each compile the whole program; this way nothing is written beside it either.
        compiled = tempfile.TemporaryDirectory(prefix="qwvis-compiled-", ignore_cleanup_errors=True)
        config.add_cleanup(compiled.cleanup)
        os.environ["PYTHONPYCACHEPREFIX"] = compiled.name


def _is_here(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host is None or host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def _watch_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Audit hook: refuse every name look-up and connection but those on this machine."""
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if not _is_here(host):
        _strangers.append(f"{event} {host}")
        raise ConnectionRefusedError(f"a test may not reach {host}: only this machine's loopback is allowed")


def pytest_configure(config: pytest.Config) -> None:
    _isolate_environment(config)
    sys.addaudithook(_watch_network)
    for wait in (QtBot.waitUntil, QtBot.waitSignal, QtBot.waitSignals, QtBot.waitExposed, QtBot.waitActive):
        defaults = wait.__kwdefaults__
        assert defaults is not None
        defaults["timeout"] = WAIT_MS
    # While a test runs, pytest-qt catches the messages (qt_log_level_fail in pyproject.toml); here are those round it.
    ignored = [re.compile(pattern) for pattern in config.getini("qt_log_ignore")]

    def keep(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        harmless = kind in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg)
        if not harmless and not any(pattern.search(message) for pattern in ignored):
            _messages.append(f"{kind.name}: {message}")

    qInstallMessageHandler(keep)
    for name, examples in EXAMPLES.items():
        hypothesis.settings.register_profile(
            name,
            max_examples=examples,
            deadline=None,
            derandomize="CI" in os.environ,
            database=None,
            print_blob=True,
            suppress_health_check=[hypothesis.HealthCheck.too_slow],
        )
    hypothesis.settings.load_profile(config.getoption("hypothesis_profile", None) or "house")


def _refusal(name: str) -> Callable[..., None]:
    """Return what stands in for a function that asks the user."""

    def refuse(*_arguments: object, **_named: object) -> None:
        raise AssertionError(f"{name} would wait for the user: the test is to patch it with its answer")

    return refuse


def _impatient(opens: Callable[..., int]) -> Callable[..., int]:
    """Return ``opens``, which waits until a dialog was answered, and which after a while closes it and fails."""

    def wait(dialog: Any) -> int:
        late: list[str] = []

        def end() -> None:
            late.append(f"the {type(dialog).__name__} {dialog.windowTitle()!r} waited for the user")
            dialog.reject()

        timer = QTimer(singleShot=True, interval=int(ANSWER_SECONDS * 1000))
        timer.timeout.connect(end)
        timer.start()
        answer = opens(dialog)
        timer.stop()
        if late:
            raise AssertionError(f"{late[0]}: the test is to answer it, or to patch it with its answer")
        return answer

    return wait


@pytest.fixture(scope="session", autouse=True)
def impatience() -> Iterator[None]:
    """Fail instead of waiting for a user whom no test has."""
    from PySide6 import QtWidgets

    with pytest.MonkeyPatch.context() as patch:
        for kind, names in ASKING.items():
            for name in names:
                patch.setattr(getattr(QtWidgets, kind), name, _refusal(f"{kind}.{name}"))
        patch.setattr(QtWidgets.QDialog, "exec", _impatient(QtWidgets.QDialog.exec))
        yield


def pytest_report_header() -> str:
    def lines(folder: Path) -> int:
        return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in folder.rglob("*.py"))

    tests = Path(__file__).parent
    return f"lines of the program: {lines(tests.parent / 'qwvis_desktop')}, of its tests: {lines(tests)}"


def pytest_collection_finish() -> None:
    """Spare the garbage collector what stays to the end: the modules and the tests themselves."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Close the net: what died only now, and what Qt said after the last test."""
    gc.collect()
    if _messages:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        print("\nQt said after the last test:", *_messages, sep="\n  ")


def pytest_unconfigure() -> None:
    qInstallMessageHandler(None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[_passed] = item.stash.get(_passed, True) and report.passed
    return report


def _top_level_widgets() -> dict[int, str]:
    """Return address and description of each window that belongs to nobody."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or not isinstance(QCoreApplication.instance(), widgets.QApplication):
        return {}
    return {
        shiboken6.getCppPointer(widget)[0]: f"{widget.metaObject().className()} {widget.windowTitle()!r}"
        for widget in widgets.QApplication.topLevelWidgets()
        if widget.parent() is None and widget.metaObject().className() not in KEPT_BY_QT
    }


def _destroy_widgets(addresses: set[int]) -> None:
    for widget in sys.modules["PySide6.QtWidgets"].QApplication.topLevelWidgets():
        if shiboken6.getCppPointer(widget)[0] in addresses:
            shiboken6.delete(widget)


def _leaked_widgets(before: dict[int, str]) -> list[str]:
    # Those that wait for the event loop or for the garbage collector are no leak. What is cheap is tried first.
    for generation in range(3):
        if not _top_level_widgets().keys() - before.keys():
            return []
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        gc.collect(generation)
    after = _top_level_widgets()
    leaked = after.keys() - before.keys()
    _destroy_widgets(leaked)
    return [f"the window {after[address]} is still there" for address in sorted(leaked)]


def _leaked_threads(before: set[threading.Thread]) -> list[str]:
    leaked = []
    for thread in set(threading.enumerate()) - before:
        # Python stands in with a dummy for a thread of Qt that ran Python once; it is never taken off the list.
        if not isinstance(thread, threading._DummyThread):
            thread.join(GRACE_SECONDS)
            if thread.is_alive():
                leaked.append(f"the thread {thread.name!r} goes on")
    pool = QThreadPool.globalInstance()
    if pool.activeThreadCount() and not pool.waitForDone(int(GRACE_SECONDS * 1000)):
        leaked.append(f"{pool.activeThreadCount()} jobs of the global thread pool go on")
    return leaked


def _open_files(folder: Path) -> set[str]:
    """Return the open files below ``folder``; none where the system does not tell."""
    files = set()
    inside = str(folder) + os.sep
    if _DESCRIPTORS:
        # Plain words, not paths: this is asked twice for each of thousands of tests.
        for descriptor in os.listdir(_DESCRIPTORS):  # noqa: PTH208 - as above
            try:
                file = os.readlink(_DESCRIPTORS + descriptor)  # noqa: PTH115 - as above
            except OSError:
                continue  # closed since: that of the listing itself
            if file.startswith(inside):
                files.add(file)
    return files


def _left_open(folder: Path, before: set[str]) -> list[str]:
    if not _open_files(folder) - before:
        return []
    gc.collect()
    return [f"the file {name} is still open" for name in sorted(_open_files(folder) - before)]


def _left_on_clipboard() -> list[str]:
    gui = sys.modules.get("PySide6.QtGui")
    if gui is None or not isinstance(QCoreApplication.instance(), gui.QGuiApplication):
        return []
    clipboard = gui.QGuiApplication.clipboard()
    mime = clipboard.mimeData()
    if mime is None or not shiboken6.createdByPython(mime):
        return []
    clipboard.clear()
    return ["what lies on the clipboard was made in Python, and crashes a process that ends (see ui/mime.py)"]


@pytest.fixture(autouse=True)
def net(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Fail the test for what it leaves behind, unless it failed already."""
    folder = tmp_path_factory.getbasetemp()
    widgets, threads, files = _top_level_widgets(), set(threading.enumerate()), _open_files(folder)
    _strangers.clear()
    yield
    faults = [
        *_leaked_widgets(widgets),
        *_leaked_threads(threads),
        *_left_open(folder, files),
        *_left_on_clipboard(),
        *(f"it tried to reach another machine: {stranger}" for stranger in _strangers),
        *(f"Qt said {message}" for message in _messages),
    ]
    _messages.clear()
    if faults and request.node.stash.get(_passed, True):
        pytest.fail("The test left something behind: " + "; ".join(faults), pytrace=False)


_homes = itertools.count()


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test its own folder of settings, which is not there yet, as at the very first start."""
    folder = tmp_path_factory.getbasetemp() / f"home-{next(_homes)}"
    monkeypatch.setenv("QWVIS_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Return the folder of recorded replies, which is not part of the project."""
    folder = Path(__file__).parents[2] / "shared" / "corpus"
    if not folder.is_dir():
        pytest.skip("the corpus of recorded replies is not on this machine")
    return folder


@pytest.fixture
def loopback() -> Iterator[LoopbackService]:
    """Run a Qwen service on this machine that answers with an empty list until the test sets ``answer``."""
    with LoopbackService() as service:
        yield service


@pytest.fixture
def program(qtbot: object, home: Path) -> Iterator[Any]:
    """Run the whole program behind its window, with no keys but those that the test enters."""
    from program_window import running

    with running() as program:
        yield program


@pytest.fixture(scope="session")
def photo_data() -> bytes:
    """Return the content of ``photo``, which takes longer to make than to write."""
    from PIL import Image

    content = io.BytesIO()
    Image.effect_noise((800, 600), 60).convert("RGB").save(content, "PNG", compress_level=1)
    return content.getvalue()


@pytest.fixture
def photo(tmp_path: Path, photo_data: bytes) -> Path:
    """Return a picture of 800 x 600."""
    path = tmp_path / "photo.png"
    path.write_bytes(photo_data)
    return path
