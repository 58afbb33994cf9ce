"""A million damaged replies with known truth; prints one JSON object.

    .venv/bin/python tests/benchmarks/fuzz_replies.py --count 1000000

Counts exceptions, items that are invented (their numbers do not occur in order inside one closed object) and prefixes
that give more than the whole; and the share of replies whose boxes are all found, beside ``json.loads`` after cutting
the fence and, for the first thousands, ``json_repair``.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import json_repair  # after the path
from reply_grammar import Made, damaged  # found through the line above
from reply_reading import context

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.replies.parser import ParsedReply, parse_reply

WHERE = context(original=Size(1000, 1000), sent=Size(1000, 1000))
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
FENCE = re.compile(r"```\w*\s*\n(.*?)\n?```", re.DOTALL)


def boxes(value: Any) -> set[tuple[float, ...]]:
    """Return the boxes in what a JSON library gives back."""
    if isinstance(value, list):
        return set().union(*map(boxes, value))
    if not isinstance(value, dict):
        return set()
    found = set().union(*map(boxes, value.values()))
    numbers = value.get("bbox_2d")
    if isinstance(numbers, list) and all(isinstance(number, int | float) for number in numbers):
        found.add(tuple(numbers))
    return found


def fenced(text: str) -> str:
    """Return what stands in the fence, or the text."""
    match = FENCE.search(text)
    return match.group(1) if match else text


def complete(reply: Made, found: set[tuple[float, ...]]) -> bool:
    """Say whether all boxes of the truth were found."""
    return all(item.numbers in found for item in reply.truth)


def by_library(reply: Made, library: str) -> bool:
    """Say whether a library finds all boxes."""
    load = json.loads if library == "json.loads" else json_repair.loads
    try:
        return complete(reply, boxes(load(fenced(reply.text))))
    except (ValueError, RecursionError):
        return False


def invented(raw: str, reply: ParsedReply) -> int:
    """Return how many items have numbers that do not stand in order in a closed object of the reply."""
    count = 0
    for annotation in reply.annotations:
        assert annotation.provenance is not None
        start, end = annotation.provenance.span
        written = iter(float(number) for number in NUMBER.findall(raw[start:end]))
        inside = all(any(number == other for other in written) for number in annotation.provenance.numbers)
        count += not (inside and raw[start] == "{" and raw[end - 1] == "}")
    return count


def main() -> None:
    """Print the counts."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--count", type=int, default=20_000)
    arguments.add_argument("--repair", type=int, default=5_000, help="how many of them json_repair reads too")
    arguments.add_argument("--first", type=int, default=0, help="the first seed")
    options = arguments.parse_args()
    counts: Counter[str] = Counter()
    seeds: list[int] = []
    start = time.perf_counter()
    for seed in range(options.first, options.first + options.count):
        chance = random.Random(seed)
        made = damaged(chance)
        try:
            reply = parse_reply(made.text, WHERE)
            part = parse_reply(made.text[: chance.randint(0, len(made.text))], WHERE, None)
        except Exception:  # noqa: BLE001  # any exception is what is counted here
            counts["exceptions"] += 1
            seeds.append(seed)
            continue
        spans = {(a.provenance.span, a.provenance.numbers) for a in reply.annotations if a.provenance}
        more = any((a.provenance.span, a.provenance.numbers) not in spans for a in part.annotations if a.provenance)
        new = invented(made.text, reply)
        if more or new:
            seeds.append(seed)
        counts["prefixes with more"] += more
        counts["invented"] += new
        found = {a.provenance.numbers for a in reply.annotations if a.provenance}
        counts["ours"] += complete(made, found)
        counts["json.loads"] += by_library(made, "json.loads")
        if seed - options.first < options.repair:
            counts["json_repair"] += by_library(made, "json_repair")
            counts["ours beside json_repair"] += complete(made, found)
    repaired = min(options.repair, options.count)
    print(
        json.dumps(
            {
                "replies": options.count,
                "seconds": round(time.perf_counter() - start, 1),
                **{name: counts[name] for name in ("exceptions", "invented", "prefixes with more")},
                "seeds of these": seeds,
                "complete": {
                    "ours": counts["ours"] / options.count,
                    "json.loads without the fence": counts["json.loads"] / options.count,
                    f"first {repaired}: ours": counts["ours beside json_repair"] / repaired,
                    f"first {repaired}: json_repair": counts["json_repair"] / repaired,
                },
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
