"""Who reported what about a subject in a place, and how far reporters agree."""
