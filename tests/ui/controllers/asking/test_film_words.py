from __future__ import annotations

from PySide6.QtWidgets import QApplication

from qwvis_desktop.core.film_sent import FilmSent, FilmWay
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.ui.controllers.asking.film_words import film_words


def test_what_was_sent_of_a_film(qapp: QApplication) -> None:
    times = tuple(place / 2 for place in range(4))
    film = FilmSent(
        way=FilmWay.FRAMES, duration=9.5, start=0, end=2, fps=2, times=times, size=Size(640, 352), byte_count=123_456
    )
    assert film_words(film) == (
        "Frames of the film as a list, 123 kB, without metadata.",
        "From 0 to 2 s of 9.5 s.",
        "The model sees 4 frames of 640 x 352 pixels, at 0, 0.5, 1, 1.5 s.",
    )


def test_of_many_frames_the_first_and_the_last_are_told(qapp: QApplication) -> None:
    film = FilmSent(
        way=FilmWay.URL, duration=60, start=0, end=60, fps=2, times=tuple(map(float, range(60))), size=Size(640, 352)
    )
    assert film_words(film)[2].endswith("at 0, 1, 2, 3, 4, 5, 6, 7, ..., 52, 53, 54, 55, 56, 57, 58, 59 s.")
    assert "address" in film_words(film)[0]
