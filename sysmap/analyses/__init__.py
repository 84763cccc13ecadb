"""One question per module."""
