"""What undo steps hold is estimated, and bounded: property tests on the editor's own steps."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from dataclasses import replace

import pytest
from documents import empty_document
from hypothesis import given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.annotation import Annotation, Detection, LayoutBlock, TextRegion
from qwvis_desktop.core.geometry import Box, Point, Polygon
from qwvis_desktop.core.plane.editing import moved, with_label
from qwvis_desktop.ui import editor as editor_module
from qwvis_desktop.ui.editor import MOST_HELD, MOST_STEPS, DocumentEditor
from qwvis_desktop.ui.step_memory import bytes_beside, bytes_of_all, bytes_of_value

pytestmark = pytest.mark.usefixtures("qapp")


def boxes(count: int, turn: int = 0) -> list[Annotation]:
    return [Detection(id=f"{turn}-{i}", label="cat", box=Box(i % 90, i % 70, i % 90 + 9.5, 80.5)) for i in range(count)]


def measured(count: int) -> tuple[int, int]:
    """Return what so many boxes take, measured and estimated."""
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    made = tuple(Detection(label="cat", box=Box(i + 0.5, i + 1.5, i + 2.5, i + 3.5)) for i in range(count))
    taken = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return taken, bytes_of_all(made)


def test_estimates_are_near_what_is_taken() -> None:
    taken, estimated = measured(3000)
    assert 0.7 * taken < estimated < 1.8 * taken


def test_what_is_shared_is_not_counted() -> None:
    book = LayoutBlock(id="b", tag="text", text="x" * 1_000_000, box=Box(0, 0, 10, 10))
    corners = Polygon((Point(0, 0), Point(9, 0), Point(9, 9), Point(0, 9)))
    page = TextRegion(id="t", text="y" * 500_000, polygon=corners)
    for each in (book, page):
        assert bytes_beside([each], {each.id: moved(each, 1, 1)}) < 2000
        assert bytes_beside([each], {}) > 500_000
    assert bytes_beside([book], {"b": replace(book, text="other")}) > 1_000_000


def test_deep_and_long_values_are_weighed() -> None:
    assert bytes_of_value({"a": ["x" * 5000, {"b": (1, 2)}]}) > 5000
    deep: list[object] = []
    for _ in range(5000):
        deep = [deep]
    assert bytes_of_value(deep) < 5000
    assert bytes_of_all([]) == 0


def edited(editor: DocumentEditor, ids: Sequence[str], turn: int) -> None:
    now = [editor.document.annotations[key] for key in ids]
    editor.replace(
        [moved(each, 1, turn % 3) if turn % 2 else with_label(each, f"label {turn}") for each in now], "Edit"
    )


@settings(max_examples=3, deadline=None)
@given(st.integers(1, 40), st.integers(0, 2))
def test_a_thousand_ordinary_steps_are_always_kept(count: int, seed: int) -> None:
    editor = DocumentEditor(empty_document())
    editor.add(boxes(60), "Add")
    keys = list(editor.document.annotations)
    start = dict(editor.document.annotations)
    for turn in range(MOST_STEPS - 1):
        at = (turn * 7 + seed) % (61 - count)
        edited(editor, keys[at : at + count], turn)
    assert (editor.undo_stack.count(), editor.given_up) == (MOST_STEPS, 0)
    for _ in range(MOST_STEPS - 1):
        editor.undo_stack.undo()
    assert dict(editor.document.annotations) == start
    editor.deleteLater()


def test_a_thousand_moves_of_a_hundred_boxes_are_far_below_what_is_allowed() -> None:
    editor = DocumentEditor(empty_document())
    editor.add(boxes(100), "Add")
    keys = list(editor.document.annotations)
    for turn in range(50):
        edited(editor, keys, 2 * turn + 1)
    assert editor._held * 20 < MOST_HELD / 4
    editor.deleteLater()


@pytest.mark.parametrize("count", [1000])
def test_pasting_and_deleting_again_and_again_does_not_grow_without_bound(
    count: int, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    # As a million boxes are to what is allowed, so are these to a limit made smaller.
    step = bytes_of_all(boxes(count))
    monkeypatch.setattr(editor_module, "MOST_HELD", 3 * step)
    editor = DocumentEditor(empty_document())
    most = 0
    for turn in range(25):
        new = boxes(count, turn)
        editor.add(new, "Paste")
        editor.remove([each.id for each in new], "Delete")
        most = max(most, editor._held)
        assert editor.undo_stack.canUndo()
    assert most < 5 * step
    assert editor.given_up > 20
    editor.undo_stack.undo()
    assert len(editor.document.annotations) == count, "the last step can always be taken back"
    with qtbot.waitSignal(editor.steps_given_up):
        for turn in range(5):
            editor.add(boxes(count, 100 + turn), "Paste")
            editor.remove(list(editor.document.annotations), "Delete")
    editor.deleteLater()


def test_orders_and_readings_are_counted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editor_module, "MOST_HELD", 100_000)
    editor = DocumentEditor(empty_document())
    editor.add(boxes(500), "Add")
    order = list(editor.document.order())
    for _ in range(100):
        order = order[1:] + order[:1]
        editor.reorder(order, "Order")
    assert editor.given_up > 40
    while editor.undo_stack.canUndo():
        editor.undo_stack.undo()
    assert set(editor.document.order()) == set(order)
    editor.deleteLater()
