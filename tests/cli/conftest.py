"""``qwvis``: the program, run in this process; what it printed and how it ended."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest

from qwvis_desktop.cli.program import run_program


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, which must be exactly one JSON document."""
        assert self.out.count("\n") == 1
        return json.loads(self.out)


class Qwvis(Protocol):
    """Runs the program in this process."""

    def __call__(self, *words: str | Path, stdin: bytes = b"") -> Ended: ...


@pytest.fixture
def qwvis(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Qwvis:
    """Return what runs the program."""

    def run(*words: str | Path, stdin: bytes = b"") -> Ended:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        code = run_program([str(word) for word in words])
        captured = capsys.readouterr()
        return Ended(int(code), captured.out, captured.err)

    return run
