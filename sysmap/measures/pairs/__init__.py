"""Pairs of organizations: what they share, need and offer, beyond what their sizes explain."""
