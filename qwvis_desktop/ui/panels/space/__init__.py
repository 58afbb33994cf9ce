"""Boxes in space: camera, numbers, plan and orbit."""
