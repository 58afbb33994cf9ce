from dataclasses import fields, replace

import pytest

from qwvis_desktop.ui.canvas.look import OPACITIES, SWITCHES, Look


def test_what_differs_is_kept_and_nothing_else() -> None:
    assert Look().changes() == ""
    assert Look(fill=True, labels=False, opacity=50).changes() == "labels=0 fill=1 opacity=50"


@pytest.mark.parametrize("name", SWITCHES.values())
def test_every_switch_comes_back(name: str) -> None:
    look = replace(Look(), **{name: not getattr(Look(), name)})
    assert Look.from_changes(look.changes()) == look


def test_every_opacity_comes_back() -> None:
    for opacity in OPACITIES:
        assert Look.from_changes(Look(opacity=opacity).changes()).opacity == opacity


@pytest.mark.parametrize("text", ["", "nonsense", "fill", "fill=x", "colour=1", "opacity=33", "= =1", "fill=1=1"])
def test_what_is_not_understood_is_left_at_its_default(text: str) -> None:
    assert Look.from_changes(text) == Look()


def test_all_but_the_opacity_is_a_switch() -> None:
    assert {field.name for field in fields(Look)} - set(SWITCHES.values()) == {"opacity"}
