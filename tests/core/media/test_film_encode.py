"""Films written anew keep the times of their frames, and get small enough or say that they cannot."""

from __future__ import annotations

import dataclasses
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from films import Film, clock, make_film

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.extraction import extract
from qwvis_desktop.core.media.film import FilmReader
from qwvis_desktop.core.media.film_encode import plan_recoding, recode, words, write_film
from qwvis_desktop.core.media.film_opening import open_video
from qwvis_desktop.core.media.film_writer import encoding
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.core.media.write import WriteError


def uneven(tmp_path: Path, **changes: Any) -> VideoMedia:
    stamps = [3000 * number + 700 * (number % 3) for number in range(60)]
    return open_video(make_film(tmp_path, dataclasses.replace(Film(stamps=stamps), **changes)))


def shown(media: VideoMedia) -> list[tuple[float, int]]:
    """Return time and clock of each frame."""
    frames = []
    with FilmReader(media) as reader:
        while (frame := reader.following()) is not None:
            frames.append((frame.time, clock(frame.raster)))
    return frames


def test_a_film_with_a_frame_in_some_minutes_and_one_of_three_frames(tmp_path: Path) -> None:
    slow = Film("slow.mp4", count=12, size=Size(96, 64), stamps=range(0, 12 * 3600 * 90_000, 3600 * 90_000))
    short = Film("short.mp4", count=3, size=Size(96, 64))
    for film in (slow, short):
        media = open_video(make_film(tmp_path, film))
        list(recode(media, plan_recoding(media, 7_000_000), tmp_path / "made.mp4"))
        assert shown(open_video(tmp_path / "made.mp4")) == shown(media)


def test_what_an_encoder_does_not_take_is_said() -> None:
    with pytest.raises(MediaError, match="does not take this film"), encoding():
        raise ValueError("width not divisible by 2")


def test_what_is_written_has_the_times_of_what_was_read(tmp_path: Path) -> None:
    media = uneven(tmp_path, rotation=90)
    with FilmReader(media) as reader:
        frames = iter(reader.following, None)
        told = list(write_film(tmp_path / "copy.mp4", frames, media.rate))
    before, after = shown(media), shown(open_video(tmp_path / "copy.mp4"))
    assert told == [time for time, _ in before]
    assert [number for _, number in after] == [number for _, number in before]
    assert [time for time, _ in after] == pytest.approx([time for time, _ in before], abs=1e-4)


def test_a_part_begins_at_0_and_odd_sides_are_made_even(tmp_path: Path) -> None:
    media = uneven(tmp_path)
    for _ in write_film(tmp_path / "part.mp4", extract(media, (1.0, 1.2, 1.5), Size(207, 127)), 5.0):
        pass
    part = open_video(tmp_path / "part.mp4")
    assert part.size == Size(208, 128)
    assert [number for _, number in shown(part)] == [30, 36, 45]
    assert part.duration == pytest.approx(0.54, abs=0.01)


def test_leaving_off_leaves_what_was_there(tmp_path: Path) -> None:
    media = uneven(tmp_path)
    target = tmp_path / "target.mp4"
    target.write_bytes(b"before")
    with FilmReader(media) as reader:
        writing = write_film(target, iter(reader.following, None), 30.0)
        next(writing)
        writing.close()
    assert target.read_bytes() == b"before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["film.mp4", "target.mp4"]


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    media = uneven(tmp_path)
    with pytest.raises(MediaError, match="would hold no frame"):
        list(write_film(tmp_path / "none.mp4", (), 30.0))
    with pytest.raises(WriteError, match="The folder does not exist"):
        list(write_film(tmp_path / "nowhere" / "film.mp4", extract(media, (0.0,)), 30.0))


def test_a_film_is_made_smaller_and_shorter(tmp_path: Path) -> None:
    media = uneven(tmp_path, size=Size(416, 256), options={"crf": "1"})
    limit = media.byte_count // 2
    plan = plan_recoding(media, limit, 0.5, 1.5)
    assert (plan.size, plan.rate, plan.seconds) == (Size(416, 256), 6.0, 1.0)
    assert f'"film.mp4" takes {media.byte_count / 1e6:,.1f} MB and is encoded anew to be sent: 1.0 s of it' in words(
        media, plan
    )
    target = tmp_path / "small.mp4"
    done = list(recode(media, plan, target))
    assert done == sorted(done)
    assert done[-1] == 1.0
    small = open_video(target)
    assert small.byte_count <= limit
    assert small.duration == pytest.approx(1.0, abs=0.04)
    frames = shown(small)
    assert 5 <= len(frames) <= 7
    original = {number: time for time, number in shown(media)}
    for time, number in frames[1:]:
        assert time == pytest.approx(original[number] - 0.5, abs=1e-3)
    assert all(after - before > 1 / 6 - 0.04 for (before, _), (after, _) in pairwise(frames))


def test_a_film_that_gets_too_large_is_tried_again_smaller_and_refused_in_the_end(tmp_path: Path) -> None:
    media = uneven(tmp_path)
    plan = dataclasses.replace(plan_recoding(media, 100_000), limit=1500)
    with pytest.raises(MediaError, match="does not get smaller than"):
        list(recode(media, plan, tmp_path / "small.mp4"))
    assert not (tmp_path / "small.mp4").exists()


def test_what_a_plan_gives_up_first(tmp_path: Path) -> None:
    media = dataclasses.replace(uneven(tmp_path), size=Size(1920, 1080), duration=3600.0)
    plans = [plan_recoding(media, limit) for limit in (400_000_000, 100_000_000, 20_000_000)]
    assert [(plan.size, plan.rate) for plan in plans] == [
        (Size(1078, 606), 12.0),
        (Size(762, 428), 12.0),
        (Size(538, 302), 2.0),
    ]
    with pytest.raises(MediaError, match="Send a shorter part"):
        plan_recoding(media, 1_000_000)
