from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from loopback.service import LoopbackService
from PySide6.QtCore import QUrl
from PySide6.QtGui import QGuiApplication, QImage, QPalette, QTextDocument
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.answer import Formula
from qwvis_desktop.core.formula import FormulaPicture
from qwvis_desktop.ui.panels.replies.answer_text import SHOW_EVERY_MS, AnswerText
from qwvis_desktop.ui.theme import palette_of

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="12" viewBox="0 -9 20 12"></svg>'
PICTURE = FormulaPicture(SVG, 20, 12, 3)
TALL = FormulaPicture(SVG, 9, 40, 20)


@pytest.fixture
def view(qtbot: QtBot) -> AnswerText:
    view = AnswerText()
    qtbot.addWidget(view)
    view.resize(500, 200)
    view.show()
    return view


def seen(view: AnswerText) -> str:
    return view.toPlainText()


def test_an_answer_is_shown_as_it_comes_without_being_shown_twice(view: AnswerText, qtbot: QtBot) -> None:
    view.append_answer("# A str")
    view.append_answer("eet\n\nTwo **ca")
    qtbot.waitUntil(lambda: seen(view) == "A street\nTwo **ca")
    view.append_answer("rs** here\n\n```py\nx = 1\ny")
    qtbot.waitUntil(lambda: seen(view) == "A street\nTwo cars here\nx = 1\ny")
    view.append_answer(" = 2\n```\nEnd")
    qtbot.waitUntil(lambda: seen(view) == "A street\nTwo cars here\nx = 1\ny = 2\nEnd")
    assert view.markdown == "# A street\n\nTwo **cars** here\n\n```py\nx = 1\ny = 2\n```\nEnd"


@pytest.mark.parametrize("step", [1, 3, 1000])
def test_however_it_comes_it_looks_the_same(view: AnswerText, step: int) -> None:
    text = "# A\n\n1. b\n\n2. c\n   - d\n\n> q\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nx\n\ny\n```\n$a$ and\n\nend"
    whole = AnswerText()
    whole.set_answer(text)
    whole.flush()
    for place in range(0, len(text), step):
        view.append_answer(text[place : place + step])
        view.flush()
    assert seen(view) == seen(whole)
    assert view.toHtml() == whole.toHtml()
    whole.deleteLater()


def test_pieces_are_shown_together(view: AnswerText, qtbot: QtBot) -> None:
    times: list[int] = []
    view.document().contentsChanged.connect(lambda: times.append(1))
    for _ in range(200):
        view.append_answer("word ")
    assert times == []
    qtbot.waitUntil(lambda: seen(view).strip().endswith("word"))
    assert len(times) <= 2
    assert SHOW_EVERY_MS >= 50


HOSTILE = """<script>alert(1)</script><img src="{file}"><img src="{web}/html.png">
![a cat]({file}) ![]({web}/markdown.png) [a link]({web}/link) [local]({file})

<iframe src="{web}/frame.html"></iframe><link rel="stylesheet" href="{web}/style.css">

![relative](picture.png) ![data](data:image/png;base64,iVBORw0KGgo=) <{web}/auto>

| ![in a table]({file}) | <object data="{web}/object"> |
|---|---|
| ![x]({web}/cell.png "title") | [![y]({web}/linked.png)]({web}/around) |

```html
<img src="{web}/code.png">
```

[ref]: {web}/reference.png
![by reference][ref]

$\\includegraphics{{{file}}}$ {tail}"""


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[tuple[Path, Callable[[], int]]]:
    """Give a picture and what counts how often anybody opened it: the system's own notes."""
    if sys.platform != "linux":
        pytest.skip("what is opened is told by inotify, which only Linux has")
    picture = tmp_path / "picture.png"
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    assert image.save(str(picture))
    libc = ctypes.CDLL(None, use_errno=True)
    notes = libc.inotify_init1(os.O_NONBLOCK)
    assert libc.inotify_add_watch(notes, str(picture).encode(), 0x20 | 0x1) >= 0  # IN_OPEN | IN_ACCESS

    def opened() -> int:
        try:
            return len(os.read(notes, 65536))
        except BlockingIOError:
            return 0

    yield picture, opened
    os.close(notes)


