"""Documents with pages, and what is asked about many pictures."""
