"""Pictures that the tests of media make themselves."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from qwvis_desktop.core.coordinates import Orientation

STORED_BY = {
    Orientation.MIRRORED: Image.Transpose.FLIP_LEFT_RIGHT,
    Orientation.TURNED_180: Image.Transpose.ROTATE_180,
    Orientation.FLIPPED: Image.Transpose.FLIP_TOP_BOTTOM,
    Orientation.TRANSPOSED: Image.Transpose.TRANSPOSE,
    Orientation.TURNED_RIGHT: Image.Transpose.ROTATE_90,
    Orientation.TRANSVERSED: Image.Transpose.TRANSVERSE,
    Orientation.TURNED_LEFT: Image.Transpose.ROTATE_270,
}
"""What makes the stored picture of an upright one: the inverse of what a viewer does."""

Save = Callable[..., Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Save an upright picture as a camera would store it, and return the file."""

    def save(picture: Image.Image, name: str, orientation: int = 1, **options: Any) -> Path:
        turned = STORED_BY.get(Orientation(orientation))
        if orientation != 1:
            exif = Image.Exif()
            exif[0x0112] = orientation
            options["exif"] = exif.tobytes()
        path = tmp_path / name
        if path.suffix == ".png":
            options.setdefault("compress_level", 1)  # nobody looks at how small it is
        (picture.transpose(turned) if turned is not None else picture).save(path, **options)
        return path

    return save


@pytest.fixture(params=["libvips", "pillow"])
def codec(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a test with libvips and again as if it were not installed; the quick way for JPEG has its own tests."""
    monkeypatch.setattr("qwvis_desktop.core.media.jpeg_codec.library", lambda: None)
    if request.param == "pillow":
        monkeypatch.setattr("qwvis_desktop.core.media.vips_codec.library", lambda: None)
    return str(request.param)


@pytest.fixture
def noise() -> Callable[[int, int], Image.Image]:
    """Make a coarse random picture that looks the same each time."""

    def noise(width: int, height: int) -> Image.Image:
        rng = np.random.default_rng(width * 31 + height)
        coarse = rng.integers(0, 256, (max(2, height // 8), max(2, width // 8), 3), np.uint8)
        return Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)

    return noise


@pytest.fixture
def linear_profile() -> bytes:
    """Make an ICC profile of sRGB's primaries with linear values: 128 there is 188 in sRGB."""

    def s15(*numbers: float) -> bytes:
        return b"".join(struct.pack(">i", round(n * 65536)) for n in numbers)

    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", 7) + b"linear\0" + bytes(79),
        b"cprt": b"text\0\0\0\0none\0",
        b"wtpt": b"XYZ \0\0\0\0" + s15(0.9642, 1.0, 0.8249),
        b"rXYZ": b"XYZ \0\0\0\0" + s15(0.4361, 0.2225, 0.0139),
        b"gXYZ": b"XYZ \0\0\0\0" + s15(0.3851, 0.7169, 0.0971),
        b"bXYZ": b"XYZ \0\0\0\0" + s15(0.1431, 0.0606, 0.7141),
        **{name: b"curv\0\0\0\0" + struct.pack(">IH", 1, 256) + b"\0\0" for name in (b"rTRC", b"gTRC", b"bTRC")},
    }
    table, body = struct.pack(">I", len(tags)), io.BytesIO()
    start = 128 + 4 + 12 * len(tags)
    for name, value in tags.items():
        table += struct.pack(">4sII", name, start + body.tell(), len(value))
        body.write(value + bytes(-len(value) % 4))
    size = start + body.tell()
    head = struct.pack(">I4sI4s4s4s", size, b"lcms", 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp") + bytes(28) + s15(0.9642, 1.0, 0.8249)
    return head + bytes(128 - len(head)) + table + body.getvalue()
