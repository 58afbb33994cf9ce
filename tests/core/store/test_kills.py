"""Killed at random moments, the editor leaves all but the last two seconds, and every run that had ended."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

COUNT = 50

PROGRAM = Path(__file__).parents[2] / "benchmarks" / "kill.py"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the editor is forked")
def test_kills_at_any_moment_lose_next_to_nothing(tmp_path: Path) -> None:
    """``tests/benchmarks/kill.py`` does a thousand."""
    ended = subprocess.run(
        [sys.executable, PROGRAM, "--count", str(COUNT), "--folder", tmp_path],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert f'"kills": {COUNT}' in ended.stdout
