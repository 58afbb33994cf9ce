from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import drawn_documents
import pytest
from cli.conftest import Qwvis
from documents import RUN, SIZE, rich_document
from films import Film, clock, make_film, times_of
from PIL import Image
from plane_documents import BOX, TILTED, plane_document
from pypdf import PdfReader
from PySide6.QtWidgets import QApplication

from qwvis_desktop.core.annotation import Detection, ReplyStatus, TextRegion
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.export import export as write
from qwvis_desktop.core.formats.reply import KeptReply, dump_run
from qwvis_desktop.core.geometry import Box, Polygon
from qwvis_desktop.core.media.film import FilmReader
from qwvis_desktop.core.media.film_opening import open_video
from qwvis_desktop.core.media.image import open_image
from qwvis_desktop.core.store.picture_record import line_of
from qwvis_desktop.core.store.project import dump_project
from qwvis_desktop.core.store.saving import PictureState, PictureWriter


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A kept reply, without its picture."""
    path = tmp_path / "street.reply.json"
    path.write_bytes(dump_run(KeptReply(RUN, "street.jpg", SIZE)))
    return path


def test_label_files_do_not_need_the_picture(kept: Path, tmp_path: Path, qwvis: Qwvis) -> None:
    out = tmp_path / "labels.json"
    ended = qwvis("export", kept, "--format", "coco", "--out", out)
    assert (ended.code, ended.out) == (0, f"{out}\n")
    labels = json.loads(out.read_text("utf-8"))
    assert labels["images"][0]["file_name"] == "street.jpg"
    assert labels["annotations"][0]["bbox"] == [0.0, 16.0, 320.0, 224.0]


def test_pictures_are_found_beside_the_reply(kept: Path, tmp_path: Path, qwvis: Qwvis, qapp: QApplication) -> None:
    Image.new("RGB", SIZE, "white").save(tmp_path / "street.jpg")
    ended = qwvis("export", kept, "--format", "png", "--out", tmp_path)
    assert ended.code == 0
    with Image.open(tmp_path / "street.annotated.png") as image:
        assert image.size == SIZE


@pytest.mark.parametrize("size", [None, (10, 10)])
def test_a_picture_that_is_not_there_or_another_is_said(
    size: tuple[int, int] | None, kept: Path, tmp_path: Path, qwvis: Qwvis, qapp: QApplication
) -> None:
    if size:
        Image.new("RGB", size, "white").save(tmp_path / "street.jpg")
    ended = qwvis("export", kept, "--format", "png", "--out", tmp_path / "a.png")
    assert ended.code == 1
    assert "street.jpg" in ended.err
    assert not (tmp_path / "a.png").exists()


def test_goes_on_after_one_that_fails(kept: Path, tmp_path: Path, qwvis: Qwvis) -> None:
    broken = tmp_path / "broken.reply.json"
    broken.write_text("{}")
    folder = tmp_path / "out"
    folder.mkdir()
    ended = qwvis("export", broken, tmp_path / "none.json", kept, "--format", "csv", "--out", folder, "--json")
    assert ended.code == 1
    first, second, third = ended.json
    assert "no kept reply" in first["error"]
    assert second["error"]
    assert third == {
        "file": str(kept), "picture": "street.jpg", "out": str(folder / "street.csv"), "beside": [], "left_out": [],
    }  # fmt: skip
    assert (folder / "street.csv").exists()


def test_several_need_a_folder(kept: Path, tmp_path: Path, qwvis: Qwvis) -> None:
    ended = qwvis("export", kept, kept, "--format", "reply", "--out", tmp_path / "a.json")
    assert ended.code == 2
    assert "folder" in ended.err


def test_several_go_into_one_file_where_the_format_can(kept: Path, tmp_path: Path, qwvis: Qwvis) -> None:
    other = tmp_path / "other.reply.json"
    other.write_bytes(dump_run(KeptReply(RUN, "other.jpg", SIZE)))
    broken = tmp_path / "broken.reply.json"
    broken.write_text("{}")
    ended = qwvis("export", kept, broken, other, "--format", "coco", "--out", tmp_path, "--json")
    assert ended.code == 1
    out = tmp_path / "annotations.coco.json"
    assert [told.get("out") for told in ended.json] == [str(out), None, str(out)]
    images = json.loads(out.read_text("utf-8"))["images"]
    assert [image["file_name"] for image in images] == ["street.jpg", "other.jpg"]


CAR = '[{"bbox_3d": [2.88, 0.56, 6.28, 4.45, 1.7, 1.84, 0.75, 0.49, 0.75], "label": "car"}]'


@pytest.fixture
def kept_car(tmp_path: Path) -> Path:
    """A kept reply that places a car in space, without its picture."""
    path = tmp_path / "drive.reply.json"
    run = replace(RUN, id="drive", task="cuboid", reply=CAR, issues=(), status=ReplyStatus.OK)
    path.write_bytes(dump_run(KeptReply(run, "drive.jpg", SIZE)))
    return path


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture of the size that kept replies and labels here are of."""
    path = tmp_path / "drive.jpg"
    Image.new("RGB", SIZE, "white").save(path)
    return path


