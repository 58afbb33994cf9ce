"""Drawing a document, for the screen and for files."""
