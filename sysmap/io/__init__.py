"""Files into maps and maps into files; one module per format."""
