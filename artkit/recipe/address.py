"""STEP.PARAM: which parameter of which step is meant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from artkit import registry
from artkit.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from artkit.recipe.model import Step


def locate(target: str, steps: Sequence[Step]) -> tuple[int, str]:
    """Give the index from 0 and the parameter that STEP.PARAM means; a UsageError says how to address a step."""
    name, dot, parameter = target.rpartition(".")
    if not (name and dot and parameter):
        raise UsageError(f"names no step; write STEP.PARAM, as in {example(steps)}")
    index = _step_index(name, parameter, steps)
    try:
        parameters = registry.find(steps[index].op).parameters
    except UsageError:  # an unknown op is a fault of its own
        return index, parameter
    if parameter not in parameters:
        step = f"step {index + 1} ({steps[index].op})"
        raise UsageError(f"{step} has no parameter {parameter!r}{did_you_mean(parameter, parameters)}")
    return index, parameter


def _step_index(name: str, parameter: str, steps: Sequence[Step]) -> int:
    if name.isdecimal():
        if 1 <= int(name) <= len(steps):
            return int(name) - 1
        raise UsageError(f"no step {name}; the recipe has {len(steps)} step{'s' * (len(steps) != 1)}")
    by_id = [index for index, step in enumerate(steps) if step.id == name]
    by_op = [index for index, step in enumerate(steps) if step.op == name]
    if len(by_id) == 1 or (not by_id and len(by_op) == 1):
        return (by_id or by_op)[0]
    if len(by_op) > 1:
        numbers = " and ".join(str(index + 1) for index in by_op)
        raise UsageError(f"{name!r} is the op of steps {numbers}; write {by_op[0] + 1}.{parameter}, or give it an id")
    known = {step.id for step in steps if step.id} | {step.op for step in steps if step.op}
    raise UsageError(f"no step {name!r}{did_you_mean(name, known)}")


def example(steps: Sequence[Step]) -> str:
    """Give a STEP.PARAM that there is, for messages."""
    for index, step in enumerate(steps):
        parameters = registry.all_ops()[step.op].parameters if step.op in registry.all_ops() else {}
        if parameters:
            once = sum(other.op == step.op for other in steps) == 1
            return f"{step.op if once else index + 1}.{next(iter(parameters))}"
    return "1.size"
