"""The index of the routes finds what trying every route would find, and tries few."""

from statistics import mean
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount, Route

from app.kit.route_index import RouteIndex, index
from app.main import create_app, serve_app

SOME_ID = "0195c0de-0000-7000-8000-000000000001"


def addresses(routes: list[BaseRoute]) -> list[str]:
    """Return addresses of every route: with ids, and with words that are fixed parts elsewhere."""
    paths = [route.path for route in routes if isinstance(route, Route)]
    parts = sorted({part for path in paths for part in path.split("/") if part and "{" not in part})
    made = []
    for at, path in enumerate(paths):
        for filling in (SOME_ID, parts[at % len(parts)]):
            filled = [filling if "{" in part else part for part in path.split("/")]
            made += ["/".join(filled), "/".join([*filled, ""]), "/".join([*filled, filling])]
    return made


def matching(routes: list[BaseRoute], path: str) -> list[int]:
    """Return where in the list the routes stand that match an address by whatever method."""
    return [
        at for at, route in enumerate(routes) if isinstance(route, Route) and route.path_regex.match(path)
    ]


def missed(router: APIRouter, index: RouteIndex) -> list[str]:
    """Return the addresses of which a route is not among the candidates, or not in its order."""
    wrong = []
    for path in addresses(router.routes):
        right, found = matching(router.routes, path), index.candidates(path)
        if [at for at in found if at in right] != right:
            wrong.append(path)
    return wrong


def test_every_route_is_found_in_its_order(app: FastAPI) -> None:
    assert missed(app.router, RouteIndex(app.router)) == []


def test_few_routes_are_tried(app: FastAPI) -> None:
    found = RouteIndex(app.router)
    paths = [route.path for route in app.router.routes if isinstance(route, APIRoute)]
    tried = [len(found.candidates(path.replace("{", "").replace("}", ""))) for path in paths]
    assert max(tried) <= 6
    assert mean(tried) < 3


def test_a_route_that_the_index_does_not_know_is_noticed(app: FastAPI) -> None:
    class Forgetful(RouteIndex):
        def candidates(self, path: str) -> tuple[int, ...]:
            return super().candidates(path)[1:]

    assert missed(app.router, Forgetful(app.router)) != []


def test_route_that_takes_the_place_of_another_is_found() -> None:
    router = APIRouter()
    router.add_api_route("/before", endpoint=lambda: None)
    found = RouteIndex(router)
    assert (found.candidates("/before"), found.candidates("/after")) == ((0,), ())
    router.routes[0] = Route("/after", endpoint=lambda _: None)
    assert (found.candidates("/before"), found.candidates("/after")) == ((), (0,))


@pytest.mark.parametrize("more", [{"redirect_slashes": True}, {"max_body_size": 5}])
def test_router_that_does_more_than_the_index_knows_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(more))):
        index(APIRouter(**{"redirect_slashes": False, **more}))
    index(APIRouter(redirect_slashes=False))


def test_what_goes_over_several_parts_is_always_a_candidate() -> None:
    router = APIRouter()
    router.add_api_route("/things/{thing_id}", endpoint=lambda: None)
    router.add_api_route("/files/{name:path}", endpoint=lambda: None)
    router.routes.append(Mount("/below", routes=[Route("/deep", endpoint=lambda _: None)]))
    found = RouteIndex(router)
    assert found.candidates("/things/4") == (0, 1, 2)
    assert found.candidates("/files/a/b/c") == found.candidates("/below/deep") == (1, 2)


async def test_what_is_added_later_is_found_and_the_rest_is_answered_as_before(app: FastAPI) -> None:
    later = create_app(app.state.settings)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(serve_app(later)), base_url="http://kim.test"
    ) as http:
        assert (await http.get("/v1/later")).status_code == 404
        later.add_api_route("/v1/later", endpoint=lambda: None)
        assert (await http.get("/v1/later")).status_code == 200
        refused = await http.put("/v1/cases")
        assert (refused.status_code, refused.json()["code"]) == (405, "method_not_allowed")
        assert (await http.get("/v1/cases/")).status_code == 404