def test_kitti_takes_a_file_for_the_camera_too(kept_car: Path, tmp_path: Path, qwvis: Qwvis) -> None:
    camera = ("--camera", "500,510,320,240")
    (told,) = qwvis("export", kept_car, "--format", "kitti", "--out", tmp_path, *camera, "--json").json
    labels, calib = tmp_path / "drive.kitti.txt", tmp_path / "drive.kitti.calib.txt"
    assert (told["out"], told["beside"]) == (str(labels), [str(calib)])
    assert told["left_out"] == [
        "Left out: the tilt of 1 box (1.3 degrees).",
        "Left out: the model's own numbers of 1 box and their place in the reply.",
    ]
    assert labels.read_text().split()[0] == "car"
    assert "P2: 500.0 0.0 320.0" in calib.read_text()
    ended = qwvis("export", kept_car, "--format", "kitti", "--out", tmp_path / "b.txt")
    assert ended.out.startswith(f"{tmp_path / 'b.txt'}, {tmp_path / 'b.calib.txt'} Left out: the tilt of 1 box")


def test_the_convention_says_what_angles_mean(kept_car: Path, tmp_path: Path, qwvis: Qwvis) -> None:
    for words in ((), ("--convention", "radians-zxy")):
        assert qwvis("export", kept_car, "--format", "csv", "--out", tmp_path / "a.csv", *words).code == 0
        assert (words or ("", "half-turns-xyz"))[1] in (tmp_path / "a.csv").read_text("utf-8-sig")


def test_labels_of_others_are_read_with_their_picture(
    kept_car: Path, picture: Path, tmp_path: Path, qwvis: Qwvis
) -> None:
    qwvis("export", kept_car, "--format", "omni3d", "--out", tmp_path / "a.json", "--camera", "500,510,320,240")
    ended = qwvis("export", tmp_path / "a.json", "--image", picture, "--format", "kitti", "--out", tmp_path / "b.txt")
    assert ended.code == 0
    assert "P2: 500.0 0.0 320.0" in (tmp_path / "b.calib.txt").read_text()
    ended = qwvis(
        "export", tmp_path / "b.txt", "--image", picture, "--format", "labelcloud", "--out", tmp_path / "c.json"
    )
    assert ended.code == 0
    assert "Left out: the flat box of 1 object" in ended.err
    (car,) = json.loads((tmp_path / "c.json").read_text())["objects"]
    assert car["dimensions"] == {"length": 4.45, "width": 1.7, "height": 1.84}
    assert [*car["centroid"].values()] == pytest.approx([2.88, 0.56, 6.28])


def test_labels_are_drawn_with_the_camera_that_they_tell(
    kept_car: Path, picture: Path, tmp_path: Path, qwvis: Qwvis, qapp: QApplication
) -> None:
    qwvis("export", kept_car, "--format", "omni3d", "--out", tmp_path / "a.json", "--camera", "500,510,320,240")
    ended = qwvis("export", tmp_path / "a.json", "--image", picture, "--format", "png", "--out", tmp_path / "a.png")
    assert ended.code == 0
    with Image.open(tmp_path / "a.png") as image:
        colours = image.convert("RGB").getcolors(100_000)
    assert colours is not None
    assert len(colours) > 1


def test_a_pasted_reply_becomes_labels(picture: Path, tmp_path: Path, qwvis: Qwvis) -> None:
    reply = tmp_path / "reply.txt"
    reply.write_text(CAR)
    ended = qwvis("export", reply, "--image", picture, "--format", "jsonl", "--out", tmp_path / "a.jsonl")
    assert ended.code == 0
    assert json.loads((tmp_path / "a.jsonl").read_text())["label"] == "car"


