"""Whether parts of the server are well: `health.py scheduler tagger`. Exit status 0 or 1.

A part is one that Airflow's own health report names, or `tagger`: the files of each configured
one. Asking the report costs little; Airflow's own check command takes seconds of a processor.
"""

import json
import os
import sys
from urllib.request import urlopen

from mediawatch.errors import ServiceError
from mediawatch.settings import Settings
from mediawatch.stack import tagger_files

REPORT = "api/v2/monitor/health"
SECONDS = 15


def fault(part: str) -> str | None:
    """What is wrong with a part, or None."""
    if part == "tagger":
        settings = Settings.from_env(os.environ)
        try:
            for language in settings.taggers:
                tagger_files.find(settings, language)
        except ServiceError as missing:
            return str(missing)
        return None
    api = os.environ["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"].removesuffix("execution/")
    try:
        with urlopen(api + REPORT, timeout=SECONDS) as answer:  # noqa: S310 - our own address
            status = json.load(answer)[part]["status"]
    except (OSError, ValueError, KeyError) as error:
        return f"Airflow does not say how {part} is: {error!r}"
    return None if status == "healthy" else f"{part} is {status}"


if __name__ == "__main__":
    faults = [words for words in map(fault, sys.argv[1:]) if words]
    print("\n".join(faults) or "well")
    sys.exit(1 if faults else 0)
