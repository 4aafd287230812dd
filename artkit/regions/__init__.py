"""From pixels to regions: what the tracer takes for one shape. Arrays in, arrays out; numpy only, so that it starts fast."""
