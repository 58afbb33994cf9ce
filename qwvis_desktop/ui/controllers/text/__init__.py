"""What is done with recognised text."""
