"""Tasks of Label Studio, as pictures and films have them alike: what each is of, and the work that is read of it.

Where several people labelled a task, the first one's work is read; where nobody did, the first prediction.
"""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from qwvis_desktop.core.label_file import LabelFileError, Losses

_UPLOADED = re.compile(r"^[0-9a-f]{8}-")
"""What Label Studio puts before the name of a file that was uploaded."""


class StudioTask(NamedTuple):
    """A task.

    Attributes:
        name: of the file that it is of.
        result: the regions of the work that is read, unchecked.
        others: how many other people's work there is.
        guesses: how many predictions there are beside people's work.
    """

    name: str
    result: list[Any]
    others: int
    guesses: int = 0

    @property
    def left_out(self) -> Losses:
        """What is not read: the work of others, and what was predicted where a person did the work."""
        return (
            (self.others, "the work of 1 other person", "the work of {} other persons"),
            (self.guesses, "1 prediction beside a person's work", "{} predictions beside a person's work"),
        )


def studio_tasks(text: str) -> tuple[StudioTask, ...]:
    """Return the tasks of a file.

    Raises:
        LabelFileError: these are none, or damaged.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise LabelFileError(
            f"This Label Studio file is no JSON ({error}). Save it again, or copy it whole."
        ) from error
    try:
        return tuple(_task(task) for task in (value if isinstance(value, list) else [value]))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise LabelFileError(
            f"This Label Studio file is damaged: {error!r}. Save it again, or copy it whole."
        ) from error


def _task(task: dict[str, Any]) -> StudioTask:
    name = next((_file_name(value) for value in task["data"].values() if isinstance(value, str)), "")
    done = [entry for entry in task.get("annotations") or () if not entry.get("was_cancelled")]
    predicted = list(task.get("predictions") or ())
    chosen = done or predicted
    result = chosen[0]["result"] if chosen else []
    if not isinstance(result, list):
        raise TypeError("result should be a list")
    return StudioTask(name, result, max(0, len(chosen) - 1), len(predicted) if done else 0)


def _file_name(address: str) -> str:
    """Return the name of the file at an address of Label Studio's."""
    parts = urlsplit(address)
    path = parse_qs(parts.query).get("d", [parts.path])[0]
    return _UPLOADED.sub("", unquote(path).replace("\\", "/").rpartition("/")[2])
