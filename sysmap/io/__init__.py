"""Reading and writing: one module per format, and the two doors `read` and `write`."""
