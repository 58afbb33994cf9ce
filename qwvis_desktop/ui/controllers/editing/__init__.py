"""Editing: drawing, relabelling, reviewing, the clipboard."""
