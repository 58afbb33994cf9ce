from __future__ import annotations

from argparse import ArgumentParser

import pytest

from qwvis_desktop.cli.export_options import add_export_options, export_options_of
from qwvis_desktop.core.export_options import ExportOptions


def options_of(*words: str) -> ExportOptions:
    parser = ArgumentParser()
    add_export_options(parser)
    return export_options_of(parser.parse_args(words))


def test_without_a_word_all_is_as_usual() -> None:
    assert options_of() == ExportOptions()


@pytest.mark.parametrize(
    ("words", "options"),
    [
        (["--estimated-words"], ExportOptions(estimated_words=True)),
        (["--onto-original"], ExportOptions(onto_original=True)),
        (["--picture-quality", "40"], ExportOptions(picture_quality=40)),
        (["--picture-quality", "lossless"], ExportOptions(picture_quality=None)),
    ],
)
def test_each_can_be_chosen(words: list[str], options: ExportOptions) -> None:
    assert options_of(*words) == options


@pytest.mark.parametrize("quality", ["0", "101", "best", "-1"])
def test_a_quality_that_is_none_is_refused(quality: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        options_of(f"--picture-quality={quality}")
    assert "from 1 to 100, or lossless" in capsys.readouterr().err
