from __future__ import annotations

from cli.conftest import Qwvis

from qwvis_desktop.core.model_files import bundled_registry


def test_lists_every_known_model(qwvis: Qwvis) -> None:
    models = qwvis("models", "--json").json["models"]
    assert [model["id"] for model in models] == list(bundled_registry().models)
    plus = next(model for model in models if model["id"] == "qwen3-vl-plus")
    assert (plus["family"], plus["coordinates"], plus["factor"]) == ("qwen3-vl", "relative-1000", 32)
    assert "detect" in plus["tasks"]


def test_lists_the_families(qwvis: Qwvis) -> None:
    families = [family["family"] for family in qwvis("models", "--json").json["families"]]
    assert {"qwen3.6", "qwen3.5", "qwen3-vl", "qwen2.5-vl", "qwen2-vl", "qwen-vl", "qvq", "qwen-vl-ocr"} <= set(
        families
    )


def test_says_how_any_name_is_read(qwvis: Qwvis) -> None:
    known, unknown = qwvis("models", "--json", "Qwen/Qwen2.5-VL-7B-Instruct", "llava").json["models"]
    assert (known["family"], known["known"]) == ("qwen2.5-vl", True)
    assert (unknown["family"], unknown["known"]) == ("qwen3-vl", False)


def test_people_get_one_line_for_each(qwvis: Qwvis) -> None:
    lines = qwvis("models").out.splitlines()
    assert len(lines) == len(bundled_registry().models)
    assert any("sent-pixels" in line for line in lines)
    assert "not recognised, read as Qwen3-VL" in qwvis("models", "llava").out
