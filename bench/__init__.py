"""Measurements. `python -m bench` runs them all, `python -m bench startup` one."""
