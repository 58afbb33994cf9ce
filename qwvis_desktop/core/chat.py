"""From what is asked of a model to the request that says it: options in their places, several pictures, OCR tasks."""

from __future__ import annotations

from collections.abc import Sequence

from qwvis_desktop.core.annotation import Attributes, JsonValue
from qwvis_desktop.core.coordinates import CoordinateSpace
from qwvis_desktop.core.model_registry import ModelSpec
from qwvis_desktop.core.providers.base import ChatRequest, Part, Role, TextPart, Tool, Turn
from qwvis_desktop.core.request.conversation import Exchange
from qwvis_desktop.core.request.option_kinds import OptionPlace
from qwvis_desktop.core.request.option_rules import settled
from qwvis_desktop.core.request.request_options import OPTIONS
from qwvis_desktop.core.request.result_schema import takes_schema
from qwvis_desktop.core.tasks import ReplyShape, Task

_OURS = frozenset(option.id for option in OPTIONS.values() if option.place in (OptionPlace.OURS, OptionPlace.FILM))
"""Options that say what this program does; no service is told."""

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
    sent = {name: value for name, value in settled(model, options).items() if name not in _OURS}
    among = sent.pop("system", "")
    if model.space is CoordinateSpace.SENT_PIXELS:
        sent.setdefault("vl_enable_image_hw_output", True)
    words = (system or str(among)) if "system" in model.abilities else ""
    return ChatRequest(model.id, parts, words, sent, history, prefix, tools if "tools" in model.abilities else ())


def conversation(earlier: Sequence[Exchange], parts: tuple[Part, ...]) -> tuple[tuple[Turn, ...], tuple[Part, ...]]:
    """Return the turns that came before, and what is said now: the pictures stand where they were first asked about."""
    if not earlier:
        return (), parts
    # Words come last; those before are times of a film's frames, and stay with them.
    words = parts[-1:] if parts and isinstance(parts[-1], TextPart) else ()
    pictures = parts[: len(parts) - len(words)]
    turns: list[Turn] = []
    for exchange in earlier:
        asked = (TextPart(exchange.prompt),) if exchange.prompt else ()
        turns.append(Turn(Role.USER, asked if turns else (*pictures, *asked)))
        turns.append(Turn(Role.ASSISTANT, (TextPart(exchange.reply),)))
    return tuple(turns), words


def ocr_options(task: Task, result_schema: Attributes | None = None) -> dict[str, JsonValue]:
    """Return the option that names one of the OCR service's own tasks (``qwen-api.md`` 4.2); none for other tasks."""
    if not task.id.startswith(_SERVICE_TASK):
        return {}
    options: dict[str, JsonValue] = {"task": task.id.removeprefix(_SERVICE_TASK)}
    if result_schema and takes_schema(task):
        options["task_config"] = {"result_schema": dict(result_schema)}
    return {"ocr_options": options}


def prompt_for_several(task: Task, prompt: str, count: int, pages: Sequence[int] = ()) -> str:
    """Return the prompt for ``count`` pictures: where places are asked for, each must say which picture it is in.

    Args:
        task: what is asked.
        prompt: in words.
        count: of pictures.
        pages: their numbers, where they are pages of one document: then answers can name pages.
    """
    if len(pages) > 1 and task.shape is ReplyShape.PROSE:
        numbers = ", ".join(map(str, pages))
        return f"{prompt}\nThe images are pages {numbers} of one document, in this order. Name pages by these numbers."
    if count < 2 or not task.kinds or '"image"' in prompt:
        return prompt
    return (
        f"{prompt}\nThere are {count} images, image 1 to image {count} in the order given. "
        'Add the key "image" to each object: the number of the image it is in, counted from 1.'
    ).lstrip("\n")


MOST_PICTURES = 250
"""The most pictures that services take as base64 in one request (``qwen-api.md`` 6)."""


def several_refusal(task: Task, count: int) -> str:
    """Return why ``count`` pictures cannot go into one request, in a sentence; empty where they can.

    Of pages nothing says which one a block is on, and the OCR service takes one picture at a time.
    """
    if count > MOST_PICTURES:
        return f"{count} pictures are more than the {MOST_PICTURES} that services take in one request. Choose fewer."
    shapes = (ReplyShape.OBJECTS, ReplyShape.FIELDS, ReplyShape.PROSE)
    if count > 1 and (task.shape not in shapes or task.id.startswith(_SERVICE_TASK)):
        return "This task is asked about one picture at a time. Choose another task, or ask about each picture alone."
    return ""
