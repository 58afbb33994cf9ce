"""Options through the real window: what is set is sent, remembered for its task and model, and judged."""

from __future__ import annotations

from pathlib import Path

import pytest
from loopback.service import LoopbackService
from program_window import ask_loopback, open_photo, run_to_the_end, running
from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.app import Program
from qwvis_desktop.ui.panels.asking.options import OptionsPane
from qwvis_desktop.ui.panels.labels import WrappingLabel


def set_options(program: Program, **values: object) -> None:
    pane = program.panels.prompt.options
    pane.set_values(values)  # type: ignore[arg-type]  # JSON values all of them
    pane.changed.emit()


def test_what_is_set_is_sent_and_kept_with_the_run(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    set_options(program, seed=7, temperature=0, system="You are a camera.")
    run = run_to_the_end(program, qtbot)
    body = loopback.requests[-1].json
    assert (body["seed"], body["temperature"]) == (7, 0)
    assert body["messages"][0] == {"role": "system", "content": "You are a camera."}
    assert "system" not in body
    assert dict(run.options) == {"temperature": 0, "seed": 7} or dict(run.options) == {"seed": 7, "temperature": 0}
    assert run.system == "You are a camera."


def test_options_are_remembered_for_task_and_model(qtbot: QtBot, home: Path, loopback: LoopbackService) -> None:
    with running() as program:
        ask_loopback(program, loopback)
        set_options(program, seed=7)
        program.services.choose_task("ask")
        assert program.panels.prompt.options.values == {}
        program.services.choose_task("detect")
        assert program.panels.prompt.options.values == {"seed": 7}
        program.services.choose_model("qwen3-vl-flash")
        assert program.panels.prompt.options.values == {}
        program.services.choose_model("qwen3-vl-plus")
    with running() as program:
        assert program.panels.prompt.options.values == {"seed": 7}
        set_options(program)
        assert "request_options" not in (home / "settings.json").read_text()


def test_what_the_service_would_refuse_is_said(program: Program, loopback: LoopbackService) -> None:
    ask_loopback(program, loopback)
    set_options(program, seed="seven", response_format={"type": "json_object"}, enable_thinking=True)
    said = " ".join(label.text() for label in child(program.panels.prompt, OptionsPane).findChildren(WrappingLabel))
    assert "'seed' is a whole number." in said
    assert "JSON mode and thinking do not go together" in said


def test_own_presets_stay(program: Program, loopback: LoopbackService, monkeypatch: pytest.MonkeyPatch) -> None:
    ask_loopback(program, loopback)
    pane = program.panels.prompt.options
    set_options(program, seed=7)
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: (" Sevens ", True))
    pane.name_wanted.emit()
    assert dict(program.services.settings.option_presets) == {"Sevens": {"seed": 7}}
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: ("Defaults", True))
    pane.name_wanted.emit()
    assert set(program.services.settings.option_presets) == {"Sevens"}
    pane.preset_dropped.emit("Sevens")
    assert dict(program.services.settings.option_presets) == {}


def test_the_engine_on_this_machine_has_no_options(program: Program, loopback: LoopbackService) -> None:
    program.services.choose_offline("spot-text")
    assert not program.panels.prompt.options.isVisible()
    ask_loopback(program, loopback)
    assert program.panels.prompt.options.isVisible()
