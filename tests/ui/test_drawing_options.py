from __future__ import annotations

from qwvis_desktop.ui.drawing_options import DrawingOptions


def test_nothing_differs_at_first() -> None:
    options = DrawingOptions()
    assert (options.line, options.font, options.fill) == (1, 1, 0)
    assert (options.labels, options.scores, options.by_label, options.linked) == (True, True, True, False)
