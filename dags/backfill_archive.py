"""Take in an archive below the seed roots, by hand: a WARC file, or a folder of WARC files or
seeds. Its articles are searched, counted and clustered like all others, but never mailed: what
they match is kept as suppressed. A run that was ended goes on where it stopped.
"""

from airflow.sdk import Param, dag, task

from mediawatch.orchestration import DAG_DEFAULTS, RAW, run_step


def choice(description: str) -> Param:
    return Param("", type="string", description=f"{description} Empty: all.")


@dag(
    schedule=None,
    tags=["ingest", "by hand"],
    doc_md=__doc__,
    params={
        "path": Param(
            "", type="string", minLength=1, description="A file or folder below the seed roots."
        ),
        "since": choice("Pages captured on this day (YYYY-MM-DD) or later."),
        "until": choice("Pages captured on this day or earlier."),
        "domains": choice("Only of these sites, with commas."),
        "languages": choice("Only in these languages, such as en,fr."),
    },
    **DAG_DEFAULTS,
)
def backfill_archive():
    @task(outlets=[RAW])
    def read_archive(params: dict | None = None) -> dict[str, int]:
        assert params is not None
        names = ("path", "since", "until", "domains", "languages")
        return run_step("read_archive", *(params[name] for name in names), announces="new")

    read_archive()


backfill_archive()
