"""The placement self-test: does a model of a service see the picture that it is sent, and where does it place things?

A card with discs at known places and a random code is drawn and sent in a size that needs no resizing. The places that
come back are laid beside the true ones under every reading: each space, axes swapped, the picture padded to a square
or shrunk on the way. Two requests: one for the discs, one for the code.
"""

from __future__ import annotations

import io
import math
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeAlias

from qwvis_desktop.core.annotation import new_id
from qwvis_desktop.core.coordinates import CoordinateSpace, Frame
from qwvis_desktop.core.geometry import Point, Size
from qwvis_desktop.core.inference_events import Failed, Finished, InferenceEvent
from qwvis_desktop.core.inference_request import InferenceRequest
from qwvis_desktop.core.media.image import open_image
from qwvis_desktop.core.model_registry import ModelSpec
from qwvis_desktop.core.providers.base import Cancelled, CancelToken, Provider
from qwvis_desktop.core.replies.findings import ReplyContext
from qwvis_desktop.core.tasks import TASKS

CARD_SIZE = Size(1344, 672)
"""Multiples of 28 and of 32 within every family's budget, so that nobody resizes; not square, and far from 1000."""

TOLERANCE = 20.0
"""Pixels of the card (1.5 % of its width) by which a good model may miss on average."""

SAME = 3.0
"""Readings whose errors differ by less than this many pixels count as equally good; the simpler one wins."""

STRAIGHT = 0.9
"""Below this share of explained variance the places are guesses and no scale can be told."""

_COLOURS: Mapping[str, tuple[int, int, int]] = {
    "red": (214, 30, 40),
    "yellow": (250, 210, 30),
    "green": (30, 150, 60),
    "blue": (30, 80, 210),
    "purple": (140, 50, 170),
    "black": (20, 20, 20),
}
_CORNER = Point(0.0, 0.0)
_CODE_LETTERS = "ACEFHJKLMNPRTUVWXY347"
_CODE_PROMPT = "Which code is written in the picture? Answer with the code only."


class SelfTestFinding(StrEnum):
    """What the self-test found."""

    PASSED = "passed"
    IGNORED = "picture-ignored"
    GUESSED = "places-guessed"
    OTHER_SPACE = "other-space"
    Y_FIRST = "y-first"
    PADDED = "padded"
    SHRUNK = "shrunk"
    OTHER_SCALE = "other-scale"
    TOO_FEW = "too-few-places"
    UNABLE = "unable"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfTestVerdict:
    """What the self-test found of a service and a model.

    Attributes:
        passed: whether places stand where they should with the setting in force.
        finding: what was found.
        message: a sentence or two for people.
        scale: numbers per pixel of the card across and down; None where none could be told.
        offset: number at the left and the top border; None likewise.
        suggested_space: the setting that puts it right; None where none does or none is needed.
        when: date and time of the test.
    """

    passed: bool
    finding: SelfTestFinding
    message: str
    scale: Point | None = None
    offset: Point | None = None
    suggested_space: CoordinateSpace | None = None
    when: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """What is drawn: the middle of each disc in pixels by the name of its colour, and the code."""

    discs: Mapping[str, Point]
    code: str
    radius: int = 44

    def drawn(self) -> bytes:
        """Return the card as PNG."""
        from PIL import Image, ImageDraw, ImageFont

        picture = Image.new("RGB", CARD_SIZE, (236, 236, 230))
        draw = ImageDraw.Draw(picture)
        for name, (x, y) in self.discs.items():
            draw.ellipse((x - self.radius, y - self.radius, x + self.radius, y + self.radius), _COLOURS[name])
        middle = (CARD_SIZE.width / 2, CARD_SIZE.height / 2)
        draw.text(middle, self.code, (20, 20, 20), font=ImageFont.load_default(72), anchor="mm")
        with io.BytesIO() as file:
            picture.save(file, "PNG")
            return file.getvalue()


