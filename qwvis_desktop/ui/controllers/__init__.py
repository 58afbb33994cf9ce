"""What joins widgets to core; no widget code."""
