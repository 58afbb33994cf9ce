"""The samples that come with the program: pictures it drew itself, and replies made from the drawings' own truth.

No model saw the pictures; the replies' provider says so ("drawn truth, no model").
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qwvis_desktop.core.camera import CameraIntrinsics
from qwvis_desktop.core.document import Run
from qwvis_desktop.core.formats.reply import load
from qwvis_desktop.core.resources import resource
from qwvis_desktop.core.tasks import TASKS, Task


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture to try things on.

    Attributes:
        id: its name on the command line and in settings.
        title: its name for people (translated where it is shown).
        path: the picture.
        replies: files of kept replies by task id, the likeliest task first.
        camera: the one it was drawn through, in pixels; None where it shows no space.
    """

    id: str
    title: str
    path: Path
    replies: Mapping[str, Path]
    camera: CameraIntrinsics | None = None

    @property
    def task(self) -> Task:
        """The task it is best for."""
        return TASKS[next(iter(self.replies))]

    def reply(self, task: str) -> Run:
        """Return the reply to ``task``, to be played back or read.

        Raises:
            KeyError: there is none to this task.
            OSError, ReplyFileError: the installation is damaged.
        """
        return load(self.replies[task].read_bytes())


def folder_beside(path: Path | None) -> Path:
    """Return where to offer to save what belongs to a picture: its folder; home for a sample, whose folder is ours."""
    if path is None or any(path == sample.path for sample in bundled_samples()):
        return Path.home()
    return path.parent


@cache
def bundled_samples() -> tuple[Sample, ...]:
    """Return all samples in the order in which they are offered; their list is read once.

    Raises:
        FileNotFoundError: the installation is damaged.
    """
    with resource("samples/samples.toml").open("rb") as file:
        entries = tomllib.load(file)["samples"]
    return tuple(
        Sample(
            id=entry["id"],
            title=entry["title"],
            path=resource(f"samples/{entry['file']}"),
            replies={task: resource(f"samples/{name}") for task, name in entry["replies"].items()},
            camera=CameraIntrinsics(*entry["camera"]) if "camera" in entry else None,
        )
        for entry in entries
    )
