"""How long the window is kept by an answer of a megabyte that comes in pieces::

    python tests/benchmarks/answers.py

Prints one JSON object: for each kind of text and size in thousands of characters, what all paints took together in
seconds, and the longest of them in milliseconds; and how much longer the last doubling took than the size grew.
"""

from __future__ import annotations

import json
import os
import time

from PySide6.QtWidgets import QApplication

from qwvis_desktop.ui.panels.replies.answer_text import AnswerText

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

PIECE = 4000
"""Characters that come between two paints."""

SIZES = (125_000, 250_000, 500_000, 1_000_000)

TEXTS = {
    "paragraphs": "The *quick* brown fox jumps over **the lazy dog**, and some more words follow here.\n\n",
    "one line": "The *quick* brown fox jumps over **the lazy dog**, and some more words follow here. ",
    "code": "x = [1, 2, 3]  # a line of a program\n",
}


def measure(view: AnswerText, text: str) -> tuple[float, float]:
    """Return what showing ``text`` piece by piece took in all, and at the longest, in seconds."""
    application = QApplication.instance()
    assert application is not None
    view.clear_answer()
    total = longest = 0.0
    for place in range(0, len(text), PIECE):
        view.append_answer(text[place : place + PIECE])
        start = time.perf_counter()
        view.flush()
        application.processEvents()
        took = time.perf_counter() - start
        total, longest = total + took, max(longest, took)
    return total, longest


def main() -> int:
    """Print the figures."""
    application = QApplication(["answers"])
    view = AnswerText()
    view.resize(620, 300)
    view.show()
    found: dict[str, dict[str, object]] = {}
    for name, line in TEXTS.items():
        totals = []
        found[name] = {}
        for size in SIZES:
            text = ("```\n" if name == "code" else "") + line * (size // len(line))
            total, longest = measure(view, text)
            totals.append(total)
            found[name][f"{size // 1000} k"] = {"seconds": round(total, 2), "longest_ms": round(longest * 1000, 1)}
        found[name]["last_doubling"] = round(totals[-1] / totals[-2] / (SIZES[-1] / SIZES[-2]), 2)
    print(json.dumps(found, indent=1))
    view.close()
    application.processEvents()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
