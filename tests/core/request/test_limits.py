"""core.request.limits: every limit of the fact sheet is found before sending, and what mends it mends it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.model_files import bundled_registry
from qwvis_desktop.core.model_registry import ModelSpec
from qwvis_desktop.core.request.limits import Finding, PictureFacts, VideoFacts, findings
from qwvis_desktop.core.request.option_rules import sent_part

REGISTRY = bundled_registry()
PLUS = REGISTRY.spec("qwen3-vl-plus")
MAX = REGISTRY.spec("qwen-vl-max")
OCR = REGISTRY.spec("qwen-vl-ocr")
PHOTO = PictureFacts("photo.jpg", Size(4000, 3000))
FULL_HD = Size(1920, 1080)


def codes(found: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in found]


def test_nothing_to_say_of_an_ordinary_request() -> None:
    assert findings(PLUS, [PHOTO], "Where is the cat?", {}) == ()


@pytest.mark.parametrize(
    ("picture", "code", "refused"),
    [  # fact sheet, 6
        (PictureFacts("a.png", Size(2201, 11)), "ratio", True),
        (PictureFacts("a.png", Size(2200, 11)), "", False),
        (PictureFacts("a.png", Size(11, 11)), "", False),
        (PictureFacts("a.png", Size(10, 300)), "side", True),
        (PictureFacts("a.gif", FULL_HD, "image/gif", way="upload"), "format", True),
        (PictureFacts("a.avif", FULL_HD, "image/avif", way="url"), "format", True),
        (PictureFacts("a.gif", FULL_HD, "image/gif", way="data"), "", False),
        (PictureFacts("a.webp", Size(3840, 2160), "image/webp", way="url"), "", False),
        (PictureFacts("a.webp", Size(3840, 2161), "image/webp", way="url"), "format", True),
        (PictureFacts("a.png", Size(7680, 4320), "image/png", way="url"), "", False),
        (PictureFacts("a.png", Size(7681, 4320), "image/png", way="url"), "large", False),
        (PictureFacts("a.jpg", FULL_HD, byte_count=10_000_000, way="upload"), "", False),
        (PictureFacts("a.jpg", FULL_HD, byte_count=10_000_001, way="upload"), "bytes", True),
        (PictureFacts("a.jpg", FULL_HD, byte_count=15_000_000, way="url"), "", False),
        (PictureFacts("a.jpg", FULL_HD, byte_count=20_000_001, way="url"), "bytes", False),
        (PictureFacts("a.jpg", FULL_HD, byte_count=99_000_000, way="data"), "", False),
    ],
)
def test_pictures(picture: PictureFacts, code: str, refused: bool) -> None:
    found = findings(PLUS, [picture], "What is it?", {})
    assert codes(found) == ([code] if code else [])
    for finding in found:
        assert finding.refused is refused
        assert picture.name in finding.message
        if picture.way != "data":
            assert finding.remedy is not None
            assert finding.remedy.encode


@pytest.mark.parametrize(("way", "most"), [("data", 250), ("upload", 256), ("url", 256)])
def test_how_many_pictures(way: str, most: int) -> None:
    small = PictureFacts("a.png", Size(64, 64), way=way)
    assert findings(PLUS, [small] * most, "", {}) == ()
    (finding,) = findings(PLUS, [small] * (most + 1), "", {})
    assert (finding.code, finding.remedy and finding.remedy.keep) == ("count", most)


def test_a_hundred_full_pictures_fit_and_no_more() -> None:
    # 260,096 tokens go in without thinking: 103 pictures of 2,496 + 2.
    full = PictureFacts("a.jpg", Size(4000, 3000))
    assert findings(PLUS, [full] * 104, "", {}) == ()
    (finding,) = findings(PLUS, [full] * 105, "", {})
    assert "260,096" in finding.message
    assert findings(PLUS, [full] * 104, "", {"enable_thinking": True}) != (), "less goes in while it thinks"


@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(2, 240),
    width=st.integers(200, 9000),
    height=st.integers(200, 9000),
    spec=st.sampled_from([PLUS, MAX, OCR, REGISTRY.spec("qwen3.6-plus")]),
    high=st.booleans(),
)
def test_sending_smaller_mends_too_many_tokens(
    count: int, width: int, height: int, spec: ModelSpec, high: bool
) -> None:
    options: dict[str, JsonValue] = {"vl_high_resolution_images": True} if high and spec is not OCR else {}
    pictures = [PictureFacts("a.jpg", Size(width, height))] * count
    found = [f for f in findings(spec, pictures, "Compare.", options) if f.code in ("tokens", "image-tokens")]
    for finding in found:
        if finding.remedy is None:  # so many that even the smallest are too much
            assert finding.code == "tokens"
            continue
        assert finding.remedy.options is not None
        mended = {**options, **finding.remedy.options}
        mended = {name: value for name, value in mended.items() if value is not None}
        after = findings(spec, pictures, "Compare.", mended)
        assert finding.code not in codes(after), finding


def test_words_alone_that_are_too_many() -> None:
    (finding,) = findings(OCR, [], "word " * 40_000, {})
    assert (finding.code, finding.remedy, finding.refused) == ("tokens", None, True)
    assert "40,000 tokens are more than the 30,000 that qwen-vl-ocr takes in" in finding.message


def test_one_picture_may_not_take_all() -> None:
    (finding,) = findings(MAX, [PictureFacts("a.jpg", Size(9000, 9000))], "", {"max_pixels": 16_777_216})
    assert finding.code == "image-tokens"
    assert "16,384 for one picture" in finding.message


@pytest.mark.parametrize(
    ("model", "options", "title", "mended"),
    [
        (PLUS, {"max_pixels": 99_000_000}, "Set to 16,777,216", {"max_pixels": 16_777_216}),
        (PLUS, {"max_tokens": 99_000}, "Set to 32,768", {"max_tokens": 32_768}),
        (PLUS, {"thinking_budget": 0}, "Set to 1", {"thinking_budget": 1}),
        (PLUS, {"temperature": "warm"}, "Leave It Out", {"temperature": None}),
        (MAX, {"enable_thinking": True}, "Leave It Out", {"enable_thinking": None}),
    ],
)
def test_options_out_of_range(
    model: ModelSpec, options: dict[str, JsonValue], title: str, mended: dict[str, JsonValue]
) -> None:
    (finding,) = findings(model, [PHOTO], "json", options)
    assert finding.remedy is not None
    assert (finding.remedy.title, finding.remedy.options) == (title, mended)


def test_the_ocr_service_warns_of_large_pictures() -> None:
    (finding,) = findings(OCR, [PHOTO], "", {"max_pixels": 20_000_000})
    assert (finding.code, finding.refused) == ("ocr-pixels", False)
    assert finding.remedy is not None
    assert finding.remedy.on_the_command_line == "--option max_pixels=15680000"


@pytest.mark.parametrize(
    ("model", "video", "code", "refused"),
    [  # fact sheet, 5.1
        ("qwen3.6-plus", VideoFacts("a.mp4", 7200), "", False),
        ("qwen3.6-plus", VideoFacts("a.mp4", 7201), "video-seconds", True),
        ("qwen3-vl-plus", VideoFacts("a.mp4", 3601), "video-seconds", True),
        ("qwen3-vl-plus", VideoFacts("a.mp4", 1), "video-seconds", True),
        ("qwen3-vl-plus", VideoFacts("a.mp4", 60, 7_500_001), "video-bytes", True),
        ("qwen3-vl-plus", VideoFacts("a.mp4", 60, 100_000_001, way="upload"), "video-bytes", True),
        ("qwen3-vl-plus", VideoFacts("a.mp4", 60, 2_000_000_000, way="url"), "", False),
        ("qwen2.5-vl-7b-instruct", VideoFacts("a.mp4", 60, 2_000_000_000, way="url"), "video-bytes", True),
        ("qwen3-vl-plus", VideoFacts("a", frames=3), "video-frames", True),
        ("qwen3-vl-plus", VideoFacts("a", frames=2000), "", False),
        ("qwen3-vl-plus", VideoFacts("a", frames=2001), "video-frames", True),
        ("qwen2-vl-7b-instruct", VideoFacts("a", frames=81), "video-frames", True),
        ("qwen-vl-ocr", VideoFacts("a.mp4", 60), "video", True),
    ],
)
def test_films(model: str, video: VideoFacts, code: str, refused: bool) -> None:
    found = findings(REGISTRY.spec(model), [], "", {}, [video])
    assert codes(found) == ([code] if code else [])
    assert [finding.refused for finding in found] == ([refused] if code else [])


def test_what_is_refused_comes_first() -> None:
    pictures = [PictureFacts("a.jpg", Size(9000, 9000), byte_count=30_000_000, way="url")]
    found = findings(PLUS, [*pictures, PictureFacts("b.gif", FULL_HD, "image/gif", way="url")], "", {})
    assert [finding.refused for finding in found] == [True, False, False]


@pytest.mark.parametrize("size", [Size(5000, 12), Size(8, 300)])
def test_what_is_too_narrow_can_be_laid_on_white(size: Size) -> None:
    (finding,) = findings(PLUS, [PictureFacts("a.png", size)], "", {})
    assert finding.remedy is not None
    assert finding.remedy.on_the_command_line == "--option pad=true"
    assert findings(PLUS, [PictureFacts("a.png", sent_part({"pad": True}, size))], "", {"pad": True}) == ()


def test_what_cannot_be_fetched_can_be_sent() -> None:
    (finding,) = findings(PLUS, [PictureFacts("a.gif", FULL_HD, "image/gif", way="url")], "", {})
    assert finding.remedy is not None
    assert finding.remedy.on_the_command_line == "--upload auto"
