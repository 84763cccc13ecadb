// Downloads: the picture as PNG and SVG, the data as CSV.
