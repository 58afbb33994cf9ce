"""What commands print, and how they end.

Results go to standard output, notes and errors to standard error. With ``--json`` (``cli.json_output``) standard output
is exactly one JSON document.
"""

from __future__ import annotations

import sys
from enum import IntEnum
from typing import TextIO


class ExitCode(IntEnum):
    """How a command ended; of several files the highest counts."""

    DONE = 0
    ERROR = 1
    USAGE = 2
    UNUSABLE_REPLY = 3
    PROVIDER_FAILED = 4
    STOPPED = 130


class CommandError(Exception):
    """A command cannot go on; the text is for people."""

    def __init__(self, message: str, code: ExitCode = ExitCode.ERROR) -> None:
        super().__init__(message)
        self.code = code


def tell(text: str) -> None:
    """Print a line of the result."""
    _print(text, sys.stdout)


def note(text: str) -> None:
    """Print a line beside the result, on standard error."""
    _print(text, sys.stderr)


def _print(text: str, stream: TextIO | None) -> None:
    if stream is None:  # a program without a console has none
        return
    # What a terminal's encoding lacks, and half characters, are shown as escapes.
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
