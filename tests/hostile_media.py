"""Two hundred files that mean no good, or are merely odd: a list of names and what makes each."""

from __future__ import annotations

import io
import os
import random
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

from PIL import Image

Make = Callable[[Path], object]

_FORMATS = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP", "gif": "GIF", "tif": "TIFF", "bmp": "BMP", "avif": "AVIF"}
_MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "I;16", "I", "F")


@cache
def picture(width: int = 120, height: int = 90) -> Image.Image:
    """Return a colourful picture, the same each time."""
    bytes_ = random.Random(width * 7 + height).randbytes(16 * 12 * 3)
    return Image.frombytes("RGB", (16, 12), bytes_).resize((width, height))


@cache
def encoded(suffix: str, **options: Any) -> bytes:
    """Return the picture in a format."""
    buffer = io.BytesIO()
    picture().save(buffer, _FORMATS[suffix], **options)
    return buffer.getvalue()


def cases() -> Iterator[tuple[str, Make]]:
    """Yield the name of each file and what makes it, in an order that never changes."""
    for group in (_modes, _exif, _cut, _flipped, _bombs, _misnamed, _extreme, _named, _placed):
        yield from group()


def write_all(
    folder: Path,
    wanted: Callable[[int, str], bool] = lambda _number, _name: True,
    made: Sequence[tuple[str, Make]] = (),
) -> list[Path]:
    """Make the files (``cases``, or those that are given) in a folder, each in one of its own; return their paths."""
    paths = []
    for number, (name, make) in enumerate(made or cases()):
        if wanted(number, name):
            place = folder / f"{'film ' if made else ''}{number:03d}"
            place.mkdir(exist_ok=True)
            path = place / name
            if not os.path.lexists(path):
                make(path)
            paths.append(path)
    return paths


def _bytes(data: bytes) -> Make:
    return lambda path: path.write_bytes(data)


def _modes() -> Iterator[tuple[str, Make]]:
    takes = {
        "png": {"1", "L", "LA", "P", "RGB", "RGBA", "I;16"},
        "jpg": {"L", "RGB", "CMYK", "YCbCr"},
        "webp": {"L", "RGB", "RGBA"},
        "gif": {"1", "L", "P", "RGB"},
        "tif": set(_MODES),
        "bmp": {"1", "L", "P", "RGB", "RGBA"},
        "avif": {"RGB", "RGBA"},
    }
    for suffix, modes in takes.items():
        for mode in sorted(modes):

            def make(path: Path, mode: str = mode, suffix: str = suffix) -> None:
                source = picture().convert("L") if mode in ("I;16", "I", "F") else picture()
                source.convert(mode).save(path, _FORMATS[suffix])

            yield f"mode {mode.replace(';', '-')}.{suffix}", make


def _exif() -> Iterator[tuple[str, Make]]:
    def entry(tag: int, kind: int, count: int, value: int) -> bytes:
        return struct.pack("<HHII", tag, kind, count, value)

    def block(*entries: bytes, following: int = 0) -> bytes:
        head = b"Exif\0\0II*\0" + struct.pack("<IH", 8, len(entries))
        return head + b"".join(entries) + struct.pack("<I", following)

    blocks = {f"orientation {value}": block(entry(0x112, 3, 1, value)) for value in (0, 1, 3, 6, 8, 9, 255, 65535)}
    blocks |= {
        "orientation as text": block(entry(0x112, 2, 4, 0x41424344)),
        "orientation as double": block(entry(0x112, 12, 1, 10_000)),
        "orientation many": block(entry(0x112, 3, 0xFFFFFFFF, 8)),
        "loop": block(entry(0x112, 3, 1, 6), following=8),
        "loop below": block(entry(0x8769, 4, 1, 8)),
        "beyond": block(entry(0x8769, 4, 1, 0xFFFFFFF0)),
        "unknown type": block(entry(0x112, 99, 1, 6)),
        "thousand entries": b"Exif\0\0II*\0" + struct.pack("<IH", 8, 1000),
        "empty": b"Exif\0\0",
        "nonsense": b"Exif\0\0" + random.Random(1).randbytes(400),
        "not even that": random.Random(2).randbytes(60),
        "big": b"Exif\0\0II*\0" + bytes(60_000),
    }
    for name, data in blocks.items():
        for suffix in ("jpg",) if name.startswith("orientation ") else ("jpg", "webp"):
            yield f"exif {name}.{suffix}", partial(_with_exif, data, suffix)


