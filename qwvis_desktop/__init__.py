"""QwVis Desktop: an annotation app for the Qwen vision models."""
