"""The table of what can be written of films: events and boxes in time."""

from __future__ import annotations

from qwvis_desktop.core.file_format import Format, of_picture
from qwvis_desktop.core.formats import chapters, srt, webvtt

FILM_FORMATS = (
    Format("srt", "Subtitles (SRT)", ".srt", "application/x-subrip", srt.losses, of_picture(srt.dump)),
    Format("webvtt", "Subtitles (WebVTT)", ".vtt", "text/vtt", webvtt.losses, of_picture(webvtt.dump)),
    Format(
        "chapters",
        "Chapters for YouTube",
        ".chapters.txt",
        "text/plain",
        chapters.losses_of_lines,
        of_picture(chapters.dump_lines),
    ),
    Format(
        "ffmetadata",
        "Chapters for FFmpeg",
        ".ffmetadata.txt",
        "text/plain",
        chapters.losses_of_metadata,
        of_picture(chapters.dump_metadata),
    ),
)
"""The formats for films, in the order in which they are offered; a part of ``export_formats.FORMATS``."""
