"""Compare our resize rule with the makers' own package on 100,000 sizes. Prints one JSON object.

    pip install --no-deps --target PEER qwen-vl-utils
    PYTHONPATH=PEER .venv/bin/python tests/benchmarks/resize_peer.py [--count 100000]

Only the function is taken out of the package's source: importing the package would load torch, which it does not need.
"""

from __future__ import annotations

import argparse
import ast
import importlib.metadata
import importlib.util
import json
import math
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qwvis_desktop.core.coordinates import ResizeRule
from qwvis_desktop.core.geometry import Size

RULES = [
    ResizeRule(32, 65_536, 2_621_440),
    ResizeRule(32, 65_536, 16_777_216),
    ResizeRule(32, 3_072, 8_388_608),
    ResizeRule(28, 3_136, 1_003_520),
    ResizeRule(28, 3_136, 6_422_528),
]


def makers_resize() -> Callable[..., tuple[int, int]]:
    """Return the package's ``smart_resize``: constants and functions of its module, without what it imports."""
    package = importlib.util.find_spec("qwen_vl_utils")
    if package is None or package.origin is None:
        sys.exit(__doc__)
    tree = ast.parse((Path(package.origin).parent / "vision_process.py").read_text(encoding="utf-8"))
    names = {"smart_resize", "round_by_factor", "ceil_by_factor", "floor_by_factor"}
    kept: list[ast.stmt] = [
        node
        for node in tree.body
        if (isinstance(node, ast.FunctionDef) and node.name in names)
        or (isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant))
    ]
    space: dict[str, Any] = {"math": math}
    annotations = ast.parse("from __future__ import annotations").body
    exec(compile(ast.Module(annotations + kept, []), "vision_process.py", "exec"), space)
    found: Callable[..., tuple[int, int]] = space["smart_resize"]
    return found


def main() -> None:
    """Run the comparison; the exit code is 1 where a size differs."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--count", type=int, default=100_000)
    given = arguments.parse_args()
    theirs, rng = makers_resize(), random.Random(7)
    compared, differing = 0, []
    while compared < given.count:
        rule = rng.choice(RULES)
        width, height = (int(math.exp(rng.uniform(math.log(11), math.log(20_000)))) for _ in range(2))
        if max(width, height) > 200 * min(width, height):
            continue
        compared += 1
        ours = rule.resized(Size(width, height))
        wanted = theirs(height, width, factor=rule.factor, min_pixels=rule.min_pixels, max_pixels=rule.max_pixels)
        if (ours.height, ours.width) != tuple(wanted):
            differing.append([width, height, rule.factor, list(ours), list(wanted)])
    version = importlib.metadata.version("qwen-vl-utils")
    print(json.dumps({"bench": "resize_peer", "peer": version, "sizes": compared, "differing": differing[:10]}))
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
