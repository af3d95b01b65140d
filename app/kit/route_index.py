"""Which routes an address can match at all: looked up by its parts instead of tried one after the other.

The router decides among them as it would among all: their order, 404 and 405 are its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from fastapi import APIRouter
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

_OVER_SEVERAL_PARTS = ":path}"


@dataclass(slots=True)
class _Part:
    """One part of the addresses: what follows below fixed parts and below a parameter, and what ends here."""

    fixed: dict[str, "_Part"] = field(default_factory=dict)
    parameter: "_Part | None" = None
    ending: list[int] = field(default_factory=list)

    def below(self, part: str) -> "_Part":
        """Return what follows a part of a template, new if need be."""
        if "{" not in part:
            return self.fixed.setdefault(part, _Part())
        if self.parameter is None:
            self.parameter = _Part()
        return self.parameter

    def reached(self, part: str) -> list["_Part"]:
        """Return what follows a part of an address."""
        return [each for each in (self.fixed.get(part), self.parameter) if each is not None]


class RouteIndex:
    """Stands before a router's list of routes, and hands on with those that an address can match."""

    def __init__(self, router: APIRouter) -> None:
        self._router = router
        self._all: ASGIApp = router.app
        self._known: list[BaseRoute] = []
        self._root = _Part()
        self._anywhere: list[int] = []
        self._among: dict[tuple[int, ...], APIRouter] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope.get("root_path"):
            await self._all(scope, receive, send)
            return
        scope.setdefault("router", self._router)
        await self._router_for(scope["path"]).app(scope, receive, send)

    def candidates(self, path: str) -> tuple[int, ...]:
        """Return the places in the list of the routes whose parts fit an address, in the list's order."""
        if self._known != self._router.routes:
            self._build(self._router.routes)
        reached = [self._root]
        for part in path.split("/"):
            reached = [each for before in reached for each in before.reached(part)]
        return tuple(sorted([*self._anywhere, *(at for each in reached for at in each.ending)]))

    def _router_for(self, path: str) -> APIRouter:
        found = self.candidates(path)
        if found not in self._among:
            routes = [self._router.routes[at] for at in found]
            self._among[found] = APIRouter(
                routes=routes,
                redirect_slashes=self._router.redirect_slashes,
                form_limits=self._router.form_limits,
                default=self._router.default,
            )
        return self._among[found]

    def _build(self, routes: Sequence[BaseRoute]) -> None:
        self._root, self._anywhere, self._known = _Part(), [], list(routes)
        self._among.clear()
        for at, route in enumerate(routes):
            if not isinstance(route, Route) or _OVER_SEVERAL_PARTS in route.path:
                self._anywhere.append(at)
                continue
            end = self._root
            for part in route.path.split("/"):
                end = end.below(part)
            end.ending.append(at)


def index(router: APIRouter) -> None:
    """Let a router look its routes up; routes that are added later are found too.

    Raises ValueError for a router that does more before or after its routes: the index would leave it out.
    """
    more = {"redirect_slashes": router.redirect_slashes, "max_body_size": router.max_body_size is not None}
    if any(more.values()):
        raise ValueError(f"not known to the index: {', '.join(name for name in more if more[name])}")
    router.middleware_stack = RouteIndex(router)
