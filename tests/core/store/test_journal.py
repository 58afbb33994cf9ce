"""The journal: what was written is there after a crash, a full disk loses nothing, and nobody waits."""

from __future__ import annotations

import errno
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.store import journal as module
from qwvis_desktop.core.store.file_lock import FileLock
from qwvis_desktop.core.store.journal import FORMAT, Journal, Line


def line(value: JsonValue) -> Line:
    return lambda: value


def lines_of(path: Path) -> list[Any]:
    return [json.loads(each) for each in path.read_bytes().splitlines()]


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def journal(tmp_path: Path, said: list[str]) -> Iterator[Journal]:
    journal = Journal(tmp_path / "journal", said.append)
    yield journal
    assert journal.close()


def test_lines_come_in_their_order_after_a_head(journal: Journal) -> None:
    for number in range(100):
        journal.write(line({"n": number}), line({"half": "\ud800"}))
    assert journal.write_now(line("last"))
    head, *rest = lines_of(journal.path)
    assert head["format"] == FORMAT
    assert [each["n"] for each in rest[:-1:2]] == list(range(100))
    assert rest[-1] == "last"


def test_nothing_is_made_before_there_is_something_to_write(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal", pytest.fail)
    assert journal.close()
    assert list(tmp_path.iterdir()) == []


def test_closing_removes_it_unless_it_is_needed(tmp_path: Path) -> None:
    for keep in (True, False):
        journal = Journal(tmp_path, pytest.fail)
        journal.write(line("x"))
        assert journal.close(keep=keep)
        assert journal.path.exists() is keep
        assert list(tmp_path.glob("*.lock")) == []
    assert lines_of(next(tmp_path.iterdir()))[1:] == ["x"]


def test_while_it_is_written_it_is_held(journal: Journal) -> None:
    journal.write_now(line("x"))
    with pytest.raises(BlockingIOError):
        FileLock(journal.path.with_suffix(module.LOCK_SUFFIX))


def test_saving_starts_it_anew(journal: Journal) -> None:
    journal.write(line("old"))
    journal.start_anew([line("rest")])
    journal.write(line("new"))
    assert journal.write_now()
    assert lines_of(journal.path)[1:] == ["rest", "new"]


def test_lines_are_made_on_its_own_thread(journal: Journal) -> None:
    made: list[str] = []
    journal.write(lambda: made.append(threading.current_thread().name))
    journal.write_now()
    assert made == ["journal"]


def test_every_line_is_with_the_disk_soon(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    synced = threading.Event()
    monkeypatch.setattr(module, "SYNC_SECONDS", 0.02)
    monkeypatch.setattr(module, "sync", lambda file: synced.set())
    journal.write(line("x"))
    assert synced.wait(1.0)
    synced.clear()
    journal.write(line("y"))
    assert synced.wait(1.0)


@pytest.mark.parametrize("step", ["write_all", "sync", "mkdir", "open"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EIO, errno.EACCES])
def test_a_disk_that_refuses_is_said_once_and_nothing_is_lost(
    journal: Journal, said: list[str], monkeypatch: pytest.MonkeyPatch, step: str, code: int
) -> None:
    def refuse(*arguments: Any, **further: Any) -> None:
        if step == "write_all":
            arguments[0].write(b'{"half a li')
        raise OSError(code, "refused")

    owner = Path if step in ("mkdir", "open") else module
    with monkeypatch.context() as patch:
        patch.setattr(owner, step, refuse)
        for number in range(3):
            assert not journal.write_now(line(number))
        assert len(said) == 1
        assert "refused" in said[0]
    assert journal.write_now(line("after"))
    assert lines_of(journal.path)[1:] == [0, 1, 2, "after"]
    assert len(said) == 1


def test_it_is_tried_again_by_itself(journal: Journal, monkeypatch: pytest.MonkeyPatch, said: list[str]) -> None:
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.02)
    there, plain = threading.Event(), module.write_all
    fails = iter([True, True])

    def write(file: Any, data: bytes) -> None:
        if next(fails, False):
            raise OSError(errno.ENOSPC, "full")
        plain(file, data)
        there.set()

    monkeypatch.setattr(module, "write_all", write)
    journal.write(line("x"))
    assert there.wait(2.0)
    assert journal.write_now(line("y"))
    assert lines_of(journal.path)[1:] == ["x", "y"]
    assert len(said) == 1
