"""Panels for recognised text."""
