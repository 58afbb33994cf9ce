"""Kill a scripted editor at random moments (``--count``), and say what was lost; ends with 1 where it is too much."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from kill_rounds import MOST_LOST_SECONDS, Round, kill_once


def main() -> int:
    """Kill, and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, help="where the editors work; a temporary one unless given")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qwvis-kill-") as temporary:
        folder = arguments.folder or Path(temporary)
        rounds = [kill_once(folder / str(number), arguments.seed + number) for number in range(arguments.count)]
    print(json.dumps(told(rounds)))
    bad = [
        number
        for number, each in enumerate(rounds)
        if each.unreadable or each.runs_lost or each.lost_seconds > MOST_LOST_SECONDS
    ]
    return 1 if bad else 0


def told(rounds: list[Round]) -> dict[str, object]:
    """Return what is printed."""
    return {
        "kills": len(rounds),
        "steps": sum(each.steps for each in rounds),
        "rounds_with_a_step_lost": sum(each.lost_seconds > 0 for each in rounds),
        "most_lost_ms": round(1000 * max(each.lost_seconds for each in rounds), 1),
        "runs_lost": sum(each.runs_lost for each in rounds),
        "unreadable": sum(each.unreadable for each in rounds),
    }


if __name__ == "__main__":
    sys.exit(main())
