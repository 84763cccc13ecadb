"""Cells, an element in a place: who works there, what is needed, and who together covers most."""
