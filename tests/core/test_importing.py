from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import fields, replace
from pathlib import Path

import film_labels
import pytest
from documents import RUN, empty_document, rich_document
from film_labels import OPENS, WALKS, film_document
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from plane_documents import BOX, POINT, TILTED, plane_document
from spatial_documents import CAMERA, CAR, CHAIR, distance_of_corners, fresh, spatial_document

from qwvis_desktop.core.annotation import Annotation, Cuboid, Detection, Keypoint, Provenance, bounds_of
from qwvis_desktop.core.coordinates import Orientation
from qwvis_desktop.core.cues import events_of
from qwvis_desktop.core.dataset import dataset_of
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.export import export
from qwvis_desktop.core.formats.reply import KeptReply, dump_run
from qwvis_desktop.core.geometry import Polygon, Size
from qwvis_desktop.core.importing import (
    IMPORTS,
    Imported,
    LabelFileError,
    read_annotations,
    read_labels,
    recognised,
)
from qwvis_desktop.core.media.image import open_image

REPLY = '```json\n[{"bbox_3d": [2.88, 0.56, 6.28, 4.45, 1.7, 1.84, 0.75, 0.49, 0.75], "label": "car"}]\n```'
FILES = {"omni3d": "a.omni3d.json", "kitti": "a.kitti.txt", "labelcloud": "a.labelcloud.json", "jsonl": "a.jsonl"}


def imported(format_id: str, folder: Path, document: Document) -> Imported:
    """Export ``document`` and read what was written for the same picture."""
    path = folder / FILES[format_id]
    export(document, format_id, path)
    return read_annotations(path, fresh(document))


def test_the_table_has_what_can_be_read() -> None:
    assert list(IMPORTS) == [
        *("webvtt", "srt", "omni3d", "mot", "kitti", "labelcloud", "activitynet", "jsonl", "coco-video", "coco"),
        *(
            "coco-results",
            "labelme",
            "label-studio-video",
            "label-studio",
            "conversations",
            "ppocrlabel",
            "csv",
            "event-table",
            "hocr",
            "alto",
            "voc",
        ),
        *("cvat", "yolo", "reply", "text"),
    ]
    assert all(key == kind.id and kind.title and kind.suffixes for key, kind in IMPORTS.items())


@pytest.mark.parametrize("format_id", FILES)
def test_what_was_written_is_recognised_and_comes_back(format_id: str, tmp_path: Path) -> None:
    document = spatial_document(CAR, CHAIR)
    read = imported(format_id, tmp_path, document)
    assert read.format_id == format_id
    assert read.run is None
    boxes = [annotation for annotation in read.annotations if isinstance(annotation, Cuboid)]
    assert [box.center for box in boxes] == [pytest.approx(CAR.center), pytest.approx(CHAIR.center)]
    lost = 0.15 if format_id == "kitti" else 1e-9  # the car leans a little
    assert distance_of_corners(CAR, boxes[0], document) < lost


@pytest.mark.parametrize(("format_id", "known"), [("omni3d", True), ("kitti", True), ("labelcloud", False)])
def test_the_camera_comes_with_the_name_of_its_file(format_id: str, known: bool, tmp_path: Path) -> None:
    read = imported(format_id, tmp_path, spatial_document(CAR))
    assert read.camera == (CAMERA if known else None)
    assert read.camera_source == FILES[format_id]


