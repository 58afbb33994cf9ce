"""core.model_registry: families from any spelling, and what the table says of each."""

from __future__ import annotations

import pytest

from qwvis_desktop.core.coordinates import CoordinateSpace, ResizeRule
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.model_registry import FALLBACK_FAMILY, ModelSpec, bundled_registry
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
    assert REGISTRY.spec("qwen-vl-max-2025-04-08").context is None
    assert REGISTRY.spec("qwen-vl-max-2025-08-13").context == 131_072


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
