"""Documents and folders on the command line: each page is a picture of its own, and a folder's pictures are a film's.

``--option pages=1-5,8`` says which pages, ``--option frame_rate=25`` how fast the frames of a folder go.
"""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

from qwvis_desktop.cli.output import CommandError, ExitCode, note
from qwvis_desktop.cli.sources import FramesSource, PageSource, Source, shown
from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.media.frame_folder import FASTEST, SLOWEST, USUAL_RATE
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.pages import as_ranges, count_pages, may_have_pages, read_ranges
from qwvis_desktop.core.series import Series, duration_words
from qwvis_desktop.core.setting_values import whole
from qwvis_desktop.core.settings import PAGE_RESOLUTIONS, load_settings, settings_path

PAGES, RESOLUTION, FRAME_RATE = "pages", "resolution", "frame_rate"
"""Options of ours among those of a request: which pages of a document, the pixels per inch that they get, and how many
frames a second the pictures of a folder are."""


def expand_sources(arguments: Namespace) -> None:
    """Put the pages of documents in the place of their files, and films in that of folders.

    What says which pages and how fast is taken out of the options. A document that cannot be read stays as it is: why
    is told when it is opened.

    Raises:
        CommandError: pages are named that are not there, or of a file that has none; or there is no such rate.
    """
    own = {key: value for key, value in arguments.options if key in (PAGES, RESOLUTION, FRAME_RATE)}
    arguments.options = [(key, value) for key, value in arguments.options if key not in own]
    resolution = _resolution(own.get(RESOLUTION))
    rate = _frame_rate(own.get(FRAME_RATE))
    wanted = str(own[PAGES]) if PAGES in own else None
    files: list[Source] = []
    for where in arguments.files:
        if isinstance(where, Path) and where.is_dir():
            files.append(FramesSource(where, rate or USUAL_RATE))
        elif isinstance(where, FramesSource):
            files.append(FramesSource(where.path, rate or where.rate))
        else:
            files += _pages_of(where, wanted, resolution)
    arguments.files = files


def _pages_of(where: Path | str | PageSource, wanted: str | None, resolution: int) -> Iterator[Source]:
    if isinstance(where, PageSource):
        yield PageSource(where.path, where.page, where.count, resolution)
        return
    count = 0
    if isinstance(where, Path) and may_have_pages(where):
        try:
            count = count_pages(where)
        except MediaError:
            yield where
            return
    if not count or not isinstance(where, Path):
        if wanted is not None:
            raise CommandError(
                f'"{shown(where)}" has no pages to choose from. Leave --option pages out.', ExitCode.USAGE
            )
        yield where
        return
    try:
        pages: Sequence[int] = read_ranges(wanted, count) if wanted is not None else range(1, count + 1)
    except ValueError as error:
        raise CommandError(f'"{shown(where)}": {error}', ExitCode.USAGE) from error
    for page in pages:
        yield PageSource(where, page, count, resolution)


def _frame_rate(value: JsonValue) -> float:
    """Return the frames a second that are wanted; 0 where nothing was said."""
    if value is None:
        return 0.0
    if isinstance(value, int | float) and not isinstance(value, bool) and SLOWEST <= value <= FASTEST:
        return float(value)
    raise CommandError(
        f"--option frame_rate={value}: a film has from {SLOWEST} to {FASTEST:,.0f} frames a second.", ExitCode.USAGE
    )


def _resolution(value: JsonValue) -> int:
    if value is None:
        return load_settings(settings_path()).page_resolution
    try:
        return whole(*PAGE_RESOLUTIONS)(value)
    except ValueError as error:
        least, most = PAGE_RESOLUTIONS
        raise CommandError(
            f"--option resolution={value}: pages are drawn at {least} to {most:,} pixels per inch.", ExitCode.USAGE
        ) from error


class PageProgress:
    """Says on standard error how far the reading of documents is, page by page; nothing where there are none."""

    def __init__(self, files: Sequence[Source], at_once: int) -> None:
        self._files = [where for where in files if isinstance(where, PageSource)]
        self._series = Series(map(shown, self._files), max(1, at_once))
        self._since = time.monotonic()
        self._failed: list[PageSource] = []

    def ended(self, files: Sequence[str], *, failed: bool) -> None:
        """Say that these files, as they are told, are done or failed."""
        for name in files:
            where = next((each for each in self._files if shown(each) == name), None)
            if where is None or len(self._files) < 2:
                continue
            now = time.monotonic()
            self._series.take(self._since)
            self._since = now
            if failed:
                self._series.fail(name, name)
                self._failed.append(where)
            else:
                self._series.finish(name, now)
            left = self._series.seconds_left()
            number, unit = duration_words(left or 0)
            rest = f", about {number} {unit} left" if left and not self._series.is_over else ""
            place = self._series.done + len(self._series.failed)
            note(f"{name}: page {place:,} of {self._series.total:,} {'failed' if failed else 'done'}{rest}")

    def stopped(self) -> None:
        """Say how to go on with what was not asked any more."""
        left = [where for where in self._files if shown(where) not in self._ended()]
        for path in dict.fromkeys(where.path for where in left):
            ranges = as_ranges(where.page for where in left if where.path == path).replace(" ", "")
            note(f"{path}: stopped. To go on: --option pages={ranges}")

    def over(self) -> None:
        """Say which pages failed, and how to ask again about them."""
        for path in dict.fromkeys(where.path for where in self._failed):
            ranges = as_ranges(where.page for where in self._failed if where.path == path).replace(" ", "")
            note(f"{path}: some pages failed. To ask again: --option pages={ranges}")

    def _ended(self) -> frozenset[str]:
        return frozenset(self._series.ended)
