"""Frames on the film's thread: the right ones, at their times, dropped rather than queued."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from films import Film, clock, make_film, times_of
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.film import FilmFrame, FilmReader
from qwvis_desktop.core.media.film_opening import open_video
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.ui.film_player import FilmPlayer, Shot, Stretch, key_within

FILM = Film(count=45, key_every=15)
TIMES = times_of(FILM)


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> VideoMedia:
    return open_video(make_film(tmp_path_factory.mktemp("films"), FILM))


@pytest.fixture
def player(qtbot: QtBot) -> Iterator[FilmPlayer]:
    player = FilmPlayer()
    yield player
    assert player.close()
    player.deleteLater()


def number(shot: Shot) -> int:
    return clock(shot.picture.raster)


def shots_of(player: FilmPlayer) -> list[Shot]:
    shots: list[Shot] = []
    player.shown.connect(shots.append)
    return shots


def test_the_frame_at_a_time_comes(player: FilmPlayer, media: VideoMedia, qtbot: QtBot) -> None:
    for wanted in (20, 3, 44, 0):
        with qtbot.waitSignal(player.shown) as shown:
            player.seek(media, TIMES[wanted] + 0.01)
        assert shown.args is not None
        shot: Shot = shown.args[0]
        assert number(shot) == wanted
        assert shot.time == pytest.approx(TIMES[wanted])
        assert shot.is_exact
        assert shot.picture.is_full


def test_a_preview_is_a_frame_near_by(player: FilmPlayer, media: VideoMedia, qtbot: QtBot) -> None:
    with qtbot.waitSignal(player.shown) as shown:
        player.seek(media, 0.9, is_exact=False)
    assert shown.args is not None
    shot: Shot = shown.args[0]
    assert not shot.is_exact
    assert number(shot) == round(shot.time * 30)


def test_what_was_asked_for_before_does_not_come(player: FilmPlayer, media: VideoMedia, qtbot: QtBot) -> None:
    shots = shots_of(player)
    for wanted in range(40):
        player.seek(media, TIMES[wanted])
    qtbot.waitUntil(lambda: bool(shots) and number(shots[-1]) == 39)
    assert len(shots) == 1


def test_playing_shows_frames_in_order_and_stops_at_the_end(
    player: FilmPlayer, media: VideoMedia, qtbot: QtBot
) -> None:
    shots = shots_of(player)
    with qtbot.waitSignal(player.stopped):
        player.play(media, Stretch(0.5, speed=4.0))
    numbers = [number(shot) for shot in shots]
    assert numbers[0] == 15
    assert numbers == sorted(set(numbers))
    assert numbers[-1] >= 40
    assert all(shot.is_playing for shot in shots)
    assert [round(shot.time * 30) for shot in shots] == numbers


def test_a_stretch_is_played_again(player: FilmPlayer, media: VideoMedia, qtbot: QtBot) -> None:
    shots = shots_of(player)
    player.play(media, Stretch(0.2, end=0.5, speed=4.0, again=0.2))
    qtbot.waitUntil(lambda: sum(number(shot) == 6 for shot in shots) >= 3)
    player.stop()
    assert {number(shot) for shot in shots} <= set(range(6, 15))


def test_time_goes_as_fast_as_asked(media: VideoMedia, qtbot: QtBot) -> None:
    """By a clock of the test's own: a player that is far behind drops frames and keeps the last ones."""
    ticks = iter(range(100_000))
    player = FilmPlayer(clock=lambda: next(ticks) * 0.02)
    shots = shots_of(player)
    with qtbot.waitSignal(player.stopped):
        player.play(media, Stretch(0.0))
    assert player.dropped > 5
    assert len(shots) + player.dropped == FILM.count
    assert number(shots[-1]) > 30
    assert player.close()


