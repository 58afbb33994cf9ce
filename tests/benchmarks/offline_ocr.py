"""Reading off line: pages drawn with known text, what is read rightly, where, and in which time.

Prints one JSON object: for each page the share of characters that are right where they lie and in the order as read,
the mean IoU of the lines with those drawn, the share of lines whose first corner is the text's own top left, and the
seconds of processor time (all threads) of the fastest reading.

``--against FILE`` reads each page with another version of the module too, turn by turn, and says the ratio of both
(``git show REVISION:qwvis_desktop/core/providers/offline_ocr.py > FILE``).
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from statistics import mean
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from ocr_pages import CHINESE_PAGES, PAGES, OcrPage, has_chinese, regions, scored

from qwvis_desktop.core.providers import offline_ocr
from qwvis_desktop.core.providers.base import CancelToken, ChatRequest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", type=Path, metavar="FILE", help="another version of the module, read in turn")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--only", metavar="WORD", default="", help="only pages whose name has it")
    arguments = parser.parse_args()
    readers = {"now": offline_ocr}
    if arguments.against:
        readers["before"] = loaded(arguments.against)
    pages = {**PAGES, **(CHINESE_PAGES if has_chinese() else {})}
    report: dict[str, Any] = {}
    for name, make in pages.items():
        if arguments.only in name:
            report[name] = compared(make(), readers, arguments.rounds)
            print(name, json.dumps(report[name]), file=sys.stderr)
    report["mean"] = {
        side: {
            key: round(mean(page[side][key] for page in report.values()), 4) for key in ("characters", "iou", "seconds")
        }
        for side in readers
    }
    if "before" in readers:
        report["mean"]["ratio_of_seconds"] = round(
            report["mean"]["now"]["seconds"] / report["mean"]["before"]["seconds"], 3
        )
    print(json.dumps(report, indent=1))


def compared(page: OcrPage, readers: dict[str, ModuleType], rounds: int) -> dict[str, dict[str, float]]:
    """Read a page with each version in turn."""
    found: dict[str, list[tuple[float, list[Any]]]] = {side: [] for side in readers}
    for _ in range(rounds):
        for side, reader in readers.items():
            found[side].append(read(page, reader))
    return {
        side: {**asdict(scored(page, regions(read[0][1]))), "seconds": round(min(seconds for seconds, _ in read), 3)}
        for side, read in found.items()
    }


def read(page: OcrPage, reader: ModuleType) -> tuple[float, list[Any]]:
    """Return the seconds that a page takes, without those for loading the engine, and its lines."""
    reader._engine()
    request = ChatRequest("offline", (page.part(),))
    start = time.process_time()
    reply = "".join(chunk.text for chunk in reader.OfflineOcr().stream(request, CancelToken()))
    return time.process_time() - start, json.loads(reply)


def loaded(path: Path) -> ModuleType:
    """Return a module by its file."""
    spec = importlib.util.spec_from_file_location("offline_ocr_before", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
