from dataclasses import fields, replace
from typing import Any

import pytest

from qwvis_desktop.ui.canvas.look import OPACITIES, SWITCHES, Look, TextView


def test_what_differs_is_kept_and_nothing_else() -> None:
    assert Look().changes() == ""
    assert Look(fill=True, labels=False, opacity=50).changes() == "labels=0 fill=1 opacity=50"


@pytest.mark.parametrize("name", SWITCHES.values())
def test_every_switch_comes_back(name: str) -> None:
    switched: dict[str, Any] = {name: not getattr(Look(), name)}
    look = replace(Look(), **switched)
    assert Look.from_changes(look.changes()) == look


def test_every_opacity_comes_back() -> None:
    for opacity in OPACITIES:
        assert Look.from_changes(Look(opacity=opacity).changes()).opacity == opacity


@pytest.mark.parametrize(
    "text", ["", "nonsense", "fill", "fill=x", "colour=1", "opacity=33", "text=3", "= =1", "fill=1=1"]
)
def test_what_is_not_understood_is_left_at_its_default(text: str) -> None:
    assert Look.from_changes(text) == Look()


def test_every_view_of_text_comes_back() -> None:
    for view in TextView:
        assert Look.from_changes(Look(text=view).changes()).text is view


def test_all_but_two_are_switches() -> None:
    assert {field.name for field in fields(Look)} - set(SWITCHES.values()) == {"opacity", "text"}
