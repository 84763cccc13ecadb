"""Where influence travels: chains, loops, paths, and the systems that keep the claimed signs."""
