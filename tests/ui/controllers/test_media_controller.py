"""Opening through the window: files, folders, addresses, picture data; and everything that is no picture."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from films import Film, clock, make_film
from loopback.answers import FAULTS, HTML, LOGIN_PAGE, RESET, Answer, gated, streamed
from loopback.service import LoopbackService
from PIL import Image
from program_window import (
    BOXES,
    PLACES,
    ask_loopback,
    boxes,
    drop,
    dropped_files,
    dropped_urls,
    editor_of,
    open_photo,
    run_to_the_end,
)
from PySide6.QtCore import QMimeData
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.store import shelf
from qwvis_desktop.ui.controllers import media_controller
from qwvis_desktop.ui.controllers.workspace import Entry


def png(size: tuple[int, int] = (40, 30), color: str = "teal") -> bytes:
    with BytesIO() as file:
        Image.new("RGB", size, color).save(file, "PNG")
        return file.getvalue()


def names(program: Program) -> list[str]:
    return [entry.name for entry in program.workspace.entries]


def wait_for_picture(program: Program, qtbot: QtBot, name: str) -> None:
    qtbot.waitUntil(
        lambda: (
            program.workspace.current is not None
            and program.workspace.current.name == name
            and program.workspace.editor is not None
            and program.canvas.picture is not None
        )
    )


def test_a_folder_gives_its_pictures_in_their_natural_order(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "holiday"
    folder.mkdir()
    for name in ("10.png", "9.png", "notes.txt", ".hidden.png"):
        (folder / name).write_bytes(png())
    drop(program, dropped_files(folder))
    wait_for_picture(program, qtbot, "9.png")
    assert names(program) == ["9.png", "10.png"]
    assert program.panels.filmstrip.isVisible()


def test_a_film_shows_its_first_frame(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    drop(program, dropped_files(make_film(tmp_path, Film(rotation=90))))
    wait_for_picture(program, qtbot, "film.mp4")
    picture = program.canvas.picture
    assert picture is not None
    assert (picture.size, clock(picture.raster)) == (Size(128, 208), 0)


def test_films_of_a_folder_are_listed_with_its_pictures(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    make_film(tmp_path, Film("b.mp4", count=3))
    (tmp_path / "a.png").write_bytes(png())
    drop(program, dropped_files(tmp_path))
    wait_for_picture(program, qtbot, "a.png")
    assert names(program) == ["a.png", "b.mp4"]


def test_a_folder_without_pictures_is_said(program: Program, qtbot: QtBot, photo: Path, tmp_path: Path) -> None:
    open_photo(program, qtbot, photo)
    empty = tmp_path / "empty"
    empty.mkdir()
    with qtbot.waitSignal(program.media.refused):
        drop(program, dropped_files(empty))
    assert program.canvas.notice == 'The folder "empty" holds no pictures and no films.'
    assert names(program) == ["photo.png"]


def test_a_folder_that_may_not_be_read_is_said(
    program: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path, *_: object) -> list[Path]:
        raise MediaError(f'"{folder.name}" cannot be opened: permission denied.')

    monkeypatch.setattr(media_controller, "picture_names", refuse)
    (tmp_path / "secret").mkdir()
    with qtbot.waitSignal(program.media.refused):
        program.media.open_paths([tmp_path / "secret"])
    assert "permission denied" in program.canvas.notice


def test_a_path_below_what_may_not_be_entered_is_a_picture_that_cannot_be_opened(
    program: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = tmp_path / "locked" / "a.png"
    plain_stat = Path.stat

    def stat(path: Path, *, follow_symlinks: bool = True) -> object:
        if path == locked:
            raise PermissionError(13, "Permission denied", str(path))
        return plain_stat(path, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(Path, "stat", stat)
    with qtbot.waitSignal(program.media.problem):
        program.media.open_paths([locked])
    assert "a.png" in program.canvas.notice


def test_opening_the_same_twice_looks_at_it_and_keeps_the_work(
    program: Program, qtbot: QtBot, photo: Path, tmp_path: Path, loopback: LoopbackService
) -> None:
    loopback.answer = streamed("".join(BOXES))
    editor = open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    run_to_the_end(program, qtbot)
    other = tmp_path / "other.png"
    other.write_bytes(png())
    open_photo(program, qtbot, other)
    open_photo(program, qtbot, photo)
    assert editor_of(program) is editor
    assert names(program) == ["photo.png", "other.png"]
    assert boxes(program) == PLACES


def test_neighbours_are_opened_and_decoded_before_they_are_looked_at(
    program: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    paths = [tmp_path / f"{number}.png" for number in range(4)]
    for path in paths:
        path.write_bytes(png((300, 200)))
    drop(program, dropped_files(*paths))
    wait_for_picture(program, qtbot, "0.png")
    qtbot.waitUntil(lambda: program.workspace.editor_of(str(paths[1])) is not None)
    program.workspace.show(str(paths[1]))
    wait_for_picture(program, qtbot, "1.png")
    qtbot.waitUntil(lambda: program.loader.full(str(paths[2])) is not None)
    assert program.loader.full(str(paths[3])) is None
    assert program.workspace.editor_of(str(paths[3])) is None


def test_an_address_is_downloaded_and_looked_at(program: Program, qtbot: QtBot, loopback: LoopbackService) -> None:
    loopback.answer = Answer([png((64, 48))], content_type="image/png", whole=True)
    drop(program, dropped_urls(f"http://127.0.0.1:{loopback.port}/pictures/harbour.png"))
    wait_for_picture(program, qtbot, "harbour.png")
    assert editor_of(program).document.size == Size(64, 48)


def test_a_film_at_an_address_is_kept_in_a_file(
    program: Program, qtbot: QtBot, loopback: LoopbackService, tmp_path: Path
) -> None:
    film = make_film(tmp_path, Film(count=3)).read_bytes()
    loopback.answer = Answer([film], content_type="video/mp4", whole=True)
    address = f"http://127.0.0.1:{loopback.port}/films/harbour.mp4"
    drop(program, dropped_urls(address))
    wait_for_picture(program, qtbot, "harbour.mp4")
    entry, media = program.workspace.current, editor_of(program).document.media
    assert entry is not None
    assert (entry.url, media.kind, media.name) == (address, "video", "harbour.mp4")
    assert entry.path == media.path
    assert Path(entry.file).read_bytes() == film


NO_PICTURES = (
    (Answer([LOGIN_PAGE], content_type=HTML, whole=True), "web page"),
    (Answer([b"not here"], status=404, whole=True), "nothing at"),
    (FAULTS["server-error"], "500"),
    (Answer([], content_type="image/png", whole=True), "empty"),
    (Answer([png()[:20], RESET], content_type="image/png"), "connection"),
)


def test_an_address_that_gives_no_picture_is_said_and_the_work_stays(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    editor = open_photo(program, qtbot, photo)
    for answer, part in NO_PICTURES:
        loopback.answer = answer
        with qtbot.waitSignal(program.media.refused):
            drop(program, dropped_urls(f"http://127.0.0.1:{loopback.port}/a.png"))
        assert part in program.canvas.notice
        assert program.canvas.notice.endswith("."), part
        assert names(program) == ["photo.png"], part
        assert program.workspace.editor is editor, part


def test_nobody_at_the_address(program: Program, qtbot: QtBot) -> None:
    with LoopbackService() as gone:
        address = f"http://127.0.0.1:{gone.port}/a.png"
    with qtbot.waitSignal(program.media.refused):
        program.media.open_urls([address])
    assert "127.0.0.1" in program.canvas.notice
    assert not program.workspace.entries


def test_closing_ends_a_download_under_way(program: Program, loopback: LoopbackService) -> None:
    loopback.answer, _ = gated(["never"])
    program.media.open_urls([f"http://127.0.0.1:{loopback.port}/a.png"])
    request = loopback.wait_for_request()
    program.window.close()
    assert program.all_threads_ended
    assert request.closed.wait(1.0)


def test_picture_data_dragged_out_of_a_browser(program: Program, qtbot: QtBot) -> None:
    mime = QMimeData()
    mime.setData("image/png", png((50, 20)))
    drop(program, mime)
    qtbot.waitUntil(lambda: program.workspace.editor is not None)
    assert editor_of(program).document.size == Size(50, 20)
    assert program.workspace.current is not None
    assert program.workspace.current.path is None
    drop(program, mime)
    assert len(program.workspace.entries) == 1


def test_data_without_a_name_gets_one(program: Program, qtbot: QtBot) -> None:
    program.media.open_data(png(), "")
    wait_for_picture(program, qtbot, "Pasted picture")


def bomb() -> bytes:
    """Return a PNG whose header promises 60,000 x 60,000 pixels."""
    import struct
    import zlib

    header = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header)) + png()[33:]


BAD_PICTURES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "text": (b"this is no picture at all", "not a picture"),
    "html": (LOGIN_PAGE, "is a web page, not a picture"),
    "header only": (png((400, 300))[:30], "bad.png"),
    "bomb": (bomb(), "60,000 x 60,000"),
    "side of 10": (png((10, 400)), "10"),
    "201 to 1": (png((4020, 20)), "200"),
}
"""Bad files and a part of what is said about them."""


def test_a_bad_picture_is_refused_in_a_sentence_and_the_work_stays(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path, tmp_path: Path
) -> None:
    loopback.answer = streamed("".join(BOXES))
    editor = open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    run_to_the_end(program, qtbot)
    for name, (content, part) in BAD_PICTURES.items():
        bad = tmp_path / name / "bad.png"
        bad.parent.mkdir()
        bad.write_bytes(content)
        drop(program, dropped_files(bad))
        qtbot.waitUntil(lambda: bool(program.canvas.notice) or program.workspace.editor not in (None, editor))
        if not program.canvas.notice:  # it can be looked at, and is refused when it is to be sent
            program.actions["run.start"].trigger()
            qtbot.waitUntil(lambda: bool(program.canvas.notice))
        said = program.canvas.notice
        assert part in said, name
        assert said.endswith("."), name
        assert "bad.png" in said or part in ("10", "200"), name
        program.actions["file.close"].trigger()
        assert program.workspace.editor is editor, name
        assert boxes(program) == PLACES, name
        assert program.actions["run.start"].isEnabled(), name
        program.canvas.withdraw_notice(said)


def test_a_truncated_picture_is_shown_as_far_as_it_goes_or_refused(
    program: Program, qtbot: QtBot, photo: Path, tmp_path: Path
) -> None:
    whole = photo.read_bytes()
    cut = tmp_path / "cut.png"
    cut.write_bytes(whole[: len(whole) // 2])
    drop(program, dropped_files(cut))
    qtbot.waitUntil(lambda: "cut.png" in program.canvas.notice)
    entry = program.workspace.entry(str(cut))
    assert entry is not None
    assert entry.problem == program.canvas.notice


def test_a_file_without_permission_is_said(
    program: Program, qtbot: QtBot, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The tests may run as a user who may read everything.
    def refuse(source: object, name: str = "", **_: object) -> None:
        raise MediaError(f'"{name}" cannot be opened: permission denied.')

    monkeypatch.setattr(shelf, "open_media", refuse)
    with qtbot.waitSignal(program.media.problem):
        drop(program, dropped_files(photo))
    assert program.canvas.notice == '"photo.png" cannot be opened: permission denied.'
    assert not program.actions["run.start"].isEnabled()


def test_a_file_that_vanished_before_it_was_opened(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    gone = tmp_path / "gone.png"
    with qtbot.waitSignal(program.media.problem):
        drop(program, dropped_files(gone))
    assert "gone.png" in program.canvas.notice
    gone.write_bytes(png())
    program.workspace.close(str(gone))
    open_photo(program, qtbot, gone)


def test_a_file_that_vanishes_after_it_was_opened(program: Program, qtbot: QtBot, tmp_path: Path, photo: Path) -> None:
    first, second = tmp_path / "1.png", tmp_path / "2.png"
    first.write_bytes(png())
    second.write_bytes(png())
    drop(program, dropped_files(first, second))
    wait_for_picture(program, qtbot, "1.png")
    qtbot.waitUntil(lambda: program.loader.full(str(second)) is not None)
    program.loader.forget(str(second))
    second.unlink()
    program.actions["view.next"].trigger()
    qtbot.waitUntil(lambda: "2.png" in program.canvas.notice)
    program.actions["view.previous"].trigger()
    wait_for_picture(program, qtbot, "1.png")


def test_what_was_closed_while_it_was_opened_stays_closed(program: Program, qtbot: QtBot, photo: Path) -> None:
    found = Entry(str(photo), photo.name, str(photo))
    program.workspace.add([found])
    program.workspace.show(found.key)
    program.workspace.close(found.key)
    with qtbot.assertNotEmitted(program.media.opened, wait=100):
        pass
    assert not program.workspace.entries


def test_a_large_folder_comes_in_slices_in_the_order_in_which_people_count(
    program: Program, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media_controller, "SLICE", 4)
    for number in range(30):
        (tmp_path / f"{number}.png").write_bytes(png())
    came: list[int] = []
    program.workspace.entries_added.connect(lambda entries: came.append(len(entries)))
    program.media.open_paths([tmp_path])
    qtbot.waitUntil(lambda: program.workspace.count == 30)
    assert [entry.name for entry in program.workspace.entries] == [f"{number}.png" for number in range(30)]
    assert sum(came) == 30
    assert len(came) > 1
    assert program.panels.filmstrip._model.rowCount() == 30


def test_what_is_wrong_with_a_neighbour_is_said_when_it_is_looked_at(
    program: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    paths = [tmp_path / f"{number}.png" for number in range(3)]
    for path in paths[:2]:
        Image.new("RGB", (40, 30)).save(path)
    paths[2].write_bytes(b"")
    (tmp_path / "1.png.qwvis").write_bytes(b"damaged")
    drop(program, dropped_files(*paths))
    qtbot.waitUntil(lambda: program.workspace.editor_of(str(paths[1])) is not None)
    assert program.canvas.notice == ""
    program.actions["view.next"].trigger()
    assert "1.png.qwvis" in program.canvas.notice
    qtbot.waitUntil(lambda: bool(problem_of(program, paths[2])))
    assert "1.png.qwvis" in program.canvas.notice
    program.actions["view.next"].trigger()
    qtbot.waitUntil(lambda: program.canvas.notice == problem_of(program, paths[2]))
    # The canvas says it in place of inviting to drop pictures, which lie there.
    assert program.canvas.accessibleDescription() == f"This cannot be shown. {program.canvas.notice}"
    program.canvas.grab()
    program.actions["view.previous"].trigger()
    assert program.canvas.accessibleDescription() == "1.png"


def problem_of(program: Program, path: Path) -> str:
    entry = program.workspace.entry(str(path))
    return entry.problem if entry is not None else ""
