from __future__ import annotations

from dataclasses import replace

import pytest
from film_labels import CAR, EVENTS, TIMELESS, film_document

from qwvis_desktop.core.dataset import dataset_of
from qwvis_desktop.core.document import FilmRange
from qwvis_desktop.core.export_formats import FORMATS
from qwvis_desktop.core.export_options import DEFAULT_OPTIONS
from qwvis_desktop.core.file_format import Format, Group
from qwvis_desktop.core.film_formats import FILM_FORMATS

LABELS = [kind for kind in FILM_FORMATS if not kind.is_drawn]


@pytest.mark.parametrize("kind", LABELS, ids=lambda kind: kind.id)
def test_each_is_for_films_and_makes_its_files(kind: Format) -> None:
    assert FORMATS[kind.id] == replace(kind, group=Group.FILMS)
    assert kind.media == ("video",)
    dataset = dataset_of([film_document(*EVENTS, *CAR)])
    made = list(kind.made(dataset, DEFAULT_OPTIONS))
    assert all(file.data for file in made)
    assert len(made) == 1 + len(kind.beside) + 2 * (kind.id == "mot")


@pytest.mark.parametrize("kind", LABELS, ids=lambda kind: kind.id)
def test_each_makes_something_of_a_film_on_which_nothing_lies(kind: Format) -> None:
    assert list(kind.made(dataset_of([film_document()]), DEFAULT_OPTIONS))


def test_what_is_left_out_is_said() -> None:
    document = film_document(*EVENTS, *CAR, TIMELESS)
    assert all(kind.cannot_hold(document) for kind in LABELS)
    assert FORMATS["mp4"].cannot_hold(document) == FORMATS["stills"].cannot_hold(document) == ()
    document.set_film_range(FilmRange(1.0, None))
    assert "range" in FORMATS["mp4"].cannot_hold(document)[0]
    assert "no event has a time" in FORMATS["stills"].cannot_hold(film_document(TIMELESS))[0]
    assert FORMATS["jsonl"].cannot_hold(document) == ()
