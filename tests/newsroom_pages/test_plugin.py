"""The plugin as Airflow takes it in."""

from __future__ import annotations

import pytest

import services.airflow_home  # noqa: F401

# isort: split
# What comes after finds the environment that the import above has set.
from fastapi import FastAPI
from fastapi.testclient import TestClient

from newsroom import Newsroom


def inside_airflow(root_path: str = "") -> TestClient:
    """An app that takes the plugin in as Airflow's does: its own pages answer all the rest."""
    app = FastAPI(root_path=root_path)
    for middleware in Newsroom.fastapi_root_middlewares:
        app.add_middleware(middleware["middleware"])

    @app.get("/{rest:path}")
    def everything_else(rest: str) -> str:
        return f"Airflow's {rest}"

    return TestClient(app, base_url="http://airflow.example", follow_redirects=False)


@pytest.mark.parametrize(
    ("root_path", "address"), [("", "/mediawatch"), ("/air", "/air/mediawatch")]
)
def test_the_address_without_its_slash_leads_to_the_page(root_path: str, address: str) -> None:
    answer = inside_airflow(root_path).get(address)
    assert answer.status_code == 307
    assert answer.next_request
    assert str(answer.next_request.url) == f"http://airflow.example{address}/"


@pytest.mark.parametrize("path", ["dags/mediawatch", "mediawatcher", "api/v2/dags/mediawatch", ""])
def test_the_rest_of_airflow_is_left_alone(path: str) -> None:
    assert inside_airflow().get(f"/{path}").json() == f"Airflow's {path}"
