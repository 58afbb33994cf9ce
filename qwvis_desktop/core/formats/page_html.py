"""HTML of pages, one file with all in it: figures as data, formulas drawn as SVG where the extra ``math`` is there.

Self-made and escaped (``core.page.html``), with a policy that lets a browser run and load nothing.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from functools import partial

from qwvis_desktop.core.dataset import Dataset, LabelledPicture, OutFile
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.export_options import ExportOptions
from qwvis_desktop.core.formula import FONT_SIZE, FormulaError, draw_formula
from qwvis_desktop.core.label_file import Losses
from qwvis_desktop.core.media.cut import cut_out
from qwvis_desktop.core.media.media import picture as picture_of
from qwvis_desktop.core.page import reading
from qwvis_desktop.core.page.elements import Figure
from qwvis_desktop.core.page.html import escaped, formula_as_written, html_of, spoken

_HEAD = """<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ margin: 0 auto; max-width: 50em; padding: 1em; font-family: sans-serif; line-height: 1.45; }}
table {{ border-collapse: collapse; }}
td, th {{ border: 1px solid #888; padding: 0.25em 0.6em; text-align: left; vertical-align: top; }}
figure {{ margin: 1em 0; }}
figure img {{ max-width: 100%; }}
figcaption {{ color: #666; }}
div.formula {{ margin: 1em 0; text-align: center; }}
section.page + section.page {{ border-top: 1px solid #888; margin-top: 2em; padding-top: 2em; break-before: page; }}
</style>
</head>
<body>
"""
_FOOT = "</body>\n</html>\n"


def losses(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    return reading.losses(document, figures=reading.can_cut(document))


def dump(dataset: Dataset, options: ExportOptions) -> Iterator[OutFile]:
    """Give the file, which is made while it is written: of one page after the other."""
    yield OutFile("", pieces=_pieces(dataset, options.stem))


def _pieces(dataset: Dataset, title: str) -> Iterator[bytes]:
    yield _HEAD.format(title=escaped(title)).encode()
    for picture in dataset:
        yield _page(picture).encode()
    yield _FOOT.encode()


def _page(picture: LabelledPicture) -> str:
    body = html_of(
        reading.readable_elements(picture.document), figure=partial(_figure, picture.document), formula=_formula
    )
    return f'<section class="page" title="{escaped(picture.name)}">\n{body}\n</section>\n'


def _figure(document: Document, figure: Figure) -> str:
    if figure.box is None or not reading.can_cut(document):
        return ""
    data, mime = cut_out(picture_of(document.media), figure.box)
    return f'<img alt="{escaped(spoken(figure))}" src="data:{mime};base64,{base64.b64encode(data).decode()}">'


def _formula(latex: str, written: str, inline: bool) -> str:
    """Return a formula as a picture that stands on the line of writing; as it was written where it cannot be drawn."""
    try:
        drawn = draw_formula(latex, inline=inline)
    except FormulaError:
        return formula_as_written(latex, written, inline)
    data = base64.b64encode(drawn.svg.encode()).decode()
    height, fall = drawn.height / FONT_SIZE, drawn.descent / FONT_SIZE
    look = f"height: {height:.3f}em; vertical-align: {-fall:.3f}em"
    return f'<img class="formula" alt="{escaped(written)}" style="{look}" src="data:image/svg+xml;base64,{data}">'
