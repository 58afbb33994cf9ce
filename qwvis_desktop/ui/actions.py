"""The actions of the table as Qt knows them, and the menus and the tool bar they stand in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QUndoGroup, QUndoStack
from PySide6.QtWidgets import QMenu, QMenuBar, QToolBar, QWidget

from qwvis_desktop.ui.action_table.keys import FILM_MENU, Changed, keys_of, lent_keys, portable
from qwvis_desktop.ui.action_table.spec import ActionSpec, tip_of, translated
from qwvis_desktop.ui.action_table.table import ACTIONS, LISTS_AFTER, MENUS
from qwvis_desktop.ui.theme import icon


class Actions(QObject):
    """The actions as Qt knows them: ``actions["file.open"]``. Each is made when it is first asked for.

    Signals:
        wanted(): an action was chosen; ``triggered`` follows when what answers it is there.
        triggered(str): the user chose the action with this id (checkable ones too).
        toggled(str, bool): the user switched the checkable action with this id on or off; emitted after ``triggered``.
        listed_chosen(str, str): the user chose, in the menu with this key, the entry with this id.

    Args:
        window: the widget in which the shortcuts hold; the actions belong to it.
    """

    wanted = Signal()
    triggered = Signal(str)
    toggled = Signal(str, bool)
    listed_chosen = Signal(str, str)

    def __init__(self, window: QWidget | None = None) -> None:
        super().__init__(window)
        self._keys = {spec.id: () if spec.menu == FILM_MENU else spec.shortcut for spec in ACTIONS}
        self._specs = {spec.id: spec for spec in ACTIONS}
        self._actions: dict[str, QAction] = {}
        self._groups: dict[str, QActionGroup] = {}
        self._shortcuts: Changed = {}
        self._why_not: dict[str, str] = {}
        self._film = False
        self._menus: dict[str, QMenu] = {}
        self._listed: dict[str, Sequence[tuple[str, str]]] = {}
        self._list_menus: dict[str, QMenu] = {}
        # A group knows by itself when a stack is gone with its document.
        self._undo = QUndoGroup(self)
        self._follow_group()

    def __getitem__(self, action_id: str) -> QAction:
        action = self._actions.get(action_id)
        if action is None:
            spec = self._specs[action_id]
            action = self._actions[action_id] = self._made(spec)
            self._group(spec.group).addAction(action)
        return action

    def __iter__(self) -> Iterator[QAction]:
        return (self[spec.id] for spec in ACTIONS)

    def set_enabled(self, action_id: str, enabled: bool, why_not: str = "") -> None:
        """Let an action be chosen, or not; its tip says ``why_not`` then."""
        action = self[action_id]
        action.setEnabled(enabled)
        if why_not != self._why_not.get(action_id, ""):
            self._why_not[action_id] = why_not
            self._show_keys(action, self._specs[action_id])

    def set_checked(self, action_id: str, checked: bool) -> None:
        """Show a checkable action as on or off; nothing is emitted."""
        self[action_id].setChecked(checked)

    @property
    def shortcuts(self) -> Changed:
        """The keys of actions, by their ids, where they are not the table's."""
        return self._shortcuts

    def set_shortcuts(self, changed: Changed) -> None:
        """Give actions other keys than the table's; those that are not in ``changed`` have the table's."""
        self._shortcuts = changed
        lent = lent_keys(changed) if self._film else frozenset[str]()
        for spec in ACTIONS:
            keys = keys_of(spec, changed)
            if spec.menu == FILM_MENU:
                keys = keys if self._film else ()
            elif lent:
                keys = tuple(key for key in keys if portable(key) not in lent)
            # Each one that is told of new keys tells its menus and buttons; for all of them that took 20 ms.
            if keys != self._keys[spec.id]:
                self._keys[spec.id] = keys
                if spec.id in self._actions:
                    self._show_keys(self._actions[spec.id], spec)

    def set_film(self, shown: bool) -> None:
        """Let the actions of the film menu be chosen and their keys hold, in place of others'; or give those back."""
        if shown != self._film:
            self._film = shown
            self.set_shortcuts(self._shortcuts)
        for spec in ACTIONS:
            if spec.menu == FILM_MENU:
                self[spec.id].setEnabled(shown)

    def set_listed(self, menu: str, entries: Sequence[tuple[str, str]]) -> None:
        """Offer these entries, id and title of each, in the menu with this key (one of ``LISTS_AFTER``)."""
        self._listed[menu] = tuple(entries)
        if menu in self._list_menus:
            self._fill_list(menu)

    @property
    def listed(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        """What is offered in menus whose entries are made while the program runs: id and title of each, by menu."""
        return self._listed

    def follow(self, stack: QUndoStack | None) -> None:
        """Let undo and redo say and allow what ``stack`` has."""
        for former in self._undo.stacks():
            self._undo.removeStack(former)
        if stack is not None:
            self._undo.addStack(stack)
            self._undo.setActiveStack(stack)

    def title_menus(self, bar: QMenuBar) -> None:
        """Make the menus of the bar, without what is in them."""
        self._menus = {key: bar.addMenu(translated(title)) for key, title in MENUS.items() if "." not in key}

    def fill_menus(self) -> None:
        """Put all actions into their menus."""
        menus = self._menus
        for spec in ACTIONS:
            if spec.menu not in menus:
                menus[spec.menu] = menus[spec.menu.partition(".")[0]].addMenu(translated(MENUS[spec.menu]))
            menu = menus[spec.menu]
            if spec.starts_section:
                menu.addSeparator()
            menu.addAction(self[spec.id])
            if spec.id in LISTS_AFTER:
                key = LISTS_AFTER[spec.id]
                self._list_menus[key] = menu.addMenu(translated(MENUS[key]))
                self._fill_list(key)
        for menu in menus.values():
            menu.setToolTipsVisible(True)

    def fill_tool_bar(self, bar: QToolBar) -> None:
        """Put in the actions that stand in the tool bar, with a line between menus."""
        before = ""
        for spec in ACTIONS:
            if spec.toolbar:
                if before not in ("", spec.menu):
                    bar.addSeparator()
                bar.addAction(self[spec.id])
                before = spec.menu

    def _made(self, spec: ActionSpec) -> QAction:
        action = QAction(translated(spec.text), self)
        action.setObjectName(spec.id)
        action.setAutoRepeat(spec.repeats and not spec.checkable)
        action.setCheckable(spec.checkable)
        action.setChecked(spec.checked)
        action.setEnabled(spec.enabled)
        self._show_keys(action, spec)
        action.setStatusTip(translated(spec.tip))
        if spec.icon:
            action.setIcon(icon(spec.icon))
        return action

    def _show_keys(self, action: QAction, spec: ActionSpec) -> None:
        keys = self._keys[spec.id]
        action.setShortcuts([QKeySequence(key) for key in keys])
        tip = tip_of(spec if keys == spec.shortcut else replace(spec, shortcut=keys))
        why_not = self._why_not.get(spec.id)
        action.setToolTip(f"{tip}\n{why_not}" if why_not else tip)

    def _group(self, name: str) -> QActionGroup:
        """Return the group of which one is on, or that of all others: it tells of all of its actions at once."""
        if name not in self._groups:
            group = self._groups[name] = QActionGroup(self)
            if not name:
                group.setExclusionPolicy(QActionGroup.ExclusionPolicy.None_)
            group.triggered.connect(self._tell)
        return self._groups[name]

    def _tell(self, action: QAction) -> None:
        self.wanted.emit()
        self.triggered.emit(action.objectName())
        if action.isCheckable():
            self.toggled.emit(action.objectName(), action.isChecked())

    def _fill_list(self, key: str) -> None:
        menu, entries = self._list_menus[key], self._listed.get(key, ())
        menu.clear()
        for entry, title in entries:
            action = menu.addAction(title.replace("&", "&&"))
            action.triggered.connect(lambda _checked=False, entry=entry: self.listed_chosen.emit(key, entry))
        menu.setEnabled(bool(entries))

    def _follow_group(self) -> None:
        undo, redo = self["edit.undo"], self["edit.redo"]
        self._undo.canUndoChanged.connect(undo.setEnabled)
        self._undo.canRedoChanged.connect(redo.setEnabled)
        self._undo.undoTextChanged.connect(lambda step: undo.setText(_named(translated("&Undo"), step)))
        self._undo.redoTextChanged.connect(lambda step: redo.setText(_named(translated("&Redo"), step)))


def _named(verb: str, step: str) -> str:
    return f"{verb} {step}" if step else verb
