"""Texts of a page: where their letters stand, and what is done with them."""
