"""What people type by mistake, and the one line that says what would work."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from artkit.errors import bounds, did_you_mean, nearest

WORDS = "artkit.words"
"""The key under which a context keeps the words of the command line."""

PICTURES = frozenset(
    (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".gif", ".bmp", ".ico", ".avif", ".heic", ".mp4", ".mov")
)
"""Suffixes of what people take for a photo."""

GROUPS = frozenset(("apply", "sweep", "gallery", "presets", "ops", "recipe"))
"""Commands whose options are those of commands below them."""


ELSEWHERE = {
    "completion": "artkit --install-completion",
    "convert": "artkit trace, or artkit export",
    "init": "artkit config init, or artkit presets new NAME",
    "list": "artkit presets, artkit ops, or artkit gallery list",
    "new": "artkit presets new NAME",
    "open": "artkit gallery open",
    "settings": "artkit config",
    "vectorize": "artkit trace",
}
"""What other programs call their commands."""


def is_address(text: str) -> bool:
    """Whether a text is the address of something on the web."""
    return text.lower().startswith(("http://", "https://", "ftp://", "file://"))


def no_command(words: Sequence[str], commands: Sequence[str]) -> str:
    """Say what is wrong with a command line that begins with no command."""
    name, rest = words[0], words[1:]
    if is_address(name):
        return f"{name}: is an address, and no command; name one first: {_line('trace', name)}"
    if _is_recipe(name):
        return f"{name}: is a preset, and no command; did you mean `{_line('apply', name, *(rest or ['PHOTO']))}`?"
    path = Path(name)
    if path.is_dir():
        return f"{name}: is a folder, and no command; artkit batch PRESET --photos {shlex.quote(name)} takes all in it"
    if path.suffix.lower() in (".svg", ".svgz"):
        return f"{name}: is a drawing, and no command; artkit plot and artkit export take it: {_line('plot', name)}"
    if path.suffix.lower() in PICTURES or path.is_file():
        presets = [word for word in rest if _is_recipe(word)]
        if presets:
            others = [word for word in rest if word != presets[0]]
            return f"{name}: is a photo, and no command; did you mean `{_line('apply', presets[0], name, *others)}`?"
        ways = f"{_line('trace', name)}, or {_line('apply', 'PRESET', name)}"
        return f"{name}: is a photo, and no command; name one first: {ways}"
    if name in ELSEWHERE:
        return f"{name}: is no command; you may mean {ELSEWHERE[name]}"
    close = nearest(name, commands) or nearest(name, _presets())
    hint = f"did you mean {close if close in commands else f'artkit apply {close}'}? " if close else ""
    return f"{name}: artkit has no such command; {hint}artkit --help lists them all"


def no_preset(words: Sequence[str], example: str) -> str:
    """Say what is wrong where something else than a preset comes first; "" where it may be one."""
    name, rest = words[0], words[1:]
    if is_address(name):
        return f"{name}: is an address; save the recipe first, and give its path"
    if _is_preset(name) or name.endswith(".toml"):
        return ""
    if Path(name).is_dir():
        return f"{name}: is a folder, and no preset; write: {example}"
    swapped = [word for word in rest if _is_recipe(word) and (_is_preset(word) or word.endswith(".toml"))]
    if swapped and (Path(name).suffix.lower() in PICTURES or Path(name).is_file()):
        others = [word for word in rest if word != swapped[0]]
        command = example.split()[1]
        return f"{name}: the preset comes before the photo; did you mean `{_line(command, swapped[0], name, *others)}`?"
    if Path(name).suffix.lower() in PICTURES and not (rest and Path(name).is_file()):
        return f"{name}: is a photo; the preset comes before it: {example.replace('PHOTO', shlex.quote(name))}"
    return ""


DRAWN = frozenset((".svg", ".svgz", ".pdf", ".eps", ".dxf"))
"""Suffixes of what artkit writes and takes for no photo."""


def no_photo(photos: Sequence[str], output: str | None) -> str:
    """Say what among the names of photos is none: an empty one, or what was meant to be written; "" for nothing."""
    if "" in photos:
        return "'': is an empty name where a photo should be; is a variable of the shell not set?"
    last = photos[-1]
    if output is None and len(photos) > 1 and Path(last).suffix.lower() in DRAWN and not is_address(last):
        return f"{last}: is no photo; to write it put -o before it: -o {shlex.quote(last)}"
    return ""


def unquoted(words: Sequence[str]) -> str:
    """Give the name of a file that two or three words following each other make, which wants quotes; "" for none."""
    found = (" ".join(words[i : i + count]) for i in range(len(words)) for count in (2, 3) if i + count <= len(words))
    return next((name for name in found if Path(name).is_file()), "")


def said(error: Any) -> str:
    """Say what the parser complains of: what, where, and what would work."""
    context = error.ctx
    if type(error).__name__ == "BadOptionUsage":
        option = error.option_name
        alone = "does not take" in error.message
        return f"{option}: takes no value; write {option} alone" if alone else f"{option}: needs a value after it"
    if context is None:
        return str(error.format_message())
    path = context.command_path
    match type(error).__name__:
        case "NoSuchOption":
            return _no_option(error.option_name, context)
        case "MissingParameter":
            return _missing(error.param, path)
        case "BadParameter":
            return _bad(error)
    text = str(error.message)
    if text.startswith("No such command"):
        commands = context.command.list_commands(context)
        name = text.partition("'")[2].partition("'")[0]
        if path == "artkit config":
            return f"{name}: artkit config changes nothing; write it into artkit.toml, which artkit config init begins"
        return f"{name}: {path} has no such command{did_you_mean(name, commands)}"
    if text.startswith("Got unexpected extra"):
        return _too_much(text.rpartition("(")[2].rstrip(")."), context)
    return f"{text.rstrip('.')}; {path} --help tells how it goes"


def _no_option(option: str, context: Any) -> str:
    path = context.command_path
    known = [name for each in context.command.params for name in (*each.opts, *each.secondary_opts)]
    help_ = f"{path} --help lists its options"
    words = context.meta.get(WORDS, ())
    if single := next((word for word in words if word.startswith(option) and f"-{word}" in known), ""):
        return f"{single}: is written with two hyphens, -{single}"
    if context.parent is None:
        if close := nearest(option, [name for name in known if name.startswith("--")]):
            return f"{option}: artkit has no such option; did you mean {close}? {help_}"
        return f"{option}: options come after the command, as in artkit apply PRESET PHOTO {option}; {help_}"
    if path.split()[1] in ("apply", "sweep") and (target := _step_of(context.info_name, option)):
        return f"{option}: is no option of {context.info_name}, but {target} sets it; {help_}"
    if owners := list(_owners(option, context.find_root().command.commands)):
        return f"{option} belongs to {' and '.join(owners[:3])}; {help_}"
    close = nearest(option, [name for name in known if name.startswith("--")])
    return f"{option}: {path} has no such option; {f'did you mean {close}? ' if close else ''}{help_}"


def _step_of(preset: str, option: str) -> str:
    """Give the option of a preset that sets a parameter of that name, else the --set that does."""
    from artkit.errors import ArtkitError
    from artkit.recipe import find
    from artkit.recipe.address import locate

    name = option.lstrip("-").replace("-", "_")
    try:
        recipe = find(preset)
    except ArtkitError:
        return ""
    owners = [(index, step.op.name) for index, step in enumerate(recipe.steps) if name in step.op.parameters]
    places = {locate(target, recipe.data.steps): own for own, target in recipe.data.expose.items()}
    shown = next((places[index, name] for index, _ in owners if (index, name) in places), "")
    return f"--{shown.replace('_', '-')}" if shown else f"--set {owners[0][1]}.{name}=VALUE" if owners else ""


def _owners(option: str, commands: Mapping[str, Any]) -> Iterator[str]:
    """Give the commands that have an option of that name; where none has it, the presets."""
    found = False
    for name, command in commands.items():
        if name in GROUPS:
            continue
        params = command.build().params
        if any(option in (*each.opts, *each.secondary_opts) for each in params):
            found = True
            yield f"`artkit {name}`"
    if not found and option.startswith("--"):
        yield from (f"`artkit apply {name}`" for name, path in _presets().items() if _exposes(path, option))


def _exposes(path: Path, option: str) -> bool:
    import tomllib

    try:
        said = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return False
    tables = (said.get("choose"), said.get("expose"))
    options = {name.replace("-", "_") for table in tables if isinstance(table, dict) for name in table}
    return option.lstrip("-").replace("-", "_") in options


def _missing(param: Any, path: str) -> str:
    shown = str(param.metavar or param.name.upper())
    if param.param_type_name != "argument":
        return f"{param.opts[0]} is missing; write {path} ... {param.opts[0]} {shown}"
    stdin = "; - reads it from stdin" if shown == "PHOTO" or path == "artkit plot" else ""
    return f"{shown.removesuffix('...')} is missing; write {path} {shown}{stdin}"


def _bad(error: Any) -> str:
    option = max(error.param.opts, key=len) if error.param.param_type_name == "option" else error.param.metavar
    if (cause := error.__cause__) is None or not hasattr(cause, "errors"):
        return f"{option}: {error.message.rstrip('.')}"
    from artkit.registry.complaints import of_text

    limits = bounds(getattr(error.param, "min", None), getattr(error.param, "max", None))
    text = of_text(cause)
    return f"{option}: {text}" + (f"; use {limits}" if limits and "; use " not in text else "")


def _too_much(extra: str, context: Any) -> str:
    path, first = context.command_path, extra.partition(" ")[0]
    if whole := unquoted(context.meta.get(WORDS, ())):
        return f"{extra}: is part of a name with a space; put quotes around it: {shlex.quote(whole)}"
    if path == "artkit demo":
        return f"{extra}: the demo has a photo of its own; {_line('demo', '--photo', extra)} takes yours"
    many = "" if path.split()[-1] in GROUPS else f", or once for each: {path} {first}"
    takes = next((each.metavar for each in context.command.params if each.param_type_name == "argument"), "")
    return f"{extra}: is too much; {path} takes one {takes}{many}" if takes else f"{extra}: {path} takes no names"


def _is_recipe(name: str) -> bool:
    return _is_preset(name) or (name.endswith(".toml") and Path(name).is_file())


def _is_preset(name: str) -> bool:
    from artkit.recipe import retired

    return name in _presets() or name in retired()


def _presets() -> dict[str, Path]:
    from artkit.recipe import presets

    return presets()


def _line(*words: str) -> str:
    return " ".join(("artkit", *(word if word.isupper() else shlex.quote(word) for word in words)))
