"""What a journal says is played to the state that was there before the crash."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from documents import RUN, rich_document

from qwvis_desktop.core.annotation import Detection
from qwvis_desktop.core.camera import ANGLE_CONVENTIONS, HALF_TURNS_XYZ, CameraIntrinsics
from qwvis_desktop.core.document import ASSUMED_CAMERA, WHOLE_FILM, Document, FilmRange
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.store.file_lock import FileLock
from qwvis_desktop.core.store.journal import FORMAT, VERSION, Journal
from qwvis_desktop.core.store.picture_record import content, document_of, identity
from qwvis_desktop.core.store.steps import (
    camera_line,
    change_line,
    checked_line,
    closed_line,
    film_range_line,
    project_line,
    record_line,
    recover,
    run_line,
    step_line,
    unsaved_journals,
)


def written(folder: Path, *lines: object, tail: bytes = b"") -> Path:
    path = folder / "x.journal"
    head = {"format": FORMAT, "version": VERSION}
    path.write_bytes(b"".join(json.dumps(each).encode() + b"\n" for each in (head, *lines)) + tail)
    return path


def record_of(document: Document) -> Any:
    return json.loads(json.dumps({**identity(document.media, None), **content(document)}))


def box(key: str, label: str = "") -> Detection:
    return Detection(id=key, label=label, box=Box(1.0, 2.0, 3.0, 4.0))


def test_every_kind_of_step_is_played(tmp_path: Path) -> None:
    document = rich_document()
    document.set_run(replace(RUN, as_read=tuple(document.annotations[key] for key in "ab")))
    base = record_of(document)
    steps: list[object] = []
    # The state is changed beside the lines that tell of it.
    document.replace([replace(document.annotations["a"], label="tom")])
    steps.append(change_line("k", [document.annotations["a"]], []))
    document.remove(["b", "c"])
    steps.append(change_line("k", [], ["b", "c"]))
    document.add([box("n"), box("m")])
    steps.append(change_line("k", [box("n"), box("m")], []))
    document.reorder([*list("mndefgh"), "i", "a"])
    steps.append(change_line("k", [box("n")], [], document.order()))
    third = replace(RUN, id="r3", as_read=(box("q"),))
    document.set_run(third)
    steps.append(run_line("k", third))
    document.set_run(replace(document.runs["r2"], text="Three."))
    steps.append(run_line("k", document.runs["r2"]))
    convention = list(ANGLE_CONVENTIONS.values())[-1]
    document.set_camera(CameraIntrinsics(500.0, 501.0, 320.0, 240.0), "by hand")
    document.set_convention(convention)
    steps.append(camera_line("k", document.camera, document.camera_source, convention))
    steps.append(step_line("k", "Camera"))

    found = recover(written(tmp_path, project_line(tmp_path / "a.qwvis"), record_line("k", base), *steps))
    read, _ = document_of(found.records["k"], document.media)
    assert list(read.annotations.values()) == list(document.annotations.values())
    assert dict(read.runs) == dict(document.runs)
    assert (read.camera, read.convention) == (document.camera, convention)
    assert (found.steps, found.project) == (1, tmp_path / "a.qwvis")
    assert found.last > 1_700_000_000


def test_what_a_run_was_read_as_does_not_change_with_its_annotations(tmp_path: Path) -> None:
    document = rich_document()
    as_read = (document.annotations["a"],)
    document.set_run(replace(RUN, as_read=as_read))
    base = record_of(document)
    moved = replace(document.annotations["a"], label="tom")
    found = recover(written(tmp_path, record_line("k", base), change_line("k", [moved], [])))
    read, _ = document_of(found.records["k"], document.media)
    assert read.runs["r1"].as_read == as_read
    assert read.annotations["a"] == moved


def test_back_to_the_assumed_camera(tmp_path: Path) -> None:
    document = rich_document()
    base = record_of(document)
    line = camera_line("k", document.camera, ASSUMED_CAMERA, HALF_TURNS_XYZ)
    found = recover(written(tmp_path, record_line("k", base), line, checked_line("k", True), checked_line("k", False)))
    assert found.records["k"] == base


def test_the_range_of_a_film_is_played_and_forgotten(tmp_path: Path) -> None:
    base = record_line("k", record_of(rich_document()))
    line = film_range_line("k", FilmRange(1.5, None))
    assert recover(written(tmp_path, base, line)).records["k"]["film_range"] == [1.5, None]
    found = recover(written(tmp_path, base, line, film_range_line("k", WHOLE_FILM)))
    assert "film_range" not in found.records["k"]


def test_a_line_that_was_cut_off_is_left_out(tmp_path: Path) -> None:
    base = record_line("k", {"name": "a", "annotations": [], "runs": []})
    whole = json.dumps(change_line("k", [box("n", "näht")], [])).encode()
    for length in range(len(whole)):
        found = recover(written(tmp_path, base, step_line("k", "one"), tail=whole[:length]))
        assert found.records["k"]["annotations"] == []
    assert len(recover(written(tmp_path, base, tail=whole)).records["k"]["annotations"]) == 1


def test_what_was_closed_or_never_begun_is_not_recovered(tmp_path: Path) -> None:
    base = record_line("k", {"name": "a"})
    found = recover(written(tmp_path, base, change_line("other", [box("n")], []), closed_line("k")))
    assert found.records == {}


def test_a_journal_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.journal"
    path.write_text(json.dumps({"format": FORMAT, "version": "2999-01-01"}), encoding="utf-8")
    with pytest.raises(ValueError, match="later version"):
        recover(path)
    assert unsaved_journals(tmp_path) == []
    assert path.exists()


def test_only_journals_of_programs_that_died_are_offered(tmp_path: Path) -> None:
    alive = Journal(tmp_path, pytest.fail)
    alive.write_now(lambda: record_line("k", {"annotations": [1]}), lambda: step_line("k", "x"))
    dead = written(tmp_path, record_line("k", {"name": "a"}), change_line("k", [box("n")], []), step_line("k", "Draw"))
    empty = tmp_path / "empty.journal"
    empty.write_bytes(b"")
    (found,) = unsaved_journals(tmp_path)
    assert (found.journal, found.steps, list(found.records)) == (dead, 1, ["k"])
    assert not empty.exists()
    assert alive.close()
    lock = FileLock(dead.with_suffix(".lock"))
    assert unsaved_journals(tmp_path) == []
    lock.release()
