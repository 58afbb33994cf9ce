"""``narrow_combo``: a combo box that may be narrower than its items."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QSizePolicy


def narrow_combo(name: str) -> QComboBox:
    """Return a combo box with an accessible name that may be narrower than its longest item."""
    combo = QComboBox()
    combo.setAccessibleName(name)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(10)
    combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return combo
