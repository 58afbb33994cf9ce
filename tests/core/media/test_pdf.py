from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from drawn_documents import A4, Page, document
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.coordinates import ResizeRule
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.media import large, pdf
from qwvis_desktop.core.media.image import MediaError, PasswordNeeded, open_image
from qwvis_desktop.core.media.pixels import NotWanted, Raster
from qwvis_desktop.core.media.prepare import prepare_image
from qwvis_desktop.core.media.raster import decode

MARK = "0 g 100 700 100 50 re f"
"""A black box, from 100 to 200 points from the left and 700 to 750 from below."""

SEEN = {0: (100, 91.89, 200, 141.89), 90: (700, 100, 750, 200), 180: (395.28, 700, 495.28, 750)}
SEEN[270] = (91.89, 395.28, 141.89, 495.28)
"""Where the mark is on a page that is turned, in points from the top left."""

RULE = ResizeRule(32, 4_096, 400_000)


def saved(tmp_path: Path, *pages: Page, password: str = "", name: str = "scan.pdf") -> Path:
    path = tmp_path / name
    path.write_bytes(document(pages, password))
    return path


def dark(raster: Raster) -> Box:
    """Return the box around what is darker than half."""
    pixels = np.frombuffer(raster.data, np.uint8).reshape(raster.size.height, raster.size.width, 4)
    rows, columns = np.nonzero(pixels[..., 0] < 128)
    return Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)


