from __future__ import annotations

import pytest
from edit_steps import Sequence
from pytestqt.qtbot import QtBot


@pytest.mark.parametrize("block", range(10))
def test_n_undos_give_the_start_and_n_redos_the_end(qtbot: QtBot, block: int) -> None:
    for seed in range(50 * block, 50 * block + 50):
        sequence = Sequence(seed, 20)
        sequence.check()
        sequence.editor.deleteLater()
