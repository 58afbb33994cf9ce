"""Drawing without a window: the painters of the canvas, off screen, and what can be chosen of it."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace

from qwvis_desktop.cli import argument_types
from qwvis_desktop.core.export import Renderer
from qwvis_desktop.ui.drawing_options import DrawingOptions


def add_drawing_options(parser: ArgumentParser) -> None:
    """Add the options that say how annotated pictures look: those of the window's form."""
    group = parser.add_argument_group("annotated pictures")
    wide = argument_types.percent(25, 400)
    group.add_argument(
        "--line-width",
        type=wide,
        default=100,
        metavar="PERCENT",
        help="of what suits the picture (25 to 400)",
    )
    group.add_argument(
        "--label-size", type=wide, default=100, metavar="PERCENT", help="of what suits the picture (25 to 400)"
    )
    group.add_argument(
        "--fill", type=argument_types.percent(0, 100), default=0, metavar="PERCENT", help="how much areas are covered"
    )
    group.add_argument("--no-labels", action="store_true", help="write no labels, and no scores")
    group.add_argument("--no-scores", action="store_true", help="write labels without scores")
    group.add_argument("--color-by", choices=("label", "kind"), default="label", help="what has a colour of its own")
    group.add_argument(
        "--link-picture", action="store_true", help="SVG: name the picture's file instead of holding the picture"
    )


def drawing_options_of(arguments: Namespace) -> DrawingOptions:
    """Return what was chosen."""
    return DrawingOptions(
        line=arguments.line_width / 100,
        font=arguments.label_size / 100,
        fill=arguments.fill,
        labels=not arguments.no_labels,
        scores=not arguments.no_scores,
        by_label=arguments.color_by == "label",
        linked=arguments.link_picture,
    )


def off_screen_renderer(options: DrawingOptions) -> Renderer:
    """Return what draws annotated pictures; the only part of the command line that loads Qt."""
    if sys.platform.startswith("linux"):
        # Elsewhere the off-screen platform has no fonts, and the real one needs no display.
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication

    from qwvis_desktop.ui.canvas.painting.film_render import FilmRenderer

    if QGuiApplication.instance() is None:
        _keep_alive.append(QGuiApplication(["qwvis"]))
    return FilmRenderer(options=options)


_keep_alive: list[object] = []
"""Qt's application object, which must outlive all drawing."""
