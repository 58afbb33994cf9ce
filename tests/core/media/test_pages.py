from __future__ import annotations

import struct
from io import BytesIO
from pathlib import Path

import pytest
from drawn_documents import Page, document, tiff
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media import tiff as tiff_pages
from qwvis_desktop.core.media.image import MediaError, open_image
from qwvis_desktop.core.media.pages import (
    address,
    as_ranges,
    count_pages,
    from_address,
    is_document,
    keep_document,
    may_have_pages,
    page_title,
    read_ranges,
)
from qwvis_desktop.core.media.raster import decode


def test_pages_are_counted_without_opening_any(tmp_path: Path) -> None:
    (tmp_path / "book.pdf").write_bytes(document([Page()] * 1000))
    (tmp_path / "fax.tif").write_bytes(tiff((30, 20), (40, 20), (50, 20)))
    (tmp_path / "one.tiff").write_bytes(tiff((30, 20)))
    assert [count_pages(tmp_path / name) for name in ("book.pdf", "fax.tif", "one.tiff")] == [1000, 3, 0]
    assert [may_have_pages(name) for name in ("A.PDF", "b.tif", "c.TIFF", "d.png", "e")] == [True] * 3 + [False] * 2
    with pytest.raises(MediaError, match=r'"gone\.pdf" is not there'):
        count_pages(tmp_path / "gone.pdf")


def test_each_page_of_a_tiff_is_a_picture_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "fax.tif"
    path.write_bytes(tiff((30, 20), (40, 24), (50, 20)))
    pages = [open_image(path, page=number) for number in (1, 2, 3)]
    assert [media.size for media in pages] == [Size(30, 20), Size(40, 24), Size(50, 20)]
    assert [decode(media).data[0] for media in pages] == [250, 210, 170]
    assert [(media.page, media.frames) for media in pages] == [(1, 3), (2, 3), (3, 3)]
    assert open_image(path).page == 1
    with pytest.raises(MediaError, match="has no page 4: there are 3"):
        open_image(path, page=4)


def test_a_turned_page_of_a_tiff_is_upright(tmp_path: Path) -> None:
    path = tmp_path / "turned.tif"
    exif = Image.Exif()
    exif[0x0112] = 6
    pictures = [Image.new("L", (30, 20), 10), Image.new("L", (40, 20), 20)]
    pictures[1].encoderinfo = {"exif": exif}
    pictures[0].save(path, save_all=True, append_images=pictures[1:], exif=exif)
    second = open_image(path, page=2)
    assert decode(second).size == second.size


def test_a_smaller_copy_in_a_tiff_is_no_page(tmp_path: Path) -> None:
    path = tmp_path / "pyramid.tif"
    small = Image.new("L", (16, 16), 9)
    small.encoderinfo = {"tiffinfo": {254: 1}}
    Image.new("L", (32, 32), 3).save(path, save_all=True, append_images=[small])
    with path.open("rb") as file:
        assert tiff_pages.pages(file) == (0,)
    assert (open_image(path).page, count_pages(path)) == (0, 0)


def test_an_animation_is_one_picture(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (20, 20), color) for color in ("red", "green", "blue")]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    media = open_image(tmp_path / "a.gif")
    assert (media.frames, media.page, count_pages(tmp_path / "a.gif")) == (3, 0, 0)
    with pytest.raises(MediaError, match="has no page 2: there is only one"):
        open_image(tmp_path / "a.gif", page=2)


def test_a_damaged_chain_of_directories_ends() -> None:
    around = b"II*\0" + struct.pack("<I", 8) + struct.pack("<HI", 0, 8)
    assert tiff_pages.pages(BytesIO(around)) == (0,)
    assert tiff_pages.pages(BytesIO(around[:12])) == ()
    assert tiff_pages.pages(BytesIO(b"no TIFF")) == ()


@given(st.binary(max_size=80))
def test_any_bytes_have_some_number_of_pages(data: bytes) -> None:
    for head in (b"II*\0", b"MM\0*", b"II+\0\x08\0\0\0"):
        assert len(tiff_pages.pages(BytesIO(head + data))) <= 8


def test_a_document_without_a_file_is_kept_in_one(tmp_path: Path) -> None:
    data = document([Page()] * 2)
    assert is_document(data)
    assert not is_document(tiff((9, 9)))
    path = keep_document(data, "lease", tmp_path / "kept")
    assert (path.name, count_pages(path)) == ("lease.pdf", 2)
    written = path.stat().st_mtime_ns
    assert keep_document(data, "lease", tmp_path / "kept") == path
    assert path.stat().st_mtime_ns == written


def test_a_page_has_an_address(tmp_path: Path) -> None:
    assert address("/a/scan.pdf", 3) == "/a/scan.pdf#page=3"
    assert from_address("/a/scan.pdf#page=3") == ("/a/scan.pdf", 3)
    assert from_address("/a/scan.pdf") == ("/a/scan.pdf", 0)
    odd = tmp_path / "x#page=2"
    odd.touch()
    assert from_address(str(odd)) == (str(odd), 0)
    assert [page_title("a.pdf", 1, 1), page_title("a.pdf", 2, 9)] == ["a.pdf", "a.pdf, page 2 of 9"]


def test_ranges_of_pages() -> None:
    assert read_ranges("1-3, 8", 20) == (1, 2, 3, 8)
    assert read_ranges("18-", 20) == (18, 19, 20)
    assert read_ranges("4,2,4", 20) == (4, 2)
    for wrong in ("", "x", "0", "3-1", "21", "1-99", "-3"):
        with pytest.raises(ValueError, match="pages"):
            read_ranges(wrong, 20)


@given(st.sets(st.integers(1, 60), min_size=1))
def test_ranges_are_written_as_they_are_read(pages: set[int]) -> None:
    assert read_ranges(as_ranges(pages), 60) == tuple(sorted(pages))
