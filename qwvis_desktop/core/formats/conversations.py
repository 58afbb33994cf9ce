"""Conversations for fine-tuning Qwen-VL: a picture, the makers' own prompt, and the answer in the makers' own form.

Two families, which count differently (``qwen-api.md`` 1.7): Qwen3-VL and later in thousandths of the picture,
Qwen2.5-VL in pixels of the picture as its image processor resizes it. Two forms: ``messages`` with ``images``, a line
each, as LLaMA-Factory and ms-swift read them; and ``conversations`` with ``image``, one list, as the makers' own
fine-tuning code does (ShareGPT). Numbers are whole, as models write them; a box keeps one unit where it would vanish.

There is one conversation for each kind of annotation on a picture. What was counted stands under ``coordinates``, which
training code passes over, so that a file can be read back without guessing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from qwvis_desktop.core.annotation import (
    Annotation,
    Cuboid,
    Detection,
    JsonValue,
    Keypoint,
    TextRegion,
    bounds_of,
)
from qwvis_desktop.core.annotation_json import json_text
from qwvis_desktop.core.coordinates import CoordinateSpace
from qwvis_desktop.core.dataset import Dataset, Holds, LabelledPicture
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.label_file import LabelFileError, Losses, words
from qwvis_desktop.core.model_files import bundled_registry
from qwvis_desktop.core.plane.outlines import UNNAMED
from qwvis_desktop.core.tasks import TASKS


@dataclass(frozen=True, slots=True)
class Family:
    """How a family of models counts: the space, and the model whose resize rule holds where that matters."""

    space: CoordinateSpace
    model: str

    def seen(self, size: Size) -> Size:
        """Return the size that the model sees of a picture."""
        return bundled_registry().spec(self.model).resize.resized(size)

    def extent(self, size: Size) -> tuple[float, float]:
        """Return what the right and the bottom border of a picture are called."""
        if self.space is CoordinateSpace.RELATIVE_1000:
            return 1000.0, 1000.0
        width, height = self.seen(size)
        return float(width), float(height)


QWEN3 = Family(CoordinateSpace.RELATIVE_1000, "qwen3-vl-8b-instruct")
QWEN25 = Family(CoordinateSpace.SENT_PIXELS, "qwen2.5-vl-7b-instruct")

_HOLDS = Holds(kinds=frozenset({"detection", "keypoint", "text", "cuboid"}), texts=True, attributes=True)


def dump_messages(family: Family, dataset: Dataset) -> bytes:
    """Return the conversations as JSON lines with ``messages``, UTF-8."""
    lines: list[JsonValue] = [
        {
            "messages": [
                {"role": "user", "content": f"<image>{prompt}"},
                {"role": "assistant", "content": answer},
            ],
            "images": [picture.name],
            "coordinates": _counted(family, picture.document.size),
        }
        for picture in dataset
        for prompt, answer in _turns(family, picture)
    ]
    return "".join(f"{json_text(line)}\n" for line in lines).encode()


def dump_sharegpt(family: Family, dataset: Dataset) -> bytes:
    """Return the conversations as a JSON list with ``conversations``, UTF-8."""
    entries: list[JsonValue] = [
        {
            "id": f"{picture.stem}-{place}",
            "image": picture.name,
            "conversations": [
                {"from": "human", "value": f"<image>\n{prompt}"},
                {"from": "gpt", "value": answer},
            ],
            "coordinates": _counted(family, picture.document.size),
        }
        for picture in dataset
        for place, (prompt, answer) in enumerate(_turns(family, picture), start=1)
    ]
    return (json_text(entries, indent=1) + "\n").encode()


def _counted(family: Family, size: Size) -> JsonValue:
    seen = {} if family.space is CoordinateSpace.RELATIVE_1000 else {"size": list[JsonValue](family.seen(size))}
    return {"space": family.space.value, **seen}


def _turns(family: Family, picture: LabelledPicture) -> Iterator[tuple[str, str]]:
    """Give prompt and answer for each kind of annotation on a picture."""
    document = picture.document
    across, down = family.extent(document.size)
    scale = (across / document.size.width, down / document.size.height)
    for kind, (task, write) in _KINDS.items():
        held = [annotation for annotation in document.annotations.values() if annotation.kind == kind]
        objects = [write(annotation, scale) for annotation in held]
        if objects:
            names = ", ".join(dict.fromkeys(annotation.label or UNNAMED for annotation in held))
            lines = ",\n".join(f"\t{json_text(value)}" for value in objects)
            yield TASKS[task].prompt_for(names), f"```json\n[\n{lines}\n]\n```"


_Scale = tuple[float, float]


def _box(annotation: Annotation, scale: _Scale) -> dict[str, JsonValue]:
    assert isinstance(annotation, Detection)
    return {"bbox_2d": _corners(annotation.box, scale), **_named(annotation)}


def _point(annotation: Annotation, scale: _Scale) -> dict[str, JsonValue]:
    assert isinstance(annotation, Keypoint)
    x, y = annotation.point
    return {"point_2d": [round(x * scale[0]), round(y * scale[1])], **_named(annotation)}


def _text(annotation: Annotation, scale: _Scale) -> dict[str, JsonValue]:
    assert isinstance(annotation, TextRegion)
    box = bounds_of(annotation)
    assert box is not None
    return {"bbox_2d": _corners(box, scale), "text_content": annotation.text, **_attributes(annotation)}


def _cuboid(annotation: Annotation, _: _Scale) -> dict[str, JsonValue]:
    assert isinstance(annotation, Cuboid)
    numbers = (*annotation.center, *annotation.size, *annotation.angles)
    return {"bbox_3d": [round(value, 3) for value in numbers], **_named(annotation)}


def _named(annotation: Annotation) -> dict[str, JsonValue]:
    return {"label": annotation.label or UNNAMED, **_attributes(annotation)}


_RESERVED = frozenset({"bbox_2d", "point_2d", "bbox_3d", "text_content", "label"})


def _attributes(annotation: Annotation) -> dict[str, JsonValue]:
    return {key: value for key, value in annotation.attributes.items() if key not in _RESERVED}


def _corners(box: Box, scale: _Scale) -> list[JsonValue]:
    left, top, right, bottom = (round(side * scale[place % 2]) for place, side in enumerate(box))
    return [left, top, max(right, left + 1), max(bottom, top + 1)]


_KINDS: Mapping[str, tuple[str, Callable[[Annotation, _Scale], dict[str, JsonValue]]]] = MappingProxyType(
    {
        "detection": ("detect", _box),
        "keypoint": ("point", _point),
        "text": ("spot-text", _text),
        "cuboid": ("cuboid", _cuboid),
    }
)
"""Each kind with the task that asks for it, and what writes one."""

_TASK_OF = {"bbox_3d": "cuboid", "point_2d": "point", "text_content": "spot-text"}
"""Which task an answer with such a key is to; any other is to ``detect``."""


def losses(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    return _HOLDS.losses(document)


@dataclass(frozen=True, slots=True)
class Conversation:
    """An answer about a picture.

    Attributes:
        picture: its name as the file writes it.
        prompt, answer: what was asked and said, without the sign that stands for the picture.
        task: id of the task it is an answer to, by the keys in it.
        space: what its numbers count; None where the file does not say.
        seen: size of the picture whose pixels they count; None where the file does not say.
    """

    picture: str
    prompt: str
    answer: str
    task: str
    space: CoordinateSpace | None
    seen: Size | None


def is_conversations(text: str) -> bool:
    """Say whether ``text`` looks like conversations about pictures, without reading it all."""
    start = text.lstrip("\ufeff \t\r\n")[:100_000]
    return start.startswith(("[", "{")) and (
        ('"messages"' in start and '"images"' in start) or ('"conversations"' in start and '"image"' in start)
    )


def load(text: str) -> tuple[Conversation, ...]:
    """Return all answers of a file; what is not about one picture is passed over.

    Raises:
        LabelFileError: it is no such file, or damaged.
    """
    try:
        return tuple(found for entry in _entries(text) for found in _read(entry))
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise LabelFileError(
            f"This file of conversations is damaged: {error!r}. Save it again, or copy it whole."
        ) from error


def _entries(text: str) -> list[dict[str, Any]]:
    plain = text.lstrip("\ufeff \t\r\n")
    if plain.startswith("["):
        return list(json.loads(plain))
    return [json.loads(line) for line in plain.split("\n") if line.strip()]


def _read(entry: dict[str, Any]) -> Iterator[Conversation]:
    images = entry.get("images") or [entry.get("image")]
    if not isinstance(images, list) or len(images) != 1 or not isinstance(images[0], str):
        return
    counted = entry.get("coordinates") or {}
    space = CoordinateSpace(counted["space"]) if "space" in counted else None
    seen = Size(*map(int, counted["size"])) if "size" in counted else None
    prompt = ""
    for role, content in _said(entry):
        if role == "user":
            prompt = content.replace("<image>", "").strip()
        elif role == "assistant":
            task = next((task for key, task in _TASK_OF.items() if f'"{key}"' in content), "detect")
            yield Conversation(images[0], prompt, content, task, space, seen)


_ROLES = {"human": "user", "gpt": "assistant"}


def _said(entry: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for turn in entry.get("messages") or entry["conversations"]:
        role = turn.get("role") or turn.get("from")
        yield _ROLES.get(role, role), words(turn["content"] if "content" in turn else turn["value"], "content")