def new_card(chance: random.Random | None = None) -> Card:
    """Return a card of random code and places: three discs above the code and three below, so that none hides it."""
    chance = chance or random.SystemRandom()
    names = chance.sample(list(_COLOURS), len(_COLOURS))
    discs = {}
    for number, name in enumerate(names):
        column, row = number % 3, number // 3
        x = CARD_SIZE.width * (column + chance.uniform(0.2, 0.8)) / 3
        y = chance.uniform(60, 230) + row * 380
        discs[name] = Point(round(x), round(y))
    return Card(discs, "".join(chance.choices(_CODE_LETTERS, k=5)))


@dataclass(frozen=True, slots=True)
class Reading:
    """One explanation of the numbers: ``number = offset + scale x pixel`` on each axis."""

    finding: SelfTestFinding
    message: str
    scale: Point
    offset: Point = _CORNER
    y_first: bool = False
    suggested_space: CoordinateSpace | None = None

    def error(self, card: Card, seen: Mapping[str, Point]) -> float:
        """Return how far, in pixels of the card (root mean square), the places lie from the true ones."""
        total = 0.0
        for name, written in seen.items():
            x, y = (written.y, written.x) if self.y_first else written
            true = card.discs[name]
            total += ((x - self.offset.x) / self.scale.x - true.x) ** 2
            total += ((y - self.offset.y) / self.scale.y - true.y) ** 2
        return math.sqrt(total / len(seen))


@dataclass(frozen=True, slots=True)
class _Fit:
    """A straight line through (pixel, number) pairs by least squares; ``explained``: share of the variance, 0 to 1."""

    scale: float
    offset: float
    explained: float

    @classmethod
    def through(cls, pixels: list[float], numbers: list[float]) -> _Fit:
        count = len(pixels)
        mean_p, mean_n = sum(pixels) / count, sum(numbers) / count
        spread_p = sum((p - mean_p) ** 2 for p in pixels)
        spread_n = sum((n - mean_n) ** 2 for n in numbers)
        common = sum((p - mean_p) * (n - mean_n) for p, n in zip(pixels, numbers, strict=True))
        if spread_p == 0 or spread_n == 0:
            return cls(0.0, mean_n, 0.0)
        scale = common / spread_p
        return cls(scale, mean_n - scale * mean_p, common * common / (spread_p * spread_n))


Led: TypeAlias = Callable[[Iterator[InferenceEvent], InferenceRequest], Iterator[InferenceEvent]]
"""Leads the events of a request on: what keeps runs in the history and in the ledger does so."""


def requests_of(provider: Provider, model: ModelSpec, card: Card) -> tuple[InferenceRequest, ...]:
    """Return the two requests of a self-test: for the discs of ``card``, and for its code."""
    media = open_image(card.drawn(), "placement card")
    discs = TASKS["detect"].prompt_for(", ".join(f"{name} disc" for name in card.discs))
    return tuple(
        InferenceRequest(media=media, task=task, prompt=prompt, model=model, provider=provider, run=new_id())
        for task, prompt in ((TASKS["detect"], discs), (TASKS["ask"], _CODE_PROMPT))
    )


def run_self_test(
    provider: Provider,
    model: ModelSpec,
    cancel: CancelToken | None = None,
    card: Card | None = None,
    *,
    requests: Sequence[InferenceRequest] = (),
    led: Led = lambda events, _request: events,
) -> SelfTestVerdict:
    """Test ``model`` of ``provider``; two requests are sent. A service that fails is a verdict, too.

    Args:
        provider: who is asked.
        model: what is known of the model.
        cancel: stops it.
        card: what is drawn; a new one unless given.
        requests: those of ``card``, where they were made before.
        led: leads on the events of each.

    Raises:
        Cancelled: the user stopped it.
    """
    from qwvis_desktop.core.inference import run_inference

    if "vision" not in model.abilities:
        return _verdict(SelfTestFinding.UNABLE, f"{model.family_title} reads text only and points at no objects.")
    cancel, card = cancel or CancelToken(), card or new_card()
    replies = []
    for request in requests or requests_of(provider, model, card):
        *_, last = led(run_inference(request, cancel), request)
        assert isinstance(last, Finished | Failed)
        if isinstance(last, Failed):
            if last.error is None:
                raise Cancelled
            return _verdict(SelfTestFinding.FAILED, str(last.error))
        replies.append(last.run.reply)
    return judge(card, places_in(replies[0]), replies[1], model.space)


