"""What was open when the program ended, so that the next start can go on there."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from qwvis_desktop.core.media.write import write_beside

MANY = 50
"""From this many open pictures of a folder on, the folder is remembered instead."""


@dataclass(frozen=True, slots=True)
class Session:
    """What was open.

    Attributes:
        project: the project's file; empty where none was open.
        paths: pictures and folders, where no project was open.
        current: key of what was looked at, the path of a picture; empty where nothing was.
    """

    project: str = ""
    paths: tuple[str, ...] = ()
    current: str = ""


def shortened(files: Iterable[str]) -> tuple[str, ...]:
    """Return what to open so that these files are open: their folders where they are many."""
    inside = {file: os.path.dirname(file) for file in files}  # noqa: PTH120 - a Path for each of 100,000 takes a second
    many = {folder for folder, count in Counter(inside.values()).items() if count >= MANY}
    return tuple(dict.fromkeys(folder if folder in many else file for file, folder in inside.items()))


def load_session(path: Path) -> Session:
    """Return the session that was kept; an empty one where none can be read: it is no work of anybody."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        return Session(str(value["project"]), tuple(str(each) for each in value["paths"]), str(value["current"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Session()


def save_session(path: Path, session: Session) -> None:
    """Keep a session.

    Raises:
        OSError, WriteError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    value = {"project": session.project, "paths": list(session.paths), "current": session.current}
    write_beside(path, json.dumps(value).encode())
