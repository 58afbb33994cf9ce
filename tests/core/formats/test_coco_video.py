from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import pytest
from film_labels import CAR, DOG, film_document

from qwvis_desktop.core.dataset import dataset_of
from qwvis_desktop.core.formats import coco_video


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
        "score": 0.5,
    }
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
