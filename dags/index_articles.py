"""Write changed articles into Elasticsearch, which is a projection of Postgres: drop it, and
`mediawatch index rebuild` brings the same answers back.
"""

from airflow.sdk import dag, task

from mediawatch.orchestration import ARTICLES, DAG_DEFAULTS, INDEX, after, run_step


@dag(schedule=after(ARTICLES), tags=["search"], doc_md=__doc__, **DAG_DEFAULTS)
def index_articles():
    @task(outlets=[INDEX])
    def index() -> dict[str, int]:
        return run_step("index", announces="in")

    index()


index_articles()
