"""Read the seed folders: new files become entries, changed files become new entries of the
same item. Files of outlets, sources, actors and watches are imported first, so that a watch is
active before the articles of this run are seen. Safe to run again at any time.
"""

from airflow.sdk import dag, task

from mediawatch.orchestration import DAG_DEFAULTS, RAW, run_step


@dag(schedule="*/5 * * * *", tags=["ingest"], doc_md=__doc__, **DAG_DEFAULTS)
def ingest_seeds():
    @task
    def import_files() -> dict[str, int]:
        return run_step("import_files")

    @task(outlets=[RAW])
    def read_seeds() -> dict[str, int]:
        return run_step("read_seeds", announces="new")

    import_files() >> read_seeds()


ingest_seeds()
