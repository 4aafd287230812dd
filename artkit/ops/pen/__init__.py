"""Pens: ops that draw pictures, regions and shapes with lines of one width on paper."""

from artkit.ops.pen import dots, flow, hatch, ink, waves

__all__ = ["dots", "flow", "hatch", "ink", "waves"]
