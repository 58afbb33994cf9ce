from __future__ import annotations

import pytest
from plane_annotations import BOX, POINT, POLYGON, ROTATED, SIZE
from PySide6.QtCore import Qt

from qwvis_desktop.core.annotation import bounds_of
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.plane.forms import Form, TurnedRectangle, corners_of, form_of
from qwvis_desktop.ui.canvas.editing.plane_keys import by_key

NONE, SHIFT, CONTROL, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
KEY = Qt.Key


@pytest.mark.parametrize(
    ("key", "modifiers", "expected"),
    [
        (KEY.Key_Left, NONE, Box(9.25, 20, 109, 220)),
        (KEY.Key_Right, SHIFT, Box(20.25, 20, 120, 220)),
        (KEY.Key_Up, NONE, Box(10.25, 19, 110, 219)),
        (KEY.Key_Down, SHIFT, Box(10.25, 30, 110, 230)),
        (KEY.Key_Left, SHIFT, Box(0.25, 20, 100, 220)),
        (KEY.Key_Right, CONTROL, Box(10.25, 20, 111, 220)),
        (KEY.Key_Up, CONTROL | SHIFT, Box(10.25, 20, 110, 210)),
    ],
)
def test_arrows(key: Qt.Key, modifiers: Qt.KeyboardModifier, expected: Box) -> None:
    made = by_key([BOX], key, modifiers, SIZE)
    assert made is not None
    assert bounds_of(made[0]) == expected


def test_brackets_turn() -> None:
    made = by_key([BOX], KEY.Key_BracketRight, NONE, SIZE)
    assert made is not None
    assert form_of(made[0]) is Form.ROTATED
    rectangle = TurnedRectangle.of(corners_of(made[0]))
    assert rectangle is not None
    assert rectangle.degrees == pytest.approx(1)
    made = by_key([ROTATED], KEY.Key_BraceLeft, SHIFT, SIZE)
    assert made is not None
    rectangle = TurnedRectangle.of(corners_of(made[0]))
    assert rectangle is not None
    assert rectangle.degrees == pytest.approx(20)


def test_a_chosen_corner_is_moved_alone() -> None:
    made = by_key([POLYGON], KEY.Key_Right, SHIFT, SIZE, 1)
    assert made is not None
    assert corners_of(made[0])[1] == (110, 40)
    assert corners_of(made[0])[0] == corners_of(POLYGON)[0]


def test_other_forms_grow() -> None:
    made = by_key([POLYGON], KEY.Key_Right, CONTROL, SIZE)
    assert made is not None
    assert bounds_of(made[0]) == Box(0, 0, 101, 100)
    assert by_key([POINT], KEY.Key_Right, CONTROL, SIZE) == (POINT,)
    made = by_key([ROTATED], KEY.Key_Right, CONTROL, SIZE)
    assert made is not None
    rectangle = TurnedRectangle.of(corners_of(made[0]))
    assert rectangle is not None
    assert rectangle.width == pytest.approx(121)


def test_what_means_something_else() -> None:
    assert by_key([BOX], KEY.Key_A, NONE, SIZE) is None
    assert by_key([BOX], KEY.Key_Left, ALT, SIZE) is None
    assert by_key([BOX], KEY.Key_BracketLeft, CONTROL, SIZE) is None
    assert by_key([], KEY.Key_Left, NONE, SIZE) is None
