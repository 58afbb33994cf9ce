from __future__ import annotations

from documents import empty_document
from film_labels import film_document

from qwvis_desktop.core.document import FilmRange
from qwvis_desktop.core.film_options import film_of_reply, film_options, options_of_film, part_options

OPTIONS = {"fps": 1, "max_pixels": 5, "temperature": 0, "own": 1}


def test_what_makes_sense_for_films() -> None:
    assert options_of_film(OPTIONS) == {"fps": 1, "temperature": 0, "own": 1}
    assert film_options(OPTIONS) == {"fps": 1}


def test_the_part_that_is_asked_about() -> None:
    document = film_document()
    assert part_options(document) == {}
    for film_range, part in (((2, 5), [2, 5]), ((None, 5), [0, 5]), ((2, None), [2, 20])):
        document.set_film_range(FilmRange(*film_range))
        assert part_options(document) == {"range": part}
    assert part_options(empty_document()) == {}


def test_a_reply_without_a_request_is_about_the_whole_film() -> None:
    film = film_of_reply(film_document().media)
    assert film is not None
    assert (film.start, film.end, film.film_time(3)) == (0, 20, 3)
    assert film_of_reply(empty_document().media) is None
