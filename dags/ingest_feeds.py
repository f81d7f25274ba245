"""Fetch the sources that are due, politely and many at a time, then the pages behind short
items. A source that fails costs only itself: its state and reason are kept, and the run stays
green. Safe to run again at any time.
"""

from airflow.sdk import dag, task

from mediawatch.orchestration import AFTER_ALL, DAG_DEFAULTS, RAW, run_step


@dag(schedule="* * * * *", tags=["ingest"], doc_md=__doc__, **DAG_DEFAULTS)
def ingest_feeds():
    @task
    def import_files() -> dict[str, int]:
        return run_step("import_files")

    @task(outlets=[RAW])
    def poll_sources() -> dict[str, int]:
        return run_step("poll_sources", announces="new")

    @task(outlets=[RAW], **AFTER_ALL)
    def fetch_pages() -> dict[str, int]:
        return run_step("fetch_pages", announces="in")

    @task(outlets=[RAW], **AFTER_ALL)
    def recheck_articles() -> dict[str, int]:
        return run_step("recheck_articles", announces="changed")

    import_files() >> poll_sources() >> fetch_pages() >> recheck_articles()


ingest_feeds()
