"""Engines of filters: arrays of pixels in, arrays of pixels out; bands of rows keep the memory small."""
