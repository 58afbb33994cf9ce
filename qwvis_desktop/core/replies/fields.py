"""Reads extracted fields: the object of keys and values that was asked for, as text."""

from __future__ import annotations

import json

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.replies.findings import Findings
from qwvis_desktop.core.replies.json_tree import BrokenObject, ClosedObject


class FieldReader:
    """Keeps the outermost objects of a reply; fields have no place, so that there are no annotations.

    Args:
        findings: where issues go.
    """

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._objects: list[tuple[int, dict[str, JsonValue]]] = []

    def read(self, closed: ClosedObject) -> None:
        """Read one closed object."""
        if not closed.value:
            self._findings.said_nothing = True
        elif not closed.keys:
            self._findings.structured = True
            self._objects.append((closed.start, _filled(closed.value)))

    def read_broken(self, broken: BrokenObject) -> None:
        """Say so where an object never ended."""
        message = "An object whose closing bracket never came was left out."
        self._findings.refuse("unclosed", message, (broken.start, broken.end))

    def forget_before(self, end: int) -> None:
        """Drop what lies before ``end``: it was thinking."""
        self._objects = [(start, value) for start, value in self._objects if start >= end]

    @property
    def found(self) -> bool:
        """Whether any field came."""
        return bool(self._objects)

    def text(self) -> str | None:
        """Return the fields as proper JSON: one object as it is, several as a list; None where none came."""
        values = [value for _, value in self._objects]
        if not values:
            return None
        return json.dumps(values[0] if len(values) == 1 else values, ensure_ascii=False, indent=2)


def _filled(value: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Return the fields themselves where the OCR service gives them beside its words (``qwen-api.md`` 4.4)."""
    result = value.get("ocr_result")
    for holder in (value, result if isinstance(result, dict) else {}):
        fields = holder.get("kv_result")
        if isinstance(fields, dict) and not holder.keys() - {"kv_result", "text"}:
            return fields
    return value
