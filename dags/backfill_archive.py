"""Take in an archive folder below the seed roots, by hand. Its articles are searched, counted and
clustered like all others, but never mailed: what they match is kept as suppressed.
"""

from airflow.sdk import Param, dag, task

from mediawatch.orchestration import DAG_DEFAULTS, RAW, run_step


@dag(
    schedule=None,
    tags=["ingest", "by hand"],
    doc_md=__doc__,
    params={
        "folder": Param(
            "", type="string", minLength=1, description="A folder below the seed roots."
        )
    },
    **DAG_DEFAULTS,
)
def backfill_archive():
    @task(outlets=[RAW])
    def read_archive(params: dict | None = None) -> dict[str, int]:
        assert params is not None
        return run_step("read_archive", params["folder"], announces="new")

    read_archive()


backfill_archive()
