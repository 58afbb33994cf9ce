"""One picture as JSON: nothing is lost on the way there and back, whatever it holds."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from documents import RUN, empty_document, media_of, rich_document
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from qwvis_desktop.core.annotation import Annotation, Cuboid, Detection, Keypoint, Provenance, TextRegion, VideoEvent
from qwvis_desktop.core.camera import ANGLE_CONVENTIONS, CameraIntrinsics
from qwvis_desktop.core.document import Document, FilmRange, FrameOrigin
from qwvis_desktop.core.geometry import Box, Point, Polygon, Size
from qwvis_desktop.core.media.frame_folder import open_frames
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.media import Media
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.core.store.picture_record import (
    Extras,
    Fingerprint,
    RecordError,
    annotation_record,
    content,
    data_of,
    document_of,
    fingerprint,
    frame_rate_of,
    has_work,
    identity,
    line_of,
    path_of,
    read_annotation,
)
from qwvis_desktop.core.store.shelf import Shelf


def there_and_back(document: Document, extras: Extras | None = None) -> tuple[Document, Extras]:
    record = {**identity(document.media, None), **content(document, extras or Extras())}
    return document_of(json.loads(line_of(record)), document.media)


def same(first: Document, second: Document) -> bool:
    return (
        list(first.annotations.values()) == list(second.annotations.values())
        and list(first.runs.values()) == list(second.runs.values())
        and (first.camera, first.camera_source, first.convention)
        == (second.camera, second.camera_source, second.convention)
    )


def test_a_document_with_everything_comes_back_equal() -> None:
    document = rich_document()
    annotations = document.annotations
    # Of the run one was moved, one deleted, and the rest stand as they were read.
    moved = replace(annotations["a"], label="tom cat")
    document.set_run(replace(RUN, as_read=(*(annotations[key] for key in "abcd"), replace(annotations["e"], id="x"))))
    document.replace([moved])
    document.reorder([*list("ihgfedcb"), "a"])
    document.set_camera(CameraIntrinsics(700.0, 710.5, 320.0, 240.0), "kitti.txt")
    document.set_convention(list(ANGLE_CONVENTIONS.values())[-1])
    read, extras = there_and_back(document)
    assert same(document, read)
    assert extras == Extras()


def test_what_stands_as_it_was_read_is_not_written_twice() -> None:
    document = rich_document()
    document.set_run(replace(RUN, as_read=(document.annotations["a"], replace(document.annotations["b"], label="x"))))
    first, second = content(document)["runs"][0]["as_read"]
    assert first == "a"
    assert second["label"] == "x"


numbers = st.floats(allow_nan=False, allow_infinity=False)
points = st.builds(Point, numbers, numbers)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | numbers | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
shared: dict[str, Any] = {
    "label": st.text(),
    "score": st.none() | numbers,
    "accepted": st.booleans(),
    "attributes": st.dictionaries(st.text(), json_values, max_size=3),
    "provenance": st.none()
    | st.builds(Provenance, st.text(), st.tuples(st.integers(0), st.integers(0)), st.lists(numbers).map(tuple)),
}
polygons = st.builds(Polygon, st.lists(points, min_size=3, max_size=5).map(tuple))
triples = st.tuples(numbers, numbers, numbers)
annotations_of_all_kinds = st.one_of(
    st.builds(
        Detection,
        box=st.builds(Box, numbers, numbers, numbers, numbers),
        outline=st.none() | polygons,
        time=st.none() | numbers,
        image=st.none() | st.integers(0, 9),
        **shared,
    ),
    st.builds(Keypoint, point=points, **shared),
    st.builds(TextRegion, text=st.text(), polygon=polygons, **shared),
    st.builds(Cuboid, center=triples, size=triples, angles=triples, **shared),
    st.builds(VideoEvent, start=numbers, end=numbers, **shared),
)


@settings(max_examples=40)
@given(annotations_of_all_kinds)
def test_any_annotation_comes_back_equal(annotation: Annotation) -> None:
    assert read_annotation(json.loads(line_of(annotation_record(annotation)))) == annotation


def test_half_characters_and_strange_numbers_are_written_as_strict_json() -> None:
    line = line_of({"text": "\ud800", "number": float("nan")})
    assert json.loads(line, parse_constant=pytest.fail) == {"text": "\ud800", "number": "NaN"}
    assert b"\n" not in line


def test_entries_of_a_later_day_are_kept() -> None:
    document = rich_document()
    record = {**identity(document.media, None), **content(document)}
    record["stars"] = 5
    record["annotations"][2]["mood"] = "calm"
    record["runs"][1]["mood"] = [1]
    record["checked"] = True
    read, extras = document_of(json.loads(line_of(record)), document.media)
    again = {**identity(document.media, None), **content(read, extras)}
    assert again == record
    assert (extras.checked, extras.further) == (True, {"stars": 5})


def test_a_picture_is_known_by_its_bytes(photo: Path) -> None:
    from qwvis_desktop.core.media.image import open_image

    media = open_image(photo)
    known = fingerprint(media)
    assert known.byte_count == photo.stat().st_size
    assert fingerprint(open_image(photo.read_bytes(), "pasted")) == known
    photo.unlink()
    with pytest.raises(MediaError, match="not there any more"):
        fingerprint(media)


def test_paths_are_relative_with_slashes_and_found_again(tmp_path: Path) -> None:
    media = media_of(tmp_path / "photos" / "a b.jpg")
    record = identity(media, tmp_path / "project", Fingerprint("ab", 7))
    assert record == {
        "name": "street.jpg", "size": [640, 480], "path": "../photos/a b.jpg", "sha256": "ab", "bytes": 7,
    }  # fmt: skip
    assert path_of(record, tmp_path / "project") == tmp_path / "photos" / "a b.jpg"
    assert path_of({"name": "x"}, tmp_path) is None


def test_a_picture_without_a_file_is_in_the_record() -> None:
    media = replace(media_of(), data=b"\x89PNG")
    record = identity(media, None)
    assert data_of(json.loads(line_of(record))) == b"\x89PNG"
    assert data_of({}) is None
    for damaged in ("%%%", 7):
        with pytest.raises(RecordError):
            data_of({"data": damaged})


def test_work_is_annotations_runs_or_a_mark() -> None:
    assert not has_work(identity(media_of(), None))
    assert not has_work(content(empty_document()))
    assert has_work(content(rich_document()))
    assert has_work(content(empty_document(), Extras(checked=True)))


def test_a_folder_that_is_a_film_stays_one(tmp_path: Path) -> None:
    for number in range(3):
        Image.new("RGB", (40, 30)).save(tmp_path / f"{number}.png")
    record = identity(open_frames(tmp_path, 12.5), None)
    assert frame_rate_of(record) == 12.5
    shelf = Shelf()
    shelf.fill({"key": record}, tmp_path)
    opened = shelf.open("key", tmp_path, "frames").document.media
    assert isinstance(opened, VideoMedia)
    assert (opened.frames, opened.rate) == (3, 12.5)
    assert [frame_rate_of({"frame_rate": wrong}) for wrong in (True, "5", -1, 0, None)] == [0.0] * 5


def test_a_picture_of_another_size_is_refused_in_a_sentence() -> None:
    document = rich_document()
    record = {**identity(document.media, None), **content(document)}
    other: Media = replace(document.media, size=Size(641, 480))
    with pytest.raises(RecordError, match="641 x 480 pixels, and its annotations were made on 640 x 480"):
        document_of(record, other)
    assert document_of(identity(document.media, None), other)[0].size == Size(641, 480)


@pytest.mark.parametrize(
    "damage",
    [
        {"annotations": [{"id": "a", "kind": "sphere", "label": ""}]},
        {"annotations": [{"id": "a", "kind": "detection", "label": "", "box": [1, 2, "3", 4]}]},
        {"annotations": [{"id": "", "kind": "keypoint", "label": "", "point": [1, 2]}]},
        {"annotations": [{"id": "a", "kind": "keypoint", "label": "", "point": [1, 2]}] * 2},
        {"annotations": [7]},
        {"annotations": 7},
        {"runs": [{"id": "r"}]},
        {"camera": {"fx": 0, "fy": 1, "cx": 0, "cy": 0, "source": ""}},
        {"convention": "upside down"},
    ],
)
def test_a_damaged_record_is_refused_in_a_sentence(damage: dict[str, Any]) -> None:
    with pytest.raises(RecordError, match="is damaged"):
        document_of({**identity(media_of(), None), **damage}, media_of())


def test_the_range_of_a_film_is_kept() -> None:
    document = Document(media_of())
    assert "film_range" not in content(document)
    document.set_film_range(FilmRange(None, 4.25))
    record = content(document)
    assert has_work(record)
    back, _ = document_of(record, document.media)
    assert back.film_range == FilmRange(None, 4.25)
    with pytest.raises(RecordError):
        document_of({**record, "film_range": ["soon", None]}, document.media)


def test_a_frame_of_a_film_is_known_as_one_again() -> None:
    document = Document(media_of())
    document.set_origin(FrameOrigin("/films/street.mp4", 1.5))
    record = json.loads(line_of(content(document)))
    back, _ = document_of(record, document.media)
    assert back.origin == document.origin == document.copy().origin
