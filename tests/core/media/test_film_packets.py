"""Packets that no other one needs: only where that is certain."""

from __future__ import annotations

from pathlib import Path

import av
import pytest
from films import Film, make_film
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.media.film_packets import spare_rule
from qwvis_desktop.core.media.film_stream import FilmStream

AVC = bytes((1, 100, 0, 31, 0xFF, 0xE1, 0))
"""The beginning of a configuration that says: lengths have four bytes."""


def packet(*units: tuple[int, ...]) -> memoryview:
    return memoryview(b"".join(len(unit).to_bytes(4, "big") + bytes(unit) for unit in units))


@pytest.mark.parametrize(
    ("units", "is_spare"),
    [
        (((0x01, 0xAA),), True),  # a slice that is no reference
        (((0x41, 0xAA),), False),  # one that is
        (((0x65, 0xAA),), False),  # of a key frame
        (((0x06, 1), (0x09, 1), (0x01, 0xAA), (0x01, 0xBB)), True),
        (((0x01, 0xAA), (0x21, 0xBB)), False),
        (((0x67, 1), (0x01, 0xAA)), False),  # it brings parameters that others need
        (((0x06, 1),), False),  # no picture
        ((), False),
    ],
)
def test_what_is_spare(units: tuple[tuple[int, ...], ...], is_spare: bool) -> None:
    assert spare_rule("h264", AVC)(packet(*units)) is is_spare


def test_what_is_broken_or_not_known_is_not_spare() -> None:
    rule = spare_rule("h264", AVC)
    assert not rule(memoryview(bytes((0, 0, 0, 9, 0x01))))
    assert not rule(memoryview(bytes((0, 0, 0, 0, 0x01))))
    assert not rule(packet((0x01, 0xAA))[:-3])
    for codec, configuration in (("hevc", AVC), ("h264", b""), ("h264", b"\0\0\0\1g")):
        assert not spare_rule(codec, configuration)(packet((0x01, 0xAA)))


@given(st.binary(max_size=60), st.integers(0, 3))
def test_any_bytes_are_looked_at(data: bytes, length: int) -> None:
    said = spare_rule("h264", AVC[:4] + bytes((length,)) + AVC[5:])(memoryview(data))
    assert not said or len(data) > length + 1  # without a whole header of a unit nothing is spared


def test_it_says_what_the_decoder_skips(tmp_path: Path) -> None:
    path = make_film(tmp_path, Film(b_frames=3, key_every=30))
    stream = FilmStream(path, path.name)
    rule = spare_rule("h264", stream.stream.codec_context.extradata or b"")
    spare = {packet.pts for packet in stream.packets() if rule(memoryview(packet))}
    stream.close()
    with av.open(str(path)) as container:
        track = container.streams.video[0]
        track.codec_context.skip_frame = "NONREF"
        decoded = {frame.pts for frame in container.decode(track)}
    with av.open(str(path)) as container:
        every = {frame.pts for frame in container.decode(video=0)}
    assert len(spare) > 15
    assert every - decoded == spare
