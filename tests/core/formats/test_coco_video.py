from __future__ import annotations

import contextlib
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from film_labels import CAR, DOG, OPENS, TIMELESS, assert_read_or_refused, film_document, film_media
from film_round_trips import between, film_tracks, read_back, told_of
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import Annotation, Detection, JsonValue
from qwvis_desktop.core.dataset import dataset_of
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.formats import coco_video
from qwvis_desktop.core.geometry import Box, Point, Polygon
from qwvis_desktop.core.label_file import LabelFileError, sentences
from qwvis_desktop.core.tracks import box_at, tracks


def test_is_written_as_it_was() -> None:
    value = json.loads(coco_video.dump(dataset_of([film_document(*CAR, DOG), film_document(DOG)])))
    assert value["videos"][0] == {
        "id": 1,
        "name": "street.mp4",
        "width": 640,
        "height": 480,
        "fps": 25.0,
        "length": 500,
        "duration": 20.0,
    }
    assert value["categories"] == [{"id": 1, "name": "car"}, {"id": 2, "name": "dog"}]
    assert value["tracks"][0] == {"id": 1, "category_id": 1, "video_id": 1, "name": "car"}
    assert [track["video_id"] for track in value["tracks"]] == [1, 1, 2]
    assert [(image["frame_index"], image["time"]) for image in value["images"]] == [(25, 1), (50, 2), (100, 4), (50, 2)]
    assert value["images"][0]["file_name"] == "street/000026.jpg"
    assert value["annotations"][0] == {
        "id": 1,
        "image_id": 1,
        "video_id": 1,
        "track_id": 1,
        "category_id": 1,
        "bbox": [74.0, 48, 64.0, 48],
        "area": 3072.0,
        "iscrowd": 0,
        "goes_on": True,
        "attributes": {},
        "score": 0.5,
    }
    assert value["annotations"][3]["attributes"] == {"track_id": 7}
    assert [track["id"] for track in value["tracks"]] == [1, 7, 8]
    assert [box["image_id"] for box in value["annotations"]] == [1, 2, 3, 2, 4]


def test_a_reader_of_coco_takes_the_frames_for_pictures(tmp_path: Path) -> None:
    coco = pytest.importorskip("pycocotools.coco")
    path = tmp_path / "a.json"
    path.write_bytes(coco_video.dump(dataset_of([film_document(*CAR, DOG)])))
    with contextlib.redirect_stdout(io.StringIO()):
        read = coco.COCO(str(path))
    assert len(read.getImgIds()) == 3
    (image,) = [image["id"] for image in read.loadImgs(read.getImgIds()) if image["time"] == 2]
    assert {box["bbox"][0] for box in read.loadAnns(read.getAnnIds(imgIds=[image]))} == {138, 0}


def written(*annotations: Annotation) -> str:
    return coco_video.dump(dataset_of([film_document(*annotations)])).decode()


def back(text: str) -> tuple[Annotation, ...]:
    (entry,) = coco_video.pictures(text)
    labels = read_back(entry, film_document())
    assert labels.left_out == ()
    return labels.annotations


@given(film_tracks())
def test_tracks_come_back_as_they_were(boxes: list[Detection]) -> None:
    read = back(written(*boxes))
    assert told_of(read) == told_of(boxes)
    assert between(read) == between(boxes)


def test_nothing_of_a_box_is_lost() -> None:
    shape = Polygon((Point(10, 10), Point(60, 20), Point(30, 70)))
    more: dict[str, JsonValue] = {"track_id": "left one", "colour": "red", "parts": [1, {"a": None}]}
    first = Detection(label="kite", box=shape.bounds, outline=shape, time=1.0, score=0.25, attributes=more)
    second = Detection(
        label="kite", box=Box(1, 2, 3, 4), time=1.5001, attributes={"track_id": "left one", "ends": True}
    )
    third = Detection(label="kite", box=Box(1, 2, 3, 4), time=3.25, attributes={"track_id": "left one"})
    read = back(written(first, second, third))
    assert [
        (each.box, each.outline, each.time, each.score, dict(each.attributes))
        for each in read
        if isinstance(each, Detection)
    ] == [(each.box, each.outline, each.time, each.score, dict(each.attributes)) for each in (first, second, third)]
    assert json.loads(written(*read)) == json.loads(written(first, second, third))


def test_tracks_without_ids_stay_apart() -> None:
    cars = [Detection(label="car", time=time, box=Box(x, 0, x + 9, 9)) for time in (1.0, 2.0) for x in (0, 300)]
    assert len(tracks(back(written(*cars)))) == 2


