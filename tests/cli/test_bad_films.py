"""Films that cannot be opened, on the command line: a sentence each, and nothing is sent."""

from __future__ import annotations

from pathlib import Path

import hostile_films
import pytest
from cli.conftest import Qwvis
from hostile_films import REFUSED
from hostile_media import write_all
from loopback.service import LoopbackService


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The films, by their names."""
    made = [case for case in hostile_films.cases() if case[0] in REFUSED]
    return {path.name: path for path in write_all(tmp_path_factory.mktemp("bad"), made=made)}


@pytest.mark.parametrize("name", REFUSED)
def test_the_command_line_says_so_and_sends_nothing(
    name: str, bad: dict[str, Path], qwvis: Qwvis, loopback: LoopbackService
) -> None:
    words = ("--task", "video-events", "--base-url", loopback.base_url, "--model", "qwen3-vl-plus")
    ended = qwvis("run", bad[name], *words)
    assert ended.code == 1
    assert REFUSED[name] in ended.err
    assert not loopback.requests
