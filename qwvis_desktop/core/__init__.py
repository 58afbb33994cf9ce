"""Everything that works without a window: no Qt below this folder."""
