from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from documents import SIZE, empty_document, rich_document
from film_labels import CAR, EVENTS, film_document
from PIL import Image
from plane_documents import BOX, plane_document

from qwvis_desktop.core.document import Document
from qwvis_desktop.core.export import FORMATS, ExportError, default_path, export, exporting, files_of
from qwvis_desktop.core.media.image import open_image
from qwvis_desktop.core.media.write import WriteError


class RecordingRenderer:
    """Draws nothing, says what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def render(self, document: Document, mime: str) -> bytes:
        self.asked.append(mime)
        return b"drawn"


def test_the_table_has_the_formats_of_the_command_line() -> None:
    assert list(FORMATS) == [
        *("png", "jpg", "webp", "svg", "pdf", "searchable-pdf"),
        *(
            "page-markdown",
            "page-html",
            "page-text",
            "hocr",
            "alto",
            "ppocrlabel",
        ),
        *("coco", "coco-results", "yolo", "yolo-obb", "yolo-segment", "voc", "labelme", "x-anylabeling"),
        *("label-studio", "cvat"),
        *("qwen3-vl-messages", "qwen3-vl-sharegpt", "qwen2.5-vl-messages", "qwen2.5-vl-sharegpt"),
        *("csv", "xlsx", "fields-csv", "fields-xlsx", "fields-json", "jsonl", "omni3d", "kitti", "labelcloud"),
        *(
            "mp4",
            "stills",
            "srt",
            "webvtt",
            "chapters",
            "ffmetadata",
            "activitynet",
            "label-studio-video",
            "mot",
            "coco-video",
        ),
        "reply",
    ]
    assert all(key == kind.id for key, kind in FORMATS.items())


@pytest.mark.parametrize("format_id", [key for key in FORMATS if key not in ("mp4", "stills")])
def test_writes_every_format(format_id: str, tmp_path: Path) -> None:
    picture, path = tmp_path / "street.jpg", tmp_path / "out"
    Image.new("RGB", SIZE).save(picture)
    is_of_films = FORMATS[format_id].media == ("video",)
    document = film_document(*EVENTS, *CAR) if is_of_films else rich_document(picture)
    export(document, format_id, path, RecordingRenderer())
    assert path.is_dir() or path.stat().st_size > 0
    assert set(tmp_path.iterdir()) == {picture, *files_of(format_id, path)}
    assert not any(item.name.startswith(".") for item in tmp_path.rglob("*"))


def test_what_is_for_films_is_not_for_pictures_and_the_other_way_round(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"is a picture, and Subtitles \(SRT\) is a format for films\. Choose"):
        export(rich_document(), "srt", tmp_path / "a.srt")
    with pytest.raises(ExportError, match="is a film, and COCO JSON is a format for pictures"):
        export([film_document(*CAR)], "coco", tmp_path / "a.json")
    assert not list(tmp_path.iterdir())


def test_kitti_is_two_files(tmp_path: Path) -> None:
    labels = tmp_path / "street.kitti.txt"
    export(rich_document(), "kitti", labels)
    assert files_of("kitti", labels) == (labels, tmp_path / "street.kitti.calib.txt")
    assert labels.read_text().startswith("car -1 -1 ")
    assert (tmp_path / "street.kitti.calib.txt").read_text().startswith("P0: ")
    assert files_of("coco", labels) == (labels,)


def test_no_file_is_written_over_that_is_taken_or_the_picture_itself(tmp_path: Path) -> None:
    taken = {(tmp_path / "street.kitti.calib.txt").resolve()}
    assert default_path(rich_document(), "kitti", tmp_path, taken) == tmp_path / "street-2.kitti.txt"
    picture = tmp_path / "a.calib.txt"
    picture.write_bytes(b"the picture")
    with pytest.raises(ExportError, match="is the picture itself"):
        export(rich_document(picture), "kitti", tmp_path / "a.txt")
    assert [item.name for item in tmp_path.iterdir()] == ["a.calib.txt"]


def test_pictures_are_drawn_by_the_renderer(tmp_path: Path) -> None:
    renderer = RecordingRenderer()
    export(rich_document(), "png", tmp_path / "a.png", renderer)
    export(rich_document(), "jpg", tmp_path / "a.jpg", renderer)
    assert renderer.asked == ["image/png", "image/jpeg"]
    assert (tmp_path / "a.png").read_bytes() == b"drawn"


def test_tells_what_was_left_out(tmp_path: Path) -> None:
    assert export(rich_document(), "coco", tmp_path / "a.json").left_out == (
        "Left out: 1 box in space.",
        "Left out: 1 event in time.",
        "Left out: 1 block without a place.",
        "Left out: the answer in words.",
    )
    assert (
        export(rich_document(), "png", tmp_path / "a.png", RecordingRenderer()).left_out[0]
        == "Left out: 1 event in time."
    )
    assert export(rich_document(), "csv", tmp_path / "a.csv").left_out == ("Left out: line breaks inside 2 texts.",)
    assert export(empty_document(), "coco", tmp_path / "a.json").left_out == ()
    assert export(rich_document(), "kitti", tmp_path / "a.txt").left_out == (
        "Left out: 8 annotations that are no boxes in space.",
        "Left out: the model's own numbers of 1 box and their place in the reply.",
        "Left out: the answer in words.",
    )
    # Of a document with no reply, "earlier replies" are one less than none.
    assert FORMATS["reply"].cannot_hold(empty_document()) == ()


def test_an_older_file_stays_whole_when_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "a.reply.json"
    path.write_text("older")
    with pytest.raises(ExportError, match=r"street\.jpg: there is no reply to write"):
        export(empty_document(), "reply", path)
    assert path.read_text() == "older"


def test_never_writes_over_the_picture(tmp_path: Path) -> None:
    picture = tmp_path / "street.png"
    picture.write_bytes(b"the picture")
    (tmp_path / "folder").mkdir()
    with pytest.raises(ExportError, match="is the picture itself"):
        export(rich_document(picture), "png", tmp_path / "folder" / ".." / "street.png", RecordingRenderer())
    assert picture.read_bytes() == b"the picture"


def test_refuses_an_unknown_format_and_a_picture_without_a_renderer(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match='no format "gif"'):
        export(rich_document(), "gif", tmp_path / "a")
    with pytest.raises(ExportError, match="draws"):
        export(rich_document(), "png", tmp_path / "a")


def test_says_where_it_could_not_write(tmp_path: Path) -> None:
    with pytest.raises(WriteError):
        export(rich_document(), "coco", tmp_path / "none" / "a.json")


def test_default_names_differ_from_the_picture_and_from_each_other() -> None:
    names = [default_path(rich_document(), key, Path("out")).name for key in FORMATS]
    assert all(name.startswith("street.") and name not in ("street.jpg", "street.png") for name in names)
    assert names[:2] == ["street.annotated.png", "street.annotated.jpg"]
    assert names[-3:] == ["street.mot", "street.coco-video.json", "street.reply.json"]
    alike = {name for name in names if names.count(name) > 1}
    assert alike == {
        "street.json",
        "street.label-studio.json",
    }  # one of pictures, one of films; and labelme and X-AnyLabeling look for that name


def test_default_names_get_a_number_where_they_are_taken(tmp_path: Path) -> None:
    taken = {(tmp_path / "street.csv").resolve(), (tmp_path / "street-2.csv").resolve()}
    assert default_path(rich_document(), "csv", tmp_path, taken) == tmp_path / "street-3.csv"


def test_the_status_of_each_reply_is_told_in_label_files(tmp_path: Path) -> None:
    export(rich_document(), "coco", tmp_path / "a.json")
    assert json.loads((tmp_path / "a.json").read_text("utf-8"))["info"]["runs"][0]["status"] == "partial"
    export(rich_document(), "csv", tmp_path / "a.csv")
    assert "ok_empty" in (tmp_path / "a.csv").read_text("utf-8-sig")


def two_documents(folder: Path) -> list[Document]:
    """Two pictures of one name in two folders."""
    paths = [folder / name / "street.png" for name in ("day", "night")]
    for path in paths:
        path.parent.mkdir()
        path.write_bytes(b"the picture")
    return [Document(replace(rich_document(path).media, name=path.name)) for path in paths]


def test_one_file_holds_several_pictures_by_names_that_differ(tmp_path: Path) -> None:
    documents = two_documents(tmp_path)
    path = default_path(documents, "coco", tmp_path)
    assert path == tmp_path / "annotations.coco.json"
    assert export(documents, "coco", path).files == (path,)
    images = json.loads(path.read_text("utf-8"))["images"]
    assert [(image["id"], image["file_name"]) for image in images] == [(1, "day/street.png"), (2, "night/street.png")]


def test_a_file_for_each_picture_goes_into_a_folder(tmp_path: Path) -> None:
    documents = two_documents(tmp_path)
    out = tmp_path / "a" / "b"
    renderer = RecordingRenderer()
    done = export(documents, "png", out, renderer)
    assert [file.name for file in done.files] == ["street.annotated.png", "street-2.annotated.png"]
    assert sorted(item.name for item in out.iterdir()) == sorted(file.name for file in done.files)
    assert renderer.asked == ["image/png"] * 2
    assert default_path(documents, "png", out) == out
    export(documents, "kitti", out)
    assert (out / "street-2.kitti.calib.txt").exists()


def test_nothing_is_written_where_one_of_several_fails(tmp_path: Path) -> None:
    documents = [rich_document(), empty_document()]
    (tmp_path / "street.reply.json").write_text("older")
    with pytest.raises(ExportError, match="no reply to write"):
        export(documents, "reply", tmp_path)
    assert [(item.name, item.read_text()) for item in tmp_path.iterdir()] == [("street.reply.json", "older")]


def test_what_several_pictures_lose_is_counted_together() -> None:
    assert FORMATS["coco"].left_out([rich_document(), rich_document()])[:2] == (
        "Left out: 2 boxes in space.",
        "Left out: 2 events in time.",
    )
    assert FORMATS["labelcloud"].left_out([rich_document()])[1] == "Left out: the camera."


def test_pictures_are_copied_beside_the_labels_where_that_is_asked_for(tmp_path: Path) -> None:
    picture = tmp_path / "street.jpg"
    picture.write_bytes(b"the picture")
    document = plane_document(BOX)
    document.media = replace(document.media, path=picture, data=None)
    out = tmp_path / "set"
    export(document, "yolo", out, pictures=True)
    assert (out / "images" / "street.jpg").read_bytes() == b"the picture"
    document.media = replace(document.media, path=out / "images" / "street.jpg")
    export([document], "yolo", out, pictures=True)
    assert (out / "images" / "street.jpg").read_bytes() == b"the picture"
    assert not list(out.glob(".*"))


def test_copies_of_pictures_that_are_stored_turned_are_upright(tmp_path: Path) -> None:
    path = tmp_path / "street.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (480, 640), "white").save(path, exif=exif)
    document = Document(open_image(path))
    assert document.size == (640, 480)
    document.add([BOX])
    done = export(document, "yolo", tmp_path / "set", pictures=True)
    assert done.left_out[-1] == "1 picture is stored turned. The copies were turned upright."
    with Image.open(tmp_path / "set" / "images" / "street.jpg") as copy:
        assert copy.size == (640, 480)
        assert 0x0112 not in copy.getexif()
    told = export([document, document], "coco", tmp_path / "a.json").left_out[-1]
    assert told == "2 pictures are stored turned. Labels count the upright picture, as EXIF says."


def pages_of(folder: Path) -> list[Document]:
    documents = []
    for name in ("a.png", "b.png", "c.png"):
        Image.new("RGB", (40, 30)).save(folder / name)
        documents.append(Document(open_image(folder / name)))
    return documents


@pytest.mark.parametrize(("format_id", "target"), [("png", "out"), ("searchable-pdf", "out.pdf"), ("hocr", "out.hocr")])
def test_it_is_told_step_by_step_how_far_it_is(format_id: str, target: str, tmp_path: Path) -> None:
    done = list(exporting(pages_of(tmp_path), format_id, tmp_path / target, RecordingRenderer()))
    assert done == sorted(done)
    assert done[-1] == 3 or format_id == "png"
    assert set(done) >= ({0, 1, 2} if format_id == "png" else {0, 1, 2, 3} if format_id == "searchable-pdf" else {3})


@pytest.mark.parametrize(("format_id", "target"), [("png", "out"), ("searchable-pdf", "out.pdf")])
def test_stopped_half_way_it_leaves_nothing_and_the_old_file_whole(format_id: str, target: str, tmp_path: Path) -> None:
    pages = pages_of(tmp_path)
    (tmp_path / "out.pdf").write_bytes(b"old")
    before = sorted(tmp_path.rglob("*"))
    steps = exporting(pages, format_id, tmp_path / target, RecordingRenderer())
    while next(steps) < 1:
        pass
    assert any(item.name.endswith(".part") for item in tmp_path.iterdir())
    steps.close()
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "out.pdf").read_bytes() == b"old"
    (tmp_path / "b.png").unlink()
    one = exporting(pages[0], "searchable-pdf", tmp_path / "out.pdf")
    next(one)
    one.close()
    assert (tmp_path / "out.pdf").read_bytes() == b"old"