def test_a_hostile_answer_loads_nothing(
    view: AnswerText,
    qtbot: QtBot,
    watched: tuple[Path, Callable[[], int]],
    loopback: LoopbackService,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    picture, opened = watched
    assert QImage(str(picture)).width() == 8
    assert opened() > 0  # the watch works
    monkeypatch.chdir(picture.parent)
    reached: list[tuple[str, object]] = []
    listening = True

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        # A hook cannot be taken off again; it only listens while this test shows the answer.
        if listening and event.split(".")[0] in ("open", "socket", "urllib", "subprocess", "webbrowser"):
            reached.append((event, arguments))

    sys.addaudithook(hook)
    web = f"http://127.0.0.1:{loopback.port}"
    text = HOSTILE.format(file=QUrl.fromLocalFile(str(picture)).toString(), web=web, tail="![open](")
    for place in range(0, len(text), 7):
        view.append_answer(text[place : place + 7])
        view.flush()
        view.grab()
    view.set_answer(text)
    view.grab()
    view.selectAll()
    view.copy()
    view.anchorClicked.emit(QUrl(f"{web}/link"))
    view.grab()
    qtbot.wait(1)
    listening = False
    assert [event for event, arguments in reached if "qwvis" not in str(arguments)] == []
    assert opened() == 0
    assert loopback.requests == []
    words = seen(view)
    assert "<script>alert(1)</script>" in words
    assert "[a cat: file://" in words
    assert "[by reference" in words


def test_a_resource_is_never_read(view: AnswerText, watched: tuple[Path, Callable[[], int]]) -> None:
    picture, opened = watched
    for kind in (QTextDocument.ResourceType.ImageResource, QTextDocument.ResourceType.StyleSheetResource):
        view.document().resource(kind.value, QUrl.fromLocalFile(str(picture)))
    assert opened() == 0
    assert not view.openLinks()


@pytest.mark.parametrize(
    "text", [">" * 3000 + " deep", "- " * 800 + "deep", "[" * 5000, "*" * 5000, "|" * 5000, "\x00\ufffc"]
)
def test_odd_markdown_is_shown_all_the_same(view: AnswerText, text: str) -> None:
    view.set_answer(text + "\n\nend")
    view.flush()
    assert seen(view).endswith("end")


def test_formulas_wait_for_their_pictures_and_are_copied_as_written(view: AnswerText) -> None:
    wanted: list[Formula] = []
    view.formulas_wanted.connect(wanted.extend)
    view.set_answer("So $a$ is\n\n$$\nb\n$$\n\nand $a$ and $bad{$ once more")
    assert [(formula.latex, formula.inline) for formula in wanted] == [("a", True), ("b", False), ("bad{", True)]
    assert seen(view) == "So $a$ is\n$$ b $$\nand $a$ and $bad{$ once more"
    view.show_formulas({("a", True): PICTURE, ("b", False): TALL})
    assert seen(view).replace("\ufffc", "#") == "So # is\n#\nand # and $bad{$ once more"
    view.selectAll()
    view.copy()
    assert QGuiApplication.clipboard().text() == "So $a$ is\n$$\nb\n$$\nand $a$ and $bad{$ once more"
    view.append_answer(" and $a$.")
    view.flush()
    assert seen(view).count("\ufffc") == 4
    assert len(wanted) == 3


def test_formulas_take_the_colour_of_text(view: AnswerText) -> None:
    ink = '<path d="M0 -9 L20 -9 L20 3 L0 3 Z"/></svg>'
    view.show_formulas({("a", True): FormulaPicture(PICTURE.svg.replace("</svg>", ink), 20, 12, 3)})
    colours = []
    for dark in (False, True):
        view.setPalette(palette_of(dark))
        view.set_answer("$a$")
        image = view.document().resource(QTextDocument.ResourceType.ImageResource.value, QUrl("formula:0"))
        assert isinstance(image, QImage)
        colours.append(image.pixelColor(image.width() // 2, image.height() // 3).name())
    assert colours == [palette_of(dark).color(QPalette.ColorRole.Text).name() for dark in (False, True)]
    view.setPalette(palette_of(False))
    image = view.document().resource(QTextDocument.ResourceType.ImageResource.value, QUrl("formula:0"))
    assert image.pixelColor(image.width() // 2, image.height() // 3).name() == colours[0]


def test_the_place_and_the_selection_stay_while_it_grows(view: AnswerText) -> None:
    view.append_answer("one two three\n\n" * 60)
    view.flush()
    bar = view.verticalScrollBar()
    assert bar.value() == bar.maximum()
    bar.setValue(40)
    cursor = view.textCursor()
    cursor.setPosition(4)
    cursor.setPosition(7, cursor.MoveMode.KeepAnchor)
    view.setTextCursor(cursor)
    bar.setValue(40)
    view.append_answer("and more\n\n" * 30)
    view.flush()
    assert bar.value() == 40
    assert view.selected_text() == "two"
    bar.setValue(bar.maximum())
    view.append_answer("and more\n\n" * 30)
    view.flush()
    assert bar.value() == bar.maximum()


def test_questions_stand_before_their_answers(view: AnswerText) -> None:
    view.append_question("What is *this*?")
    view.append_answer("A cat.")
    view.append_question("And that?")
    view.append_answer("A dog.")
    view.flush()
    assert seen(view) == "What is *this*?\nA cat.\nAnd that?\nA dog."


def test_a_long_answer_leaves_the_window_free(view: AnswerText, qtbot: QtBot) -> None:
    text = "The *quick* brown fox.\n\n" * 4000
    view.set_answer(text)
    shown = view.document().blockCount()
    assert shown < 4000  # the rest follows in slices
    qtbot.waitUntil(lambda: view.document().blockCount() >= 4000)


def test_times_of_a_film_are_links(view: AnswerText, qtbot: QtBot) -> None:
    view.set_answer("The **car** turns at 0:12, the bus at 9:59. It lasts 3 seconds.")
    assert "time:" not in view.toHtml()
    view.link_times(60.0)
    view.set_answer("The **car** turns at 0:12, the bus at 9:59. It lasts 3 seconds.")
    assert view.toHtml().count("time:") == 1
    cursor = view.document().find("0:12")
    assert cursor.charFormat().anchorHref() == "time:12.0"
    with qtbot.waitSignal(view.time_chosen) as chosen:
        view.anchorClicked.emit(QUrl("time:12.0"))
    assert chosen.args == [12.0]
    with qtbot.assertNotEmitted(view.time_chosen):
        for address in ("time:soon", "time:nan", "https://example.org/0:12"):
            view.anchorClicked.emit(QUrl(address))
