"""The style sheet and the one small script, read once."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

KINDS = {"style.css": "text/css", "live.js": "text/javascript"}
FILES = {name: (Path(__file__).parent / "static" / name).read_bytes() for name in KINDS}
# In the addresses of the files, so that a browser may keep them for long.
VERSION = sha256(b"".join(FILES.values())).hexdigest()[:12]
