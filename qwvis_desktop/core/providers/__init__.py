"""Services that answer: one small interface, one error tree."""
