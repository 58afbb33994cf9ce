from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QFont, QTextCharFormat
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.answer import Formula
from qwvis_desktop.core.formula import FormulaPicture
from qwvis_desktop.ui.panels.replies.formula_images import FormulaImages

INK = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="{0}" viewBox="0 -{1} 20 {0}">{2}</svg>'
BAR = '<rect x="0" y="-2" width="20" height="2"/>'
"""A bar that lies on the line of writing."""


@pytest.fixture
def images(qapp: object) -> FormulaImages:
    return FormulaImages(QFont())


def added(images: FormulaImages, rise: int, fall: int) -> int:
    key = images.add(Formula(f"x{rise}{fall}", True, "$x$"))
    picture = FormulaPicture(INK.format(rise + fall, rise, BAR), 20, rise + fall, fall)
    images.take({(f"x{rise}{fall}", True): picture})
    return key


def test_each_formula_is_asked_for_once(images: FormulaImages) -> None:
    a, b = Formula("a", True, "$a$"), Formula("b", False, "$$b$$")
    assert [images.add(each) for each in (a, b, a)] == [0, 1, 2]
    assert images.wanted() == [a, b]
    assert images.wanted() == []
    images.cut(1)
    assert len(images) == 1
    assert images[0] == a
    assert not images.has_picture(0)
    with pytest.raises(KeyError):
        images.image(0, QColor("black"), 1.0)


@pytest.mark.parametrize(("rise", "fall"), [(10, 1), (10, 3), (30, 12), (4, 20), (40, 2)])
def test_the_line_of_writing_is_where_qt_puts_it(images: FormulaImages, qtbot: QtBot, rise: int, fall: int) -> None:
    from PySide6.QtGui import QFontMetricsF

    key = added(images, rise, fall)
    look = images.look(key)
    image = images.image(key, QColor("#ff0000"), 4.0)
    inked = [y for y in range(image.height()) if image.pixelColor(4, y).alpha() > 128]
    below = look.height() - (inked[-1] + 1) / 4.0
    metrics = QFontMetricsF(QFont())
    middle = (look.height() - metrics.xHeight() / 2) / 2
    is_low = look.verticalAlignment() == QTextCharFormat.VerticalAlignment.AlignBaseline
    assert below == pytest.approx(metrics.descent() if is_low else middle, abs=0.5)
    assert image.pixelColor(4, inked[0] + 1).name() == "#ff0000"
    assert image.width() == pytest.approx(look.width() * 4, abs=1)