def places_in(reply: str) -> dict[str, Point]:
    """Return the middle of what was found, by colour, in numbers as written; a vast frame lets none fall outside."""
    from qwvis_desktop.core.replies.parser import parse_reply  # with all its readers: not for the start

    vast = Size(1_000_000, 1_000_000)
    context = ReplyContext(
        run="self-test",
        task=TASKS["detect"],
        space=CoordinateSpace.ORIGINAL_PIXELS,
        frames=(Frame.whole(vast, vast),),
    )
    found: dict[str, Point] = {}
    for annotation in parse_reply(reply, context).annotations:
        name = next((name for name in _COLOURS if name in re.findall(r"\w+", annotation.label.lower())), None)
        if name is None or name in found or annotation.provenance is None:
            continue
        numbers = annotation.provenance.numbers
        if len(numbers) in {2, 4, 8}:
            xs, ys = numbers[::2], numbers[1::2]
            found[name] = Point(sum(xs) / len(xs), sum(ys) / len(ys))
    return found


def judge(card: Card, seen: Mapping[str, Point], code_reply: str, expected: CoordinateSpace) -> SelfTestVerdict:
    """Return what the places and the code say.

    Args:
        card: the truth.
        seen: the middle of each disc that was found, in numbers as written.
        code_reply: the answer to the question for the code.
        expected: what the numbers should count.
    """
    code_read = card.code.lower() in "".join(filter(str.isalnum, code_reply)).lower()
    if len(seen) < 4:
        if not code_read:
            return _ignored()
        return _verdict(
            SelfTestFinding.TOO_FEW,
            f"The code was read, but only {len(seen)} of {len(card.discs)} discs were found. Try a larger model.",
        )
    straight = [_fit(card, seen, y_first=False), _fit(card, seen, y_first=True)]
    across, down = max(straight, key=lambda pair: min(pair[0].explained, pair[1].explained))
    if min(across.explained, down.explained) < STRAIGHT or min(across.scale, down.scale) <= 0:
        if not code_read:
            return _ignored()
        return _verdict(
            SelfTestFinding.GUESSED,
            "The picture was seen, for its code was read, but the places are guesses. Try a larger model.",
        )
    scale, offset = Point(across.scale, down.scale), Point(across.offset, down.offset)
    readings = list(_readings(expected, scale, offset))
    errors = [reading.error(card, seen) for reading in readings]
    if min(errors) > TOLERANCE:
        return _verdict(
            SelfTestFinding.OTHER_SCALE,
            f"The places follow the picture at {scale.x:.3g} x {scale.y:.3g} numbers a pixel from "
            f"{offset.x:.0f}, {offset.y:.0f}, which is no convention that is known.",
            scale,
            offset,
        )
    best = next(r for r, error in zip(readings, errors, strict=True) if error <= max(min(errors) + SAME, SAME))
    return _verdict(best.finding, best.message, scale, offset, best.suggested_space)


def _verdict(
    finding: SelfTestFinding,
    message: str,
    scale: Point | None = None,
    offset: Point | None = None,
    suggested_space: CoordinateSpace | None = None,
) -> SelfTestVerdict:
    return SelfTestVerdict(
        passed=finding is SelfTestFinding.PASSED,
        finding=finding,
        message=message,
        scale=scale,
        offset=offset,
        suggested_space=suggested_space,
        when=datetime.now(UTC),
    )


