"""The whole program under a driver that measures annotation apps side by side, for its start alone.

It imports nothing of the program beforehand but what stands for the canvas in the first frame, as its start does too.
"""

from __future__ import annotations

from collections.abc import Sequence

from qwvis_desktop.ui.canvas.empty import EmptyCanvas


class ProgramAdapter:
    """What the driver asks of an app that is started and no more."""

    binding = "PySide6"

    def main(self, arguments: Sequence[str]) -> None:
        """Start as ``qwvis open`` does."""
        from qwvis_desktop.cli.program import run_program

        run_program(["open", *arguments])

    def canvas_class(self) -> type[EmptyCanvas]:
        """Return what of the window is waited for until it is painted."""
        return EmptyCanvas


def adapter() -> ProgramAdapter:
    """Return what the driver asks for."""
    return ProgramAdapter()
