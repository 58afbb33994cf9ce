"""The zoom tool: a model asks for a part of the picture, and gets it enlarged (``qwen-api.md`` 7.8).

The whole picture is image 0, each part that was looked at is the next one. Places that the model sees in a part come
back through that part's ``Frame``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.coordinates import CoordinateSpace, Frame, ResizeRule
from qwvis_desktop.core.document import Look
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.media.image import ImageMedia, MediaError
from qwvis_desktop.core.media.prepare import prepare_image
from qwvis_desktop.core.media.raster import Raster
from qwvis_desktop.core.providers.base import ImagePart, Role, TextPart, Tool, ToolCall, Turn

OPTION = "zoom"
"""The option that lets a model look closer, at most so many times; it is ours and is not sent."""

DEFAULT_LOOKS = 5
MOST_LOOKS = 20
LEAST_SIDE = 32.0
"""A part is widened to at least this many pixels of the original on each side: services refuse specks."""

ENLARGED_PIXELS = 1_048_576
"""A part is sent with about this many pixels at least: what is small in the picture is the reason to look closer."""

ZOOM_TOOL = Tool(
    "image_zoom_in_tool",
    "Zoom in on a part of an image. The part comes back enlarged, as a further image.",
    {
        "type": "object",
        "properties": {
            "bbox_2d": {
                "type": "array",
                "items": {"type": "number"},
                "minItems": 4,
                "maxItems": 4,
                "description": "The part as [x1, y1, x2, y2], from 0 to 1000 of the width and height of the image.",
            },
            "label": {"type": "string", "description": "What is to be looked at."},
            "img_idx": {"type": "integer", "description": "Which image, 0 is the whole picture. Default 0."},
        },
        "required": ["bbox_2d", "label"],
    },
)


class Looking:
    """Answers the calls of one run; the only state is which parts were looked at.

    Args:
        media: the picture.
        rule: how pictures are scaled for the model.
        whole: what was sent of the picture.
        limit: how often the model may look.
        raster: the decoded picture, where it is at hand.
    """

    def __init__(
        self, media: ImageMedia, rule: ResizeRule, whole: Frame, limit: int, raster: Raster | None = None
    ) -> None:
        self._media = media
        self._rule = rule.enlarging(ENLARGED_PIXELS)
        self._frames = [whole]
        self._limit = limit
        self._raster = raster
        self._refused = False

    @property
    def is_over(self) -> bool:
        """Whether the model went on asking though it was told that it may not look again."""
        return self._refused

    def answers(self, said: str, calls: Sequence[ToolCall], place: int) -> Iterator[tuple[Turn, Look | None]]:
        """Yield what is said to the model: its own turn, then for each call the part it asked for, or why not.

        Args:
            said: what it said before it asked.
            calls: what it asked for.
            place: how many characters of the reply there are.
        """
        self._refused = len(self._frames) > self._limit
        yield Turn(Role.ASSISTANT, (TextPart(said),) if said else (), tuple(calls)), None
        for call in calls:
            if len(self._frames) > self._limit:
                yield _words(call, "You have looked as often as you may. Answer now, from what you have seen."), None
                continue
            try:
                part, look = self._look(call, place)
            except ValueError as error:
                yield _words(call, f"{error} Try again or answer."), None
                continue
            number = len(self._frames) - 1
            words = TextPart(
                f"This is image {number}: the part that you asked for, enlarged. "
                f'Places that you give in it need the key "image": {number}; without it they are in the whole picture.'
            )
            yield Turn(Role.TOOL, (words, part), answers=call.id), look

    def _look(self, call: ToolCall, place: int) -> tuple[ImagePart, Look]:
        if call.name != ZOOM_TOOL.name:
            raise ValueError(f"There is no tool {call.name}.")
        label, box = self._asked(call.arguments)
        try:
            picture = prepare_image(self._media, self._rule, box, self._raster, turn=self._frames[0].turn)
        except MediaError as error:
            raise ValueError(str(error)) from None
        self._frames.append(picture.frame)
        size = picture.frame.sent
        return ImagePart(picture.data, picture.mime, size.width, size.height), Look(picture.frame, label, place)

    def _asked(self, arguments: str) -> tuple[str, Box]:
        """Return label and box in pixels of the upright original.

        Raises:
            ValueError: they cannot be read; the text is for the model.
        """
        try:
            value = json.loads(arguments)
        except (ValueError, RecursionError):
            value = None
        fields = value if isinstance(value, dict) else None
        if fields is None:
            raise ValueError("The arguments are no JSON object.")
        numbers, index = fields.get("bbox_2d"), fields.get("img_idx", 0)
        if not isinstance(numbers, list) or len(numbers) != 4 or not all(map(_is_number, numbers)):
            raise ValueError("bbox_2d must be four numbers.")
        if type(index) is not int or not 0 <= index < len(self._frames):
            raise ValueError(f"There is no image {index}.")
        left, top, right, bottom = (min(max(float(number), 0.0), 1000.0) for number in numbers)
        asked = Box(min(left, right), min(top, bottom), max(left, right), max(top, bottom))
        box = self._frames[index].box_to_original(asked, CoordinateSpace.RELATIVE_1000)
        return str(fields.get("label") or ""), self._widened(box)

    def _widened(self, box: Box) -> Box:
        size = self._media.size
        left, right = _at_least(box.left, box.right, size.width)
        top, bottom = _at_least(box.top, box.bottom, size.height)
        return Box(left, top, right, bottom)


def _at_least(low: float, high: float, most: float) -> tuple[float, float]:
    lacking = max(0.0, min(LEAST_SIDE, most) - (high - low))
    low = min(max(0.0, low - lacking / 2), max(0.0, most - (high - low) - lacking))
    return low, max(high, low + min(LEAST_SIDE, most))


def _is_number(value: JsonValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9


def _words(call: ToolCall, words: str) -> Turn:
    return Turn(Role.TOOL, (TextPart(words),), answers=call.id)


_WRITTEN = re.compile(r"<tool_call>(.*?)(?:</tool_call>|\Z)", re.DOTALL)


def written_calls(text: str) -> tuple[ToolCall, ...]:
    """Return the calls of the zoom tool that a model wrote into its reply, as Qwen does where no server takes them out.

    Source: ``qwen-api.md`` 7.8.
    """
    calls = []
    for found in _WRITTEN.finditer(text):
        try:
            value = json.loads(found[1])
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict) and value.get("name") == ZOOM_TOOL.name:
            arguments = json.dumps(value.get("arguments"), ensure_ascii=False)
            calls.append(ToolCall(f"written_{found.start()}", ZOOM_TOOL.name, arguments))
    return tuple(calls)


def without_calls(text: str) -> str:
    """Return what a model said apart from the calls that it wrote."""
    return _WRITTEN.sub("", text).strip()


def looks_wanted(options: dict[str, JsonValue], *, can: bool) -> int:
    """Take our own option out of ``options``; return how often the model may look closer, 0 where it may not."""
    wanted = options.pop(OPTION, 0)
    if not can or wanted is False or not isinstance(wanted, int):
        return 0
    return DEFAULT_LOOKS if wanted is True else min(max(wanted, 0), MOST_LOOKS)
