"""Other programs' readers, in a Python of their own: they are asked what they see in what was written here."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

Readers = Mapping[str, Callable[[Path], Mapping[str, Callable[[], Any]]]]
"""For each other program, what gives its readers of a folder, by format; raises ImportError where it is missing."""


def ask_peers(
    script: str, title: str, write: Callable[[Path], None], readers: Readers, judged: Callable[[Path, Any], Any]
) -> None:
    """Write, have it read in the Python that ``--peer`` names, and print as JSON what each reader saw.

    Args:
        script: the file that is run; it runs itself in the other Python.
        title: its docstring.
        write: writes what is to be read into a folder.
        readers: what reads it there.
        judged: says of what was read in a folder how good it is.
    """
    if sys.argv[1:2] == ["--as-peer"]:
        print(json.dumps(seen(Path(sys.argv[2]), readers, judged), indent=1))
        return
    parser = argparse.ArgumentParser(description=title.split("\n")[0])
    parser.add_argument("--peer", required=True, metavar="PYTHON", help="a Python that has the other programs")
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        write(Path(folder))
        subprocess.run([arguments.peer, script, "--as-peer", folder], check=True)


def seen(folder: Path, readers: Readers, judged: Callable[[Path, Any], Any]) -> dict[str, Any]:
    """Let all readers read, and return what came of each."""
    told: dict[str, Any] = {}
    for program, readers_of in readers.items():
        try:
            for name, read in readers_of(folder).items():
                try:
                    with redirect_stdout(StringIO()):  # some of them talk
                        told[f"{name} by {program}"] = judged(folder, read())
                except Exception as error:  # noqa: BLE001 - what a reader says is what is to be shown
                    told[f"{name} by {program}"] = {"error": f"{error!r} {error.__cause__!r}"[:400]}
        except ImportError as error:
            told[program] = {"not installed": str(error)}
    return told
