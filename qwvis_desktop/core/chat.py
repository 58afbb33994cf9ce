"""From what is asked of a model to the request that says it: options in their places, several pictures, OCR tasks."""

from __future__ import annotations

import json
from collections.abc import Sequence

from qwvis_desktop.core.annotation import Attributes, JsonValue
from qwvis_desktop.core.conversation import Exchange
from qwvis_desktop.core.coordinates import CoordinateSpace
from qwvis_desktop.core.model_registry import ModelSpec
from qwvis_desktop.core.option_rules import settled
from qwvis_desktop.core.providers.base import ChatRequest, Part, Role, TextPart, Tool, Turn
from qwvis_desktop.core.tasks import ReplyShape, Task

_SERVICE_TASK = "ocr:"
"""How ids of the OCR service's own tasks begin."""


def chat_request(
    model: ModelSpec,
    parts: tuple[Part, ...],
    options: Attributes,
    *,
    system: str = "",
    history: tuple[Turn, ...] = (),
    prefix: str = "",
    tools: tuple[Tool, ...] = (),
) -> ChatRequest:
    """Return what a provider is asked: ``options`` settled, a system message among them in its place.

    Where a model's numbers count pixels of the picture it saw, the service is asked which size that was; only
    DashScope's own interface can say so. A model that takes no system message or no tools is sent none.
    """
    sent = settled(model, options)
    among = sent.pop("system", "")
    if model.space is CoordinateSpace.SENT_PIXELS:
        sent.setdefault("vl_enable_image_hw_output", True)
    words = (system or str(among)) if "system" in model.abilities else ""
    return ChatRequest(model.id, parts, words, sent, history, prefix, tools if "tools" in model.abilities else ())


def conversation(earlier: Sequence[Exchange], parts: tuple[Part, ...]) -> tuple[tuple[Turn, ...], tuple[Part, ...]]:
    """Return the turns that came before, and what is said now: the pictures stand where they were first asked about."""
    if not earlier:
        return (), parts
    pictures = tuple(part for part in parts if not isinstance(part, TextPart))
    turns: list[Turn] = []
    for exchange in earlier:
        asked = (TextPart(exchange.prompt),) if exchange.prompt else ()
        turns.append(Turn(Role.USER, asked if turns else (*pictures, *asked)))
        turns.append(Turn(Role.ASSISTANT, (TextPart(exchange.reply),)))
    return tuple(turns), tuple(part for part in parts if isinstance(part, TextPart))


def ocr_options(task: Task, result_schema: Attributes | None = None) -> dict[str, JsonValue]:
    """Return the option that names one of the OCR service's own tasks (``qwen-api.md`` 4.2); none for other tasks."""
    if not task.id.startswith(_SERVICE_TASK):
        return {}
    options: dict[str, JsonValue] = {"task": task.id.removeprefix(_SERVICE_TASK)}
    if result_schema and takes_schema(task):
        options["task_config"] = {"result_schema": dict(result_schema)}
    return {"ocr_options": options}


def takes_schema(task: Task) -> bool:
    """Say whether the fields a task is to fill may be given to the service apart from the words."""
    return task.id == "ocr:key_information_extraction"


MAX_SCHEMA_DEPTH = 3
"""How deep a result schema may be nested (``qwen-api.md`` 4.3)."""


def result_schema_of(text: str) -> dict[str, JsonValue]:
    """Read the fields that are to be filled.

    Raises:
        ValueError: it is no JSON object, or nested too deep; the text is for people.
    """
    try:
        schema = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"The fields are no JSON ({error}). Write them such as {_EXAMPLE}") from None
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


def prompt_for_several(task: Task, prompt: str, count: int) -> str:
    """Return the prompt for ``count`` pictures: where places are asked for, each must say which picture it is in."""
    if count < 2 or not task.kinds or '"image"' in prompt:
        return prompt
    return (
        f"{prompt}\nThere are {count} images, image 1 to image {count} in the order given. "
        'Add the key "image" to each object: the number of the image it is in, counted from 1.'
    ).lstrip("\n")


def can_take_several(task: Task) -> bool:
    """Say whether several pictures may go into one request: of pages nothing says which one a block is on."""
    return task.shape in (ReplyShape.OBJECTS, ReplyShape.FIELDS, ReplyShape.PROSE) and not task.id.startswith(
        _SERVICE_TASK
    )
