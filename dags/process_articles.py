"""Turn raw entries into articles: clean the text, find copies and versions, mark actors,
quotations and topics, then put the change on the work list of indexing. Each task claims its
rows and marks them done in one transaction: clear any of them at any time.
"""

from airflow.sdk import dag, task

from mediawatch.orchestration import ARTICLES, DAG_DEFAULTS, RAW, after, run_step


@dag(schedule=after(RAW), tags=["process"], doc_md=__doc__, **DAG_DEFAULTS)
def process_articles():
    @task
    def normalise() -> dict[str, int]:
        return run_step("normalise")

    @task
    def cluster() -> dict[str, int]:
        return run_step("cluster")

    @task
    def annotate() -> dict[str, int]:
        return run_step("annotate")

    @task(outlets=[ARTICLES])
    def compare() -> dict[str, int]:
        return run_step("compare", announces="changes")

    normalise() >> cluster() >> annotate() >> compare()


process_articles()
