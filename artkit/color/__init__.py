"""All that knows colors: spaces, palettes and their files, clusters, quantizing, dithering. Arrays in, arrays out."""
