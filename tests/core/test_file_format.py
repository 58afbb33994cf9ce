from __future__ import annotations

from pathlib import Path

from documents import empty_document, rich_document

from qwvis_desktop.core.dataset import dataset_of
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.file_format import Format, Layout, of_picture, single, whole
from qwvis_desktop.core.label_file import Losses


def losses(document: Document) -> Losses:
    boxes = len(document.annotations)
    return (boxes, "1 box", "{} boxes"), (-1, "nothing", "")


def test_what_several_lose_is_counted_together() -> None:
    kind = Format("x", "X", ".x", "text/plain", losses)
    assert kind.is_drawn
    assert kind.cannot_hold(empty_document()) == ()
    many = len(rich_document().annotations)
    assert kind.cannot_hold(rich_document()) == (f"Left out: {many} boxes.",)
    assert kind.left_out([rich_document(), rich_document()]) == (f"Left out: {2 * many} boxes.",)


def test_where_files_go() -> None:
    each = Format("x", "X", ".x.json", "text/plain", losses, beside=(".calib.txt",))
    path = Path("out") / "a.x.json"
    assert each.files(path) == (path, Path("out") / "a.x.calib.txt")
    assert each.place(path, "") == path
    folder = Format("x", "X", ".x", "inode/directory", losses, layout=Layout.FOLDER)
    assert folder.place(Path("out"), "labels/a.txt") == Path("out", "labels", "a.txt")


def test_files_are_made_by_functions_of_the_document_the_picture_or_the_set() -> None:
    dataset = dataset_of([empty_document(), empty_document()])
    made = single(lambda document: document.media.name.encode(), lambda _: b"camera")(dataset)
    assert [(file.name, file.data) for file in made] == [("", b"street.jpg"), (".calib.txt", b"camera")] * 2
    assert [file.data for file in of_picture(lambda picture: picture.stem.encode())(dataset)] == [
        b"street",
        b"street-2",
    ]
    assert [file.data for file in whole(lambda pictures: str(len(pictures)).encode())(dataset)] == [b"2"]
