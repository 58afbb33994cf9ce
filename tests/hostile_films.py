"""Films that mean no good, or are merely odd: a list of names and what makes each."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import av
from films import Film, make_film, make_sound, repeat

from qwvis_desktop.core.geometry import Size

Make = Callable[[Path], object]

_KINDS = (
    Film("a.mp4", container_options={"movflags": "faststart"}),
    Film("a.mov"),
    Film("a.mkv", b_frames=3),
    Film("a.webm", "libvpx-vp9", b_frames=0),
    Film("a.avi", "mpeg4", b_frames=0),
    Film("a.ts"),
)


REFUSED = {
    "nothing.webm": "is empty",
    "no frames.mp4": "holds no frame",
    "sound.mp4": "holds sound but no moving picture",
    "sound.mkv": "holds sound but no moving picture",
    "cut at 0 tenths.mov": "was cut off",
    "called xxxx.mp4": "encoded in a way that this program cannot decode",
    "bare.h264": "tells no times",
    "text.mp4": "",
    "zeros.ts": "",
}
"""Films that cannot be opened, and what the sentence says."""


def cases(changes: int = 6) -> Iterator[tuple[str, Make]]:
    """Yield the name of each file and what makes it, in an order that never changes.

    Args:
        changes: how many times each kind of film has some of its bytes changed.
    """
    yield from _broken(changes)
    yield from _odd()
    yield from _misleading()


def _made(path: Path, film: Film) -> bytes:
    """Return the bytes of a film."""
    plain = make_film(path.parent, film)
    data = plain.read_bytes()
    plain.unlink()
    return data


def _changed(path: Path, film: Film, change: Callable[[bytes], bytes]) -> None:
    path.write_bytes(change(_made(path, film)))


def flipped(data: bytes, seed: int, share: float = 0.001, start: float = 0.0, end: float = 1.0) -> bytes:
    """Return ``data`` with some bytes of a part changed, the same ones each time."""
    chance, changed = random.Random(seed), bytearray(data)
    for _ in range(max(1, int(len(data) * (end - start) * share))):
        changed[chance.randrange(int(len(data) * start), max(int(len(data) * end), 1))] = chance.randrange(256)
    return bytes(changed)


def _cut(tenths: int) -> Callable[[bytes], bytes]:
    return lambda data: data[: 600 + len(data) * tenths // 10]


def _with_changes(seed: int) -> Callable[[bytes], bytes]:
    start, end = ((0.0, 1.0), (0.0, 0.05), (0.0, 0.01), (0.3, 1.0), (0.9, 1.0), (0.0, 0.2))[seed % 6]
    return lambda data: flipped(data, seed, 0.003, start, end)


def _broken(changes: int) -> Iterator[tuple[str, Make]]:
    for film in _KINDS:
        for tenths in (0, 1, 3, 6, 9):
            yield f"cut at {tenths} tenths.{film.name[2:]}", partial(_changed, film=film, change=_cut(tenths))
        for seed in range(changes):
            yield f"changed {seed}.{film.name[2:]}", partial(_changed, film=film, change=_with_changes(seed))


def _plain(path: Path, **how: Any) -> None:
    """Write a film with the given traits to ``path``."""
    make_film(path.parent, replace(Film(path.name), **how))


def _odd() -> Iterator[tuple[str, Make]]:
    yield "ten hours at one a second.mp4", _ten_hours
    yield "one second at 240.mp4", partial(_plain, count=240, stamps=_FAST)
    yield "one frame.mp4", partial(_plain, count=1)
    yield "sound.mp4", make_sound
    yield "sound.mkv", make_sound
    yield "no frames.mp4", _without_frames
    yield "lasting a week.mkv", partial(_plain, stamps=(0, 90, 54_432_000_000))
    yield "ten hours in 400 frames.mp4", partial(_plain, count=400, size=SMALL, stamps=_SPARSE, b_frames=0)
    yield "without a length.mkv", partial(_plain, count=90, size=SMALL, b_frames=0, container_options=_LIVE)
    yield "in pieces.mp4", partial(_plain, count=90, size=SMALL, b_frames=0, container_options=_PIECES)
    yield "bare.h264", partial(_plain, count=9, size=SMALL, b_frames=0)
    yield "three frames.mp4", partial(_plain, count=3, size=SMALL)
    yield "over 100 MB.mp4", _large
    yield "called a picture.jpg", partial(_changed, film=_KINDS[0], change=bytes)
    yield "called another.avi", partial(_changed, film=_KINDS[2], change=bytes)
    yield "no suffix", partial(_changed, film=_KINDS[0], change=bytes)
    yield "names\nand 100 % 画像 [n=1].mp4", partial(_changed, film=_KINDS[0], change=bytes)


_FAST = range(0, 90_000, 375)
SMALL = Size(96, 64)
_SPARSE = range(0, 400 * 90 * 90_000, 90 * 90_000)
_LIVE = {"live": "1"}
_PIECES = {"movflags": "empty_moov+frag_keyframe"}


def _large(path: Path) -> None:
    """Write a film of three seconds whose file takes 120 MB, nearly all of it a hole."""
    _plain(path, count=90, size=SMALL, b_frames=0)
    with path.open("r+b") as file:
        file.seek(0, 2)
        file.write(struct.pack(">I4s", 120_000_000, b"free"))
        file.truncate(file.tell() + 120_000_000 - 8)


def _misleading() -> Iterator[tuple[str, Make]]:
    yield "a list of addresses.mp4", lambda path: path.write_bytes(b"#EXTM3U\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n")
    yield "a list of files.mkv", lambda path: path.write_bytes(b"ffconcat version 1.0\nfile /etc/passwd\n")
    yield "text.mp4", lambda path: path.write_bytes(b"no film\n" * 99)
    yield "noise.mkv", lambda path: path.write_bytes(b"\x1aE\xdf\xa3" + random.Random(1).randbytes(20_000))
    yield "zeros.ts", lambda path: path.write_bytes(bytes(20_000))
    yield "nothing.webm", lambda path: path.touch()
    for name in (b"xxxx", b"hev1", b"ap4h", b"jpeg"):
        yield f"called {name.decode()}.mp4", partial(_changed, film=_KINDS[0], change=_renamed(name))
    yield "huge.mp4", partial(_changed, film=_KINDS[0], change=_huge)


def _renamed(codec: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(b"avc1", codec)


def _huge(data: bytes) -> bytes:
    place = data.index(b"avc1", data.index(b"stsd")) + 28
    return data[:place] + b"\xff\xff\xff\xff" + data[place + 4 :]


def _ten_hours(path: Path) -> None:
    short = make_film(path.parent, Film("short.mp4", count=60, stamps=range(0, 60 * 90_000, 90_000), b_frames=0))
    repeat(short, path, 600)
    short.unlink()


def _without_frames(path: Path) -> None:
    with av.open(str(path), "w", container_options={"movflags": "empty_moov+frag_keyframe"}) as container:
        stream = container.add_stream("mpeg4", rate=Fraction(25))
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        container.start_encoding()
