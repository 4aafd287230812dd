"""The tracer as one place: pixels in, a drawing out."""
