"""The way to a frame: forward without seeking, back with what was decoded before it, and never a wrong one."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest
from films import Film, clock, make_film

from qwvis_desktop.core.media.film import FilmReader
from qwvis_desktop.core.media.film_opening import open_video
from qwvis_desktop.core.media.film_stream import FilmStream
from qwvis_desktop.core.media.large import NotWanted


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


def test_what_was_decoded_ahead_is_at_hand(tmp_path: Path) -> None:
    with FilmReader(open_video(make_film(tmp_path, Film(b_frames=3)))) as reader:
        assert not reader.decode_ahead()  # of nothing
        reader.at(0.5)
        ahead = 0
        while reader.decode_ahead():
            ahead += 1
        assert ahead
        with patch.object(FilmStream, "decode", side_effect=AssertionError):
            following = [reader.following() for _ in range(4)]
            assert [clock(frame.raster) for frame in following if frame is not None] == [16, 17, 18, 19]
        assert clock(reader.at(18 / 30).raster) == 18
        assert clock(reader.at(0.1).raster) == 3
        while reader.decode_ahead():
            pass
        assert clock(reader.at(59 / 30).raster) == 59


def test_who_is_not_waited_for_any_more_leaves_off_on_the_way(tmp_path: Path) -> None:
    with FilmReader(open_video(make_film(tmp_path, Film(key_every=1000)))) as reader:
        asked = iter([True] * 20 + [False])
        with pytest.raises(NotWanted):
            reader.at(1.9, lambda: next(asked))
        assert next(asked, None) is None
        for number in (57, 30, 2, 3):
            assert clock(reader.at(number / 30).raster) == number


def test_the_last_frames_of_a_stream_without_an_index_are_found(tmp_path: Path) -> None:
    for count in (6, 60):
        media = open_video(make_film(tmp_path, Film(f"{count}.ts", count=count)))
        assert (count - 1) / 30 <= media.duration + 1e-6 <= count / 30 + 1e-5
        for number in (count - 2, count - 1, 0, count // 2):
            with FilmReader(media) as reader:
                assert clock(reader.at(number / 30).raster) == number
