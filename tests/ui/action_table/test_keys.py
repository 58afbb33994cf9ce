from __future__ import annotations

from qwvis_desktop.ui.action_table.keys import (
    FILM_MENU,
    keys_of,
    known,
    lent_keys,
    native,
    owner,
    with_key,
    without_change,
)
from qwvis_desktop.ui.action_table.table import ACTIONS

SPECS = {spec.id: spec for spec in ACTIONS}


def test_keys_are_the_tables_until_they_are_changed() -> None:
    assert keys_of(SPECS["edit.duplicate"], {}) == ("Ctrl+D",)
    assert keys_of(SPECS["edit.duplicate"], {"edit.duplicate": ("F9",)}) == ("F9",)
    assert native(("Ctrl+D", "F9")) == "Ctrl+D, F9"


def test_a_key_given_is_taken_from_whatever_had_it() -> None:
    assert owner("ctrl+d", {}) is SPECS["edit.duplicate"]
    assert owner("Ctrl+D", {}, but="edit.duplicate") is None
    assert owner("F12", {}) is None
    changed = with_key("edit.merge", ("Ctrl+D",), {})
    assert changed == {"edit.merge": ("Ctrl+D",), "edit.duplicate": ()}
    assert owner("Ctrl+D", changed) is SPECS["edit.merge"]
    back = without_change("edit.duplicate", changed)
    assert back == {}


def test_of_several_keys_only_the_one_is_taken() -> None:
    changed = with_key("edit.merge", ("Ctrl+Y",), {})
    assert changed["edit.redo"] == ("Ctrl+Shift+Z",)


def test_no_two_actions_share_a_key_whatever_is_changed() -> None:
    changed: dict[str, tuple[str, ...]] = {}
    for action, key in (("edit.copy", "R"), ("edit.merge", "R"), ("file.open", "Ctrl+D"), ("edit.copy", "Ctrl+O")):
        changed = with_key(action, (key,), changed)
        for of_films in (False, True):
            specs = [spec for spec in ACTIONS if (spec.menu == FILM_MENU) is of_films]
            keys = [each for spec in specs for each in keys_of(spec, changed)]
            assert len(keys) == len(set(keys))
    assert owner("R", changed) is SPECS["edit.merge"]


def test_keys_of_films_are_their_own() -> None:
    changed = with_key("film.split", (",",), {})
    assert changed == {"film.split": (",",), "film.frame_back": ()}
    assert owner(",", {}, but="film.split") is SPECS["film.frame_back"]
    assert owner(",", {}, but="edit.copy") is SPECS["view.previous"]
    assert {",", "K"} < lent_keys({})


def test_what_a_later_version_wrote_is_left_out() -> None:
    assert known({"edit.copy": ("Ctrl+Insert", "no key at all!"), "edit.of_tomorrow": ("F9",)}) == {
        "edit.copy": ("Ctrl+Insert",)
    }
