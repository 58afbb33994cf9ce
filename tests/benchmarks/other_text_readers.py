"""Do other programs read the text that is exported? Two drawn pages, by readers in a Python of their own.

    python tests/benchmarks/other_text_readers.py --peer PYTHON

``--peer`` names a Python that has them (``python -m venv V`` and ``V/bin/pip install hocr-spec archive-hocr-tools
alto-tools``, and without what they need, ``V/bin/pip install --no-deps ppocrlabel``). Prints one JSON object: whether
``hocr-spec`` takes the hOCR for valid, and the share of lines that each other reader gives back letter by letter.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[2])]

PEER = """
import ast, contextlib, io, json, os, subprocess, sys
from pathlib import Path

folder = Path(sys.argv[1])
truth = json.loads((folder / "truth.json").read_text("utf-8"))
report = {}

def share(found, wanted):
    return sum(a == b for a, b in zip(found, wanted)) / max(len(found), len(wanted))

validator = Path(sys.executable).with_name("hocr-spec")
if validator.exists():
    done = subprocess.run([validator, "--silent", folder / "words.hocr"])
    report["hocr-spec"] = done.returncode == 0
with contextlib.suppress(ImportError):
    from hocr.parse import hocr_page_iterator, hocr_page_to_word_data
    found = [
        " ".join(word["text"] for word in line["words"])
        for page in hocr_page_iterator(str(folder / "words.hocr"))
        for paragraph in hocr_page_to_word_data(page)
        for line in paragraph["lines"]
    ]
    report["archive-hocr-tools"] = share(found, sum(truth, []))
with contextlib.suppress(ImportError):
    from alto_tools import alto_tools
    from xml.etree import ElementTree
    told = io.StringIO()
    for name in ("page-000", "page-001"):
        tree = ElementTree.parse(folder / "alto" / f"{name}.alto.xml")
        with contextlib.redirect_stdout(told):
            alto_tools.alto_text(tree, "http://www.loc.gov/standards/alto/ns-v4#")
    found = [line.strip() for line in told.getvalue().splitlines() if line.strip()]
    report["alto-tools"] = share(found, sum(truth, []))
from importlib.util import find_spec
spec = find_spec("PPOCRLabel")
if spec is not None:
    # The program itself needs Qt 5 and PaddleOCR; its reader is one method, which is taken out of it as it stands.
    source = Path(spec.origin).with_name("PPOCRLabel.py").read_text("utf-8")
    methods = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef))
    method = next(node for node in methods if node.name == "loadLabelFile")
    space = {"os": os}
    exec(compile(ast.Module([method], []), "PPOCRLabel.py", "exec"), space)
    labels = space["loadLabelFile"](None, str(folder / "pp" / "images" / "Label.txt"))
    found = [region["transcription"] for regions in labels.values() for region in regions]
    report["ppocrlabel"] = share(found, sum(truth, []))
print(json.dumps(report))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", required=True, help="a Python that has the readers")
    peer = parser.parse_args().peer
    with TemporaryDirectory() as name:
        write(Path(name))
        done = subprocess.run([peer, "-c", PEER, name], check=True, capture_output=True, text=True, cwd=name)
    print(json.dumps(json.loads(done.stdout), indent=1))


def write(folder: Path) -> None:
    """Write two drawn pages in the formats, and the truth beside them."""
    from text_pages import drawn_page

    from qwvis_desktop.core.annotation import TextRegion
    from qwvis_desktop.core.export import export
    from qwvis_desktop.core.export_options import ExportOptions

    pages = [drawn_page(number, folder) for number in range(2)]
    export(pages, "hocr", folder / "words.hocr", options=ExportOptions(estimated_words=True))
    export(pages, "alto", folder / "alto")
    export(pages, "ppocrlabel", folder / "pp", pictures=True)
    truth = [
        [" ".join(text.text.split()) for text in page.annotations.values() if isinstance(text, TextRegion)]
        for page in pages
    ]
    (folder / "truth.json").write_text(json.dumps(truth))


if __name__ == "__main__":
    main()
