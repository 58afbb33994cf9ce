"""What is typed to find runs, and what is found."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kept_runs import PICTURE, STARTED, kept_run

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.store.history import History, history_at
from qwvis_desktop.core.store.history_query import HistoryQuery, HistoryQueryError
from qwvis_desktop.core.store.history_rows import KeptPicture, KeptRun

RUNS = (
    KeptRun(kept_run("cats", 'Two red cats, "quoted" 100%.'), (PICTURE,)),
    KeptRun(kept_run("street", "一辆红色的车", prompt="找车", model="qwen2.5-vl-7b-instruct"), (PICTURE,)),
    KeptRun(
        kept_run("page", "Text_of a page", task="read-text", started=STARTED + timedelta(days=3), error="stopped"),
        (KeptPicture(name="Scan 7.tif", size=Size(10, 10), sha256="cd" * 32),),
    ),
)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    history = history_at(tmp_path_factory.mktemp("found") / "history.sqlite", pytest.fail)
    history.add(RUNS)
    yield history
    history.close()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", {"cats", "street", "page"}),
        ("   ", {"cats", "street", "page"}),
        ("RED", {"cats"}),
        ("red cats", {"cats"}),
        ("cats red", {"cats"}),
        ('"red cats"', {"cats"}),
        ('"cats red"', set()),
        ("red page", set()),
        ("红色", {"street"}),
        ("车", {"street"}),
        ("找车", {"street"}),
        ("2.5-vl", {"street"}),
        ("scan", {"page"}),
        ("100%", {"cats"}),
        ("%", {"cats"}),
        ("t_o", {"page"}),
        ("_", {"page"}),
        ('quo"ted', set()),
        ("model:qwen3", {"cats", "page"}),
        ("MODEL:QWEN2.5", {"street"}),
        ("picture:scan", {"page"}),
        ('picture:"scan 7"', {"page"}),
        ("picture:cdcd", {"page"}),
        ("picture:dcdc", set()),
        ("task:read", {"page"}),
        ("state:stopped", {"page"}),
        ("since:2026-11-23", {"page"}),
        ("before:2026-11-23", {"cats", "street"}),
        ("since:2026-11-20 before:2026-11-23 cats", {"cats"}),
        ("since:today", set()),
        ("before:yesterday model:2.5", {"street"}),
        ("of:a", set()),
        ("' OR 1 --", set()),
    ],
)
def test_found(history: History, typed: str, found: set[str]) -> None:
    query = HistoryQuery.parse(typed)
    assert {row.id for row in history.page(query)} == found
    assert history.count(query) == len(found)
    assert {kept.run.id for kept in history.each(query)} == found


@pytest.mark.parametrize("typed", ["since:once", "before:2026-13-01", "since:"])
def test_no_date_is_said(typed: str) -> None:
    if typed == "since:":
        assert HistoryQuery.parse(typed).since == ""
        return
    with pytest.raises(HistoryQueryError, match="no date"):
        HistoryQuery.parse(typed)


@settings(max_examples=40)
@given(st.text())
def test_anything_can_be_typed(history: History, typed: str) -> None:
    try:
        query = HistoryQuery.parse(typed)
    except HistoryQueryError:
        return
    assert history.count(query) >= 0


def test_days_are_those_of_this_place(monkeypatch: pytest.MonkeyPatch) -> None:
    if not hasattr(time, "tzset"):
        pytest.skip("this system cannot be moved to another time zone")
    before = os.environ.get("TZ")
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        assert HistoryQuery.parse("since:2026-11-21").since == datetime(2026, 11, 20, 16, tzinfo=UTC).isoformat()
    finally:
        if before is None:
            monkeypatch.delenv("TZ")
        else:
            monkeypatch.setenv("TZ", before)
        time.tzset()
