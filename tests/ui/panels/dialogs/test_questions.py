from __future__ import annotations

import pytest

from qwvis_desktop.ui.panels.dialogs.questions import with_letters


@pytest.mark.parametrize(
    ("texts", "lettered"),
    [
        (
            ["Save Project...", "Save Beside Pictures", "Don't Save", "Cancel"],
            ["&Save Project...", "Save &Beside Pictures", "&Don't Save", "&Cancel"],
        ),
        (["Save", "Send", "See"], ["&Save", "S&end", "See"]),
        (["存", "存"], ["&存", "存"]),
        ([], []),
    ],
)
def test_each_answer_has_a_letter_of_its_own(texts: list[str], lettered: list[str]) -> None:
    assert with_letters(texts) == lettered
