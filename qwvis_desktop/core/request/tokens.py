"""How many tokens a request takes, before it is sent. An estimate: only the service counts.

Pictures and films follow the makers' own rules (``qwen-api.md`` 5.4, 5.5), words are guessed from their letters.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from qwvis_desktop.core.coordinates import ResizeRule
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.model_registry import ModelSpec

DEFAULT_FPS = 2.0
"""Frames a second that the services look at unless told otherwise (``qwen-api.md`` 2.3)."""

_SLACK = 1.05
"""By how much the pixels of a frame stay above the lowest allowed, in the makers' code (``qwen-api.md`` 5.5)."""

_PIECE = re.compile(r"[A-Za-z]{1,6}|[^\sA-Za-z]")
"""What is about one token: a short word or a piece of a long one, a digit, a sign, a Chinese character."""


@dataclass(frozen=True, slots=True)
class TokenCount:
    """Tokens of a request: of its pictures, its films and its words."""

    image: int = 0
    video: int = 0
    text: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.image + self.video + self.text


def text_tokens(text: str) -> int:
    """Return about how many tokens words are; the makers' tokenizer is not at hand."""
    return sum(1 for _ in _PIECE.finditer(text))


def image_tokens(spec: ModelSpec, width: int, height: int) -> int:
    """Return the tokens of a picture that is sent in this size; 0 where the services would refuse its sides."""
    try:
        return spec.processor_resize.tokens(Size(width, height))
    except ValueError:
        return 0


def request_tokens(spec: ModelSpec, sent: Iterable[Size], *texts: str) -> TokenCount:
    """Return the tokens of pictures that are sent in these sizes, and of words."""
    image = sum(image_tokens(spec, size.width, size.height) for size in sent)
    return TokenCount(image=image, text=sum(map(text_tokens, texts)))


def frame_rule(
    spec: ModelSpec, frames: int, *, frame_pixels: int | None = None, total_pixels: int | None = None
) -> ResizeRule:
    """Return the rule that frames are resized by when there are so many of them.

    Args:
        spec: the model.
        frames: how many.
        frame_pixels: the most that are wanted of each; None for the model's own.
        total_pixels: the same of all together.

    Raises:
        ValueError: the model takes no films.
    """
    if spec.video is None:
        raise ValueError(f"{spec.id} takes no films")
    lowest, _, most, _ = spec.video.frame_pixels
    total, _ = spec.video.total_pixels
    most, total = frame_pixels or most, total_pixels or total
    budget = max(min(most, int(total / frames * 2)), int(lowest * _SLACK))
    return ResizeRule(spec.resize.factor, min(lowest, budget), budget)


def film_tokens(rule: ResizeRule, size: Size, frames: int) -> int:
    """Return the tokens of a film of so many frames of ``size`` that are resized by ``rule``.

    Two frames make one picture (``qwen-api.md`` 5.5).

    Raises:
        ValueError: the sides are ones that the services refuse.
    """
    return math.ceil(frames / 2) * (rule.resized(size).pixels // rule.factor**2) + 2
