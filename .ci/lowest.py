"""Print the lowest versions that pyproject.toml admits, as constraints for pip."""

import re
import tomllib
from pathlib import Path

project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text("utf-8"))["project"]
for requirement in [*project["dependencies"], *project["optional-dependencies"]["test"]]:
    if found := re.fullmatch(r"([\w.-]+)>=([\w.]+)", requirement):
        print("==".join(found.groups()))
