import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from canvas_pictures import plain
from PIL import Image
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.image import ImageMedia, open_image
from qwvis_desktop.core.media.raster import Raster, decode
from qwvis_desktop.ui import images
from qwvis_desktop.ui.images import Picture, PictureLoader

Told = list[tuple[str, Picture, bool]]

VIEW = Size(200, 150)


@pytest.fixture
def photo(tmp_path: Path) -> Callable[[str], ImageMedia]:
    def make(name: str) -> ImageMedia:
        path = tmp_path / f"{name}.jpg"
        Image.effect_noise((1600, 1200), 60).convert("RGB").save(path, quality=80)
        return open_image(path)

    return make


@pytest.fixture
def loader(qtbot: QtBot) -> Iterator[PictureLoader]:
    made = PictureLoader()
    yield made
    made.close()


@pytest.fixture
def told(loader: PictureLoader) -> Told:
    seen: Told = []
    loader.ready.connect(lambda *news: seen.append(news))
    return seen


def test_a_preview_comes_first_and_the_whole_picture_next(
    loader: PictureLoader,
    told: Told,
    photo: Callable[[str], ImageMedia],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(images, "is_light", lambda media: False)
    loader.show("a", photo("a"), VIEW)
    qtbot.waitUntil(lambda: len(told) == 2)
    (_, preview, first), (_, full, last) = told
    assert (first, last) == (False, True)
    assert preview.size == full.size == (1600, 1200)
    assert 200 <= preview.levels[0].width() < 1600
    assert [(level.width(), level.height()) for level in full.levels] == [(1600, 1200), (800, 600)]


def test_where_the_whole_is_there_as_soon_no_preview_comes_after_it(
    loader: PictureLoader, told: Told, photo: Callable[[str], ImageMedia], qtbot: QtBot
) -> None:
    for turn in range(6):
        loader.show(f"{turn}", photo(f"{turn}"), VIEW)
        qtbot.waitUntil(lambda: bool(told) and told[-1][2])
        assert [final for _, _, final in told] in ([True], [False, True])
        told.clear()


def test_of_a_picture_that_is_not_on_show_only_small_levels_are_kept(
    loader: PictureLoader,
    told: Told,
    photo: Callable[[str], ImageMedia],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(images, "_KEPT_PIXELS", 500_000)
    for name in ("a", "b"):
        loader.show(name, photo(name), VIEW)
        qtbot.waitUntil(lambda name=name: bool(told) and told[-1][::2] == (name, True))  # type: ignore[misc]  # mypy guesses no default's type
    kept = loader.kept("a")
    assert kept is not None
    assert [level.width() for level in kept.levels] == [800]
    assert loader.full("a") is None
    assert loader.full("b") is not None


def test_a_picture_shown_large_is_decoded_once(
    loader: PictureLoader, told: Told, photo: Callable[[str], ImageMedia], qtbot: QtBot
) -> None:
    loader.show("a", photo("a"), Size(1500, 1100))
    qtbot.waitUntil(lambda: bool(told))
    assert [final for _, _, final in told] == [True]


def test_a_kept_picture_is_there_at_once(
    loader: PictureLoader, told: Told, photo: Callable[[str], ImageMedia], qtbot: QtBot
) -> None:
    media = photo("a")
    loader.show("a", media, VIEW)
    qtbot.waitUntil(lambda: any(final for _, _, final in told))
    told.clear()
    loader.show("a", media, VIEW)
    assert [(key, final) for key, _, final in told] == [("a", True)]


def test_a_prefetched_neighbour_is_there_at_once_as_a_preview(
    loader: PictureLoader, told: Told, photo: Callable[[str], ImageMedia], qtbot: QtBot
) -> None:
    media = photo("b")
    loader.prefetch("b", media, VIEW)
    qtbot.waitUntil(lambda: loader.kept_bytes > 0)
    assert not told
    loader.show("b", media, VIEW)
    assert [(key, final) for key, _, final in told] == [("b", False)]
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told[1][2]


def test_what_is_no_longer_wanted_is_not_told(
    loader: PictureLoader,
    told: Told,
    photo: Callable[[str], ImageMedia],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entered, gate = threading.Event(), threading.Event()
    slow = photo("slow")

    def held(media: ImageMedia, at_least: Size | None = None, *_: object) -> Raster:
        if media is slow:
            entered.set()
            assert gate.wait(10)
        return decode(media, at_least)

    monkeypatch.setattr(images, "decode", held)
    monkeypatch.setattr(images, "is_light", lambda media: False)
    loader.show("slow", slow, VIEW)
    assert entered.wait(10)
    loader.show("b", photo("b"), VIEW)
    gate.set()
    qtbot.waitUntil(lambda: len(told) == 2)
    assert [key for key, _, _ in told] == ["b", "b"]


def test_a_failure_is_said_of_what_is_shown(
    loader: PictureLoader, photo: Callable[[str], ImageMedia], qtbot: QtBot
) -> None:
    media = photo("gone")
    assert media.path is not None
    media.path.unlink()
    with qtbot.waitSignal(loader.failed) as said:
        loader.show("gone", media, VIEW)
    assert said.args is not None
    assert said.args[0] == "gone"
    assert "gone.jpg" in said.args[1]


def test_the_cache_keeps_within_its_bytes(photo: Callable[[str], ImageMedia], qtbot: QtBot) -> None:
    one = 4 * 1600 * 1200 * 5 // 4
    loader = PictureLoader(cache_bytes=2 * one + 1000)
    told: list[str] = []
    loader.ready.connect(lambda key, picture, final: told.append(key) if final else None)
    for count, key in enumerate("abc", 1):
        loader.show(key, photo(key), VIEW)
        qtbot.waitUntil(lambda count=count: len(told) == count)  # type: ignore[misc]  # mypy: a default in a lambda
    assert loader.kept_bytes <= 2 * one + 1000
    loader.forget("c")
    assert loader.kept_bytes <= one + 1000
    loader.close()


def test_what_is_shown_is_kept_however_large(photo: Callable[[str], ImageMedia], qtbot: QtBot) -> None:
    loader = PictureLoader(cache_bytes=1)
    with qtbot.waitSignal(loader.ready, check_params_cb=lambda key, picture, final: final):
        loader.show("a", photo("a"), VIEW)
    assert loader.kept_bytes > 1
    loader.close()


def test_closing_ends_both_threads(loader: PictureLoader, photo: Callable[[str], ImageMedia]) -> None:
    loader.show("a", photo("a"), VIEW)
    names = {thread.name for thread in threading.enumerate()}
    assert {"picture previews", "pictures in full"} <= names
    loader.close()
    names = {thread.name for thread in threading.enumerate()}
    assert not {"picture previews", "pictures in full"} & names
    loader.close()


def test_the_level_is_the_smallest_that_is_large_enough() -> None:
    picture = plain(Size(4000, 2000))
    assert [level.width() for level in picture.levels] == [4000, 2000, 1000, 500]
    assert [picture.level_for(zoom).width() for zoom in (3.0, 1.0, 0.6, 0.5, 0.3, 0.25, 0.01)] == [
        4000, 4000, 4000, 2000, 2000, 1000, 500
    ]  # fmt: skip


def test_a_picture_lives_as_long_as_its_levels_are_used() -> None:
    # QImage does not hold the memory it shows: the picture does.
    pictures = [plain(Size(300, 200), QColor(shade, 0, 0)) for shade in range(50)]
    assert [picture.levels[0].pixelColor(299, 199).red() for picture in pictures] == list(range(50))
