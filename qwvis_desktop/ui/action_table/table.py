"""The menus and all actions, in their order."""

from __future__ import annotations

from qwvis_desktop.ui.action_table.edit_menu import EDIT_ACTIONS
from qwvis_desktop.ui.action_table.file_menu import FILE_ACTIONS
from qwvis_desktop.ui.action_table.film_menu import FILM_ACTIONS
from qwvis_desktop.ui.action_table.help_menu import HELP_ACTIONS
from qwvis_desktop.ui.action_table.review_menu import REVIEW_ACTIONS
from qwvis_desktop.ui.action_table.run_menu import RUN_ACTIONS
from qwvis_desktop.ui.action_table.spec import ActionSpec, plain_text, translated
from qwvis_desktop.ui.action_table.text_menu import TEXT_ACTIONS
from qwvis_desktop.ui.action_table.view_menu import VIEW_ACTIONS
from qwvis_desktop.ui.translation import translatable

MENUS: dict[str, str] = {
    "file": translatable("Actions", "&File"),
    "file.recent": translatable("Actions", "Open &Recent"),
    "file.samples": translatable("Actions", "Sa&mples"),
    "edit": translatable("Actions", "&Edit"),
    "edit.copy_as": translatable("Actions", "Co&py As"),
    "edit.draw": translatable("Actions", "Dra&w"),
    "edit.label": translatable("Actions", "La&bel As"),
    "edit.convert": translatable("Actions", "Con&vert To"),
    "review": translatable("Actions", "Revie&w"),
    "text": translatable("Actions", "Te&xt"),
    "view": translatable("Actions", "&View"),
    "view.opacity": translatable("Actions", "&Opacity"),
    "view.text": translatable("Actions", "Text &View"),
    "view.panels": translatable("Actions", "Panel&s"),
    "view.theme": translatable("Actions", "&Theme"),
    "film": translatable("Actions", "Fi&lm"),
    "run": translatable("Actions", "&Run"),
    "run.replay": translatable("Actions", "P&lay Again"),
    "help": translatable("Actions", "&Help"),
}
"""Menus by key, in order; what stands before a dot is the menu that holds it."""

LISTS_AFTER: dict[str, str] = {"file.open_project": "file.recent", "file.open_url": "file.samples"}
"""Menus whose entries are made while the program runs, by the action that each stands below."""

ACTIONS: tuple[ActionSpec, ...] = (
    *FILE_ACTIONS,
    *EDIT_ACTIONS,
    *REVIEW_ACTIONS,
    *TEXT_ACTIONS,
    *VIEW_ACTIONS,
    *FILM_ACTIONS,
    *RUN_ACTIONS,
    *HELP_ACTIONS,
)
"""All actions, in the order of the menus."""


def menu_text(menu: str) -> str:
    """Return the title of a menu, without marks."""
    return plain_text(translated(MENUS[menu]))
