from __future__ import annotations

from pytestqt.qtbot import QtBot

from qwvis_desktop.core.model_files import bundled_registry
from qwvis_desktop.ui.controllers.asking.task_offers import TaskOffers
from qwvis_desktop.ui.panels.asking.prompt import PromptPanel


def test_it_is_said_where_nothing_can_be_asked(qtbot: QtBot) -> None:
    panel = PromptPanel()
    qtbot.addWidget(panel)
    offers = TaskOffers(panel, spec=lambda: bundled_registry().spec("rapidocr"), kept=str, keep=lambda _task: None)
    offers.offer()
    assert panel.obstacle == ""
    offers.media = "video"
    offers.offer()
    assert panel.obstacle == "Offline OCR takes no films. Choose another, or open a frame as a picture (F)."
    offers.media = "image"
    offers.offer()
    assert panel.obstacle == ""


def test_each_kind_of_medium_has_its_task(qtbot: QtBot) -> None:
    panel = PromptPanel()
    qtbot.addWidget(panel)
    kept = ["point"]
    offers = TaskOffers(
        panel, spec=lambda: bundled_registry().spec("qwen3-vl-plus"), kept=lambda: kept[-1], keep=kept.append
    )
    offers.offer()
    assert panel.state().task == "point"
    offers.media = "video"
    offers.offer()
    assert panel.state().task == "video-events"
    panel.fields.task.setCurrentIndex(1)
    assert (panel.state().task, kept) == ("video-boxes", ["point"])
    offers.media = "image"
    offers.offer()
    assert panel.state().task == "point"
    panel.fields.task.setCurrentIndex(0)
    assert kept == ["point", "detect"]
    offers.media = "video"
    offers.offer()
    assert panel.state().task == "video-boxes"
