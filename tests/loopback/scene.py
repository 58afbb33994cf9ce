"""Answers made from the truth of a scene, for the picture the service was sent; and ways to get them wrong.

The truth is given in pixels of the upright original. The service decodes the picture it was sent to know its size and
answers as a model of the asked family would: thousandths, or pixels of the picture as sent.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from loopback.answers import Answer, streamed

from qwvis_desktop.core.coordinates import CoordinateSpace
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.model_files import bundled_registry


class TruthBox(NamedTuple):
    """A labelled box: left, top, right, bottom in pixels of the upright original."""

    label: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class Scene:
    """What is to be seen in a picture: ``size`` and places in pixels of the upright original; ``text`` to be read."""

    size: Size
    boxes: tuple[TruthBox, ...] = ()
    text: str = ""

    @classmethod
    def load(cls, path: Path) -> Scene:
        """Read ``{"size": [w, h], "boxes": [{"label": "", "box": [l, t, r, b]}], "text": ""}``."""
        data = json.loads(path.read_text(encoding="utf-8"))
        boxes = tuple(TruthBox(item["label"], tuple(item["box"])) for item in data.get("boxes", ()))
        return cls(Size(*data["size"]), boxes, data.get("text", ""))


Place = tuple[float, float]
Eye = Callable[[Place, Size], Place]
"""Maps a place, given as shares (0 to 1) of the picture as sent (of this size), to the shares the model believes."""


def _padded(place: Place, sent: Size) -> Place:
    side = max(sent)
    return place[0] * sent.width / side, place[1] * sent.height / side


def _halved(place: Place, sent: Size) -> Place:
    # What only shows in pixels: the numbers count those of a picture half as wide and high.
    return place[0] / 2, place[1] / 2


def _faithful(place: Place, sent: Size) -> Place:
    return place


@dataclass(frozen=True)
class Misbehaviour:
    """A way to answer wrongly.

    Attributes:
        eye: what happens to places before they are written.
        y_first: whether each pair of numbers is written as y, x.
        blind: whether the picture is ignored and random places are told.
        space: what the numbers count, where it is not what the model's family says.
    """

    eye: Eye = _faithful
    y_first: bool = False
    blind: bool = False
    space: CoordinateSpace | None = None


MISBEHAVIOURS: dict[str, Misbehaviour] = {
    "none": Misbehaviour(),
    "ignored": Misbehaviour(blind=True),
    "halved": Misbehaviour(eye=_halved, space=CoordinateSpace.SENT_PIXELS),
    "padded": Misbehaviour(eye=_padded),
    "y-first": Misbehaviour(y_first=True),
    "sent-pixels": Misbehaviour(space=CoordinateSpace.SENT_PIXELS),
    "thousandths": Misbehaviour(space=CoordinateSpace.RELATIVE_1000),
}


@dataclass(frozen=True)
class SceneAnswer:
    """Answers each request from a scene.

    Attributes:
        scene: the truth.
        space: what the numbers count; by the model's family where None.
        misbehaviour: a key of ``MISBEHAVIOURS``.
        decimals: digits after the point; models write whole numbers, tests of a hundredth of a pixel need more.
        seed: of the random places of a blind model.
        stream: options of ``answers.streamed`` (``chunk``, ``delay``, ``thinking``, ...).
    """

    scene: Scene
    space: CoordinateSpace | None = None
    misbehaviour: str = "none"
    decimals: int = 0
    seed: int = 1
    stream: dict[str, Any] = field(default_factory=dict)

    def __call__(self, request: Any) -> Answer:
        """Return the answer to ``request`` (a ``service.ReceivedRequest``)."""
        return streamed(self.reply(request.model, request.prompt, request.pictures[0].size), **self.stream)

    def reply(self, model: str, prompt: str, sent: Size) -> str:
        """Return what a model of this name says to ``prompt`` about a picture that was ``sent`` in this size."""
        wrong = MISBEHAVIOURS[self.misbehaviour]
        if wants_prose(prompt):
            return "I see a harbour at dusk." if wrong.blind else self.scene.text
        extent = self._extent(model, sent, wrong)
        chance = random.Random(self.seed)
        lines = []
        for item in self.scene.boxes:
            box = [chance.random() for _ in range(4)] if wrong.blind else self._shares(item)
            first, second = (wrong.eye((box[at], box[at + 1]), sent) for at in (0, 2))
            lines.append(json.dumps(self._item(prompt, item.label, (first, second), extent, wrong), ensure_ascii=False))
        return "```json\n[\n\t" + ",\n\t".join(lines) + "\n]\n```"

    def _extent(self, model: str, sent: Size, wrong: Misbehaviour) -> Place:
        space = wrong.space or self.space or bundled_registry().spec(model).space
        return {
            CoordinateSpace.RELATIVE_1000: (1000.0, 1000.0),
            CoordinateSpace.RELATIVE_999: (999.0, 999.0),
            CoordinateSpace.RELATIVE_1: (1.0, 1.0),
            CoordinateSpace.SENT_PIXELS: (float(sent.width), float(sent.height)),
            CoordinateSpace.ORIGINAL_PIXELS: (float(self.scene.size.width), float(self.scene.size.height)),
        }[space]

    def _shares(self, item: TruthBox) -> list[float]:
        width, height = self.scene.size
        left, top, right, bottom = item.box
        return [left / width, top / height, right / width, bottom / height]

    def _item(
        self, prompt: str, label: str, corners: Sequence[Place], extent: Place, wrong: Misbehaviour
    ) -> dict[str, Any]:
        numbers = []
        points = [tuple(sum(pair) / 2 for pair in zip(*corners, strict=True))] if "point_2d" in prompt else corners
        for x, y in points:
            pair = [x * extent[0], y * extent[1]]
            numbers += pair[::-1] if wrong.y_first else pair
        digits = 4 if extent == (1.0, 1.0) else self.decimals
        written = [round(number, digits) if digits else round(number) for number in numbers]
        if "point_2d" in prompt:
            return {"point_2d": written, "label": label}
        if prompt.startswith("Spotting all the text"):
            return {"bbox_2d": written, "text_content": label}
        return {"bbox_2d": written, "label": label}


def wants_prose(prompt: str) -> bool:
    """Say whether ``prompt`` asks for words rather than for places."""
    return not any(word in prompt for word in ("JSON", "json", "bbox", "point_2d"))
