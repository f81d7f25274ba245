"""The newsroom as a page of Airflow: hands Airflow's log-in and rights to the room.

Airflow imports this file in every process and every task, so that nothing heavy is imported
before the page is first asked for.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from airflow.plugins_manager import AirflowPlugin

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

PREFIX = "/mediawatch"


@cache
def app() -> ASGIApp:
    """The app, made when it is first asked for.

    Who may see Airflow's plugins may read; who may change DAGs may change watches and sources.
    """
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.models.resource_details import AccessView
    from airflow.api_fastapi.core_api.security import get_user
    from fastapi import Depends, HTTPException

    from mediawatch.newsroom.access import Person
    from mediawatch.newsroom.app import create_app
    from mediawatch.orchestration import environment
    from mediawatch.settings import Settings

    def whois(user: Any = Depends(get_user)) -> Person:  # noqa: B008 - FastAPI's way
        rights = get_auth_manager()
        if not rights.is_authorized_view(access_view=AccessView.PLUGINS, user=user):
            raise HTTPException(403, "your log-in may not see this page")
        may_edit = rights.is_authorized_dag(method="PUT", user=user)
        return Person(name=user.get_name(), may_edit=may_edit)

    return create_app(whois, lambda: Settings.from_env(environment()), login="/auth/login")


async def newsroom(scope: Scope, receive: Receive, send: Send) -> None:
    """One request."""
    await app()(scope, receive, send)


class WithSlash:
    """Leads who asks for the address of the page without its final slash to the page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request to Airflow, whatever it is for."""
        bare = (PREFIX, scope.get("root_path", "") + PREFIX)
        if scope["type"] == "http" and scope["path"] in bare:
            headers = [(b"location", f"{PREFIX[1:]}/".encode()), (b"content-length", b"0")]
            await send({"type": "http.response.start", "status": 307, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return
        await self.app(scope, receive, send)


class Newsroom(AirflowPlugin):
    """Tells Airflow of the page and its place in the menu."""

    name = "newsroom"
    fastapi_apps = [{"app": newsroom, "url_prefix": PREFIX, "name": "mediawatch newsroom"}]  # noqa: RUF012
    fastapi_root_middlewares = [{"middleware": WithSlash, "name": "newsroom"}]  # noqa: RUF012
    external_views = [  # noqa: RUF012
        {
            "name": "Newsroom",
            "href": f"{PREFIX}/",
            "destination": "nav",
            "url_route": "newsroom",
            "nav_top_level": True,
        }
    ]