def _with_exif(data: bytes, suffix: str, path: Path) -> None:
    picture().save(path, _FORMATS[suffix], exif=data)


def _cut() -> Iterator[tuple[str, Make]]:
    for suffix in _FORMATS:
        whole = encoded(suffix)
        for share in (0.05, 0.5, 0.95):
            yield f"cut {share:.0%}.{suffix}", _bytes(whole[: int(len(whole) * share)])


def _flipped() -> Iterator[tuple[str, Make]]:
    for suffix in ("png", "jpg", "webp", "gif", "tif", "bmp"):
        for seed in range(5):
            chance, data = random.Random(seed), bytearray(encoded(suffix))
            for _ in range(1 + 6 * seed):
                data[chance.randrange(len(data))] = chance.randrange(256)
            yield f"flipped {seed}.{suffix}", _bytes(bytes(data))


def png(width: int, height: int, pixels: bytes, *, depth: int = 8, color: int = 2, interlaced: int = 0) -> bytes:
    """Return a PNG with any header and any compressed pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlaced)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def _zeros(count: int) -> bytes:
    packer = zlib.compressobj(9)
    block = bytes(1 << 20)
    parts = [packer.compress(block) for _ in range(count >> 20)]
    return b"".join([*parts, packer.compress(bytes(count & 0xFFFFF)), packer.flush()])


def _bombs() -> Iterator[tuple[str, Make]]:
    def whole(path: Path, side: int, depth: int, color: int, bits: int, interlaced: int = 0) -> None:
        rows = side * (1 + (side * bits + 7) // 8)
        path.write_bytes(png(side, side, _zeros(rows), depth=depth, color=color, interlaced=interlaced))

    yield "bomb of bits.png", partial(whole, side=30_000, depth=1, color=0, bits=1)
    yield "bomb of greys.png", partial(whole, side=22_000, depth=8, color=0, bits=8)
    yield "bomb of colours.png", partial(whole, side=14_000, depth=8, color=2, bits=24)
    yield "bomb interlaced.png", partial(whole, side=9_000, depth=8, color=2, bits=24, interlaced=1)
    yield "claims two gigapixels.png", _bytes(png(2**31 - 1, 2**31 - 1, zlib.compress(b"")))
    yield "claims a gigapixel.png", _bytes(png(31_000, 31_000, zlib.compress(bytes(1000))))
    yield "claims no width.png", _bytes(png(0, 100, zlib.compress(bytes(1000))))
    yield "claims much.gif", _bytes(b"GIF89a" + struct.pack("<HH", 65535, 65535) + encoded("gif")[10:])
    start = encoded("jpg").index(b"\xff\xc0") + 5
    for height, width in ((65_500, 65_500), (30_000, 30_000), (0, 100), (100, 0)):
        data = encoded("jpg")
        yield (
            f"claims {width} by {height}.jpg",
            _bytes(data[:start] + struct.pack(">HH", height, width) + data[start + 4 :]),
        )
    for tag, value in ((256, 2**31 - 1), (257, 60_000), (277, 9), (258, 7)):
        yield f"claims {tag} is {value}.tif", partial(_tiff_with, tag, value)
    data = encoded("bmp")
    yield "claims much.bmp", _bytes(data[:18] + struct.pack("<ii", 40_000, 40_000) + data[26:])
    yield "claims less than nothing.bmp", _bytes(data[:18] + struct.pack("<ii", -120, -90) + data[26:])
    text = zlib.compress(bytes(80 << 20))
    yield "bomb of text.png", partial(_png_with_chunk, b"zTXt", b"Comment\0\0" + text)
    yield "bomb of a profile.png", partial(_png_with_chunk, b"iCCP", b"p\0\0" + text)


def _tiff_with(tag: int, value: int, path: Path) -> None:
    data = bytearray(encoded("tif"))
    place = data.find(struct.pack("<HH", tag, 3))
    place = place if place >= 0 else data.find(struct.pack("<HH", tag, 4))
    data[place + 2 : place + 12] = struct.pack("<HII", 4, 1, value)
    path.write_bytes(data)


def _png_with_chunk(kind: bytes, body: bytes, path: Path) -> None:
    data = encoded("png")
    chunk = struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    path.write_bytes(data[:33] + chunk + data[33:])


def _misnamed() -> Iterator[tuple[str, Make]]:
    others = {
        "text": b"To be or not to be\n" * 40,
        "a web page": b"<!DOCTYPE html><html><body>no</body></html>",
        "a drawing": b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
        "a document": b"%PDF-1.7\n%%EOF",
        "an archive": b"PK\x03\x04" + bytes(60),
        "a film": b"\0\0\0\x18ftypmp42" + bytes(60),
        "an executable": b"\x7fELF" + bytes(200),
        "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        "nothing": b"",
        "one byte": b"\x89",
        "zeros": bytes(5000),
        "noise": random.Random(4).randbytes(5000),
    }
    for name, data in others.items():
        yield f"{name}.png", _bytes(data)
    for suffix, other in (("png", "jpg"), ("jpg", "png"), ("gif", "webp"), ("tif", "bmp"), ("webp", "heic")):
        yield f"{suffix} called so.{other}", _bytes(encoded(suffix))
    yield "picture and more behind it.jpg", _bytes(encoded("jpg") + b"PK\x03\x04" + bytes(5000))


def _extreme() -> Iterator[tuple[str, Make]]:
    def of(path: Path, size: tuple[int, int], **options: Any) -> None:
        Image.new("RGB", size, (200, 100, 50)).save(path, **options)

    for suffix in ("png", "jpg", "webp"):
        yield f"one pixel.{suffix}", partial(of, size=(1, 1))
    yield "a row.png", partial(of, size=(70_000, 1))
    yield "a column.png", partial(of, size=(1, 70_000))
    yield "a wide strip.jpg", partial(of, size=(65_500, 3))
    yield "a high strip.jpg", partial(of, size=(3, 65_500))
    yield "32768 wide.png", partial(of, size=(32_768, 40))
    yield "16383 wide.webp", partial(of, size=(16_383, 2))

    def frames(path: Path, count: int) -> None:
        picture().save(path, save_all=True, append_images=[picture().rotate(n) for n in range(1, count)])

    yield "animated.gif", partial(frames, count=60)
    yield "animated.png", partial(frames, count=20)
    yield "animated.webp", partial(frames, count=20)
    yield "of many pages.tif", partial(frames, count=40)


def _named() -> Iterator[tuple[str, Make]]:
    names = (
        "with spaces and, commas;.png",
        "Ünïcödé.png",
        "e\u0301.png",
        "画像.png",
        "🦊🦊.png",
        "new\nline.png",
        "quo\"te's.png",
        "100 % & <b>bold.png",
        "a[n=-1].png",
        "$HOME `ls`.png",
        "-rf.png",
        "no suffix",
        ".hidden.png",
        "dots...png",
        "x" * 240 + ".png",
        "back\\slash.png",
        "\udce4\udcf6.png",
        "\u202etxt.png",
        "tab\t.png",
        "CON.png",
        "a;b|c.png",
        "~.png",
        " leading.png",
        "trailing .png",
        "?*.png",
    )
    for name in names:
        yield name, _bytes(encoded("png"))


def _placed() -> Iterator[tuple[str, Make]]:
    def deep(path: Path) -> None:
        folder = path.parent / "/".join(["deep"] * 60)
        folder.mkdir(parents=True)
        (folder / "there.png").write_bytes(encoded("png"))
        path.symlink_to(folder / "there.png")

    yield "a link.png", deep
    yield "a broken link.png", lambda path: path.symlink_to("nowhere.png")
    yield "a link to itself.png", lambda path: path.symlink_to(path.name)
    yield "a folder.png", lambda path: path.mkdir()
    yield "a pipe.png", os.mkfifo
    yield "an endless device.png", lambda path: path.symlink_to("/dev/zero")
    yield "never there.png", lambda path: None
    yield "not ours.png", _locked


def _locked(path: Path) -> None:
    path.write_bytes(encoded("png"))
    path.chmod(0)
