"""Random inputs against the laws: `python -m fuzz label_maps --count 1000 --seed 1` runs one kind."""
