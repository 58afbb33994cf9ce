"""Opens and seeks in 500 broken films, each kind cut off at many places and changed in its headers. Prints JSON.

    .venv/bin/python tests/benchmarks/fuzz_films.py [--seed 1] [--cuts 24] [--changes 44] [--folder FOLDER]

Exits with 1 on any finding: a crash, no answer within 10 s, more than 2 GB of memory, or a refusal without a sentence
(see ``hostile_media.py``, whose processes open them). Another ``--seed`` makes other films. Linux only.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.hostile_media import findings, opened
from films import RATE, Film, make_film

KINDS = (
    Film("h264.mp4", container_options={"movflags": "faststart"}),
    Film("h264.mov", rotation=90),
    Film("fragments.mp4", container_options={"movflags": "empty_moov+frag_keyframe"}),
    Film("hevc.mp4", "libx265"),
    Film("h264.mkv", b_frames=3),
    Film("vp9.webm", "libvpx-vp9", b_frames=0),
    Film("av1.mkv", "libsvtav1", b_frames=0),
    Film("mpeg4.avi", "mpeg4", b_frames=0),
    Film("h264.ts"),
    Film("mpeg2.mpg", "mpeg2video", b_frames=0, time_base=Fraction(1, RATE)),
)
"""Each kind of container with a codec that is usual in it."""

_ATOMS = (b"stsz", b"stco", b"stsc", b"stts", b"ctts", b"stss", b"elst", b"tkhd", b"mdhd", b"trun", b"avcC", b"hvcC")
"""Tables of MP4 and MOV whose numbers say where each frame lies; a few bytes of these are worth many others."""


def broken(data: bytes, chance: random.Random, cuts: int, changes: int) -> Iterator[bytes]:
    """Yield a film cut off, and with bytes changed, left out, or put in."""
    for cut in range(cuts):
        # Closer together at the beginning, where headers are.
        yield data[: int(len(data) * ((cut + 1) / (cuts + 1)) ** 2)]
    for change in range(changes):
        yield (_poked, _in_a_table, _shifted, _swapped)[change % 4](data, chance)


def _poked(data: bytes, chance: random.Random) -> bytes:
    """Change some bytes, most of them near the beginning or the end."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 4, 30))):
        place = min(len(data) - 1, int(chance.expovariate(1 / 600)))
        changed[place if chance.random() < 0.7 else -1 - place] = chance.choice(
            (0, 0x7F, 0x80, 0xFF, chance.randrange(256))
        )
    return bytes(changed)


def _in_a_table(data: bytes, chance: random.Random) -> bytes:
    """Change numbers in a table of an MP4; anywhere where there is none."""
    tables = [place for name in _ATOMS if (place := data.find(name)) >= 0]
    place = chance.choice(tables) if tables else chance.randrange(len(data))
    changed = bytearray(data)
    for _ in range(chance.choice((1, 3, 12))):
        at = min(len(data) - 5, place + 4 + chance.randrange(64))
        changed[at : at + 4] = chance.choice(
            (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", chance.randbytes(4))
        )
    return bytes(changed)


def _shifted(data: bytes, chance: random.Random) -> bytes:
    """Leave some bytes out, or put some in."""
    place, count = chance.randrange(len(data)), chance.choice((1, 7, 400))
    return data[:place] + (data[place + count :] if chance.random() < 0.5 else chance.randbytes(count) + data[place:])


def _swapped(data: bytes, chance: random.Random) -> bytes:
    """Put a part of the film in the place of another."""
    count = chance.randrange(1, max(2, len(data) // 4))
    source, target = (chance.randrange(len(data) - count) for _ in range(2))
    return data[:target] + data[source : source + count] + data[target + count :]


def write_all(folder: Path, *, seed: int, cuts: int, changes: int) -> list[Path]:
    """Write the broken films; return their paths."""
    paths: list[Path] = []
    for number, kind in enumerate(KINDS):
        data = make_film(folder, kind).read_bytes()
        name = Path(kind.name)
        for count, made in enumerate(broken(data, random.Random(seed * 1000 + number), cuts, changes)):
            paths.append(folder / f"{name.stem}-{seed}-{count}{name.suffix}")
            paths[-1].write_bytes(made)
    return paths


def main() -> None:
    """Make them, open them, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cuts", type=int, default=24)
    parser.add_argument("--changes", type=int, default=44)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        paths = write_all(folder, seed=given.seed, cuts=given.cuts, changes=given.changes)
        found = opened([str(path) for path in paths])
        wrong = findings([str(path) for path in paths], found)
    results = [each["result"] for each in found]
    facts = {
        "benchmark": "fuzz_films",
        "files": len(paths),
        "results": {result: results.count(result) for result in sorted(set(results))},
        "longest_ms": max(each["ms"] for each in found),
        "most_mb": max(each["mb"] for each in found),
        "findings": wrong,
    }
    print(json.dumps(facts, indent=1))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
