"""A lock that one program holds, and that goes when it dies."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from qwvis_desktop.core.store.file_lock import FileLock

HOLDER = """
import sys
from pathlib import Path
from qwvis_desktop.core.store.file_lock import FileLock
lock = FileLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_only_one_holds_it(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "a.lock")
    with pytest.raises(BlockingIOError):
        FileLock(tmp_path / "a.lock")
    lock.release()
    again = FileLock(tmp_path / "a.lock")
    again.release(remove=True)
    again.release(remove=True)
    assert not (tmp_path / "a.lock").exists()


def test_it_goes_with_the_program_that_held_it(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == b"held\n"
        with pytest.raises(BlockingIOError):
            FileLock(path)
        program.kill()
    FileLock(path).release(remove=True)
