"""core.model_registry: families from any spelling, and what the table says of each."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qwvis_desktop.core.coordinates import CoordinateSpace, ResizeRule
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.model_files import bundled_registry
from qwvis_desktop.core.model_registry import FALLBACK_FAMILY, ModelSpec
from qwvis_desktop.core.tasks import TASKS

REGISTRY = bundled_registry()

SPELLINGS = {
    "qwen3-vl": (
        "qwen3-vl-plus",
        "qwen3-vl-plus-2025-09-23",
        "qwen3-vl-flash",
        "qwen3-vl-flash-us",
        "qwen3-vl-flash-2026-01-22",
        "qwen3-vl-235b-a22b-instruct",
        "Qwen/Qwen3-VL-8B-Instruct",
        "Qwen/Qwen3-VL-2B-Instruct",
        "Qwen/Qwen3-VL-30B-A3B-Thinking-FP8",
        "qwen/qwen3-vl-8b",
        "qwen3-vl",
        "qwen3-vl:8b",
        "qwen3-vl:235b-cloud",
        "qwen3vl:4b",
        "QWEN3_VL_8B",
        "Qwen 3 VL 8B",
        "qwen-3-vl",
        "unsloth/Qwen3-VL-8B-Instruct-GGUF",
        "Qwen3VL-8B-Instruct-Q4_K_M.gguf",
        "C:\\models\\Qwen3-VL-4B-Thinking-Q8_0.gguf",
        "/models/qwen3-vl-8b-instruct-awq",
    ),
    "qwen3.6": (
        "qwen3.6-plus",
        "qwen3.6-plus-2026-04-02",
        "qwen3.6-flash",
        "Qwen/Qwen3.6-35B-A3B",
        "qwen3.6:27b",
        "qwen3_6-27b",
        "qwen3-6-plus",
        "qwen3.7-plus",
        "qwen3.8-max",
        "qwen3.8-flash",
        "qwen3.10-plus",
    ),
    "qwen3.5": (
        "qwen3.5-plus",
        "qwen3.5-plus-2026-02-15",
        "qwen3.5-flash",
        "Qwen/Qwen3.5-397B-A17B",
        "qwen3.5:35b-a3b",
        "Qwen3.5-27B-Q4_K_M.gguf",
        "qwen3-5-flash",
    ),
    "qwen2.5-vl": (
        "qwen2.5-vl-72b-instruct",
        "Qwen/Qwen2.5-VL-7B-Instruct",
        "Qwen/Qwen2.5-VL-7B-Instruct-AWQ",
        "qwen2.5vl:7b",
        "qwen2.5-vl",
        "qwen2-5-vl-7b",
        "qwen25-vl-7b",
        "Qwen2.5-VL-7B-Instruct-Q4_K_M.gguf",
        "lmstudio-community/Qwen2.5-VL-3B-Instruct-GGUF",
        "qwen-vl-max",
        "qwen-vl-max-latest",
        "qwen-vl-max-2025-08-13",
        "qwen-vl-plus",
        "qwen-vl-plus-2025-01-25",
    ),
    "qwen2-vl": ("Qwen/Qwen2-VL-7B-Instruct", "qwen2-vl", "qwen2vl:2b", "Qwen2_VL-72B"),
    "qwen-vl": ("Qwen/Qwen-VL-Chat", "qwen-vl-v1", "qwen_vl_chat"),
    "qvq": ("qvq-max", "qvq-max-2025-03-25", "qvq-plus", "Qwen/QVQ-72B-Preview"),
    "qwen-vl-ocr": (
        "qwen-vl-ocr",
        "qwen-vl-ocr-latest",
        "qwen-vl-ocr-2025-11-20",
        "qwen-vl-ocr-2024-10-28",
        "qwen3.5-ocr",
        "Qwen-VL-OCR",
        "qwen_vl_ocr",
    ),
    "offline-ocr": ("rapidocr",),
    None: (
        "gpt-4o",
        "llava:13b",
        "qwen3-8b",
        "qwen3:14b",
        "Qwen/Qwen3-32B",
        "Qwen/Qwen3-235B-A22B",
        "qwen3-0.6b",
        "qwen-plus",
        "my-rapidocr",
        "",
    ),
}


@pytest.mark.parametrize(("family", "name"), [(family, name) for family, names in SPELLINGS.items() for name in names])
def test_family_of_any_spelling(family: str | None, name: str) -> None:
    assert REGISTRY.family_of(name) == family
    spec = REGISTRY.spec(name)
    assert spec.id == name
    assert spec.known is (family is not None)
    assert spec.family == (family or FALLBACK_FAMILY)


def test_enough_spellings() -> None:
    assert sum(map(len, SPELLINGS.values())) >= 60
    assert {family for family in SPELLINGS if family} == set(REGISTRY.families)


@pytest.mark.parametrize("spec", REGISTRY.known_models, ids=lambda spec: str(spec.id))
def test_each_entry_is_sound(spec: ModelSpec) -> None:
    assert spec.known
    rule = spec.resize
    assert rule.min_pixels <= rule.max_pixels <= spec.max_pixels_ceiling
    assert spec.thinking in {"none", "off", "on", "always"}
    assert spec.tasks
    assert rule.factor in ({1} if spec.family == "offline-ocr" else {28, 32})


@pytest.mark.parametrize(
    ("family", "space"),
    [
        ("qwen3.6", CoordinateSpace.RELATIVE_1000),
        ("qwen3.5", CoordinateSpace.RELATIVE_1000),
        ("qwen3-vl", CoordinateSpace.RELATIVE_1000),
        ("qwen2.5-vl", CoordinateSpace.SENT_PIXELS),
        ("qwen2-vl", CoordinateSpace.RELATIVE_1000),
        ("qwen-vl", CoordinateSpace.RELATIVE_1000),
        ("qvq", CoordinateSpace.SENT_PIXELS),
        ("qwen-vl-ocr", CoordinateSpace.RELATIVE_1000),
        ("offline-ocr", CoordinateSpace.SENT_PIXELS),
    ],
)
def test_spaces(family: str, space: CoordinateSpace) -> None:
    assert REGISTRY.spec("x", family).space is space


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("qwen3-vl-plus", ResizeRule(32, 65_536, 2_621_440)),
        ("qwen2.5-vl-7b-instruct", ResizeRule(28, 3_136, 1_003_520)),
        ("qvq-max", ResizeRule(28, 3_136, 1_003_520)),
        ("qwen-vl-max", ResizeRule(32, 4_096, 1_310_720)),
        ("qwen-vl-max-latest", ResizeRule(32, 4_096, 1_310_720)),
        ("qwen-vl-max-2025-08-13", ResizeRule(32, 4_096, 1_310_720)),
        ("qwen-vl-max-2025-04-08", ResizeRule(28, 3_136, 1_003_520)),
        ("qwen-vl-plus-2025-07-10", ResizeRule(32, 4_096, 1_310_720)),
        ("qwen-vl-plus-2025-05-07", ResizeRule(28, 3_136, 1_003_520)),
        ("qwen-vl-ocr", ResizeRule(32, 3_072, 8_388_608)),
        ("qwen-vl-ocr-2025-11-20", ResizeRule(32, 3_072, 8_388_608)),
        ("qwen-vl-ocr-2025-08-28", ResizeRule(28, 3_136, 6_422_528)),
        ("qwen-vl-ocr-2025-04-13", ResizeRule(28, 3_136, 6_422_528)),
    ],
)
def test_pixel_budgets(name: str, rule: ResizeRule) -> None:
    assert REGISTRY.spec(name).resize == rule


@pytest.mark.parametrize(
    ("name", "thinking"),
    [
        ("qwen3-vl-plus", "off"),
        ("qwen3-vl-235b-a22b-instruct", "none"),
        ("Qwen/Qwen3-VL-4B-Thinking-FP8", "always"),
        ("qwen3-vl:8b-instruct", "none"),
        ("qwen3.6-plus", "on"),
        ("qwen3.5-27b", "on"),
        ("qwen-vl-max", "none"),
        ("qvq-plus", "always"),
    ],
)
def test_thinking(name: str, thinking: str) -> None:
    assert REGISTRY.spec(name).thinking == thinking


@pytest.mark.parametrize(
    "name",
    ["qwen3-vl-plus", "QWEN3-VL-PLUS", "qwen3-vl-plus-latest", "qwen3-vl-plus-2025-12-19", "owner/qwen3-vl-plus-us"],
)
def test_entry_of_any_spelling(name: str) -> None:
    assert REGISTRY.spec(name).context == 262_144


def test_a_snapshot_older_than_its_entry_has_the_familys_values() -> None:
    assert REGISTRY.spec("qwen-vl-max-2025-01-25").context is None
    assert REGISTRY.spec("qwen-vl-max-2025-08-13").context == 131_072


@pytest.mark.parametrize(
    ("name", "has", "has_not"),
    [  # fact sheet 1.3, 2.5, 2.9
        ("qwen3-vl-plus", {"tools", "json", "partial", "cache"}, set()),
        ("qwen3-vl-plus-2025-09-23", {"tools", "json", "partial"}, {"cache"}),
        ("qwen3-vl-8b-instruct", {"tools", "json", "partial"}, {"cache"}),
        ("qwen3-vl-235b-a22b-thinking", {"tools", "cuboids"}, {"json", "json-schema", "partial"}),
        ("qwen3.6-plus", {"tools", "json", "partial"}, set()),
        ("qwen3.6-flash", {"tools", "json"}, {"partial"}),
        ("qwen3.5-flash", {"partial"}, set()),
        ("qwen-vl-max", {"json", "partial", "cache"}, {"tools", "cuboids", "markdown"}),
        ("qwen-vl-max-latest", {"json"}, {"tools"}),
        ("qwen-vl-max-2025-08-13", {"partial"}, {"json", "cache"}),
        ("qwen-vl-max-2025-04-08", {"partial"}, {"json"}),
        ("qwen-vl-max-2025-01-25", set(), {"partial", "json"}),
        ("qwen-vl-plus-2025-01-25", {"partial"}, {"json"}),
        ("qwen2.5-vl-7b-instruct", {"vision", "documents"}, {"tools", "json", "partial", "cuboids"}),
        ("qvq-max", {"vision"}, {"tools", "json", "system"}),
        ("qwen-vl-ocr", {"ocr-service"}, {"tools", "json", "system", "conversation", "video"}),
    ],
)
def test_abilities(name: str, has: set[str], has_not: set[str]) -> None:
    abilities = REGISTRY.spec(name).abilities
    assert has <= abilities
    assert not has_not & abilities


@pytest.mark.parametrize(
    ("name", "limits"),
    [  # fact sheet 1.4: context, input, input while thinking, thinking, output, a picture
        ("qwen3.6-plus", (1_000_000, 991_808, 983_616, 81_920, 65_536, None)),
        ("qwen3-vl-flash", (262_144, 260_096, 258_048, 81_920, 32_768, None)),
        ("qwen-vl-max", (131_072, 129_024, None, None, 8_192, 16_384)),
        ("qvq-plus", (131_072, None, None, 16_384, 8_192, None)),
        ("qwen-vl-ocr", (38_192, 30_000, None, None, 8_192, 30_000)),
        ("qwen-vl-ocr-2025-04-13", (34_096, 30_000, None, None, 4_096, 30_000)),
    ],
)
def test_token_limits(name: str, limits: tuple[int | None, ...]) -> None:
    spec = REGISTRY.spec(name)
    assert limits == (
        spec.context,
        spec.max_input,
        spec.max_input_thinking,
        spec.max_thinking,
        spec.max_output,
        spec.max_image_tokens,
    )


def test_input_limit_while_thinking() -> None:
    spec = REGISTRY.spec("qwen3-vl-plus")
    assert (spec.input_limit(thinking=False), spec.input_limit(thinking=True)) == (260_096, 258_048)
    assert REGISTRY.spec("qvq-max").input_limit(thinking=True) == 131_072
    assert REGISTRY.spec("qwen2.5-vl-7b-instruct").input_limit(thinking=False) is None


@pytest.mark.parametrize(
    ("name", "pixels"),
    [
        ("qwen3-vl-plus", 16_777_216),
        ("qwen-vl-max", 16_777_216),
        ("qwen-vl-max-2025-04-08", None),
        ("qvq-max", None),
        ("qwen-vl-ocr", None),
    ],
)
def test_high_resolution(name: str, pixels: int | None) -> None:
    assert REGISTRY.spec(name).high_resolution_pixels == pixels


@pytest.mark.parametrize(
    ("name", "seconds", "frames", "ceiling", "total"),
    [  # fact sheet 1.6, 5.1
        ("qwen3.6-plus", 7200, 8000, 2_048_000, 134_217_728),
        ("qwen3-vl-plus", 3600, 2000, 2_048_000, 134_217_728),
        ("Qwen/Qwen3-VL-235B-A22B-Instruct-FP8", 3600, 2000, 2_048_000, 134_217_728),
        ("qwen3-vl-8b-instruct", 1200, 512, 786_432, 67_108_864),
        ("qwen-vl-max", 1200, 512, 786_432, 67_108_864),
        ("qwen-vl-plus", 600, 512, 786_432, 67_108_864),
        ("qwen-vl-max-2025-04-08", 1200, 512, 602_112, 51_380_224),
        ("qwen2.5-vl-7b-instruct", 600, 512, 602_112, 51_380_224),
        ("qwen2-vl-7b-instruct", 40, 80, 602_112, 51_380_224),
    ],
)
def test_video_limits(name: str, seconds: int, frames: int, ceiling: int, total: int) -> None:
    video = REGISTRY.spec(name).video
    assert video is not None
    assert (video.seconds[1], video.frames[1]) == (seconds, frames)
    assert (video.frame_pixels[3], video.total_pixels[0]) == (ceiling, total)


def test_models_without_films_have_no_limits_of_films() -> None:
    for spec in REGISTRY.known_models:
        assert (spec.video is not None) == ("video" in spec.abilities), spec.id


def test_how_models_are_reached() -> None:
    assert REGISTRY.spec("qvq-max").stream_only
    assert REGISTRY.spec("qwen3-vl-32b-thinking").stream_only
    assert not REGISTRY.spec("qwen3-vl-plus").stream_only
    assert REGISTRY.spec("qwen-vl-ocr").routes == ("compatible", "native")
    assert REGISTRY.spec("rapidocr").routes == ()


@pytest.mark.parametrize(
    ("thinking", "can", "choice"),
    [("none", False, False), ("off", True, True), ("on", True, True), ("always", True, False)],
)
def test_what_can_be_chosen_of_thinking(thinking: str, can: bool, choice: bool) -> None:
    spec = next(spec for spec in REGISTRY.known_models if spec.thinking == thinking)
    assert (spec.can_think, spec.can_switch_thinking) == (can, choice)


OWNERS = ("", "Qwen/", "unsloth/", "lmstudio-community/", "/models/", "C:\\Models\\", "models--Qwen/snapshots/")
ENDINGS = (
    "",
    "-us",
    ":free",
    "-AWQ",
    "-FP8",
    "-GPTQ-Int4",
    "-4bit",
    "-bf16",
    "-GGUF",
    "-Q4_K_M.gguf",
    "-UD-Q2_K_XL.gguf",
)


@settings(max_examples=150, deadline=None)
@given(
    model=st.sampled_from([model for model in REGISTRY.models if model != "rapidocr"]),
    owner=st.sampled_from(OWNERS),
    ending=st.sampled_from(ENDINGS),
    between=st.sampled_from(["-", "_", " ", "."]),
    shout=st.booleans(),
)
def test_a_model_is_the_same_in_every_spelling(model: str, owner: str, ending: str, between: str, shout: bool) -> None:
    spelled = model.replace("-", between)
    spelled = owner + (spelled.upper() if shout else spelled) + ending
    spec, plain = REGISTRY.spec(spelled), REGISTRY.spec(model)
    assert (spec.family, spec.known) == (plain.family, True)
    assert replace(spec, id=model) == plain


def test_a_folder_named_after_another_model_does_not_matter() -> None:
    assert REGISTRY.family_of("/data/qwen2.5-vl/Qwen3-VL-8B-Instruct.gguf") == "qwen3-vl"
    assert REGISTRY.family_of("models--Qwen--Qwen3-VL-8B-Instruct/snapshots/4f1e2a") == "qwen3-vl"


def test_family_overrules_the_name() -> None:
    spec = REGISTRY.spec("qwen-vl-max", "qwen3-vl")
    assert (spec.family, spec.space, spec.known) == ("qwen3-vl", CoordinateSpace.RELATIVE_1000, True)
    assert spec.resize == REGISTRY.spec("x", "qwen3-vl").resize
    assert spec.context is None


def test_an_unknown_name_with_a_family_is_known() -> None:
    assert REGISTRY.spec("my-model", "qwen2.5-vl").known


def test_no_such_family() -> None:
    with pytest.raises(KeyError):
        REGISTRY.spec("qwen3-vl-plus", "qwen9")


def test_processor_resize_has_the_widest_budget() -> None:
    rule = REGISTRY.spec("qwen3-vl-plus").processor_resize
    assert rule == ResizeRule(32, 65_536, 16_777_216)


@pytest.mark.parametrize(
    ("name", "can", "cannot"),
    [
        ("qwen3-vl-plus", {"detect", "cuboid", "document-markdown", "video-boxes", "spot-text"}, {"ocr:table_parsing"}),
        ("qwen2.5-vl-7b-instruct", {"detect", "document-html"}, {"cuboid", "document-markdown"}),
        ("qwen-vl-ocr", {"spot-text", "ocr:advanced_recognition"}, {"detect", "cuboid", "caption"}),
        ("rapidocr", {"spot-text"}, {"detect", "ocr:text_recognition"}),
    ],
)
def test_what_models_can(name: str, can: set[str], cannot: set[str]) -> None:
    tasks = {task.id for task in REGISTRY.spec(name).tasks}
    assert can <= tasks
    assert not cannot & tasks
    assert all(REGISTRY.spec(name).can(TASKS[task]) for task in can)


@pytest.mark.parametrize(
    ("name", "size", "sent", "tokens"),
    [  # the makers' own examples (fact sheet, 5.4)
        ("qwen-vl-ocr", Size(6000, 3000), Size(4096, 2048), 8_194),
        ("qwen-vl-ocr-2025-08-28", Size(1500, 1734), Size(1512, 1736), 3_350),
        ("qwen3-vl-plus", Size(2048, 1365), Size(1952, 1312), 2_503),
        ("qwen3-vl-plus", Size(1920, 1080), Size(1920, 1088), 2_042),
        ("qwen2.5-vl-7b-instruct", Size(1920, 1080), Size(1316, 728), 1_224),
        ("qwen3-vl-plus", Size(4000, 3000), Size(1856, 1376), 2_496),
        ("qwen3-vl-plus", Size(100, 100), Size(256, 256), 66),
    ],
)
def test_sizes_and_tokens(name: str, size: Size, sent: Size, tokens: int) -> None:
    rule = REGISTRY.spec(name).resize
    assert rule.resized(size) == sent
    assert rule.tokens(size) == tokens
