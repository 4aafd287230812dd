"""Whether the demo in a folder has every preset, and takes no more bytes than it may: python .ci/demo.py GALLERY."""

import json
import sys
from pathlib import Path

MOST = 25_000_000

gallery, presets = Path(sys.argv[1]), Path(__file__).parent.parent / "presets"
made = {json.loads(path.read_text("utf-8"))["preset"] for path in (gallery / "records").glob("*.json")}
size = sum(path.stat().st_size for path in gallery.rglob("*") if path.is_file())
if missing := {path.stem for path in presets.glob("*.toml")} - made:
    sys.exit(f"the demo does not make {', '.join(sorted(missing))}")
if size > MOST:
    sys.exit(f"the demo writes {size:,} bytes, more than {MOST:,}")
