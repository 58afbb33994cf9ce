"""Tables of events that others made: a row each with a start, an end and a description, told by the first row's names.

Commas, semicolons and tabs part the cells; times may have any form that people and models write (``core.times``).
Written by nobody here: ``csv_table`` is what this program writes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from types import MappingProxyType

from qwvis_desktop.core.annotation import Annotation, VideoEvent
from qwvis_desktop.core.cues import in_order
from qwvis_desktop.core.label_file import LabelFileError, Labels, read_each
from qwvis_desktop.core.times import seconds_of

_NAMES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "start": frozenset({"start", "begin", "from", "in", "onset", "starttime", "begintime", "startseconds"}),
        "end": frozenset({"end", "to", "out", "stop", "offset", "endtime", "stoptime", "endseconds"}),
        "label": frozenset({"label", "event", "description", "text", "caption", "name", "title", "class", "action"}),
    }
)
"""What the columns are called, in lower case and without blanks and underscores."""

_LONGEST_ROW = 2000


def is_event_table(text: str) -> bool:
    """Say whether the first row of ``text`` names a start, an end and a description."""
    first = text.lstrip("\ufeff").split("\n", 1)[0]
    return len(first) <= _LONGEST_ROW and set(_columns(first.rstrip("\r"))) == set(_NAMES)


def _columns(first: str) -> dict[str, str]:
    """Return the columns that are known, by what they mean."""
    found: dict[str, str] = {}
    for name in next(csv.reader([first], delimiter=_delimiter(first)), []):
        plain = name.strip().lower().replace("_", "").replace(" ", "")
        meaning = next((meaning for meaning, names in _NAMES.items() if plain in names), None)
        if meaning is not None:
            found.setdefault(meaning, name)
    return found


def _delimiter(first: str) -> str:
    return max(",;\t", key=first.count)


def load(text: str) -> Labels:
    """Return the events of a table in its order.

    Raises:
        LabelFileError: it is none, or no row of it can be read.
    """
    if not is_event_table(text):
        raise LabelFileError("This is no table of events: its first row names no start, end and label.")
    plain = text.lstrip("\ufeff")
    first = plain.split("\n", 1)[0].rstrip("\r")
    columns = _columns(first)
    try:
        rows = list(csv.DictReader(io.StringIO(plain, newline=""), delimiter=_delimiter(first)))
    except csv.Error as error:
        raise LabelFileError(f"This table is damaged: {error}. Save it again, or copy it whole.") from error
    annotations, left_out = read_each(rows, lambda row: _read(row, columns))
    return Labels(annotations, None, left_out)


def _read(row: Mapping[str, str | None], columns: Mapping[str, str]) -> Annotation:
    cells = {meaning: (row[name] or "").strip() for meaning, name in columns.items()}
    start, end = seconds_of(cells["start"]), seconds_of(cells["end"])
    if start is None or end is None:
        raise ValueError(f'its times cannot be read ("{cells["start"]:.20}", "{cells["end"]:.20}")')
    start, end = in_order(start, end)
    return VideoEvent(label=cells["label"], start=start, end=end)
