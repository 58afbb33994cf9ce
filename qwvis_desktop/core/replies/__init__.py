"""Reading replies: raw text in, annotations and issues out; pure."""