def near(box: Box, points: tuple[float, ...], scale: float, within: float = 1.01) -> bool:
    return all(abs(side - point * scale) <= within for side, point in zip(box, points, strict=True))


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_page_is_a_picture_of_its_points_at_the_resolution(tmp_path: Path, rotate: int) -> None:
    path = saved(tmp_path, Page(), Page(marks=MARK, rotate=rotate))
    media = open_image(path, page=2, resolution=144)
    sides = (1191, 1684) if rotate in (0, 180) else (1684, 1191)
    assert (media.size, media.frames, media.page, media.mime) == (Size(*sides), 2, 2, "application/pdf")
    assert near(dark(decode(media)), SEEN[rotate], 2)
    small = decode(media, Size(200, 200))
    assert small.size == Size(-(-sides[0] // 8), -(-sides[1] // 8))
    assert near(dark(small), SEEN[rotate], 0.25)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_place_that_is_seen_is_found_in_the_pages_own_coordinates(tmp_path: Path, rotate: int) -> None:
    page = Page(marks=MARK, rotate=rotate, crop=(50, 60, 500, 800))
    seen = pdf.geometry(saved(tmp_path, page), 1)
    assert (seen.width, seen.height) == ((450, 740) if rotate in (0, 180) else (740, 450))
    assert (seen.rotation, seen.visible) == (rotate, (50, 60, 500, 800))
    box = dark(decode(open_image(tmp_path / "scan.pdf", resolution=72)))
    corners = [seen.own_point(box.left, box.top), seen.own_point(box.right, box.bottom)]
    assert sorted(x for x, _ in corners) == pytest.approx([100, 200], abs=1.1)
    assert sorted(y for _, y in corners) == pytest.approx([700, 750], abs=1.1)


@given(st.sampled_from([0, 90, 180, 270]), st.floats(0.1, 0.9), st.floats(0.1, 0.9))
def test_own_points_stay_inside_and_differ_as_they_are_seen(rotate: int, across: float, down: float) -> None:
    width, height = (450.0, 740.0) if rotate in (0, 180) else (740.0, 450.0)
    seen = pdf.PageGeometry(width, height, rotate, (50.0, 60.0, 500.0, 800.0))
    x, y = seen.own_point(across * width, down * height)
    assert 50 <= x <= 500
    assert 60 <= y <= 800
    further = seen.own_point(across * width + 3, down * height + 4)
    assert np.hypot(further[0] - x, further[1] - y) == pytest.approx(5)


def test_what_is_sent_is_drawn_at_the_size_that_is_sent(tmp_path: Path) -> None:
    media = open_image(saved(tmp_path, Page(["Sharp letters"], marks=MARK)))
    sent = prepare_image(media, RULE)
    assert (sent.mime, sent.frame.original) == ("image/png", media.size)
    again = open_image(sent.data)
    assert again.size == sent.frame.sent
    scale = sent.frame.sent.width / A4[0]
    box = dark(decode(again))
    assert box.right == pytest.approx(200 * scale, abs=1.5)
    media = open_image(saved(tmp_path, Page(marks=MARK)))
    part = Box(150, 200, 650, 450)
    enlarged = prepare_image(media, ResizeRule(32, 1_000_000, 2_000_000), part)
    assert enlarged.frame.crop == part
    assert enlarged.frame.sent.width > 2 * part.width
    across = enlarged.frame.sent.width / part.width
    left = (100 * 200 / 72 - part.left) * across
    assert dark(decode(open_image(enlarged.data))).left == pytest.approx(left, abs=1.5)


def test_turned_pages_are_sent_turned(tmp_path: Path) -> None:
    media = open_image(saved(tmp_path, Page(marks=MARK)))
    sent = prepare_image(media, RULE, turn=1)
    assert sent.frame.sent.width > sent.frame.sent.height
    box = dark(decode(open_image(sent.data)))
    assert box.left > sent.frame.sent.width / 2  # what was above is at the right now


def test_a_huge_page_is_drawn_in_parts_and_memory_is_not_filled(tmp_path: Path) -> None:
    media = open_image(saved(tmp_path, Page(marks="0 g 1000 13000 400 400 re f", size=(14_000, 14_000))))
    assert media.size.pixels <= 200_000_000
    assert large.is_large(media)
    overview = decode(media, Size(600, 600))
    assert overview.size.pixels < 2_000_000
    scale = media.size.width / 14_000
    part = large.part(media, 2, Box(900 * scale, 500 * scale, 1500 * scale, 1100 * scale))
    assert part.raster.size.width * 2 == part.box.width
    box = dark(part.raster)
    assert part.box.left + 2 * box.left == pytest.approx(1000 * scale, abs=2.1)
    assert part.box.top + 2 * box.bottom == pytest.approx(1000 * scale, abs=2.1)


def test_a_page_that_nobody_waits_for_is_not_drawn_to_its_end(tmp_path: Path) -> None:
    lines = "0 g " + " ".join(f"{n % 500} {n // 500} m 300 400 l S" for n in range(4_000))
    media = open_image(saved(tmp_path, Page(marks=lines)))
    asked = []

    def is_wanted() -> bool:
        asked.append(True)
        return len(asked) < 3

    with pytest.raises(NotWanted):
        decode(media, is_wanted=is_wanted)
    assert len(asked) >= 3


def test_an_encrypted_document_asks_for_its_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(pdf.PASSWORD_VARIABLE, raising=False)
    path = saved(tmp_path, Page(marks=MARK), password="open sesame")
    with pytest.raises(
        PasswordNeeded, match=r'"scan\.pdf" is encrypted, and needs a password.*QWVIS_PDF_PASSWORD'
    ) as needed:
        open_image(path)
    assert (needed.value.path, needed.value.wrong) == (path, False)
    assert not pdf.unlock(path, "wrong")
    assert pdf.unlock(path, "open sesame")
    assert not pdf.unlock(path, "wrong")  # the right one stays
    assert near(dark(decode(open_image(path, resolution=72))), SEEN[0], 1)


def test_the_password_may_stand_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved(tmp_path, Page(), password="open sesame", name="other.pdf")
    monkeypatch.setenv(pdf.PASSWORD_VARIABLE, "wrong")
    with pytest.raises(PasswordNeeded, match="is not the right one") as needed:
        open_image(path)
    assert needed.value.wrong
    assert "wrong" not in str(needed.value)
    monkeypatch.setenv(pdf.PASSWORD_VARIABLE, "open sesame")
    assert open_image(path).frames == 1


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"%PDF-1.4\nnothing of a document", "is a PDF document that is damaged"),
        (document([Page()])[:150], "is a PDF document that is damaged"),
        (document([]), "has no pages"),
    ],
)
def test_what_is_no_document_gets_a_sentence(tmp_path: Path, data: bytes, sentence: str) -> None:
    (tmp_path / "bad.pdf").write_bytes(data)
    with pytest.raises(MediaError, match=f'"bad.pdf" {sentence}'):
        open_image(tmp_path / "bad.pdf")


def test_a_page_that_is_not_there_and_a_document_that_went_away(tmp_path: Path) -> None:
    path = saved(tmp_path, Page(), Page())
    with pytest.raises(MediaError, match=r'"scan\.pdf" has no page 3: there are 2'):
        open_image(path, page=3)
    media = open_image(path, page=2)
    path.write_bytes(document([Page()]))
    with pytest.raises(MediaError, match="no page 2: there is only one"):
        decode(media)
    path.unlink()
    with pytest.raises(MediaError, match="is not there any more"):
        decode(media)


def test_without_pdfium_it_is_said_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved(tmp_path, Page())
    monkeypatch.setattr(pdf, "library", lambda: None)
    with pytest.raises(MediaError, match=r"the part that reads those is not installed. Type: pip install .*\[pdf\]"):
        open_image(path)


def test_files_made_of_a_page_are_named_after_it(tmp_path: Path) -> None:
    path = saved(tmp_path, Page(), Page())
    assert [open_image(path, page=number).file_name for number in (1, 2)] == ["scan-p001.pdf", "scan-p002.pdf"]
    assert open_image(saved(tmp_path, Page(), name="letter.pdf")).file_name == "letter.pdf"


def test_a_name_that_is_no_text_is_opened(tmp_path: Path) -> None:
    path = saved(tmp_path, Page(), name="a\udce4.pdf")
    assert open_image(path).frames == 1
