from __future__ import annotations

from collections import Counter

from PySide6.QtGui import QKeySequence

from qwvis_desktop.core.resources import resource
from qwvis_desktop.ui.action_table.keys import FILM_MENU
from qwvis_desktop.ui.action_table.spec import ActionSpec, plain_text, shortcut_text, tip_of
from qwvis_desktop.ui.action_table.table import ACTIONS, MENUS
from qwvis_desktop.ui.translation import translatable


def test_the_table_is_sound() -> None:
    assert len({spec.id for spec in ACTIONS}) == len(ACTIONS)
    of_films = [spec for spec in ACTIONS if spec.menu == FILM_MENU]
    for specs in (of_films, [spec for spec in ACTIONS if spec not in of_films]):
        keys = Counter(QKeySequence(key).toString() for spec in specs for key in spec.shortcut)
        assert "" not in keys
        assert [key for key, count in keys.items() if count > 1] == []
    for spec in ACTIONS:
        assert spec.menu in MENUS
        assert spec.menu.partition(".")[0] in MENUS
        assert not spec.toolbar or spec.icon
        assert not spec.group or spec.checkable
        assert not spec.icon or resource(f"icons/{spec.icon}.svg").is_file()


def test_each_letter_chooses_one_thing_of_a_menu() -> None:
    texts = [(spec.menu, spec.text) for spec in ACTIONS]
    texts += [(key.rpartition(".")[0], title) for key, title in MENUS.items()]
    letters = Counter((menu, text[text.index("&") + 1].lower()) for menu, text in texts if "&" in text)
    assert [letter for letter, count in letters.items() if count > 1] == []


def test_words_for_people() -> None:
    assert plain_text("Save && &Close...") == "Save & Close"
    spec = ActionSpec(id="x", text="&Do It...", menu="file", shortcut=("Ctrl+D", "F2"))
    assert shortcut_text(spec) == "Ctrl+D, F2"
    assert tip_of(spec) == "Do It (Ctrl+D, F2)"
    assert tip_of(ActionSpec(id="x", text="&Do", menu="file", tip="Does it")) == "Does it"


def test_marking_changes_nothing() -> None:
    assert translatable("Actions", "&File") == "&File"
