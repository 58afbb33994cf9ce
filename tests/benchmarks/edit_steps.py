"""Random sequences of edits, undos and redos: n undos must give the start, and as many redos the end.

    python tests/benchmarks/edit_steps.py [--count 10000] [--length 40] [--seed 0]

Prints one JSON object. The test run takes a sample of them (``tests/ui/test_edit_steps.py``).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from edit_steps import Sequence
from PySide6.QtWidgets import QApplication


def main() -> int:
    """Run them and say how many failed."""
    parser = argparse.ArgumentParser(description="Check that undo and redo give back what was there.")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--length", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    application = QApplication(["edit_steps"])
    failed, started = [], time.perf_counter()
    for seed in range(given.seed, given.seed + given.count):
        sequence = Sequence(seed, given.length)
        try:
            sequence.check()
        except AssertionError:
            failed.append(seed)
        sequence.editor.deleteLater()
        if seed % 100 == 0:
            application.processEvents()
    seconds = round(time.perf_counter() - started, 1)
    print(json.dumps({"sequences": given.count, "length": given.length, "failed": failed, "seconds": seconds}))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
