"""What can be chosen for an export on the command line."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from qwvis_desktop.cli import argument_types
from qwvis_desktop.core.export_options import DEFAULT_OPTIONS, ExportOptions


def add_export_options(parser: ArgumentParser) -> None:
    """Add the options of ``qwvis export`` and ``qwvis run`` that choose how files are made."""
    parser.add_argument(
        "--estimated-words",
        action="store_true",
        help="hocr, alto: also write words whose places are only estimated, marked as such",
    )
    parser.add_argument(
        "--onto-original",
        action="store_true",
        help="searchable-pdf: lay the text onto the PDF document that the pages are of, which stays as it is else",
    )
    parser.add_argument(
        "--picture-quality",
        type=argument_types.picture_quality,
        default=DEFAULT_OPTIONS.picture_quality,
        metavar="N|lossless",
        help=f"searchable-pdf: quality of the pages as JPEG, 1 to 100 (default {DEFAULT_OPTIONS.picture_quality})",
    )


def export_options_of(arguments: Namespace) -> ExportOptions:
    """Return what was chosen."""
    return ExportOptions(
        estimated_words=arguments.estimated_words,
        onto_original=arguments.onto_original,
        picture_quality=arguments.picture_quality,
    )
