"""The tracer's engine: label image -> planar map -> curves. Arrays in, arrays out; no files, no color names."""
