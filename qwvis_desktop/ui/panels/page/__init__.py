"""The page as it is read, beside the page as it is seen."""
