"""core.model_files: the user's models.toml adds and overrules; what is damaged is said and left alone."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from qwvis_desktop.core.model_files import bundled_registry, load_registry
from qwvis_desktop.core.model_registry import ModelRegistry

BEIJING = "dashscope.aliyuncs.com"


def loaded(folder: Path, text: str) -> tuple[ModelRegistry, list[str]]:
    (folder / "models.toml").write_text(text, encoding="utf-8")
    said: list[str] = []
    registry = load_registry(folder, said.append)
    assert (folder / "models.toml").read_text(encoding="utf-8") == text, "the file is only read"
    return registry, said


def test_without_a_file_the_programs_own(tmp_path: Path) -> None:
    said: list[str] = []
    assert load_registry(tmp_path, said.append) is bundled_registry()
    assert not said


def test_a_model_of_ones_own_says_its_family(tmp_path: Path) -> None:
    text = '[models."my-finetune"]\nfamily = "qwen2.5-vl"\ncontext = 32768\nalso = ["tools"]\n'
    registry, said = loaded(tmp_path, text)
    spec = registry.spec("org/My-Finetune-Q4_K_M.gguf")
    assert not said
    assert (spec.family, spec.known, spec.context) == ("qwen2.5-vl", True, 32768)
    assert "tools" in spec.abilities
    assert spec in [registry.spec(spec.id)]
    assert registry.known_models[-1].id == "my-finetune"


def test_a_known_model_changes_in_what_is_said_only(tmp_path: Path) -> None:
    registry, said = loaded(tmp_path, '[models."qwen3-vl-plus"]\nmax_output = 99\n')
    assert not said
    assert registry.spec("qwen3-vl-plus").max_output == 99
    assert registry.spec("qwen3-vl-plus").context == 262_144


def test_todays_price(tmp_path: Path) -> None:
    entry = '{ currency = "CNY", as_of = "2026-11-27", tiers = [[0, 0.9, 9]] }'
    registry, said = loaded(tmp_path, f'[prices."qwen3-vl-plus"]\nbeijing = {entry}\n')
    price = registry.spec("qwen3-vl-plus").price(BEIJING)
    assert not said
    assert price is not None
    assert (price.as_of, price.tiers[0].input) == ("2026-11-27", Decimal("0.9"))
    assert registry.spec("qwen3-vl-plus").price("dashscope-intl.aliyuncs.com") is not None


def test_a_family_of_ones_own_comes_before_those_known(tmp_path: Path) -> None:
    text = (
        "[families.mine]\npattern = 'qwen3-vl-mine'\ntitle = \"Mine\"\nfactor = 16\nmin_pixels = 256\n"
        'max_pixels = 65536\nmax_pixels_ceiling = 65536\nspace = "relative-1"\nthinking = "none"\n'
        'abilities = ["vision"]\n'
    )
    registry, said = loaded(tmp_path, text)
    assert not said
    assert registry.family_of("qwen3-vl-mine-8b") == "mine"
    assert registry.family_of("qwen3-vl-plus") == "qwen3-vl"


@pytest.mark.parametrize("text", ["[models", "\x00", '[models."a"]\n[models."a"]\n'])
def test_a_damaged_file_is_said_and_left_alone(tmp_path: Path, text: str) -> None:
    registry, said = loaded(tmp_path, text)
    assert registry is bundled_registry()
    assert len(said) == 1
    assert "damaged" in said[0]
    assert "models.toml" in said[0]


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "models.toml").write_bytes(b"\xff\xfe\x00")
    said: list[str] = []
    assert load_registry(tmp_path, said.append) is bundled_registry()
    assert "cannot be read" in said[0]


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ('[models."x"]\nfamily = "qwen9"', "no family 'qwen9'"),
        ('[models."x"]\ncontext = "large"', "context = 'large'"),
        ('[models."x"]\ncontext = -5', "context = -5"),
        ('[models."x"]\ncontext = true', "context = True"),
        ('[models."x"]\ncontent = 5', "'content' means nothing here"),
        ('[models."x"]\nthinking = "sometimes"', "thinking is one of"),
        ('[models."x"]\nmax_pixels = 99999999999', "do not ascend"),
        ('[models."x"]\nspace = "inches"', "inches"),
        ('[models."x"]\nalso = "tools"', "also = 'tools'"),
        ('[models."qwen3-vl-x"]\nvideo = "endless"', "'endless' is missing"),
        ('[models."x"]\nstable = { context = 0 }', "context = 0"),
        ("models = 5", "it is no table"),
        ("[models]\nx = 5", "it is no table"),
        ('[families."x"]\ntitle = "X"', "is missing"),
        ("[families.\"qwen3-vl\"]\npattern = '('", "pattern"),
        ('[families."qwen3-vl"]\nvariants = { thinking = 5 }', "variants"),
        ('[videos."x"]\nseconds = [1]', "is not understood"),
        ('[videos."two-hours"]\nframes = [0, 5]', "above 0"),
        ('[prices."x"]\nbeijing = { currency = "yuan", as_of = "2026", tiers = [[0, 1, 2]] }', "three letters"),
        ('[prices."x"]\nbeijing = 5', "is not understood"),
        ("[pricing]\n", "no table 'pricing'"),
    ],
)
def test_a_wrong_entry_is_said_and_the_rest_holds(tmp_path: Path, bad: str, why: str) -> None:
    good = '[models."good-one"]\nfamily = "qwen3-vl"\n'
    registry, said = loaded(tmp_path, f"{bad}\n\n{good}" if not bad.startswith("models =") else bad)
    assert len(said) == 1, said
    assert why in said[0]
    assert registry.spec("qwen3-vl-plus").resize == bundled_registry().spec("qwen3-vl-plus").resize
    if not bad.startswith("models ="):
        assert registry.spec("good-one").known
    assert registry.spec("x") == bundled_registry().spec("x"), "nothing of a wrong entry is left"
