"""Documents on the command line: a result for each page, pages that are chosen, and what is wrong with documents."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from cli.conftest import Ended, Qwvis
from drawn_documents import Page, document, tiff
from loopback.answers import Answer, error, streamed
from loopback.service import LoopbackService, ReceivedRequest
from PIL import Image

from qwvis_desktop.cli.page_sources import PageProgress, expand_sources
from qwvis_desktop.cli.sources import PageSource, shown, source
from qwvis_desktop.core.media import pdf


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "scan.pdf"
    path.write_bytes(document([Page([f"Line {page}"], size=(300, 200)) for page in range(1, 9)]))
    return path


def numbered() -> Callable[[ReceivedRequest], Answer]:
    numbers = count()
    return lambda _: streamed(f'[{{"bbox_2d": [100, 100, 500, 500], "label": "{next(numbers)}"}}]')


def detect(qwvis: Qwvis, service: LoopbackService, *words: str | Path) -> Ended:
    return qwvis(
        *("run", *words, "--task", "detect", "--base-url", service.base_url, "--model", "qwen3-vl-plus", "--json"),
        *("--at-once", "1"),
    )


def run(qwvis: Qwvis, service: LoopbackService, *words: str | Path) -> tuple[int, str, list[dict[str, Any]]]:
    ended = detect(qwvis, service, *words)
    told = json.loads(ended.out) if ended.out else []
    return ended.code, ended.err, told if isinstance(told, list) else [told]


def test_each_chosen_page_has_a_result_of_its_own(qwvis: Qwvis, loopback: LoopbackService, scan: Path) -> None:
    loopback.answer = numbered()
    code, said, told = run(qwvis, loopback, scan, "--option", "pages=1-2,8", "--option", "resolution=100")
    assert code == 0
    assert [each["file"] for each in told] == [f"{scan}#page={page}" for page in (1, 2, 8)]
    assert [each["annotations"][0]["label"] for each in told] == ["0", "1", "2"]
    assert [request.pictures[0].size for request in loopback.requests] == [(416, 288)] * 3
    lines = said.splitlines()
    assert lines[0].startswith(f"{scan}#page=1: page 1 of 3 done, about ")
    assert lines[2] == f"{scan}#page=8: page 3 of 3 done"
    assert not any("pages" in request.json for request in loopback.requests)


def test_all_pages_and_what_failed(qwvis: Qwvis, loopback: LoopbackService, scan: Path) -> None:
    numbers = count()
    loopback.answer = lambda _: error(400, "bad", "no") if next(numbers) in (2, 3, 6) else streamed("[]")
    code, said, told = run(qwvis, loopback, scan)
    assert (code, len(told)) == (4, 8)
    assert f"{scan}#page=3: page 3 of 8 failed" in said
    assert f"{scan}: some pages failed. To ask again: --option pages=3-4,7" in said


def test_one_page_by_its_address_and_exports_named_after_it(
    qwvis: Qwvis, loopback: LoopbackService, scan: Path, tmp_path: Path
) -> None:
    loopback.answer = numbered()
    ended = qwvis(
        *("run", f"{scan}#page=3", "--task", "detect", "--base-url", loopback.base_url, "--model", "qwen3-vl-plus"),
        *("--save-dir", tmp_path / "out", "--export", "csv", "--export", "jsonl"),
    )
    assert ended.code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["scan-p003.csv", "scan-p003.jsonl"]


def test_pages_of_a_document_in_one_request(qwvis: Qwvis, loopback: LoopbackService, scan: Path) -> None:
    loopback.answer = streamed('[{"bbox_2d": [0, 0, 10, 10], "label": "a", "image": 2}]')
    code, said, told = run(qwvis, loopback, scan, "--option", "pages=4,6", "--one-request")
    assert (code, said) == (0, "")
    assert [len(each["annotations"]) for each in told] == [0, 1]
    assert len(loopback.requests[0].pictures) == 2


def test_what_is_asked_of_pages_that_are_not_there(qwvis: Qwvis, loopback: LoopbackService, scan: Path) -> None:
    for pages, sentence in (("9", "there are 8"), ("x", "does not name pages")):
        code, said, _ = run(qwvis, loopback, scan, "--option", f"pages={pages}")
        assert code == 2
        assert sentence in said
    code, said, _ = run(qwvis, loopback, scan, "--option", "resolution=5000")
    assert code == 2
    assert "50 to 1,200 pixels per inch" in said
    picture = scan.with_name("a.png")
    Image.new("RGB", (60, 60)).save(picture)
    code, said, _ = run(qwvis, loopback, picture, "--option", "pages=1")
    assert code == 2
    assert "has no pages to choose from" in said


def test_a_locked_document_is_said_and_opened_by_the_environment(
    qwvis: Qwvis, loopback: LoopbackService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "locked.pdf"
    path.write_bytes(document([Page(size=(300, 200))] * 2, "open sesame"))
    monkeypatch.delenv(pdf.PASSWORD_VARIABLE, raising=False)
    code, said, _ = run(qwvis, loopback, path)
    assert code == 1
    assert "QWVIS_PDF_PASSWORD" in said
    monkeypatch.setenv(pdf.PASSWORD_VARIABLE, "open sesame")
    loopback.answer = streamed("[]")
    code, said, told = run(qwvis, loopback, path)
    assert (code, len(told)) == (0, 2)
    assert "sesame" not in f"{said}{told}"


def test_files_become_their_pages(tmp_path: Path) -> None:
    (tmp_path / "fax.tif").write_bytes(tiff((30, 20), (40, 20)))
    (tmp_path / "one.pdf").write_bytes(document([Page()]))
    files = [source(str(tmp_path / name)) for name in ("fax.tif", "one.pdf", "gone.pdf")]
    arguments = Namespace(files=files, options=[("seed", 1)])
    expand_sources(arguments)
    names = [shown(where) for where in arguments.files]
    assert names == [f"{tmp_path / 'fax.tif'}#page={n}" for n in (1, 2)] + [
        str(tmp_path / name) for name in ("one.pdf", "gone.pdf")
    ]
    assert isinstance(arguments.files[2], PageSource)
    assert arguments.options == [("seed", 1)]


def test_when_it_is_stopped_it_is_said_how_to_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    path = Path("scan.pdf")
    files = [PageSource(path, page, 9) for page in (2, 3, 5, 6, 9)]
    progress = PageProgress(files, 2)
    progress.ended(["scan.pdf#page=2"], failed=False)
    progress.ended(["scan.pdf#page=3"], failed=True)
    progress.stopped()
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(",")[0] for line in lines[:2]] == [
        "scan.pdf#page=2: page 1 of 5 done",
        "scan.pdf#page=3: page 2 of 5 failed",
    ]
    assert lines[2] == "scan.pdf: stopped. To go on: --option pages=5-6,9"


def test_prepare_counts_the_chosen_pages(qwvis: Qwvis, scan: Path) -> None:
    ended = qwvis("prepare", scan, "--model", "qwen3-vl-plus", "--option", "pages=2-3", "--json")
    assert ended.code == 0
    assert [frame["original"] for frame in ended.json["frames"]] == [[833, 556]] * 2
