"""The way to a frame: forward without seeking, back with what was decoded before it, and never a wrong one."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

from films import Film, make_film

from qwvis_desktop.core.media.film import FilmReader
from qwvis_desktop.core.media.film_stream import FilmStream
from qwvis_desktop.core.media.video import open_video


def test_what_lies_ahead_is_reached_without_seeking(tmp_path: Path) -> None:
    with FilmReader(open_video(make_film(tmp_path, Film(key_every=1000)))) as reader:
        reader.at(0.5)
        with patch.object(FilmStream, "seek", side_effect=AssertionError):
            assert round(reader.at(1.5).time * 30) == 45


def test_stepping_back_decodes_a_stretch_only_once(tmp_path: Path) -> None:
    with (
        FilmReader(open_video(make_film(tmp_path, Film(key_every=1000)))) as reader,
        patch.object(FilmStream, "seek", autospec=True, side_effect=FilmStream.seek) as seeks,
    ):
        reader.at(1.5)
        for number in range(44, 12, -1):
            assert round(reader.at(number / 30).time * 30) == number
        assert seeks.call_count <= 4


def test_frames_that_no_other_needs_are_skipped_on_the_way(tmp_path: Path) -> None:
    with FilmReader(open_video(make_film(tmp_path, Film(key_every=1000, b_frames=3)))) as reader:
        wanted: list[bool] = []
        decode = FilmStream.decode

        def watched(self: FilmStream, packet: object, *, wanted_: list[bool] = wanted, **options: bool) -> object:
            wanted_.append(options.get("wanted", True))
            return decode(self, packet, **options)  # type: ignore[arg-type]  # only passed on

        with patch.object(FilmStream, "decode", watched):
            reader.at(1.5)
        assert wanted.count(False) > 30
