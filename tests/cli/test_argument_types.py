from __future__ import annotations

from argparse import ArgumentTypeError
from pathlib import Path

import pytest

from qwvis_desktop.cli import argument_types
from qwvis_desktop.core.camera import CameraIntrinsics
from qwvis_desktop.core.geometry import Size


@pytest.mark.parametrize("text", ["1280x960", "1280X960", "1280×960", " 1280 x 960 ", "1280*960", "01280x0960"])
def test_a_size(text: str) -> None:
    assert argument_types.size(text) == Size(1280, 960)


@pytest.mark.parametrize("text", ["", "1280", "1280x", "x960", "-1x5", "0x5", "5x00", "1.5x2", "1280x960x3"])
def test_no_size(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="is not a size"):
        argument_types.size(text)


def test_a_camera() -> None:
    assert argument_types.camera("500,501.5,320,240") == CameraIntrinsics(500.0, 501.5, 320.0, 240.0)


@pytest.mark.parametrize("text", ["", "1,2,3", "1,2,3,4,5", "a,b,c,d", "-1,2,3,4", "1,2,nan,4"])
def test_no_camera(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="is not a camera"):
        argument_types.camera(text)


def test_a_length_of_time() -> None:
    assert argument_types.seconds("12.5") == 12.5


@pytest.mark.parametrize("text", ["", "long", "0", "-1", "inf", "nan"])
def test_no_length_of_time(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="is not a length of time"):
        argument_types.seconds(text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("temperature=0.1", ("temperature", 0.1)),
        ("enable_thinking=false", ("enable_thinking", False)),
        ("stop=END", ("stop", "END")),
        ("stop=", ("stop", "")),
        ('response_format={"type": "json_object"}', ("response_format", {"type": "json_object"})),
        ("a=b=c", ("a", "b=c")),
        ("top_p=NaN", ("top_p", "NaN")),
    ],
)
def test_an_option(text: str, read: tuple[str, object]) -> None:
    assert argument_types.option(text) == read


@pytest.mark.parametrize("text", ["", "temperature", "=0.1", " =1"])
def test_no_option(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="is not an option"):
        argument_types.option(text)


def test_fields_to_fill_may_be_a_preset(tmp_path: Path) -> None:
    assert "Invoice number" in argument_types.result_schema("invoice")
    assert argument_types.result_schema('{"Total": ""}') == {"Total": ""}
    (tmp_path / "fields.json").write_text('{"Plate": ""}')
    assert argument_types.result_schema(str(tmp_path / "fields.json")) == {"Plate": ""}
