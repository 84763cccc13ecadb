"""Pictures of a whole map: positions, the pyvis network and the interactive page."""
