from __future__ import annotations

import json
from dataclasses import replace

import pytest
from documents import RUN
from film_labels import CAR, DOG, OPENS, TIMELESS, film_document
from film_round_trips import between, film_tracks, read_back, told_of
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import Annotation, Detection, Provenance, VideoEvent
from qwvis_desktop.core.dataset import dataset_of
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.film_sent import FilmSent, FilmWay
from qwvis_desktop.core.formats import label_studio_video
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.label_file import LabelFileError, Labels, sentences
from qwvis_desktop.core.tracks import box_at, tracks

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
    document = film_document(*(replace(key, provenance=Provenance(RUN.id, (0, 1))) for key in CAR))
    film = FilmSent(
        way=FilmWay.FRAMES, duration=20, start=0, end=20, fps=1, times=(0.0, 1.0, 2.0, 3.0, 4.0), size=Size(640, 480)
    )
    document.set_run(replace(RUN, film=film))
    (task,) = json.loads(label_studio_video.dump(dataset_of([document])))
    (car,) = task["annotations"][0]["result"]
    assert [key["enabled"] for key in car["value"]["sequence"]] == [True, False, False]
    read = back(document)
    assert [each.attributes.get("ends") for each in read] == [None, True, None]


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


def back(document: Document) -> tuple[Annotation, ...]:
    dataset = dataset_of([document])
    text, configuration = label_studio_video.dump(dataset), label_studio_video.dump_configuration(dataset)
    assert label_studio_video.is_film_tasks(text.decode()) == bool(document.annotations)
    (entry,) = label_studio_video.pictures(text.decode(), configuration.decode())
    labels = read_back(entry, document)
    assert labels.left_out == ()
    return labels.annotations


@given(film_tracks())
def test_tracks_come_back_as_they_were(boxes: list[Detection]) -> None:
    read = back(film_document(*boxes))
    assert told_of(read) == told_of(boxes, scores=False)
    assert between(read) == between(boxes)


@given(st.lists(st.tuples(st.integers(0, 499), st.integers(0, 499), st.text("a b&<走", max_size=5)), max_size=5))
def test_events_come_back_at_their_frames(spans: list[tuple[int, int, str]]) -> None:
    held = [VideoEvent(label=label, start=min(a, b) / 25, end=max(a, b) / 25) for a, b, label in spans]
    read = [(each.start, each.end, each.label) for each in back(film_document(*held)) if isinstance(each, VideoEvent)]
    assert sorted(read) == sorted((each.start, each.end, each.label) for each in held)


def region(kind: str, **value: object) -> dict[str, object]:
    return {"id": "abc", "type": kind, "from_name": "x", "to_name": "video", "value": value}


def tasks(*regions: object) -> str:
    data = {"video": "/data/upload/3/0f3a9c12-street.mp4"}
    return json.dumps([{"data": data, "annotations": [{"result": list(regions)}, {"result": []}]}])


def key(frame: int, **more: object) -> dict[str, object]:
    return {"frame": frame, "enabled": True, "x": 50, "y": 50, "width": 10, "height": 10, "rotation": 0, **more}


def read_tasks(*regions: object, configuration: str | None = None) -> Labels:
    (entry,) = label_studio_video.pictures(tasks(*regions), configuration)
    assert entry.file_name == "street.mp4"
    return read_back(entry, film_document())


def test_tasks_of_label_studio_itself_are_read() -> None:
    sequence = [key(1, time=1 / 24), key(13, time=13 / 24, enabled=False), key(25, time=25 / 24), key(37, time=37 / 24)]
    car = region("videorectangle", sequence=sequence, framesCount=480, duration=20.0, labels=["car"])
    labels = read_tasks(car, region("timelinelabels", ranges=[{"start": 25, "end": 49}], timelinelabels=["stops"]))
    event, *boxes = labels.annotations
    assert isinstance(event, VideoEvent)
    assert (event.start, event.end, event.label) == (1.0, 2.0, "stops")
    assert [each.time for each in boxes if isinstance(each, Detection)] == pytest.approx([0, 0.5, 1.0, 1.5, 479 / 24])
    (track,) = tracks(boxes)
    found = [box_at(track, time) for time in (0.25, 0.75, 1.25, 10.0)]
    assert [each is not None for each in found] == [True, False, True, True]  # it stays to the end
    assert labels.left_out == ("Left out: the work of 1 other person.",)


def test_frames_are_counted_by_the_configuration_where_nothing_else_says_how() -> None:
    event = region("timelinelabels", ranges=[{"start": 11, "end": 21}], timelinelabels=["stops"])
    found = [
        read_tasks(event, configuration=text).annotations[0]
        for text in ('<View><Video name="v" value="$video" frameRate="10"/></View>', "<View/>", None)
    ]
    assert [each.start for each in found if isinstance(each, VideoEvent)] == pytest.approx([1.0, 0.4, 0.4])


def test_regions_of_one_label_stay_apart_and_turned_ones_keep_their_outline() -> None:
    turned = region("videorectangle", sequence=[key(1, rotation=90, enabled=False)], labels=["car"])
    other = region("videorectangle", sequence=[key(1, enabled=False)], labels=["car"])
    first, second = tracks(read_tasks(turned, other).annotations)
    assert (first.name, second.name) == ("car #1", "car #2")
    assert first.keys[0].box == pytest.approx((320 - 48, 240, 320, 304))
    assert second.keys[0].box == pytest.approx((320, 240, 384, 288))


def test_what_is_damaged_is_said() -> None:
    good = region("timelinelabels", ranges=[{"start": 1, "end": 2}], timelinelabels=["x"])
    bad = (
        region("timelinelabels", ranges=[{"start": 5, "end": 2}], timelinelabels=["x"]),
        region("timelinelabels", ranges=[], timelinelabels=["x"]),
        region("videorectangle", sequence=[], labels=["x"]),
        region("brushlabels", rle=[]),
        3,
    )
    labels = read_tasks(good, *bad)
    assert len(labels.annotations) == 1
    assert labels.left_out[0].startswith("Left out: 5 objects that could not be read (number 2: it ends")
    with pytest.raises(LabelFileError, match="is damaged"):
        label_studio_video.pictures("[3]")
    with pytest.raises(LabelFileError, match="is no JSON"):
        label_studio_video.pictures('[{"data": ')
