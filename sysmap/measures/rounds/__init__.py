"""Two rounds of one survey held against each other."""
