"""core.request.tokens: the documented examples, and the makers' own resize on a hundred thousand sizes."""

from __future__ import annotations

import math
import random

import pytest

from qwvis_desktop.core.coordinates import ResizeRule
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.sampling import Sampling, sampled_count
from qwvis_desktop.core.model_files import bundled_registry
from qwvis_desktop.core.request.tokens import TokenCount, film_tokens, frame_rule, request_tokens, text_tokens

REGISTRY = bundled_registry()
F32 = ResizeRule(32, 65_536, 2_621_440)
F28 = ResizeRule(28, 3_136, 1_003_520)
HIGH = ResizeRule(32, 65_536, 16_777_216)
LOW = ResizeRule(32, 4_096, 2_621_440)


@pytest.mark.parametrize(
    ("size", "rule", "sent", "tokens"),
    [  # every row of the fact sheet's table, 5.4
        (Size(6000, 3000), ResizeRule(32, 3_072, 8_388_608), Size(4096, 2048), 8_194),
        (Size(1500, 1734), ResizeRule(28, 3_136, 6_422_528), Size(1512, 1736), 3_350),
        (Size(2048, 1365), F32, Size(1952, 1312), 2_503),
        (Size(2048, 1365), F28, Size(1204, 812), 1_249),
        (Size(1920, 1080), F32, Size(1920, 1088), 2_042),
        (Size(1920, 1080), F28, Size(1316, 728), 1_224),
        (Size(3840, 2160), F32, Size(2144, 1184), 2_481),
        (Size(3840, 2160), HIGH, Size(3840, 2176), 8_162),
        (Size(4000, 3000), F32, Size(1856, 1376), 2_496),
        (Size(4000, 3000), HIGH, Size(4000, 3008), 11_752),
        (Size(7680, 4320), F32, Size(2144, 1184), 2_481),
        (Size(7680, 4320), HIGH, Size(5440, 3072), 16_322),
        (Size(100, 100), F32, Size(256, 256), 66),
        (Size(100, 100), LOW, Size(96, 96), 11),
        (Size(12000, 100), F32, Size(12000, 96), 1_127),
    ],
)
def test_documented_pictures(size: Size, rule: ResizeRule, sent: Size, tokens: int) -> None:
    assert (rule.resized(size), rule.tokens(size)) == (sent, tokens)


@pytest.mark.parametrize(
    ("seconds", "size", "frames", "seen", "tokens"),
    [  # every row of the fact sheet's table, 5.5
        (10, Size(1280, 720), 20, Size(1056, 576), 5_942),
        (60, Size(1920, 1080), 120, Size(1056, 576), 35_642),
        (600, Size(1920, 1080), 1_200, Size(608, 352), 125_402),
        (3600, Size(1920, 1080), 2_000, Size(480, 256), 120_002),
    ],
)
def test_documented_films(seconds: int, size: Size, frames: int, seen: Size, tokens: int) -> None:
    assert sampled_count(seconds, 30 * seconds, Sampling(max_frames=2000)) == frames
    rule = frame_rule(REGISTRY.spec("qwen3-vl-plus"), frames)
    assert (rule.resized(size), film_tokens(rule, size, frames)) == (seen, tokens)


def test_a_hundred_full_pictures_fill_the_input() -> None:
    # The makers' example of capacity (5.4): 258,048 tokens while thinking, 100 of words, 2,560 a picture.
    limit = REGISTRY.spec("qwen3-vl-plus").input_limit(thinking=True)
    assert limit is not None
    assert (limit - 100) // (F32.max_pixels // 1024) == 100


def test_older_models_see_smaller_frames() -> None:
    new, old = (
        film_tokens(frame_rule(REGISTRY.spec(model), 120), Size(1920, 1080), 120)
        for model in ("qwen3-vl-8b", "qwen2.5-vl-7b-instruct")
    )
    assert new == 35_642
    assert old == 60 * (ResizeRule(28, 3_136, 501_760).resized(Size(1920, 1080)).pixels // 784) + 2


def test_no_films_for_those_that_take_none() -> None:
    with pytest.raises(ValueError, match="takes no films"):
        frame_rule(REGISTRY.spec("qwen-vl-ocr"), 20)


def reference(height: int, width: int, factor: int, low: int, high: int) -> tuple[int, int]:
    """The makers' ``smart_resize`` in height and width; ``tests/benchmarks/resize_peer.py`` asks their own package."""

    def to_nearest(side: float) -> int:
        return round(side / factor) * factor

    new_height, new_width = max(factor, to_nearest(height)), max(factor, to_nearest(width))
    if new_height * new_width > high:
        beta = math.sqrt((height * width) / high)
        new_height = max(factor, math.floor(height / beta / factor) * factor)
        new_width = max(factor, math.floor(width / beta / factor) * factor)
    elif new_height * new_width < low:
        beta = math.sqrt(low / (height * width))
        new_height = math.ceil(height * beta / factor) * factor
        new_width = math.ceil(width * beta / factor) * factor
    return new_height, new_width


def test_a_hundred_thousand_sizes() -> None:
    rng = random.Random(20261127)
    rules = [F32, F28, HIGH, LOW, ResizeRule(32, 3_072, 8_388_608), ResizeRule(28, 3_136, 6_422_528)]
    differing = []
    for _ in range(100_000):
        rule = rng.choice(rules)
        width = int(math.exp(rng.uniform(math.log(11), math.log(20_000))))
        height = min(20_000, max(11, int(width * math.exp(rng.uniform(-5.2, 5.2)))))
        if max(width, height) > 200 * min(width, height):
            continue
        size = rule.resized(Size(width, height))
        if (size.height, size.width) != reference(height, width, rule.factor, rule.min_pixels, rule.max_pixels):
            differing.append((width, height, rule))
    assert not differing


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("", 0, 0),
        ("   \n", 0, 0),
        ("Locate every object in the image.", 6, 12),
        ("定位图中的所有物体", 4, 10),
        ('{"bbox_2d": [1, 22, 333, 4]}', 10, 25),
    ],
)
def test_words(text: str, least: int, most: int) -> None:
    assert least <= text_tokens(text) <= most


def test_a_request() -> None:
    spec = REGISTRY.spec("qwen3-vl-plus")
    count = request_tokens(spec, [Size(1920, 1088), Size(256, 256)], "one two", "three")
    assert count == TokenCount(image=2_042 + 66, text=3)
    assert count.total == 2_111
