"""What is set for a request, what it takes, costs, and may not pass."""
