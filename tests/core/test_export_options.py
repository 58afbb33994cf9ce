from __future__ import annotations

from pathlib import Path

from page_exports import drawn_document

from qwvis_desktop.core.export import export
from qwvis_desktop.core.export_options import DEFAULT_OPTIONS, ExportOptions


def test_nothing_is_estimated_and_no_original_is_touched_unless_chosen() -> None:
    assert ExportOptions() == DEFAULT_OPTIONS
    assert (DEFAULT_OPTIONS.estimated_words, DEFAULT_OPTIONS.onto_original) == (False, False)


def test_the_name_of_the_file_is_that_which_was_chosen_last(tmp_path: Path) -> None:
    options = ExportOptions(stem="another")
    done = export(drawn_document(tmp_path), "page-markdown", tmp_path / "chosen.md", options=options)
    assert "(chosen.figure-1.png)" in done.files[0].read_text("utf-8")
