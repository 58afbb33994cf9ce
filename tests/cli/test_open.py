from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from types import ModuleType, SimpleNamespace

import pytest
from cli.conftest import Qwvis


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, bool]]]:
    """What the window was asked to do; no window is shown."""
    import qwvis_desktop

    asked: list[tuple[list[str], dict[str, bool]]] = []

    def main(paths: list[str], **options: bool) -> int:
        asked.append((paths, options))
        return 0

    start = ModuleType("qwvis_desktop.start")
    start.__dict__.update(vars(SimpleNamespace(main=main)))
    monkeypatch.setitem(sys.modules, "qwvis_desktop.start", start)
    monkeypatch.setattr(qwvis_desktop, "start", start, raising=False)
    return asked


@pytest.mark.parametrize(
    ("words", "paths"),
    [
        ((), []),
        (("open",), []),
        (("a.png", "folder"), ["a.png", "folder"]),
        (("open", "a.png"), ["a.png"]),
        (("https://host/a.png",), ["https://host/a.png"]),
        (("open", "run"), ["run"]),
    ],
)
def test_is_the_default(
    words: tuple[str, ...], paths: list[str], qwvis: Qwvis, calls: list[tuple[list[str], dict[str, bool]]]
) -> None:
    assert qwvis(*words).code == 0
    assert calls == [(paths, {"demo": False, "off_screen": False, "new_window": False})]


def test_passes_the_demo_on(qwvis: Qwvis, calls: list[tuple[list[str], dict[str, bool]]]) -> None:
    assert qwvis("open", "--demo", "--off-screen").code == 0
    assert calls == [([], {"demo": True, "off_screen": True, "new_window": False})]


def test_a_window_of_its_own(qwvis: Qwvis, calls: list[tuple[list[str], dict[str, bool]]]) -> None:
    assert qwvis("open", "--new-window", "a.png").code == 0
    assert calls == [(["a.png"], {"demo": False, "off_screen": False, "new_window": True})]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")
def test_without_a_display_it_says_so(
    qwvis: Qwvis, calls: list[tuple[list[str], dict[str, bool]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    ended = qwvis("a.png")
    assert (ended.code, calls) == (1, [])
    assert "no display" in ended.err
    assert qwvis("open", "--off-screen").code == 0


def test_threads_that_compute_let_the_window_in_soon(
    qwvis: Qwvis, calls: list[tuple[list[str], dict[str, bool]]]
) -> None:
    before = sys.getswitchinterval()
    try:
        sys.setswitchinterval(0.005)
        assert qwvis("open").code == 0
        assert sys.getswitchinterval() <= 0.001
    finally:
        sys.setswitchinterval(before)
    assert calls


MANY_THREADS = """
import ctypes, threading
from pathlib import Path
from qwvis_desktop.cli.open import settle

{settle}
allocate = ctypes.CDLL(None).malloc
there, seen = threading.Barrier(9), threading.Barrier(9)

def work():
    allocate(100_000)
    there.wait()
    seen.wait()

threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads:
    thread.start()
there.wait()
starts = [int(line.partition("-")[0], 16) for line in Path("/proc/self/maps").read_text().splitlines()]
print(sum(start % 2**26 == 0 for start in starts))
seen.wait()
"""


@pytest.mark.skipif(
    not (sys.platform == "linux" and hasattr(ctypes.CDLL(None), "mallopt")), reason="not the C library that is told"
)
def test_threads_share_the_memory_that_they_give_back() -> None:
    def pieces(settle: str) -> int:
        """Count the C library's pieces of memory for threads, which begin at multiples of 64 MB."""
        script = MANY_THREADS.format(settle=settle)
        environment = {key: value for key, value in os.environ.items() if not key.startswith("MALLOC_")}
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment
        )
        return int(done.stdout)

    assert pieces("settle()") <= 2 < pieces("")


def test_unknown_options_are_wrong_usage(qwvis: Qwvis, calls: list[tuple[list[str], dict[str, bool]]]) -> None:
    assert qwvis("--fullscreen").code == 2
    assert calls == []
