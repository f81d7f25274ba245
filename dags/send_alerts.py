"""Match the changed articles against every watch, write matches and deliveries into the ledger,
then send the instant mails that are due. The ledger decides what is mailed: running this again
sends nothing twice.
"""

from airflow.sdk import dag, task

from mediawatch.orchestration import DAG_DEFAULTS, INDEX, after, run_step


@dag(schedule=after(INDEX), tags=["alerts"], doc_md=__doc__, **DAG_DEFAULTS)
def send_alerts():
    @task
    def match() -> dict[str, int]:
        return run_step("match")

    @task
    def send_instants() -> dict[str, int]:
        return run_step("send_instants")

    match() >> send_instants()


send_alerts()
