import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QMimeData, QUrl
from PySide6.QtGui import QColor, QImage

from qwvis_desktop.ui.canvas.drop import DropKind, picture_of, plan_drop

pytestmark = pytest.mark.usefixtures("qapp")

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def of(fill: Callable[[QMimeData], object]) -> QMimeData:
    mime = QMimeData()
    fill(mime)
    return mime


def urls(*addresses: str) -> QMimeData:
    return of(lambda mime: mime.setUrls([QUrl(address) for address in addresses]))


def files(*names: str) -> QMimeData:
    return of(lambda mime: mime.setUrls([QUrl.fromLocalFile(f"/nowhere/{name}") for name in names]))


TABLE = [
    (files("a.jpg"), DropKind.FILES, "Open 'a.jpg'"),
    (files("A.JPEG", "b.png", "c.webp"), DropKind.FILES, "Open 3 pictures"),
    (files("without_suffix"), DropKind.FILES, "Open 'without_suffix'"),
    (files("letter.docx"), DropKind.REFUSED, "QwVis can't open .docx files"),
    (files("letter.docx", "sound.mp3"), DropKind.REFUSED, "QwVis can't open .docx or .mp3 files"),
    (files("film.MKV"), DropKind.FILES, "Open 'film.MKV'"),
    (files("a.mp4", "b.mov"), DropKind.FILES, "Open 2 films"),
    (files("a.mp4", "b.png"), DropKind.FILES, "Open 2 pictures and films"),
    (files("a.jpg", "letter.docx"), DropKind.FILES, "Open 'a.jpg' (1 of another kind left out)"),
    (files("a.mp4", "a.srt"), DropKind.FILES, "Open 'a.mp4' and read 'a.srt' for it"),
    (files("a.mp4", "a.srt", "gt.txt"), DropKind.FILES, "Open 'a.mp4' and read 2 files as labels"),
    (files("a.vtt"), DropKind.FILES, "Read 'a.vtt' as a reply, labels or a camera"),
    (urls("https://example.org/a.jpg"), DropKind.URLS, "Download the picture"),
    (urls("https://example.org/a.jpg", "http://example.org/b"), DropKind.URLS, "Download 2 pictures"),
    (urls("ftp://example.org/a.jpg"), DropKind.REFUSED, "QwVis can't open ftp links, only http and https"),
    (of(lambda mime: mime.setText("https://example.org/a.jpg\n")), DropKind.URLS, "Download the picture"),
    (of(lambda mime: mime.setText('[{"bbox_2d": [1, 2, 3, 4]}]')), DropKind.TEXT, "Read this text as a reply"),
    (of(lambda mime: mime.setText("see http://[")), DropKind.TEXT, "Read this text as a reply"),
    (
        of(lambda mime: mime.setText("  \n ")),
        DropKind.REFUSED,
        "QwVis can open pictures, films, folders, links and replies",
    ),
    (QMimeData(), DropKind.REFUSED, "QwVis can open pictures, films, folders, links and replies"),
    (of(lambda mime: mime.setData("image/png", QByteArray(PIXEL))), DropKind.PICTURE, "Open the picture"),
    (of(lambda mime: mime.setImageData(QImage(2, 2, QImage.Format.Format_RGB32))), DropKind.PICTURE, "Open the"),
    (of(lambda mime: mime.setHtml("<p>words</p>")), DropKind.REFUSED, "QwVis can open"),
    (of(lambda mime: mime.setHtml("<img alt='x' src='https://example.org/a.png'>")), DropKind.URLS, "Download the"),
    (of(lambda mime: mime.setHtml("<img src=data:image/png;base64,AAAA>")), DropKind.PICTURE, "Open the picture"),
    (of(lambda mime: mime.setText("data:image/png;base64,AAAA")), DropKind.PICTURE, "Open the picture"),
]


@pytest.mark.parametrize(("mime", "kind", "sentence"), TABLE)
def test_what_a_drop_will_do(mime: QMimeData, kind: DropKind, sentence: str) -> None:
    plan = plan_drop(mime)
    assert plan.kind is kind
    assert plan.sentence.startswith(sentence)


def test_folders_are_named(tmp_path: Path) -> None:
    (tmp_path / "holiday").mkdir()
    (tmp_path / "more").mkdir()
    folder = QUrl.fromLocalFile(str(tmp_path / "holiday"))
    plan = plan_drop(of(lambda mime: mime.setUrls([folder])))
    assert plan.sentence == "Open the folder 'holiday'"
    assert plan.paths == (tmp_path / "holiday",)
    both = [folder, QUrl.fromLocalFile(str(tmp_path / "more"))]
    assert plan_drop(of(lambda mime: mime.setUrls(both))).sentence == "Open 2 folders"
    mixed = [folder, QUrl.fromLocalFile("/nowhere/a.png")]
    assert plan_drop(of(lambda mime: mime.setUrls(mixed))).sentence == "Open 1 pictures and 1 folders"


def browser_drag() -> QMimeData:
    """A picture as a browser gives it: the page it leads to, the piece of page, and the data."""
    mime = urls("https://example.org/page.html")
    mime.setHtml(
        '<a href="https://example.org/page.html"><img src="https://example.org/pics/cat%20one.png?w=1&amp;h=2"></a>'
    )
    return mime


def test_out_of_a_browser_the_pictures_link_is_taken_and_not_the_pages() -> None:
    assert plan_drop(browser_drag()).urls == ("https://example.org/pics/cat%20one.png?w=1&h=2",)


def test_out_of_a_browser_the_data_is_taken_where_there_is_some() -> None:
    mime = browser_drag()
    mime.setData("image/png", QByteArray(PIXEL))
    assert plan_drop(mime).kind is DropKind.PICTURE
    assert picture_of(mime) == (PIXEL, "cat one.png")


def test_a_local_file_goes_before_its_pixels() -> None:
    mime = files("a.png")
    mime.setImageData(QImage(2, 2, QImage.Format.Format_RGB32))
    assert plan_drop(mime).kind is DropKind.FILES


def test_pixels_are_encoded_without_loss() -> None:
    image = QImage(3, 2, QImage.Format.Format_RGB32)
    image.fill(QColor("#336699"))
    found = picture_of(of(lambda mime: mime.setImageData(image)))
    assert found is not None
    back = QImage.fromData(found[0])
    assert (back.width(), back.height(), back.pixelColor(1, 1).name()) == (3, 2, "#336699")


def test_a_picture_in_a_page_is_decoded() -> None:
    page = f'<img src="data:image/png;base64,{base64.b64encode(PIXEL).decode()}">'
    assert picture_of(of(lambda mime: mime.setHtml(page))) == (PIXEL, "Dropped picture")


def test_what_is_no_base64_gives_no_picture() -> None:
    assert picture_of(of(lambda mime: mime.setHtml('<img src="data:image/png;base64,A">'))) is None
    assert picture_of(QMimeData()) is None


def test_a_path_below_a_locked_folder_is_left_to_opening(monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(self: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(self))

    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/locked/photo.jpg")])
    with monkeypatch.context() as patched:
        patched.setattr(Path, "is_dir", locked)
        plan = plan_drop(mime)
    assert plan.kind is DropKind.FILES
    assert plan.paths == (Path("/locked/photo.jpg"),)