def test_frames_that_play_are_no_larger_than_they_are_shown(
    player: FilmPlayer, media: VideoMedia, qtbot: QtBot
) -> None:
    shots, half = shots_of(player), Size(media.size.width // 2, media.size.height // 2)
    player.shown_size = half
    with qtbot.waitSignal(player.stopped):
        player.play(media, Stretch(0.5, speed=2.0))
    assert {shot.picture.raster.size for shot in shots} == {half}
    assert all(shot.picture.size == media.size for shot in shots)
    assert [clock(shot.picture.raster, 0.5) for shot in shots] == [round(shot.time * 30) for shot in shots]
    with qtbot.waitSignal(player.shown):
        player.seek(media, TIMES[40])
    assert shots[-1].picture.is_full
    assert number(shots[-1]) == 40


def test_a_film_that_went_is_told(player: FilmPlayer, tmp_path: Path, qtbot: QtBot) -> None:
    path = make_film(tmp_path, Film(count=3))
    media = open_video(path)
    path.unlink()
    with qtbot.waitSignal(player.failed) as failed:
        player.seek(media, 0.0)
    assert failed.args is not None
    assert "film.mp4" in failed.args[0]


def test_nothing_comes_after_closing(media: VideoMedia, qtbot: QtBot) -> None:
    player = FilmPlayer()
    shots = shots_of(player)
    player.play(media, Stretch(0.0))
    assert player.close()
    qtbot.wait(1)
    assert shots == []


def test_a_fault_is_raised_in_the_window_and_the_film_goes_on(
    player: FilmPlayer, media: VideoMedia, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(_reader: FilmReader, _time: float, _is_wanted: object) -> FilmFrame:
        raise RuntimeError("a fault")

    with monkeypatch.context() as patch, qtbot.captureExceptions() as raised:
        patch.setattr(FilmReader, "at", break_down)
        player.seek(media, 0.5)
        qtbot.waitUntil(lambda: bool(raised))
    assert str(raised[0][1]) == "a fault"
    with qtbot.waitSignal(player.shown):
        player.seek(media, 0.5)


def test_a_film_that_takes_too_long_goes_on_at_key_frames_and_stays_in_time(media: VideoMedia, qtbot: QtBot) -> None:
    """By a clock of the test's own: each look at it takes 0.8 seconds, as if decoding took as long."""
    ticks = iter(range(100_000))
    player = FilmPlayer(clock=lambda: next(ticks) * 0.8)
    player.keys = (TIMES[0], TIMES[15], TIMES[30])
    shots = shots_of(player)
    with qtbot.waitSignal(player.stopped):
        player.play(media, Stretch(0.0, TIMES[31], speed=0.25))
    numbers = [number(shot) for shot in shots]
    assert numbers == sorted(set(numbers))
    assert {15, 30} <= set(numbers)
    assert next(ticks) * 0.8 < 4 * TIMES[31] + 8 * 0.8, "the clock was set back"
    assert player.close()


@pytest.mark.parametrize(
    ("after", "now", "key"), [(0.0, 1.2, 1.0), (1.0, 1.2, 2.0), (2.0, 3.5, 4.0), (0.0, 0.3, 1.0), (4.0, 4.5, None)]
)
def test_where_a_film_that_is_behind_goes_on(after: float, now: float, key: float | None) -> None:
    assert key_within((0.0, 1.0, 2.0, 4.0), after, now, 1.0) == key


def test_a_film_that_nobody_sees_goes_on_without_its_frames(
    player: FilmPlayer, media: VideoMedia, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shots = shots_of(player)
    player.play(media, Stretch(0.0))
    qtbot.waitUntil(lambda: len(shots) >= 2)
    player.is_seen = False
    with qtbot.waitSignal(player.stopped):
        pass
    numbers = [number(shot) for shot in shots]
    assert numbers[-1] == FILM.count - 1
    assert len(numbers) + player.dropped < FILM.count
    player.is_seen = True
    shots.clear()
    player.play(media, Stretch(0.0))
    qtbot.waitUntil(lambda: len(shots) >= 1)
    player.is_seen = False
    began = time.monotonic()
    qtbot.wait(300)
    player.is_seen = True
    count = len(shots)
    qtbot.waitUntil(lambda: len(shots) > count)
    assert shots[count].time == pytest.approx(time.monotonic() - began, abs=0.25)