def test_of_several_films_each_gets_its_own(tmp_path: Path) -> None:
    other = Document(film_media(name="yard.mp4", rate=10.0, frames=200))
    other.add([replace(DOG, id="other")])
    text = coco_video.dump(dataset_of([film_document(*CAR), other])).decode()
    street, yard = coco_video.pictures(text)
    assert (street.file_name, yard.file_name) == ("street.mp4", "yard.mp4")
    assert yard.film is not None
    assert yard.film.known is not None
    assert (yard.film.known.rate, yard.film.known.frames, yard.film.known.duration) == (10, 200, 20)
    assert [each.label for each in read_back(yard, other).annotations] == ["dog"]


def tables(**more: JsonValue) -> str:
    value: dict[str, JsonValue] = {
        "videos": [{"id": 1, "name": "train/YFCC/street", "width": 640, "height": 480}],
        "categories": [{"id": 805, "name": "person"}],
    }
    return json.dumps({**value, **more})


def test_files_of_tao_show_an_object_only_between_frames_that_follow_each_other() -> None:
    images: JsonValue = [
        {"id": place, "video_id": 1, "frame_index": frame} for place, frame in enumerate((0, 30, 60, 90))
    ]
    entries: JsonValue = [
        {"id": place, "image_id": image, "track_id": 5, "category_id": 805, "bbox": [9, 9, 20, 20]}
        for place, image in enumerate((0, 1, 3))
    ]
    (entry,) = coco_video.pictures(tables(images=images, annotations=entries))
    assert entry.file_name == "street"
    (track,) = tracks(read_back(entry, film_document()).annotations)
    assert track.name == "person 5"
    assert [key.time for key in track.keys] == pytest.approx([0, 1.2, 3.6])
    assert box_at(track, 0.5) is not None
    assert box_at(track, 2.0) is None


def test_boxes_for_each_frame_are_read() -> None:
    videos: JsonValue = [
        {"id": 1, "width": 640, "height": 480, "length": 3, "file_names": ["a/00.jpg", "a/01.jpg", "a/02.jpg"]}
    ]
    entries: JsonValue = [
        {
            "id": 4,
            "video_id": 1,
            "category_id": 805,
            "bboxes": [[1, 1, 5, 5], None, [3, 3, 5, 5]],
            "segmentations": [{}, None, {}],
        }
    ]
    (entry,) = coco_video.pictures(tables(videos=videos, annotations=entries))
    assert entry.file_name == "a"
    labels = read_back(entry, film_document())
    (track,) = tracks(labels.annotations)
    assert [key.time for key in track.keys] == pytest.approx([0, 0.08])
    assert labels.left_out == ("Left out: the mask of 1 object (its box is kept).",)


def test_boxes_without_tracks_are_followed_by_their_places() -> None:
    images: JsonValue = [{"id": frame, "video_id": 1, "frame_id": frame} for frame in (1, 2)]
    entries: JsonValue = [
        {"id": 10 * image + x, "image_id": image, "category_id": 805, "bbox": [x, 9, 20, 20]}
        for image in (1, 2)
        for x in (0, 300)
    ]
    (entry,) = coco_video.pictures(tables(images=images, annotations=entries))
    assert [len(track.keys) for track in tracks(read_back(entry, film_document()).annotations)] == [2, 2]


def test_what_is_damaged_is_said() -> None:
    with pytest.raises(LabelFileError, match="damaged"):
        coco_video.pictures(tables(videos=[{"name": "no id"}], annotations=[]))
    with pytest.raises(LabelFileError, match="damaged"):
        coco_video.pictures(tables(annotations=[3]))
    images: JsonValue = [{"id": 1, "video_id": 1, "frame_id": 1}]
    entries: JsonValue = [
        {"id": 1, "image_id": 1, "category_id": 805, "bbox": [0, 9, 20, 20]},
        {"id": 2, "image_id": 1, "category_id": 805, "bbox": [0, 9, 20]},
        {"id": 3, "image_id": 1, "category_id": 805, "bbox": [0, 9, 0, 20]},
        {"id": 4, "image_id": 99, "video_id": 1, "category_id": 805, "bbox": [0, 9, 3, 20]},
    ]
    (entry,) = coco_video.pictures(tables(images=images, annotations=entries))
    labels = read_back(entry, film_document())
    assert len(labels.annotations) == 1
    assert labels.left_out == (
        "Left out: 3 objects that could not be read (number 2: bbox should be 4 numbers; number 3: the box has no "
        "area; number 4: it has no 99).",
    )


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["id", "name", "video_id", "bbox", "bboxes", "frame_index", "category_id", "segmentation"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_no_json_breaks_the_reader(value: JsonValue) -> None:
    def read() -> list[Annotation]:
        entries = coco_video.pictures(tables(annotations=[value], images=[value]))
        return [annotation for entry in entries for annotation in read_back(entry, film_document()).annotations]

    assert_read_or_refused(read)


def test_what_it_cannot_hold_is_said() -> None:
    assert sentences(coco_video.losses(film_document(OPENS, TIMELESS, *CAR, DOG))) == (
        "Left out: 1 event in time.",
        "Left out: 1 box without a time.",
    )
