"""Verdicts of self-tests are kept with their dates, one of each model, and a damaged file harms nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qwvis_desktop.core.media.write import WriteError
from qwvis_desktop.core.store import self_tests
from qwvis_desktop.core.store.self_tests import KeptVerdict, SelfTests

GOOD = KeptVerdict(True, "Passed: places stand where they should.", "2026-05-04T10:30:12+00:00")
BAD = KeptVerdict(False, "Zählt Pixel 像素.", "2026-05-05T10:30:12+00:00", "sent-pixels")


def test_the_last_verdict_of_each_model_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "new" / "self-tests.json"
    kept = SelfTests(path)
    assert kept.get("a", "m") is None
    kept.keep("a", "m", GOOD)
    kept.keep("a", "n", BAD)
    kept.keep("b", "m", GOOD)
    kept.keep("a", "m", BAD)
    again = SelfTests(path)
    assert (again.get("a", "m"), again.get("a", "n"), again.get("b", "m")) == (BAD, BAD, GOOD)
    assert again.get("a m", "") is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"verdicts": []}',
        b'{"verdicts": {"a\\nm": 5}}',
        b'{"verdicts": {"a\\nm": {"passed": true}}}',
        b'{"verdicts": {"a\\nm": {"passed": true, "message": "", "when": "", "new": 1}}}',
    ],
)
def test_a_damaged_file_counts_as_empty_and_is_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "self-tests.json"
    path.write_bytes(content)
    kept = SelfTests(path)
    assert kept.get("a", "m") is None
    kept.keep("a", "m", GOOD)
    assert kept.get("a", "m") == GOOD
    assert json.loads(path.read_bytes())["format"] == "qwvis-self-tests"


def test_a_failed_write_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "self-tests.json"
    kept = SelfTests(path)
    kept.keep("a", "m", GOOD)
    before = path.read_bytes()

    def full(path: Path, data: bytes) -> None:
        raise WriteError("The disk is full.")

    monkeypatch.setattr(self_tests, "write_beside", full)
    with pytest.raises(WriteError):
        kept.keep("a", "m", BAD)
    assert path.read_bytes() == before
    assert kept.get("a", "m") == GOOD
