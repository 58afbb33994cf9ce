"""The cost of reading replies; prints one JSON object.

    .venv/bin/python tests/benchmarks/parse_replies.py

5,000 boxes in deltas of 20 characters, beside the floor of an incremental ``raw_decode`` in the same run; time per
box at 100 and at 5,000; the slowest single delta; 16 kB and 1 MB of replies and of garbage.
"""

from __future__ import annotations

import gc
import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from reply_grammar import damaged  # found through the line above
from reply_reading import context

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.replies.parser import ReplyParser, parse_reply

RUNS = 9
WHERE = context(original=Size(4000, 3000), sent=Size(1024, 768))
LABELS = ["car", "person", "traffic light", "bicycle", "bus", "truck", "stop sign", "dog", "potted plant", "handbag"]


def reply(count: int) -> str:
    """Return a reply of so many boxes, as Qwen3-VL lays them out."""
    chance = random.Random(1)
    rows = []
    for index in range(count):
        x, y = chance.randint(0, 900), chance.randint(0, 900)
        box = f"[{x}, {y}, {x + chance.randint(5, 99)}, {y + chance.randint(5, 99)}]"
        rows.append(f'\t{{"bbox_2d": {box}, "label": "{chance.choice(LABELS)} {index}"}}')
    return "```json\n[\n" + ",\n".join(rows) + "\n]\n```"


def floor(deltas: list[str]) -> int:
    """Decode each object once, when a brace closes; standard library only."""
    buffer, found, decode = "", 0, json.JSONDecoder().raw_decode
    for delta in deltas:
        buffer += delta
        if "}" not in delta:
            continue
        place = 0
        while (begin := buffer.find("{", place)) >= 0:
            try:
                _, place = decode(buffer, begin)
            except ValueError:
                break
            found += 1
        buffer = buffer[place:]
    return found


def ours(deltas: list[str]) -> int:
    """Feed the reader."""
    parser = ReplyParser(WHERE)
    return sum(len(parser.feed(delta).annotations) for delta in deltas)


def milliseconds(work: Callable[[], object]) -> float:
    """Return how long a call takes."""
    gc.collect()
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1e3


def slowest_delta(deltas: list[str]) -> float:
    """Return the milliseconds of the slowest delta; the least of several runs, since the machine has other work too."""
    worst = []
    for _ in range(RUNS):
        parser = ReplyParser(WHERE)
        worst.append(max(milliseconds_of(parser, delta) for delta in deltas))
    return min(worst)


def milliseconds_of(parser: ReplyParser, delta: str) -> float:
    """Return how long one delta takes."""
    start = time.perf_counter()
    parser.feed(delta)
    return (time.perf_counter() - start) * 1e3


def read_for(text: str) -> float:
    """Return how long a whole reply takes."""
    return milliseconds(lambda: parse_reply(text, WHERE))


def sizes() -> dict[str, float | str]:
    """Return the 99th percentile of damaged replies of 16 kB, and the worst of 1 MB of garbage, in milliseconds."""
    medium = []
    for seed in range(100):
        chance = random.Random(seed)
        text = ""
        while len(text) < 16_000:
            text += damaged(chance).text
        medium.append(read_for(text[:16_000]))
    shapes = [
        "{",
        '{"',
        '{"a":',
        '{"a":[',
        "[",
        "<",
        '"',
        "'",
        "{'a",
        "`",
        "\\",
        ",",
        "a",
        " ",
        "\n",
        "1",
        '{"a": "',
        "}{",
        '"b',
        "/",
        "é",
        "[1,",
    ]
    prefixes = ["", '{"x": ', '{"x": "']
    garbage = {
        prefix + shape: read_for((prefix + shape * 1_000_000)[:1_000_000]) for prefix in prefixes for shape in shapes
    }
    worst = max(garbage, key=lambda key: garbage[key])
    whole = statistics.median(milliseconds(lambda: parse_reply(reply(14_000)[:1_000_000], WHERE)) for _ in range(3))
    return {
        "p99_of_16_kB": statistics.quantiles(medium, n=100)[98],
        "valid_1_MB": whole,
        "worst_garbage_1_MB": garbage[worst],
        "worst_garbage": worst,
    }


def main() -> None:
    """Print the figures."""
    deltas = {
        count: [text[i : i + 20] for i in range(0, len(text), 20)] for count in (100, 5000) for text in (reply(count),)
    }
    assert ours(deltas[5000]) == floor(deltas[5000]) == 5000
    taken: dict[str, list[float]] = {"ours": [], "floor": [], "hundred": []}
    for _ in range(RUNS):
        taken["ours"].append(milliseconds(lambda: ours(deltas[5000])))
        taken["floor"].append(milliseconds(lambda: floor(deltas[5000])))
        taken["hundred"].append(min(milliseconds(lambda: ours(deltas[100])) for _ in range(5)))
    median = {name: statistics.median(values) for name, values in taken.items()}
    figures = {
        "boxes_5000_ms": median["ours"],
        "least_of_the_runs_ms": min(taken["ours"]),
        "floor_ms": median["floor"],
        "times_the_floor": median["ours"] / median["floor"],
        "limit_ms": 40,
        "per_box_5000_to_100": (min(taken["ours"]) / 5000) / (min(taken["hundred"]) / 100),
        "slowest_delta_ms": slowest_delta(deltas[5000]),
        **sizes(),
    }
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
