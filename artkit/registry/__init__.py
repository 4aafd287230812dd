"""Functions with `@op` in, operations by name out: declared, found, checked in the user's words."""

from artkit.registry.annotations import Only, OnlyPictures, Parameter
from artkit.registry.discovery import ENTRY_POINTS, REGISTRY, Registry, all_ops, broken, find, heading
from artkit.registry.operation import INJECTED, Op, op

__all__ = [
    "ENTRY_POINTS",
    "INJECTED",
    "REGISTRY",
    "Only",
    "OnlyPictures",
    "Op",
    "Parameter",
    "Registry",
    "all_ops",
    "broken",
    "find",
    "heading",
    "op",
]
