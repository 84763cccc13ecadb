"""Typed system maps for working groups."""
