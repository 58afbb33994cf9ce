from __future__ import annotations

import pytest
from text_pages import page, rectangle

from qwvis_desktop.core.annotation import TextRegion
from qwvis_desktop.core.dataset import dataset_of
from qwvis_desktop.core.export_options import Choice, ExportOptions
from qwvis_desktop.core.file_format import Format
from qwvis_desktop.core.text_formats import TEXT_FORMATS

LINE = TextRegion(text="two words", polygon=rectangle(100, 50, 200, 20))


def content(kind: Format, options: ExportOptions) -> bytes:
    files = kind.made(dataset_of([page(LINE)]), options)
    return b"".join(piece for file in files for piece in file.content)


@pytest.mark.parametrize("kind", TEXT_FORMATS, ids=lambda kind: kind.id)
def test_a_choice_that_is_offered_changes_the_file_and_no_other_does(kind: Format) -> None:
    plain = content(kind, ExportOptions())
    for choice, options in (
        (Choice.ESTIMATED_WORDS, ExportOptions(estimated_words=True)),
        (Choice.PICTURE_QUALITY, ExportOptions(picture_quality=None)),
    ):
        assert (len(content(kind, options)) != len(plain)) == (choice in kind.choices)


@pytest.mark.parametrize("kind", TEXT_FORMATS, ids=lambda kind: kind.id)
def test_text_is_not_left_out(kind: Format) -> None:
    assert not any("text" in sentence for sentence in kind.cannot_hold(page(LINE)))
