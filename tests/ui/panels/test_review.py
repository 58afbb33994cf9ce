from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QProgressBar, QPushButton
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.core.review import Review
from qwvis_desktop.ui.panels.review import ReviewPanel


def some(unseen: tuple[str, ...] = ("x",)) -> Review:
    return Review(
        total=50,
        order=(),
        accepted=tuple(map(str, range(36))),
        moved={"a": 0.9, "b": 0.84},
        relabelled=("c",),
        deleted=("d",),
        unseen=unseen,
        added=("e", "f"),
    )


def test_figures_and_buttons(qtbot: QtBot) -> None:
    panel = ReviewPanel()
    qtbot.addWidget(panel)
    buttons = panel.findChildren(QPushButton)
    assert not any(button.isEnabled() for button in buttons)
    assert "Once a model" in panel.sentence
    panel.show_review(some())
    assert panel.sentence == "49 of 50 looked at"
    assert child(panel, QProgressBar).value() == 49
    assert panel.figures == {
        "Accepted": "36", "Moved": "2 (mean IoU 0.87)", "Relabelled": "1", "Deleted": "1", "Added": "2",
    }  # fmt: skip
    heard: list[str] = []
    for name in ("accept", "reject", "next"):
        getattr(panel, f"{name}_requested").connect(lambda name=name: heard.append(name))
    for button in buttons:
        button.click()
    assert heard == ["accept", "reject", "next"]
    panel.show_review(some(()))
    assert panel.sentence == "All 50 looked at"
    panel.show_review(None)
    assert panel.figures == {}


def test_one_of_several_runs_is_chosen(qtbot: QtBot) -> None:
    panel = ReviewPanel()
    qtbot.addWidget(panel)
    panel.show()
    runs = child(panel, QComboBox)
    assert not runs.isVisible()
    panel.show_runs([("a", "10:00  first"), ("b", "10:05  second")], "b")
    assert runs.isVisible()
    assert runs.currentText() == "10:05  second"
    with qtbot.waitSignal(panel.run_chosen) as chosen:
        runs.activated.emit(0)
    assert chosen.args == ["a"]
