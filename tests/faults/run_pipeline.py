"""Run every step once, as the process that the fault tests kill: ``run_pipeline.py NOW``."""

from __future__ import annotations

import json
import sys
from datetime import datetime

from mediawatch.pipeline.context import open_context
from mediawatch.pipeline.steps import run_all

with open_context(now=datetime.fromisoformat(sys.argv[1])) as context:
    print(json.dumps(run_all(context)))
