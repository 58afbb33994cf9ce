"""Reading pages: the rendered document and the fields beside the picture."""
