"""What is open, in order; which of it is looked at; what is told when."""

from __future__ import annotations

import pytest
from documents import empty_document
from pytestqt.qtbot import QtBot

from qwvis_desktop.ui.controllers.workspace import Entry, Workspace
from qwvis_desktop.ui.editor import DocumentEditor


@pytest.fixture
def workspace(qtbot: QtBot) -> Workspace:
    workspace = Workspace()
    workspace.add(Entry(key, f"{key}.png") for key in "abcd")
    return workspace


def keys(workspace: Workspace) -> str:
    return "".join(entry.key for entry in workspace.entries)


def current(workspace: Workspace) -> str:
    return workspace.current.key if workspace.current is not None else ""


def test_nothing_is_looked_at_until_something_is_shown(workspace: Workspace) -> None:
    assert (workspace.current, workspace.editor, workspace.neighbours()) == (None, None, ())
    workspace.step(1)
    assert workspace.current is None


def test_what_is_open_already_stays_as_it_is(workspace: Workspace) -> None:
    workspace.set_problem("b", "broken")
    assert workspace.add([Entry("b", "other"), Entry("e", "e.png")]) == "b"
    assert keys(workspace) == "abcde"
    known = workspace.entry("b")
    assert known is not None
    assert (known.name, known.problem) == ("b.png", "broken")
    assert workspace.add([]) is None


def test_stepping_stops_at_the_ends(workspace: Workspace) -> None:
    workspace.show("c")
    seen = []
    for by in (1, 1, -1, -5, -1):
        workspace.step(by)
        seen.append(current(workspace))
    assert "".join(seen) == "ddcaa"


def test_looking_at_the_same_or_at_nothing_known_tells_nothing(workspace: Workspace, qtbot: QtBot) -> None:
    workspace.show("a")
    with qtbot.assertNotEmitted(workspace.current_changed):
        workspace.show("a")
        workspace.show("unknown")


def test_neighbours_the_following_first(workspace: Workspace) -> None:
    workspace.show("b")
    assert "".join(entry.key for entry in workspace.neighbours()) == "ca"
    assert "".join(entry.key for entry in workspace.neighbours(2)) == "cad"


@pytest.mark.parametrize(("looked_at", "closed", "then"), [("b", "b", "c"), ("d", "d", "c"), ("a", "c", "a")])
def test_closing_looks_at_the_next(workspace: Workspace, qtbot: QtBot, looked_at: str, closed: str, then: str) -> None:
    workspace.show(looked_at)
    with qtbot.waitSignal(workspace.closed) as told:
        workspace.close(closed)
    assert told.args == [closed]
    assert current(workspace) == then
    assert closed not in keys(workspace)


def test_closing_all(workspace: Workspace, qtbot: QtBot) -> None:
    workspace.show("a")
    for key in "abcd":
        workspace.close(key)
    assert (workspace.current, workspace.entries) == (None, ())
    with qtbot.assertNotEmitted(workspace.closed):
        workspace.close("a")


def test_an_editor_belongs_to_its_entry(workspace: Workspace, qtbot: QtBot) -> None:
    workspace.show("b")
    workspace.set_problem("b", "was broken once")
    editor = DocumentEditor(empty_document())
    with qtbot.waitSignal(workspace.current_changed):
        workspace.set_editor("b", editor)
    assert workspace.editor is workspace.editor_of("b") is editor
    assert workspace.key_of(editor) == "b"
    entry = workspace.entry("b")
    assert entry is not None
    assert entry.problem == ""
    with qtbot.assertNotEmitted(workspace.current_changed):
        workspace.set_editor("c", DocumentEditor(empty_document()))
    with qtbot.waitSignal(editor.destroyed):
        workspace.close("b")
    assert workspace.key_of(editor) is None


def test_a_problem_of_what_is_closed_is_nobodys(workspace: Workspace, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(workspace.entry_changed):
        workspace.set_problem("unknown", "broken")


def test_what_came_and_that_something_went_is_told(workspace: Workspace) -> None:
    told: list[object] = []
    workspace.entries_added.connect(lambda entries: told.append("".join(entry.key for entry in entries)))
    workspace.entries_removed.connect(lambda: told.append("removed"))
    workspace.entries_changed.connect(lambda: told.append(workspace.count))
    assert workspace.place_of("d") == 3
    workspace.add([Entry("b", "b.png"), Entry("f", "f.png"), Entry("e", "e.png"), Entry("f", "again.png")])
    assert (workspace.place_of("f"), workspace.place_of("e")) == (4, 5)
    workspace.add([Entry("a", "a.png")])
    workspace.close("a")
    workspace.close_all()
    assert told == ["fe", 6, "removed", 5, "removed", 0]
