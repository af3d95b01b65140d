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


def swallowed(app: FastAPI) -> list[str]:
    """Return which fixed address a method reaches that takes it for an id.

    The answer would be about the id, where it has to be 405.
    """
    routes = [route for route in app.router.routes if isinstance(route, APIRoute)]
    methods: dict[str, set[str]] = {}
    for route in routes:
        methods.setdefault(route.path, set()).update(route.methods)
    fixed = [path for path in methods if not path.endswith("}")]
    return [
        f"{' '.join(sorted(route.methods - methods[path]))} {path} as {route.path}"
        for route in routes
        for path in fixed
        if route.path.endswith("}") and route.methods - methods[path] and _matches(route, path)
    ]


def _matches(route: APIRoute, path: str) -> bool:
    example = path.replace("{", "").replace("}", "").replace(":uuid", "")
    return route.path_regex.match(example) is not None


def test_no_fixed_address_is_taken_for_an_id(app: FastAPI) -> None:
    assert swallowed(app) == []


def test_a_fixed_address_that_is_taken_for_an_id_is_noticed() -> None:
    app = FastAPI()
    app.add_api_route("/things/waiting", endpoint=lambda: None, methods=["GET"])
    app.add_api_route("/things/{thing_id}", endpoint=lambda: None, methods=["PATCH"])
    app.add_api_route("/things/{thing_id:uuid}", endpoint=lambda: None, methods=["DELETE"])
    assert swallowed(app) == ["PATCH /things/waiting as /things/{thing_id}"]
