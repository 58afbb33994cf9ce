"""Boxes in time through the tables: into files and back for a film at a variable rate, golden files, near films."""

from __future__ import annotations

from pathlib import Path

import pytest
from documents import empty_document
from film_labels import CAR, DOG, OPENS, film_document, film_media
from film_round_trips import between, told_of
from films import Film, make_film, times_of

from qwvis_desktop.core.annotation import Detection, VideoEvent
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.export import FORMATS, Layout, export
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.imported import NotRead, ReadForFile, ReadForOpen
from qwvis_desktop.core.importing import LabelFileError, read_annotations, read_set
from qwvis_desktop.core.label_sets import documents_of, read_for
from qwvis_desktop.core.media.film_opening import open_video

FORMATS_OF_TRACKS = ("mot", "coco-video", "label-studio-video")
GOLDEN = Path(__file__).parent / "formats" / "golden" / "film"
VARIABLE = Film(name="film.mkv", count=24, stamps=[place * place * 600 for place in range(24)])
"""A film whose frames lie ever further apart."""


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_film(tmp_path_factory.mktemp("films"), VARIABLE)


def labelled(film: Path, second: int = 1) -> Document:
    """The film with two tracks, each of them interrupted; ``second`` is the second frame that has boxes."""
    document = Document(open_video(film))
    times = [round(time, 3) for time in times_of(VARIABLE)]
    places = ((0, False), (second, False), (9, True), (12, False), (23, False))
    for name in (3, 8):
        document.add(
            Detection(
                label="car",
                box=Box(10 + place, 20, 60 + place * name // 2, 60),
                time=times[place],
                attributes={"track_id": name, **({"ends": True} if ends else {})},
            )
            for place, ends in places
        )
    return document


def file_of(format_id: str, target: Path) -> Path:
    """Return the file that is read again, of what was written."""
    return next(target.glob("*/gt/gt.txt")) if FORMATS[format_id].layout is Layout.FOLDER else target


def written(document: Document, format_id: str, folder: Path) -> Path:
    target = folder / f"labels{FORMATS[format_id].suffix}"
    assert export(document, format_id, target).left_out == ()
    return file_of(format_id, target)


@pytest.mark.parametrize("format_id", FORMATS_OF_TRACKS)
def test_tracks_of_a_film_at_a_variable_rate_come_back(format_id: str, film: Path, tmp_path: Path) -> None:
    # Label Studio's frames are all of one length, and the film's first two are much shorter.
    document = labelled(film, second=6 if format_id == "label-studio-video" else 1)
    path = written(document, format_id, tmp_path)
    read = read_annotations(path, Document(document.media))
    assert (read.format_id, read.left_out) == (format_id, ())
    assert told_of(read.annotations) == told_of(document.annotations.values())
    assert between(read.annotations) == between(document.annotations.values())


@pytest.mark.parametrize("format_id", FORMATS_OF_TRACKS)
def test_is_written_as_it_was(format_id: str, tmp_path: Path) -> None:
    event = VideoEvent(label="a <door> & 走", start=1.0, end=4.24)
    held = (event,) if format_id == "label-studio-video" else ()
    export(film_document(*CAR, DOG, *held), format_id, tmp_path / f"street{FORMATS[format_id].suffix}")
    files = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    assert [path.relative_to(tmp_path) for path in files] == [
        path.relative_to(GOLDEN / format_id) for path in sorted((GOLDEN / format_id).rglob("*")) if path.is_file()
    ]
    for path in files:
        assert path.read_bytes() == (GOLDEN / format_id / path.relative_to(tmp_path)).read_bytes()


@pytest.mark.parametrize("format_id", FORMATS_OF_TRACKS)
def test_a_picture_has_no_tracks(format_id: str, tmp_path: Path, film: Path) -> None:
    with pytest.raises(LabelFileError, match="of a film"):
        read_annotations(written(labelled(film, second=6), format_id, tmp_path), empty_document())


@pytest.mark.parametrize("format_id", FORMATS_OF_TRACKS)
def test_a_film_near_the_file_is_found(format_id: str, film: Path, tmp_path: Path) -> None:
    path = written(labelled(film, second=6), format_id, tmp_path)
    found = read_set(path)
    assert found is not None
    (nowhere,) = read_for(found, {}, None)
    assert isinstance(nowhere, NotRead)
    (opened,) = read_for(found, {"a": Document(open_video(film))}, None)
    assert isinstance(opened, ReadForOpen)
    folder = path.parent.parent if format_id == "mot" else path.parent
    (folder / film.name).write_bytes(film.read_bytes())
    (near,) = read_for(found, {}, None)
    assert isinstance(near, ReadForFile)
    assert (near.path, len(near.imported.annotations)) == (folder / film.name, 10)


def test_a_film_that_is_away_is_known_by_its_labels(film: Path, tmp_path: Path) -> None:
    for format_id in ("mot", "coco-video"):
        (tmp_path / format_id).mkdir()
        found = read_set(written(labelled(film), format_id, tmp_path / format_id))
        assert found is not None
        document, left_out = documents_of(found)[0]()
        assert (document.media.kind, document.media.size, left_out) == ("video", (208, 128), ())
        assert len(document.annotations) == 10
    found = read_set(written(labelled(film, second=6), "label-studio-video", tmp_path))
    assert found is not None
    with pytest.raises(LabelFileError, match="is not near"):
        documents_of(found)[0]()


def test_what_stands_after_the_end_is_left_out_and_said(film: Path, tmp_path: Path) -> None:
    path = written(labelled(film), "mot", tmp_path)
    path.write_text(f"{path.read_text()}99,9,1,1,5,5,1,1,1,0\n")
    read = read_annotations(path, labelled(film))
    assert len(read.annotations) == 10
    assert read.left_out == ("Left out: 1 object after the end of the film.",)


def test_the_rate_is_named_where_frames_could_not_be_counted(tmp_path: Path) -> None:
    said = export(film_document(*CAR, OPENS), "mot", tmp_path / "a.mot").left_out
    assert said[-1] == 'Frames of "street.mp4" were counted by its average rate, as the film is not there.'
    assert export(Document(film_media()), "label-studio-video", tmp_path / "a.json").left_out == ()


def test_the_sequence_file_leads_to_its_boxes(film: Path, tmp_path: Path) -> None:
    path = written(labelled(film), "mot", tmp_path)
    information = path.parent.parent / "seqinfo.ini"
    assert len(read_annotations(information, labelled(film)).annotations) == 10
    path.unlink()
    with pytest.raises(LabelFileError, match=r"neither gt/gt\.txt nor det/det\.txt"):
        read_annotations(information, labelled(film))
