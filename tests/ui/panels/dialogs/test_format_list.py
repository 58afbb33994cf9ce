from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from qwvis_desktop.ui.panels.dialogs.format_list import FormatChoice, FormatList

FORMATS = (
    FormatChoice("png", "Annotated picture", ".png", group="Pictures"),
    FormatChoice("coco", "COCO", ".coco.json", group="Labels"),
    FormatChoice("yolo", "YOLO boxes", ".yolo", group="Labels"),
    FormatChoice("srt", "Subtitles", ".srt", group="Films"),
)


@pytest.fixture
def formats(qtbot: QtBot) -> FormatList:
    formats = FormatList(FORMATS)
    qtbot.addWidget(formats)
    formats.choose("")
    return formats


def seen(formats: FormatList) -> list[str]:
    rows = [formats.item(row) for row in range(formats.count())]
    return [row.text().partition("  ")[0] for row in rows if not row.isHidden()]


def test_headings_stand_over_their_formats_and_keys_pass_them(formats: FormatList) -> None:
    assert seen(formats) == ["Pictures", "Annotated picture", "Labels", "COCO", "YOLO boxes", "Films", "Subtitles"]
    chosen = [formats.chosen]
    for _ in range(4):
        QTest.keyClick(formats, Qt.Key.Key_Down)
        chosen.append(formats.chosen)
    assert chosen == ["png", "coco", "yolo", "srt", "srt"]
    for _ in range(4):
        QTest.keyClick(formats, Qt.Key.Key_Up)
    assert formats.chosen == "png"
    for key, chosen_now in ((Qt.Key.Key_End, "srt"), (Qt.Key.Key_Home, "png")):
        QTest.keyClick(formats, key)
        assert formats.chosen == chosen_now
        assert formats.currentItem().text().startswith(("Subtitles", "Annotated"))


@pytest.mark.parametrize("words", ["yolo", "srt", "labels", "o"])
def test_no_key_leads_to_what_is_not_found(formats: FormatList, words: str) -> None:
    formats.show_found(words)
    keys = Qt.Key
    for key in (keys.Key_Home, keys.Key_Up, keys.Key_PageUp, keys.Key_End, keys.Key_Down, keys.Key_PageDown):
        QTest.keyClick(formats, key)
        row = formats.currentItem()
        assert (row.isHidden(), row.data(Qt.ItemDataRole.UserRole)) == (False, formats.chosen)
        assert (
            key != keys.Key_Home
            or formats.chosen == {"yolo": "yolo", "srt": "srt", "labels": "coco", "o": "png"}[words]
        )


@pytest.mark.parametrize(
    ("words", "found", "chosen"),
    [
        ("yolo", ["Labels", "YOLO boxes"], "yolo"),
        ("labels CO", ["Labels", "COCO"], "coco"),
        (".srt", ["Films", "Subtitles"], "srt"),
        ("nothing", [], "png"),
    ],
)
def test_words_leave_what_they_are_in(formats: FormatList, words: str, found: list[str], chosen: str) -> None:
    assert formats.show_found(words) is bool(found)
    assert (seen(formats), formats.chosen) == (found, chosen)


def test_without_groups_there_are_no_headings(qtbot: QtBot) -> None:
    formats = FormatList([FormatChoice("png", "Picture", ".png")])
    qtbot.addWidget(formats)
    assert seen(formats) == ["Picture"]
