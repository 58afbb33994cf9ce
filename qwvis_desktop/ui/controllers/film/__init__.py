"""Films: playing them, what happens in them, and single frames of them."""