def test_labels_without_their_picture_are_refused(tmp_path: Path, picture: Path, qwvis: Qwvis) -> None:
    labels = tmp_path / "a.txt"
    labels.write_text("Car 0 0 0 1 1 2 2 1 1 1 0 0 5 0\n")
    ended = qwvis("export", labels, "--format", "csv", "--out", tmp_path / "a.csv")
    assert ended.code == 1
    assert "--image PICTURE" in ended.err
    labels.write_text("hello")
    ended = qwvis("export", labels, "--image", picture, "--format", "csv", "--out", tmp_path / "a.csv")
    assert ended.code == 1
    assert "nothing in it that can be drawn" in ended.err
    assert not (tmp_path / "a.csv").exists()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a picture that was worked on, one that was not, one that is damaged in the file, and one more."""
    folder = tmp_path / "project"
    folder.mkdir()
    states = []
    for name in ("street.jpg", "other.jpg"):
        Image.new("RGB", SIZE, "white").save(folder / name)
        document = rich_document(folder / name)
        document.media = replace(document.media, name=name)
        states.append(PictureState(key=name, name=name, path=folder / name, document=document))
    one, two = PictureWriter().lines(states, folder)
    broken = line_of({"name": "broken.jpg", "path": "street.jpg", "runs": [{"id": "r"}]})
    path = folder / "town.qwvis"
    path.write_bytes(dump_project([one, line_of({"name": "bare.jpg", "path": "bare.jpg"}), broken, two]))
    return path


def test_a_project_gives_each_of_its_pictures(project: Path, tmp_path: Path, qwvis: Qwvis, qapp: QApplication) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (project.parent / "moved").mkdir()
    (project.parent / "other.jpg").rename(project.parent / "moved" / "renamed.jpg")
    ended = qwvis("export", project, "--format", "png", "--out", out, "--json")
    assert ended.code == 1
    first, broken, second = ended.json
    assert (first["picture"], second["picture"]) == ("street.jpg", "other.jpg")
    assert "is damaged" in broken["error"]
    assert sorted(path.name for path in out.iterdir()) == ["other.annotated.png", "street.annotated.png"]


def test_label_files_of_a_project_do_not_need_its_pictures(project: Path, tmp_path: Path, qwvis: Qwvis) -> None:
    (project.parent / "street.jpg").unlink()
    out = tmp_path / "out"
    out.mkdir()
    ended = qwvis("export", project, "--format", "jsonl", "--out", out)
    assert ended.code == 1
    assert [path.name for path in out.iterdir()] == ["annotations.jsonl"]
    files = [json.loads(line)["file"] for line in (out / "annotations.jsonl").read_text("utf-8").splitlines()]
    each = len(rich_document().annotations)
    assert files == ["street.jpg"] * each + ["other.jpg"] * each
    ended = qwvis("export", project, "--format", "png", "--out", out)
    assert "is not there any more, nor anywhere below" in ended.err


def test_several_pictures_of_a_project_need_a_folder(project: Path, tmp_path: Path, qwvis: Qwvis) -> None:
    ended = qwvis("export", project, "--format", "kitti", "--out", tmp_path / "a.txt")
    assert ended.code == 2
    assert "3 pictures" in ended.err


@pytest.mark.parametrize(("name", "kind"), [("labels/", "coco"), ("new/labels/", "voc"), ("labels", "voc")])
def test_a_folder_that_is_not_there_is_made(
    project: Path, tmp_path: Path, qwvis: Qwvis, name: str, kind: str, qapp: QApplication
) -> None:
    ended = qwvis("export", project, "--format", kind, "--out", f"{tmp_path}/{name}")
    assert ended.err.count("\n") == ended.err.count("broken.jpg")  # nothing else is wrong
    found = sorted(path.name for path in (tmp_path / name).iterdir())
    assert found == (["annotations.coco.json"] if kind == "coco" else ["other.xml", "street.xml"])


def test_a_file_where_a_folder_is_wanted_is_said(project: Path, tmp_path: Path, qwvis: Qwvis) -> None:
    (tmp_path / "labels").write_bytes(b"mine")
    ended = qwvis("export", project, "--format", "coco", "--out", f"{tmp_path}/labels/")
    assert ended.code == 1
    assert "could not be made: File exists." in ended.err
    assert (tmp_path / "labels").read_bytes() == b"mine"


@pytest.mark.parametrize("content", [b"", b"{}", b'{"format": "qwvis-project", "version": "2999", "pictures": []}'])
def test_what_is_no_project_is_said(content: bytes, tmp_path: Path, qwvis: Qwvis) -> None:
    path = tmp_path / "a.qwvis"
    path.write_bytes(content)
    ended = qwvis("export", path, "--format", "jsonl", "--out", tmp_path)
    assert ended.code == 1
    assert "a.qwvis" in ended.err
    assert path.read_bytes() == content


def test_a_folder_of_yolo_is_a_data_set(tmp_path: Path, qwvis: Qwvis) -> None:
    document, data = plane_document(BOX, name="day.jpg"), tmp_path / "set"
    write([document], "yolo", data)
    (data / "images").mkdir()
    Image.new("RGB", document.size).save(data / "images" / "day.jpg")
    ended = qwvis("export", data, "--format", "voc", "--out", f"{tmp_path}/voc/")
    assert ended.code == 0
    assert [path.name for path in (tmp_path / "voc").iterdir()] == ["day.xml"]
    ended = qwvis("export", tmp_path / "voc", "--format", "csv", "--out", tmp_path / "a.csv")
    assert (ended.code, "a folder without a data.yaml" in ended.err) == (1, True)


def test_a_data_set_goes_from_one_format_to_another(tmp_path: Path, qwvis: Qwvis, qapp: QApplication) -> None:
    documents = [plane_document(BOX, name="day.jpg"), plane_document(TILTED, name="night.jpg")]
    labels = tmp_path / "set" / "labels.json"
    labels.parent.mkdir()
    write(documents, "coco", labels)
    ended = qwvis("export", labels, "--format", "yolo-obb", "--out", tmp_path / "yolo")
    assert (ended.code, ended.out.split()[0]) == (0, str(tmp_path / "yolo"))
    assert sorted(path.name for path in (tmp_path / "yolo" / "labels").iterdir()) == ["day.txt", "night.txt"]
    ended = qwvis("export", labels, "--format", "voc", "--out", tmp_path / "one.xml")
    assert ended.code == 2
    assert "2 pictures" in ended.err
    ended = qwvis("export", labels, "--format", "png", "--out", tmp_path, "--json")
    assert ended.code == 1
    assert all("not beside the labels" in told["error"] for told in ended.json)
    Image.new("RGB", SIZE, "white").save(tmp_path / "set" / "day.jpg")
    ended = qwvis("export", labels, "--format", "png", "--out", tmp_path, "--json")
    assert [told.get("out") for told in ended.json] == [str(tmp_path / "day.annotated.png"), None]
    ended = qwvis("export", tmp_path / "yolo" / "data.yaml", "--format", "coco", "--out", tmp_path / "a.json")
    assert ended.code == 1
    assert "how large it is" in ended.err


def test_pages_become_a_searchable_pdf_at_a_chosen_quality(tmp_path: Path, qwvis: Qwvis) -> None:
    Image.effect_noise((400, 300), 50).convert("RGB").save(tmp_path / "street.png")
    media = open_image(tmp_path / "street.png")
    document = Document(media)
    document.add([TextRegion(text="two words", polygon=Polygon(Box(10, 20, 110, 40).corners), score=0.5)])
    source = tmp_path / "street.hocr"
    write(document, "hocr", source)
    sizes = []
    for quality in ("20", "95", "lossless"):
        out = tmp_path / f"{quality}.pdf"
        ended = qwvis(
            "export", tmp_path / "street.hocr", "--format", "searchable-pdf", "--out", out, "--picture-quality", quality
        )
        assert ended.code == 0, ended.err
        assert "two words" in PdfReader(out).pages[0].extract_text()
        sizes.append(out.stat().st_size)
    assert sizes == sorted(sizes)
    refused = qwvis(
        "export", tmp_path / "street.hocr", "--format", "searchable-pdf", "--out", out, "--picture-quality", "0"
    )
    assert (refused.code, "1 to 100" in refused.err) == (2, True)


def test_text_goes_onto_the_original_where_that_is_wished(tmp_path: Path, qwvis: Qwvis) -> None:
    (tmp_path / "scan.pdf").write_bytes(drawn_documents.document([drawn_documents.Page()] * 2))
    page = Document(open_image(tmp_path / "scan.pdf", page=2))
    page.add([TextRegion(text="two words", polygon=Polygon(Box(100, 200, 500, 240).corners))])
    project = tmp_path / "scan.qwvis"
    state = PictureState(key="p", name=page.media.name, path=page.media.path, document=page, page=2)
    project.write_bytes(dump_project(PictureWriter().lines([state], tmp_path)))
    out = tmp_path / "out.pdf"
    ended = qwvis("export", project, "--format", "searchable-pdf", "--onto-original", "--out", out)
    assert ended.code == 0, ended.err
    first, second = PdfReader(out).pages
    assert (first.extract_text(), second.extract_text()) == ("", "two words")
    assert out.read_bytes().startswith((tmp_path / "scan.pdf").read_bytes())


def test_estimated_words_are_written_where_they_are_wished(tmp_path: Path, qwvis: Qwvis) -> None:
    text = TextRegion(text="two words", polygon=Polygon(Box(10, 20, 110, 40).corners))
    write(plane_document(text), "hocr", tmp_path / "street.hocr")
    for wish, words in (((), 0), (("--estimated-words",), 2)):
        out = tmp_path / "street.alto.xml"
        assert qwvis("export", tmp_path / "street.hocr", "--format", "alto", "--out", out, *wish).code == 0
        assert out.read_text("utf-8").count('TAGREFS="estimated-place"') == words


def test_a_film_of_a_project_is_saved_with_what_is_drawn_on_it(
    tmp_path: Path, qwvis: Qwvis, qapp: QApplication
) -> None:
    film = Film(count=12)
    document = Document(open_video(make_film(tmp_path, film)))
    document.add([Detection(label="car", box=Box(20, 40, 60, 80), time=times_of(film)[4])])
    state = PictureState(key="film", name="film.mp4", path=tmp_path / "film.mp4", document=document)
    project = tmp_path / "ride.qwvis"
    project.write_bytes(dump_project(list(PictureWriter().lines([state], tmp_path))))
    ended = qwvis("export", project, "--format", "mp4", "--out", tmp_path / "out.mp4")
    assert (ended.code, ended.out) == (0, f"{tmp_path / 'out.mp4'}\n")
    with FilmReader(open_video(tmp_path / "out.mp4")) as reader:
        assert clock(reader.at(times_of(film)[4]).raster) == 4
    ended = qwvis("export", project, "--format", "stills", "--out", tmp_path / "frames")
    assert ended.code == 0
    assert [each.name for each in (tmp_path / "frames").iterdir()] == ["film 0.00.00.133.png"]
    assert qwvis("export", project, "--format", "png", "--out", tmp_path / "a.png").code == 1


def test_labels_of_films_go_from_one_format_to_another(tmp_path: Path, qwvis: Qwvis) -> None:
    film = Film(count=60, stamps=[number * number * 300 for number in range(60)], name="ride.mkv")
    path = make_film(tmp_path, film)
    labels = tmp_path / "gt.txt"
    labels.write_text("1,5,20,40,40,40,1,1,1,1\n31,5,60,40,40,40,1,1,1,0\n")
    (tmp_path / "labels.txt").write_text("car\n")
    out = tmp_path / "ride.json"
    ended = qwvis("export", labels, "--image", path, "--format", "coco-video", "--out", out)
    assert (ended.code, ended.out) == (0, f"{out}\n")
    written = json.loads(out.read_text("utf-8"))
    assert [image["time"] for image in written["images"]] == [0, pytest.approx(times_of(film)[30], abs=0.001)]
    ended = qwvis("export", out, "--format", "mot", "--out", tmp_path / "set")
    assert ended.code == 0
    assert (tmp_path / "set" / "ride" / "gt" / "gt.txt").read_text() == labels.read_text()
    ended = qwvis("export", tmp_path / "set" / "ride" / "gt" / "gt.txt", "--format", "srt", "--out", tmp_path / "a.srt")
    assert "Left out: 2 boxes." in ended.out
    (tmp_path / "words.srt").write_text("1\n00:00:00,500 --> 00:00:01,500\nwalks\n")
    vtt = tmp_path / "words.vtt"
    assert qwvis("export", tmp_path / "words.srt", "--image", path, "--format", "webvtt", "--out", vtt).code == 0
    assert "00:00:00.500 --> 00:00:01.500\nwalks" in vtt.read_text("utf-8")
