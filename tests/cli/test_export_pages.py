"""Pages from the command line: Markdown, HTML and plain text of kept replies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli.conftest import Qwvis
from drawn_page import SIZE, draw_page, html_reply
from page_documents import page_run

from qwvis_desktop.core.formats.reply import KeptReply, dump_run


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    path = tmp_path / "pendulum.reply.json"
    path.write_bytes(dump_run(KeptReply(page_run(html_reply(), size=SIZE), "pendulum.png", SIZE)))
    return path


def test_figures_are_cut_out_where_the_picture_is_beside_the_reply(kept: Path, tmp_path: Path, qwvis: Qwvis) -> None:
    draw_page(tmp_path / "pendulum.png")
    ended = qwvis("export", kept, "--format", "page-markdown", "--out", tmp_path / "page.md", "--json")
    (told,) = json.loads(ended.out)
    assert ended.code == 0
    assert told["beside"] == [str(tmp_path / "page.figure-1.png")]
    assert "![The pendulum](page.figure-1.png)" in (tmp_path / "page.md").read_text("utf-8")


def test_where_it_is_not_the_words_are_kept_and_that_is_said(kept: Path, tmp_path: Path, qwvis: Qwvis) -> None:
    ended = qwvis("export", kept, "--format", "page-html", "--out", tmp_path / "page.html")
    assert ended.code == 0
    assert "figures are left out" in ended.err
    assert "1 figure" in ended.out
    assert "<figcaption>The pendulum</figcaption>" in (tmp_path / "page.html").read_text("utf-8")


def test_several_pages_go_into_one_file(kept: Path, tmp_path: Path, qwvis: Qwvis) -> None:
    ended = qwvis("export", kept, kept, "--format", "page-text", "--out", tmp_path / "all.txt")
    assert ended.code == 0
    first, second = (tmp_path / "all.txt").read_text("utf-8").split("\f")
    assert first == second
    assert first.startswith("Measuring a pendulum")
