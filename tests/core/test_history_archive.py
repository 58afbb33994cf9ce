"""The history goes out as one file and comes in again, without paths of this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from kept_runs import PICTURE, STARTED, kept_run

from qwvis_desktop.core.formats.reply import KeptReply, ReplyFileError, dump_run, load_kept
from qwvis_desktop.core.history_archive import export_history, export_runs, import_history
from qwvis_desktop.core.store.history import History, history_at
from qwvis_desktop.core.store.history_query import HistoryQuery
from qwvis_desktop.core.store.history_rows import KeptRun

SECOND = replace(PICTURE, name="dog.png", path="")
RUNS = [
    KeptRun(kept_run("a", "a cat", thinking="Hm."), (PICTURE,)),
    KeptRun(kept_run("b", "dogs\n\u2028\udc80", started=STARTED + timedelta(hours=1)), (PICTURE, SECOND)),
]


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    history = history_at(tmp_path / "one.sqlite", pytest.fail)
    history.add(RUNS)
    yield history
    history.close()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[History]:
    history = history_at(tmp_path / "other.sqlite", pytest.fail)
    yield history
    history.close()


def test_out_and_in_again(history: History, other: History, tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    assert export_history(history, path) == 2
    assert "/pictures" not in path.read_text()
    assert import_history(other, path, pytest.fail) == 2
    assert import_history(other, path, pytest.fail) == 0
    for kept in RUNS:
        again = other.get(kept.run.id)
        assert again is not None
        assert again.run == kept.run
        assert again.pictures == tuple(replace(picture, path="") for picture in kept.pictures)


def test_some_of_it(history: History, tmp_path: Path) -> None:
    path = tmp_path / "some.jsonl"
    assert export_history(history, path, HistoryQuery.parse("cat")) == 2  # the picture of both is called so
    assert export_history(history, path, HistoryQuery.parse('"a cat"')) == 1
    assert export_runs(history, path, ("b", "nothing")) == 1
    lines = path.read_text().splitlines()
    assert json.loads(lines[0]) == {"format": "qwvis-history", "version": 1}
    assert load_kept(path.read_bytes().split(b"\n")[1]).run.id == "b"


def test_a_kept_reply_alone_is_taken(other: History, tmp_path: Path) -> None:
    path = tmp_path / "one.reply.json"
    path.write_bytes(dump_run(KeptReply(RUNS[0].run, "cat.png", PICTURE.size)))
    assert import_history(other, path, pytest.fail) == 1
    assert other.page()[0].pictures == "cat.png"


def test_a_damaged_line_is_said_and_the_others_are_taken(history: History, other: History, tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    export_history(history, path)
    lines = path.read_bytes().splitlines(keepends=True)
    lines[1] = lines[1][:100] + b"\n"
    path.write_bytes(b"".join(lines))
    said: list[str] = []
    assert import_history(other, path, said.append) == 1
    assert "Line 2 was left out" in said[0]


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]\n[2]", b"\xff\xfe\x00", b'{"format": "qwvis-reply"}'])
def test_other_files_are_refused(other: History, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.txt"
    path.write_bytes(content)
    with pytest.raises(ReplyFileError):
        import_history(other, path, pytest.fail)
    assert other.count() == 0
