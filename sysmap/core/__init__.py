"""What a map is; knows no question, no file format, no picture."""
