"""Searchable PDF of drawn pages: how much of the text pdfium finds at its place, and time and memory for each page.

Prints one JSON object: lines drawn, the share that pdfium's search finds with a box whose IoU is 0.6 or more, the share
whose words pypdf reads, seconds and megabytes of the file for each page, and how much more memory was used at its
highest while 200 pages were written than while 20 were.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from pypdf import PdfReader
from text_pages import drawn_page, overlap, places_in_pdf

from qwvis_desktop.core.annotation import TextRegion
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.export import export

ENOUGH = 0.6
"""IoU from which on a line counts as found at its place."""


def texts_of(document: Document) -> list[TextRegion]:
    return [each for each in document.annotations.values() if isinstance(each, TextRegion)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--memory-of", type=int, metavar="PAGES", help="only write so many pages, print the peak in MB")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if arguments.memory_of:
            print(peak_of(arguments.memory_of, folder))
            return
        report = found_of(arguments.pages, folder)
    peaks = [memory_of(pages) for pages in (20, 200)]
    report |= {"peak_mb_20_pages": peaks[0], "peak_mb_200_pages": peaks[1], "peak_ratio": round(peaks[1] / peaks[0], 3)}
    print(json.dumps(report, indent=1))


def found_of(count: int, folder: Path) -> dict[str, object]:
    """Write drawn pages and look for each of their lines."""
    pages = [drawn_page(number, folder) for number in range(count)]
    path = folder / "pages.pdf"
    start = time.perf_counter()
    export(pages, "searchable-pdf", path)
    seconds = time.perf_counter() - start
    reader = PdfReader(path)
    overlaps: list[float] = []
    words = read = 0
    for number, document in enumerate(pages):
        texts = texts_of(document)
        boxes = places_in_pdf(path, number, [text.text for text in texts])
        overlaps += [overlap(box, text.polygon.bounds) for box, text in zip(boxes, texts, strict=True)]
        extracted = "".join(reader.pages[number].extract_text().split())
        words += len(texts)
        read += sum("".join(text.text.split()) in extracted for text in texts)
    at_place = sum(value >= ENOUGH for value in overlaps)
    return {
        "pages": count,
        "lines": len(overlaps),
        "found_at_place": round(at_place / len(overlaps), 4),
        "found_at_all": round(sum(value > 0 for value in overlaps) / len(overlaps), 4),
        "mean_iou": round(sum(overlaps) / len(overlaps), 4),
        "read_by_pypdf": round(read / words, 4),
        "seconds_a_page": round(seconds / count, 4),
        "megabytes_a_page": round(path.stat().st_size / count / 1e6, 3),
    }


def memory_of(pages: int) -> float:
    """Return the peak of a process of its own that writes so many pages, in MB."""
    command = [sys.executable, __file__, "--memory-of", str(pages)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def peak_of(pages: int, folder: Path) -> float:
    one = drawn_page(0, folder)
    documents = []
    for _ in range(pages):
        document = Document(one.media)
        document.add(one.annotations.values())
        documents.append(document)
    export(documents, "searchable-pdf", folder / "pages.pdf")
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


if __name__ == "__main__":
    main()
