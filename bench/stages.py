"""What an article costs at each stage: seed files in, indexed and matched, on real services.

``python bench/stages.py [ARTICLES]`` makes articles from the sample's texts (a third of them
copies with another first line), starts embedded services in a home of its own, runs every step
once in this process, and prints a table. Times are this machine's, at this moment: compare the
lines of one table with each other, not with another day's.
"""

from __future__ import annotations

import random
import resource
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from mediawatch.pipeline.context import open_context
from mediawatch.pipeline.steps import BY_HAND, STEPS, step
from mediawatch.settings import REPOSITORY, Settings
from mediawatch.stack import services
from mediawatch.stack.echo import Echo

COPIES = 0.3
WATCHES = """
- id: bench
  name: Bench
  owner: desk@example.org
  query: 'minister AND (resign* OR vote*)'
  recipients:
    - {address: duty@example.org}
"""


def write_articles(folder: Path, count: int) -> None:
    """Seed files: paragraphs of the sample's articles put together anew, and copies of them."""
    folder.mkdir(parents=True)
    chance = random.Random(1)
    samples = sorted((REPOSITORY / "seeds" / "articles").glob("*.txt"))
    texts = [path.read_text(encoding="utf-8").strip() for path in samples]
    paragraphs = [p for text in texts for p in text.split("\n\n")[1:] if len(p) > 120]
    made: list[str] = []
    for number in range(count):
        if made and chance.random() < COPIES:
            body = chance.choice(made)
        else:
            body = "\n\n".join(chance.sample(paragraphs, 6))
            made.append(body)
        lead = f" date 2026-03-{1 + number % 28:02} Report {number} from the bench.\n\n"
        (folder / f"{number:06}.txt").write_text(lead + body, encoding="utf-8")


def cpu_seconds() -> float:
    """CPU time of this process and of its ended children."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


def main(count: int) -> None:
    """Run every step once and print what each took."""
    home = Path(tempfile.mkdtemp(prefix="mediawatch-bench-"))
    write_articles(home / "seeds" / "articles", count)
    (home / "seeds" / "watches.yaml").write_text(WATCHES, encoding="utf-8")
    settings = Settings.from_env({"MEDIAWATCH_HOME": str(home), "MEDIAWATCH_PROFILE": "bench"})
    try:
        services.up(settings, airflow=False, echo=Echo())
        print(f"\n{'step':<18}{'seconds':>9}{'a second':>10}{'own CPU ms':>12}   of {count}")
        with open_context(settings, datetime.now(UTC)) as context:
            for name in STEPS:
                if name in BY_HAND:
                    continue
                began, spent = time.monotonic(), cpu_seconds()
                step(name)(context)
                seconds, cpu = time.monotonic() - began, cpu_seconds() - spent
                rate = count / seconds
                print(f"{name:<18}{seconds:>9.2f}{rate:>10.0f}{1000 * cpu / count:>12.2f}")
    finally:
        services.down(settings)
        shutil.rmtree(home)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