def _ignored() -> SelfTestVerdict:
    return _verdict(
        SelfTestFinding.IGNORED,
        "The picture was ignored: neither its code nor its discs were seen. Choose a model that takes pictures.",
    )


def _fit(card: Card, seen: Mapping[str, Point], *, y_first: bool) -> tuple[_Fit, _Fit]:
    """Return the lines of the numbers over the true x and over the true y."""
    true = [card.discs[name] for name in seen]
    written = [Point(place.y, place.x) if y_first else place for place in seen.values()]
    return (
        _Fit.through([place.x for place in true], [place.x for place in written]),
        _Fit.through([place.y for place in true], [place.y for place in written]),
    )


def _readings(expected: CoordinateSpace, scale: Point, offset: Point) -> Iterator[Reading]:
    """Yield the known explanations, the simplest first; ``scale`` and ``offset`` are as measured."""
    frame = Frame.whole(CARD_SIZE, CARD_SIZE)
    # Original and sent pixels are the same here, and 999 parts differ from 1000 by less than a model's own error.
    spaces = [expected, *(space for space in CoordinateSpace if space is not expected)]
    scales = {space: _per_pixel(space.extent(frame), CARD_SIZE) for space in spaces}
    yield Reading(
        SelfTestFinding.PASSED, f"Passed: places stand where they should ({expected.value}).", scales[expected]
    )
    for space in spaces[1:]:
        message = f"The numbers count {space.value} and not {expected.value}. Choose {space.value} for this model."
        yield Reading(SelfTestFinding.OTHER_SPACE, message, scales[space], suggested_space=space)
    for space in spaces:
        message = (
            f"The numbers come y first, then x ({space.value}); boxes would be mirrored. No setting mends that yet."
        )
        yield Reading(SelfTestFinding.Y_FIRST, message, scales[space], y_first=True)
    yield from _padded(expected, expected.extent(frame))
    yield from _shrunk(scale, offset)
    for space in spaces[1:]:
        yield from _padded(space, space.extent(frame))


def _per_pixel(extent: tuple[float, float], size: Size) -> Point:
    return Point(extent[0] / size.width, extent[1] / size.height)


def _padded(space: CoordinateSpace, extent: tuple[float, float]) -> Iterator[Reading]:
    """Yield readings of a card that was laid in a square, at its top left or in its middle."""
    side = max(CARD_SIZE)
    message = (
        f"The picture is padded to a square on its way, and the numbers count the square ({space.value}). "
        "Send square pictures, or use another server."
    )
    scale = _per_pixel(extent, Size(side, side))
    gap = Point((side - CARD_SIZE.width) / 2 * scale.x, (side - CARD_SIZE.height) / 2 * scale.y)
    for offset in (Point(0.0, 0.0), gap):
        yield Reading(SelfTestFinding.PADDED, message, scale, offset)
    if space is CoordinateSpace.SENT_PIXELS:
        pixels = Point(float(side - CARD_SIZE.width) / 2, float(side - CARD_SIZE.height) / 2)
        yield Reading(SelfTestFinding.PADDED, message, Point(1.0, 1.0), pixels)


def _shrunk(scale: Point, offset: Point) -> Iterator[Reading]:
    """Yield the reading that the numbers count pixels of the card in another size, where they are even on both axes."""
    even = (scale.x + scale.y) / 2
    at_corner = abs(offset.x) <= 0.02 * even * CARD_SIZE.width and abs(offset.y) <= 0.02 * even * CARD_SIZE.width
    if abs(scale.x - scale.y) > 0.05 * even or not at_corner:
        return
    size = f"{CARD_SIZE.width * even:.0f} x {CARD_SIZE.height * even:.0f}"
    message = (
        f"The picture is resized on its way: the numbers count pixels of {size} where {CARD_SIZE.width} x "
        f"{CARD_SIZE.height} was sent. Send smaller pictures, or lift the server's limit."
    )
    yield Reading(SelfTestFinding.SHRUNK, message, Point(even, even))
