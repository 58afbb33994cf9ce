from __future__ import annotations

import json
from dataclasses import replace

from documents import RUN
from film_labels import CAR, DOG, OPENS, TIMELESS, film_document

from qwvis_desktop.core.dataset import dataset_of
from qwvis_desktop.core.film_sent import FilmSent, FilmWay
from qwvis_desktop.core.formats import label_studio_video
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.label_file import sentences

CONFIGURATION = (
    '<View><TimelineLabels name="event" toName="video"><Label value="a person opens the door" /></TimelineLabels>'
    '<Labels name="box_label" toName="video"><Label value="car" /><Label value="dog" /></Labels>'
    '<Video name="video" value="$video" frameRate="25" timelineHeight="120" />'
    '<VideoRectangle name="box" toName="video" /></View>'
)


def test_is_written_as_it_was() -> None:
    document = film_document(OPENS, *CAR, DOG)
    (task,) = json.loads(label_studio_video.dump(dataset_of([document])))
    event, car, dog = task["annotations"][0]["result"]
    assert task["data"] == {"video": "street.mp4"}
    assert event == {
        "id": "r1",
        "type": "timelinelabels",
        "from_name": "event",
        "to_name": "video",
        "value": {"ranges": [{"start": 39, "end": 107}], "timelinelabels": ["a person opens the door"]},
    }
    assert (car["type"], car["from_name"], car["value"]["labels"]) == ("videorectangle", "box", ["car"])
    assert (car["value"]["framesCount"], car["value"]["duration"]) == (500, 20.0)
    assert car["value"]["sequence"][0] == {
        "frame": 26,
        "time": 1.0,
        "enabled": True,
        "rotation": 0,
        "x": 11.5625,
        "y": 10.0,
        "width": 10.0,
        "height": 10.0,
    }
    assert [key["enabled"] for key in car["value"]["sequence"]] == [True, True, False]
    assert dog["meta"] == {"text": ["7"]}


def test_a_track_stops_where_the_model_looked_and_found_none() -> None:
    document = film_document(*CAR)
    film = FilmSent(
        way=FilmWay.FRAMES, duration=20, start=0, end=20, fps=1, times=(0.0, 1.0, 2.0, 3.0, 4.0), size=Size(640, 480)
    )
    document.set_run(replace(RUN, film=film))
    (task,) = json.loads(label_studio_video.dump(dataset_of([document])))
    (car,) = task["annotations"][0]["result"]
    assert [key["enabled"] for key in car["value"]["sequence"]] == [True, False, False]


def test_the_configuration_names_what_is_used() -> None:
    dataset = dataset_of([film_document(OPENS, *CAR, DOG)])
    written = label_studio_video.dump_configuration(dataset).decode()
    assert "".join(line.strip() for line in written.splitlines()) == CONFIGURATION
    assert b"VideoRectangle" not in label_studio_video.dump_configuration(dataset_of([film_document(OPENS)]))


def test_what_it_cannot_hold_is_said() -> None:
    said = sentences(label_studio_video.losses(film_document(OPENS, *CAR, TIMELESS)))
    assert said == (
        "Left out: the scores of 2 annotations.",
        "Left out: 1 box without a time.",
        "Left out: of 1 event what lies between two frames.",
    )
