"""Send the digests whose slot has come: one a reader and slot, over all their watches, each
story once, with the receipt of what was read.
"""

from airflow.sdk import dag, task

from mediawatch.orchestration import DAG_DEFAULTS, run_step


@dag(schedule="* * * * *", tags=["alerts"], doc_md=__doc__, **DAG_DEFAULTS)
def send_digests():
    @task
    def send() -> dict[str, int]:
        return run_step("send_digests")

    send()


send_digests()
