"""Random edit, undo and redo (``--count`` times): n undos give the start, saved and recovered is what is seen."""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from edit_sequences import Pictures, check_recovery, check_sequence
from film_labels import film_media

AT_A_TIME = 100
"""Sequences after which a crash is played, and everything begins anew."""


def main() -> None:
    """Run them, stop at the first that is wrong, and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    began, steps, done = time.monotonic(), 0, 0
    while done < arguments.count:
        with tempfile.TemporaryDirectory(prefix="qwvis-sequences-") as folder:
            pictures = Pictures(Path(folder))
            for number in range(done, min(done + AT_A_TIME, arguments.count)):
                media = film_media() if number % 2 else None
                steps += check_sequence(pictures, f"k{number}", random.Random(f"{arguments.seed} {number}"), media)
                done += 1
            check_recovery(pictures)
            pictures.close()
    print(json.dumps({"sequences": done, "steps": steps, "wrong": 0, "seconds": round(time.monotonic() - began, 1)}))


if __name__ == "__main__":
    main()
