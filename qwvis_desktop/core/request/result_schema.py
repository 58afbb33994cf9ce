"""The fields that a model is to fill from a picture: a JSON object whose values are empty, or hints in words."""

from __future__ import annotations

import json

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.tasks import ReplyShape, Task


def takes_schema(task: Task) -> bool:
    """Say whether the fields a task is to fill may be named."""
    return task.shape is ReplyShape.FIELDS


MAX_SCHEMA_DEPTH = 3
"""How deep a result schema may be nested (``qwen-api.md`` 4.3)."""


def result_schema_of(text: str) -> dict[str, JsonValue]:
    """Read the fields that are to be filled.

    Raises:
        ValueError: it is no JSON object, or nested too deep; the text is for people.
    """
    try:
        schema = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"The fields are no JSON (line {error.lineno}: {error.msg}).") from None
    except RecursionError:
        raise ValueError("The fields are nested too deep.") from None
    if not isinstance(schema, dict) or not schema:
        raise ValueError(f"The fields are a JSON object with at least one key, such as {_EXAMPLE}")
    if _depth(schema) > MAX_SCHEMA_DEPTH:
        raise ValueError(f"The service takes fields nested at most {MAX_SCHEMA_DEPTH} levels deep. Make them flatter.")
    return schema


_EXAMPLE = '{"Invoice number": "", "Items": [{"name": "", "price": ""}]}.'


def _depth(value: JsonValue) -> int:
    """Return how many objects lie within each other; a list adds no level of its own."""
    match value:
        case dict():
            return 1 + max((_depth(item) for item in value.values()), default=0)
        case list():
            return max((_depth(item) for item in value), default=0)
        case _:
            return 0
