from __future__ import annotations

from configparser import ConfigParser
from dataclasses import replace

import pytest
from film_labels import CAR, DOG, OPENS, TIMELESS, assert_read_or_refused, film_document
from film_round_trips import between, film_tracks, read_back, told_of
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import Detection, bounds_of
from qwvis_desktop.core.dataset import dataset_of
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.formats import mot
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.label_file import LabelFileError, Labels, sentences
from qwvis_desktop.core.tracks import box_at, tracks

GOLDEN = """26,1,74,48,64,48,0.5,1,1,1
51,1,138,48,64,48,1,1,1,1
51,7,0,0,32,24,1,2,1,0
101,1,266,48,64,48,1,1,1,0
"""

GROUND_TRUTH = """1,2,10,20,30,40,1,1,0.5
2,2,11,20,30,40,1,1,1
9,2,18,20,30,40,1,1,1
1,3,100,100,50,50,0,3,1
"""
"""As MOT17 has it: no tenth number, a car that evaluations pass over."""


def test_is_written_as_it_was() -> None:
    files = {file.name: file.data.decode() for file in mot.dump(dataset_of([film_document(*CAR, DOG)]))}
    assert files["street/gt/gt.txt"] == GOLDEN
    assert files["street/gt/labels.txt"] == "car\ndog\n"
    read = ConfigParser()
    read.read_string(files["street/seqinfo.ini"])
    assert dict(read["Sequence"]) == {
        "name": "street",
        "imdir": "img1",
        "framerate": "25",
        "seqlength": "500",
        "imwidth": "640",
        "imheight": "480",
        "imext": ".jpg",
    }


def test_each_film_has_its_folder() -> None:
    names = {file.name.split("/")[0] for file in mot.dump(dataset_of([film_document(DOG), film_document(DOG)]))}
    assert names == {"street", "street-2"}


def test_what_it_cannot_hold_is_said() -> None:
    assert sentences(mot.losses(film_document(OPENS, TIMELESS, DOG))) == (
        "Left out: 1 event in time.",
        "Left out: 1 box without a time.",
    )
    coloured = replace(DOG, attributes={"track_id": 7, "colour": "red", "visibility": 0.5})
    assert sentences(mot.losses(film_document(coloured))) == ("Left out: the attributes of 1 annotation.",)


def written(document: Document) -> dict[str, str]:
    return {file.name: file.data.decode() for file in mot.dump(dataset_of([document]))}


def back(document: Document) -> Labels:
    files = written(document)
    names = [files[f"street/{name}"] for name in ("gt/gt.txt", "seqinfo.ini", "gt/labels.txt")]
    return read_back(mot.film(*names, called="gt"), document)


@given(film_tracks())
def test_tracks_come_back_as_they_were(boxes: list[Detection]) -> None:
    if boxes:
        read = back(film_document(*boxes)).annotations
        assert told_of(read) == told_of(boxes)
        assert between(read) == between(boxes)


def test_what_was_read_is_written_as_it_was() -> None:
    document = film_document(*CAR, DOG)
    again = film_document(*back(document).annotations)
    assert written(again) == written(document)


def test_files_of_others_show_an_object_only_where_it_was_marked() -> None:
    entry = mot.film(GROUND_TRUTH, None, None, called="gt")
    assert (entry.file_name, entry.size) == ("gt", None)
    labels = read_back(entry, film_document())
    person, car = tracks(labels.annotations)
    assert (person.name, car.name) == ("pedestrian 2", "car 3")
    assert [key.time for key in person.keys] == pytest.approx([0, 0.04, 0.32])
    assert box_at(person, 0.02) is not None
    assert box_at(person, 0.2) is None
    assert dict(person.keys[0].attributes) == {"track_id": 2, "visibility": 0.5}
    assert dict(person.keys[1].attributes) == {"track_id": 2, "ends": True}
    assert (car.keys[0].attributes["ignored"], car.keys[0].score) == (True, None)


def test_results_of_trackers_and_detectors_are_read() -> None:
    results = "1, 1, 10, 20, 30, 40, -1, -1, -1, -1\n1,-1,5,5,9,9,0.75,-1,-1,-1,\n2,-1,5,5,9,9,2.5,-1,-1,-1\n"
    tracked, detected, surer = read_back(mot.film(results, None, None, called="det"), film_document()).annotations
    assert (dict(tracked.attributes), tracked.score, tracked.label) == ({"track_id": 1}, None, "")
    assert (dict(detected.attributes), detected.score) == ({}, 0.75)
    assert (dict(surer.attributes), surer.score) == ({"confidence": 2.5}, None)


def test_a_film_of_another_size_is_scaled() -> None:
    information = "[Sequence]\nname=street\nframeRate=25\nseqLength=500\nimWidth=1280\nimHeight=960\n"
    entry = mot.film("1,1,100,100,50,50,1,1,1\n", information, "car\n", called="gt")
    (box,) = read_back(entry, film_document()).annotations
    assert bounds_of(box) == Box(50, 50, 75, 75)
    assert entry.film is not None
    assert entry.film.known is not None
    assert (entry.file_name, entry.film.known.frames, entry.film.known.duration) == ("street", 500, 20)


def test_lines_that_cannot_be_read_are_said() -> None:
    labels = read_back(
        mot.film(f"{GROUND_TRUTH}0,1,1,1,1,1\n3,1,5,5,0,9,1,1,1\n", None, None, called=""), film_document()
    )
    assert len(labels.annotations) == 4
    assert labels.left_out == (
        "Left out: 2 objects that could not be read (number 5: frames are counted from 1, and it is of frame 0; "
        "number 6: the box has no area).",
    )


@pytest.mark.parametrize(
    ("boxes", "information", "said"),
    [
        ("frame,id\n1,2", None, "no file of MOT Challenge"),
        (GROUND_TRUTH, "[Sequence]\nimWidth=wide\nimHeight=3", "says .wide. for imwidth"),
        (GROUND_TRUTH, "[Sequence]\nimWidth=0\nimHeight=3", "says 0 for imwidth"),
        (GROUND_TRUTH, "name=3", "is damaged"),
    ],
)
def test_what_is_damaged_is_said(boxes: str, information: str | None, said: str) -> None:
    with pytest.raises(LabelFileError, match=said):
        mot.film(boxes, information, None, called="")


@pytest.mark.parametrize("text", ["", "0 0.5 0.5 0.1 0.1\n", "start,end,label\n1,2,x", "1,2,3\n", "[Other]\n"])
def test_other_texts_are_not_taken_for_it(text: str) -> None:
    assert not mot.is_mot(text)


@given(st.text(alphabet="0123456789,.-e \n", max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    if mot.is_boxes(text):
        assert_read_or_refused(lambda: read_back(mot.film(text, None, None, called=""), film_document()).annotations)
