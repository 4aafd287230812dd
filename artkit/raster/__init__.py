"""Engines under the operations: arrays of pixels in, arrays of pixels, labels or levels out."""
