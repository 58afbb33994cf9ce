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

BOX = b'[{"bbox_2d": [100, 200, 300, 400], "label": "cat"}]'
"""A reply with one box."""


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


def parse(qwvis: Qwvis, reply: bytes, *words: str, task: str = "detect", family: str = "qwen3-vl") -> Any:
    """Return what ``parse --json`` prints for ``reply``."""
    ended = qwvis("parse", "-", "--task", task, "--family", family, "--json", *words, stdin=reply)
    return ended.json


def only(value: Any) -> dict[str, Any]:
    """Return the one annotation of a reply that was understood."""
    assert value["status"] == "ok", value["issues"]
    (annotation,) = value["annotations"]
    found: dict[str, Any] = annotation
    return found