def test_the_camera_of_kitti_is_found_in_the_folders_of_the_data_set_too(tmp_path: Path) -> None:
    document = spatial_document(CAR)
    export(document, "kitti", tmp_path / "a.txt")
    for folder, name in (("label_2", "a.txt"), ("calib", "a.calib.txt")):
        (tmp_path / folder).mkdir()
        (tmp_path / name).rename(tmp_path / folder / "000007.txt")
    labels = tmp_path / "label_2" / "000007.txt"
    assert read_annotations(labels, empty_document()).camera == CAMERA
    (tmp_path / "calib" / "000007.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(LabelFileError, match="no text"):
        read_annotations(labels, empty_document())
    (tmp_path / "calib" / "000007.txt").unlink()
    assert read_annotations(labels, empty_document()).camera is None


def test_reading_changes_nothing_and_what_is_read_can_be_added_twice() -> None:
    document = spatial_document(CAR, CHAIR)
    from qwvis_desktop.core.formats import omni3d

    text = omni3d.dump(document).decode()
    before = dict(document.annotations)
    for count in (4, 6):
        read = read_labels(text, document)
        assert len(document.annotations) == count - 2
        document.add(read.annotations)
        assert len(document.annotations) == count
    assert {key: document.annotations[key] for key in before} == before


def test_places_in_replies_stay_only_where_the_reply_is() -> None:
    from qwvis_desktop.core.formats import omni3d

    text = omni3d.dump(spatial_document(CHAIR)).decode()
    with_run = empty_document()
    with_run.set_run(RUN)
    assert read_labels(text, with_run).annotations == (CHAIR,)
    assert read_labels(text, empty_document()).annotations == (replace(CHAIR, provenance=None),)


def test_a_pasted_reply_brings_its_run() -> None:
    document = empty_document()
    read = read_labels(REPLY, document)
    assert read.format_id == "text"
    assert (read.camera, read.camera_source, read.left_out) == (None, "pasted", ())
    assert read.run is not None
    assert (read.run.reply, read.run.task, read.run.status) == (REPLY, "cuboid", "ok")
    (car,) = read.annotations
    assert isinstance(car, Cuboid)
    assert (car.label, car.center, car.angles) == ("car", (2.88, 0.56, 6.28), (0.75, 0.49, 0.75))
    assert isinstance(car.provenance, Provenance)
    assert car.provenance.run == read.run.id
    assert REPLY[slice(*car.provenance.span)].startswith('{"bbox_3d"')


def test_what_cannot_be_read_of_a_reply_is_said_and_the_others_stay() -> None:
    read = read_labels(
        REPLY.replace("]\n```", ', {"bbox_3d": [0, 0, 1, 1, 0, 1, 0, 0, 0], "label": "flat"}]\n```'), empty_document()
    )
    assert len(read.annotations) == 1
    assert read.left_out == ("A box in space with a side that is not positive was refused.",)


def test_a_kept_reply_is_read_for_its_own_picture(tmp_path: Path) -> None:
    path = tmp_path / "street.reply.json"
    path.write_bytes(dump_run(KeptReply(RUN, "street.jpg", Size(640, 480))))
    read = read_annotations(path, empty_document())
    assert read.format_id == "reply"
    assert read.run is not None
    assert read.run.id == RUN.id
    (cat,) = read.annotations
    assert isinstance(cat, Detection)
    path.write_bytes(dump_run(KeptReply(RUN, "wide.jpg", Size(640, 100))))
    with pytest.raises(
        LabelFileError, match=r'"street\.reply\.json": .* 640 x 100 pixels.* Open the picture "wide\.jpg"'
    ):
        read_annotations(path, empty_document())


@pytest.mark.parametrize(
    ("change", "words"),
    [({"task": "sing"}, r'task that is not known here \("sing"\)'), ({"status": "fine"}, "damaged")],
)
def test_a_kept_reply_that_cannot_be_read_is_said(change: dict[str, str], words: str) -> None:
    value = json.loads(dump_run(KeptReply(RUN, "street.jpg", Size(640, 480))))
    value["run"] |= change
    with pytest.raises(LabelFileError, match=words):
        read_labels(json.dumps(value), empty_document())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", '"a.txt": It is empty'),
        (b" \r\n", "It is empty"),
        (b"\xff\xd8\xff\xe0", "It is no text"),
        (b"hello", "no file of WebVTT subtitles, SRT subtitles, Omni3D JSON, MOT Challenge, .* or Raw reply"),
        (b'{"a": 1}', "nothing in it that can be drawn"),
        (b'{"images": [], "R_cam": []}', "0 pictures"),
        (b"P2: 1 0 1 0 0 1 1 0 0 0 1 0\n", "nothing in it that can be drawn"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    document = rich_document()
    before = dict(document.annotations)
    with pytest.raises(LabelFileError, match=words):
        read_annotations(path, document)
    assert dict(document.annotations) == before


def test_what_is_not_there_or_too_large_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LabelFileError, match=r'"none\.txt": It could not be read: No such file'):
        read_annotations(tmp_path / "none.txt", empty_document())
    with pytest.raises(LabelFileError, match="It could not be read"):
        read_annotations(tmp_path, empty_document())
    (tmp_path / "a.txt").write_text("12345")
    monkeypatch.setattr("qwvis_desktop.core.import_format.MOST_BYTES", 4)
    with pytest.raises(LabelFileError, match="larger than"):
        read_annotations(tmp_path / "a.txt", empty_document())


def test_a_format_can_be_demanded() -> None:
    with pytest.raises(LabelFileError, match="no KITTI file"):
        read_labels(REPLY, empty_document(), "kitti")
    assert read_labels("", empty_document(), "kitti").annotations == ()
    with pytest.raises(KeyError):
        read_labels(REPLY, empty_document(), "gif")


PIECES = st.sampled_from(
    [
        *("{", "}", "[", "]", ",", ":", '"', "\n", " ", "0", "-1", "1e9", "NaN", "null", "true", "a", "\ufeff", "\\"),
        *('"images"', '"annotations"', '"categories"', '"R_cam"', '"center_cam"', '"id"', '"valid3D"', '"qwvis"'),
        *('"objects"', '"centroid"', '"rotations"', '"kind"', '"span"', '"format"', '"qwvis-reply"', '"bbox_3d"'),
        "Car 0 0 0 0 0 1 1 1 1 1 0 0 0 0",
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join), st.sampled_from(["", *IMPORTS]))
def test_any_text_is_read_or_refused_with_a_sentence(text: str, format_id: str) -> None:
    with suppress(LabelFileError):
        read = read_labels(text, empty_document(), format_id)
        assert all(annotation.id for annotation in read.annotations)


@given(st.data())
def test_a_damaged_file_is_read_or_refused_with_a_sentence(data: st.DataObject) -> None:
    from qwvis_desktop.core.export import FORMATS

    format_id = data.draw(st.sampled_from(list(FILES)))
    make = FORMATS[format_id].make
    assert make is not None
    text = next(iter(make(dataset_of([spatial_document(CAR, CHAIR)])))).data.decode()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    damaged = text[:start] + data.draw(st.lists(PIECES, max_size=3).map("".join)) + text[end:]
    with suppress(LabelFileError):
        for annotation in read_labels(damaged, empty_document(), format_id).annotations:
            if isinstance(annotation, Cuboid):
                numbers = (*annotation.center, *annotation.size, *annotation.angles)
                assert all(abs(value) < 1e6 for value in numbers)
                assert min(annotation.size) > 0


def test_recognised_says_what_a_text_is() -> None:
    kind = recognised(REPLY)
    assert kind is not None
    assert kind.id == "text"
    assert recognised(" \n") is None
    assert [field.name for field in fields(Imported)][:3] == ["format_id", "annotations", "camera"]


def test_events_of_a_film_are_no_labels_of_a_picture_and_end_with_the_film() -> None:
    text = "1\n00:00:01,000 --> 00:00:25,000\na\n\n2\n00:00:21,000 --> 00:00:22,000\nb\n"
    with pytest.raises(LabelFileError, match="It tells when something happens in a film"):
        read_labels(text, fresh(spatial_document(CAR)))
    read = read_labels(text, film_document())
    assert [(event.start, event.end) for event in events_of(read.annotations)] == [(1, 20)]
    assert read.left_out == (
        "Left out: 1 object after the end of the film.",
        "Left out: of 1 event what is after the end of the film.",
    )


@pytest.mark.parametrize("format_id", ["csv", "jsonl", "activitynet", "srt", "webvtt"])
def test_what_is_written_of_a_film_comes_back(format_id: str, tmp_path: Path) -> None:
    document = film_document(
        OPENS, WALKS, *(() if format_id in ("activitynet", "srt", "webvtt") else (*film_labels.CAR, film_labels.DOG))
    )
    path = tmp_path / "out"
    export(document, format_id, path)
    read = read_annotations(path, film_document())
    assert (read.format_id, read.left_out) == (format_id, ())
    assert bare(read.annotations) == bare(document.annotations.values())


def bare(annotations: Iterable[Annotation]) -> list[Annotation]:
    """Return annotations without what not all formats hold."""
    return [replace(each, id="", provenance=None, score=None) for each in annotations]


def test_a_bare_reply_tells_the_events_of_a_film_and_ends_with_it() -> None:
    read = read_labels(
        '[{"start": 1, "end": 99, "event": "a"}, {"start": 30, "end": 31, "event": "b"}]', film_document()
    )
    assert [(event.label, event.start, event.end) for event in events_of(read.annotations)] == [("a", 1, 20)]
    assert read.run is not None
    assert read.run.task == "video-events"
    with pytest.raises(LabelFileError, match="no reply with events"):
        read_labels("hello", film_document())


@pytest.mark.parametrize("orientation", list(Orientation))
def test_labels_of_the_picture_as_it_is_stored_are_turned_with_it(tmp_path: Path, orientation: Orientation) -> None:
    path = tmp_path / "street.jpg"
    exif = Image.Exif()
    exif[0x112] = orientation
    Image.new("RGB", (640, 480), "white").save(path, exif=exif)
    stored = plane_document(BOX, TILTED, POINT)
    export(stored, "labelme", tmp_path / "street.json")
    read = read_annotations(tmp_path / "street.json", Document(open_image(path)))
    if not orientation.swaps_sides:
        # Upright it is as large, so that nothing tells what the file is of.
        assert [bounds_of(each) for each in read.annotations] == [bounds_of(each) for each in (BOX, TILTED, POINT)]
        return
    assert read.left_out == (
        "The file is of the picture as it is stored, lying on its side; its places were turned with it.",
    )
    box, tilted, point = read.annotations
    size = Size(640, 480)
    assert isinstance(box, Detection)
    assert isinstance(tilted, Detection)
    assert isinstance(point, Keypoint)
    corners = [orientation.to_upright(corner, size) for corner in BOX.box.corners]
    assert box.box == Polygon(tuple(corners)).bounds
    assert tilted.outline is not None
    assert TILTED.outline is not None
    assert tilted.outline.points == tuple(orientation.to_upright(corner, size) for corner in TILTED.outline.points)
    assert point.point == orientation.to_upright(POINT.point, size)
