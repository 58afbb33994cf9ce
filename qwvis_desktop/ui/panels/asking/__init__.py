"""What is asked: task, prompt, options, and the buttons that start it."""
