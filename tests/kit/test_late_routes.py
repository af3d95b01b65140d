"""A route is made when somebody asks for more than its address, once, and is then as any other."""

import threading

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import Match

from app.kit import routing
from app.kit.routing import LateRoute, Router
from tests.in_process import InProcess


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of routes, each time one is made."""
    paths: list[str] = []
    make = APIRoute.__init__

    def noted(self: APIRoute, path: str, *args: object, **said: object) -> None:
        paths.append(path)
        make(self, path, *args, **said)  # type: ignore[arg-type]

    monkeypatch.setattr(routing.APIRoute, "__init__", noted)
    return paths


def application() -> FastAPI:
    """Return an application of two late routes below one prefix."""
    router = Router(prefix="/v1", tags=["numbers"])

    @router.get("/numbers/{number}", response_model=int)
    async def read_number(number: int) -> int:
        return number

    @router.post("/numbers", status_code=201)
    async def add_number() -> int:
        return 1

    app = FastAPI()
    app.router.routes.extend(router.routes)
    return app


async def test_only_what_is_asked_is_made(made: list[str]) -> None:
    app = application()
    assert made == []
    async with InProcess(app) as http:
        assert (await http.get("/v1/nothing")).status_code == 404
        assert made == []
        assert (await http.get("/v1/numbers/7")).json() == 7
        assert (await http.get("/v1/numbers/x")).status_code == 422
    assert made == ["/v1/numbers/{number}"]


async def test_method_of_no_route_makes_nothing(made: list[str]) -> None:
    app = application()
    route = app.router.routes[-1]
    assert isinstance(route, LateRoute)
    assert route.matches({"type": "http", "method": "DELETE", "path": "/v1/numbers"})[0] is Match.PARTIAL
    assert made == []


def test_late_route_says_of_itself_what_an_early_one_says() -> None:
    late = [route for route in application().router.routes if isinstance(route, LateRoute)]
    for route in late:
        said = {"methods": route.methods, "name": route.name, "status_code": route.status_code}
        early = APIRoute(route.path, route.endpoint, **said)  # type: ignore[arg-type]
        known = {name: value for name, value in vars(route).items() if name in vars(early)}
        assert known
        assert known == {name: vars(early)[name] for name in known}


def test_contract_has_every_late_route() -> None:
    assert {"/v1/numbers/{number}", "/v1/numbers"} <= set(application().openapi()["paths"])


def test_what_no_route_has_is_no_attribute_of_a_late_one() -> None:
    route = next(each for each in application().router.routes if isinstance(each, LateRoute))
    for _ in range(2):
        with pytest.raises(AttributeError, match="colour"):
            _ = route.colour


def test_route_that_could_not_be_made_is_made_when_it_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    route = next(each for each in application().router.routes if isinstance(each, LateRoute))

    def short_of_memory(*_: object, **__: object) -> None:
        raise MemoryError

    with monkeypatch.context() as once:
        once.setattr(routing.APIRoute, "__init__", short_of_memory)
        for _ in range(2):
            with pytest.raises(MemoryError):
                _ = route.dependant
    assert [each.name for each in route.dependant.path_params] == ["number"]


def test_two_threads_make_a_route_once(made: list[str]) -> None:
    route = next(each for each in application().router.routes if isinstance(each, LateRoute))
    together = threading.Barrier(4)
    seen: list[object] = []

    def ask() -> None:
        together.wait()
        seen.append(route.dependant)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert made == ["/v1/numbers/{number}"]
    assert len(seen) == 4
    assert len(set(map(id, seen))) == 1


def test_every_operation_of_the_application_is_late(app: FastAPI) -> None:
    routes = [each for each in app.router.routes if isinstance(each, APIRoute)]
    assert [each.path for each in routes if not isinstance(each, LateRoute)] == []
