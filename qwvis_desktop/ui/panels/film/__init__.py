"""The panels of films: the timeline, and what plays them."""
