"""From pixels to regions, the tracer's shapes. Arrays in, arrays out; little is imported, so that it starts fast."""
