from __future__ import annotations

from configparser import ConfigParser

from film_labels import CAR, DOG, OPENS, TIMELESS, film_document

from qwvis_desktop.core.dataset import dataset_of
from qwvis_desktop.core.formats import mot
from qwvis_desktop.core.label_file import sentences

GOLDEN = """26,1,74,48,64,48,0.5,1,1
51,1,138,48,64,48,1,1,1
51,2,0,0,32,24,1,2,1
101,1,266,48,64,48,1,1,1
"""


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
        "Left out: the attributes of 1 annotation.",
        "Left out: 1 box without a time.",
    )
