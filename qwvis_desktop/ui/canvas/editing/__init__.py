"""Tools, handles and keys that change what lies on the picture."""
