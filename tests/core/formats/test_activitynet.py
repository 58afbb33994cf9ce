from __future__ import annotations

import json

import pytest
from film_labels import EVENTS, MOMENT, OPENS, WALKS, events, film_document
from film_round_trips import read_back
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import VideoEvent
from qwvis_desktop.core.cues import events_of
from qwvis_desktop.core.dataset import dataset_of
from qwvis_desktop.core.formats import activitynet
from qwvis_desktop.core.importing import read_labels
from qwvis_desktop.core.label_file import LabelFileError, sentences

GOLDEN = """{
 "version": "VERSION 1.3",
 "taxonomy": [],
 "database": {
  "street": {
   "duration": 20.0,
   "subset": "training",
   "resolution": "640x480",
   "url": "street.mp4",
   "annotations": [
    {
     "segment": [
      0,
      0
     ],
     "label": "unlabelled"
    },
    {
     "segment": [
      1.5,
      4.25
     ],
     "label": "a person opens the door",
     "score": 0.5
    }
   ]
  }
 }
}
"""


def test_is_written_as_it_was() -> None:
    document = film_document(OPENS, MOMENT)
    assert activitynet.dump(dataset_of([document])).decode() == GOLDEN
    assert sentences(activitynet.losses(document)) == ()


@pytest.mark.parametrize(
    "text",
    [
        GOLDEN,
        '{"results": {"street": [{"label": "unlabelled", "segment": [0, 0]}, {"label": "a person opens the door", '
        '"segment": [1.5, 4.25], "score": 0.5}]}, "external_data": {}}',
        '{"street": {"duration": 20, "timestamps": [[0, 0], [1.5, 4.25]], "sentences": ["unlabelled", '
        '" a person opens the door"]}}',
    ],
)
def test_each_of_the_three_forms_is_read(text: str) -> None:
    read = read_labels(text, film_document())
    assert read.format_id == "activitynet"
    assert [(event.label, event.start, event.end) for event in events_of(read.annotations)] == [
        ("", 0, 0),
        (OPENS.label, 1.5, 4.25),
    ]


@given(st.lists(events(), max_size=4))
def test_what_is_written_comes_back(written: list[VideoEvent]) -> None:
    text = activitynet.dump(dataset_of([film_document(*written)])).decode()
    (film,) = activitynet.pictures(text)
    found = read_back(film, film_document()).annotations
    told = [(event.start, event.end, event.label) for event in events_of(found)]
    assert told == [(e.start, e.end, e.label) for e in events_of(written)]


def test_films_are_told_apart_by_their_names() -> None:
    text = activitynet.dump(dataset_of([film_document(*EVENTS), film_document(WALKS)])).decode()
    assert [film.name for film in activitynet.pictures(text)] == ["street", "street-2"]


def test_a_bad_event_does_not_take_the_others_with_it() -> None:
    text = '{"results": {"street": [{"label": "a", "segment": [3, 1]}, {"label": "b", "segment": [1, 2]}, 7]}}'
    read = read_labels(text, film_document())
    assert len(read.annotations) == 1
    assert read.left_out[0].startswith("Left out: 2 objects that could not be read (number 1: it ends (1 s) before")


@pytest.mark.parametrize(
    "text", ["[]", "{", '{"database": 5}', '{"database": {"a": 5}}', '{"database": {"a": {"annotations": 5}}}']
)
def test_what_is_none_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(LabelFileError, match=r"\.$"):
        activitynet.pictures(text)


def test_it_is_json() -> None:
    assert json.loads(activitynet.dump(dataset_of([film_document(*EVENTS)])))["database"]["street"]["duration"] == 20
