from __future__ import annotations

import pytest
from documents import empty_document
from film_labels import DOG, TIMELESS, film_document, film_media

from qwvis_desktop.core.film_labels import film_of, frame_number, timeless


def test_a_picture_is_no_film() -> None:
    assert film_of(film_document()).name == "street.mp4"
    with pytest.raises(ValueError, match="for films"):
        film_of(empty_document())


@pytest.mark.parametrize(("time", "number"), [(0, 1), (0.04, 2), (0.019, 1), (19.96, 500), (20, 500), (99, 500)])
def test_frames_are_counted_from_1(time: float, number: int) -> None:
    assert frame_number(film_media(), time) == number


def test_boxes_without_a_time_are_counted() -> None:
    assert timeless(film_document(DOG, TIMELESS))[0][0] == 1
