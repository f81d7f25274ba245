"""The daily chores: partitions made ahead, raw bodies past their time dropped, forgotten match
indices removed.
"""

from airflow.sdk import dag, task

from mediawatch.orchestration import DAG_DEFAULTS, run_step


@dag(schedule="17 3 * * *", tags=["care"], doc_md=__doc__, **DAG_DEFAULTS)
def maintain():
    @task
    def chores() -> dict[str, int]:
        return run_step("maintain")

    chores()


maintain()
