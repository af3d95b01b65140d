"""Routes stand in one list: a router inside a router is matched twice on each level."""

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Route


def nested(app: FastAPI) -> list[BaseRoute]:
    """Return what stands in the list of routes and is no route itself."""
    return [route for route in app.router.routes if not isinstance(route, APIRoute | Route)]


def test_every_route_stands_in_the_list_itself(app: FastAPI) -> None:
    assert nested(app) == []
    assert sum(isinstance(route, APIRoute) for route in app.router.routes) > 100


def test_a_router_inside_a_router_is_noticed() -> None:
    inner, app = APIRouter(prefix="/inner"), FastAPI()
    inner.add_api_route("/", endpoint=lambda: None)
    app.include_router(inner)
    assert len(nested(app)) == 1
