"""The interactive documentation, served from this process without any outside address."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import cache
from importlib.resources import files

import orjson
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.documentation.problem_page import problems_page

_Endpoint = Callable[[Request], Awaitable[Response]]
_ASSETS = {
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>KIM: documentation of the API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css"></head>
<body><div id="documentation"></div>
<script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body></html>
"""
_START = """SwaggerUIBundle({
  url: "/openapi.json", dom_id: "#documentation", deepLinking: true, validatorUrl: null,
  persistAuthorization: false, displayRequestDuration: true, docExpansion: "none", tagsSorter: "alpha"
});
"""


def serve_documentation(app: FastAPI) -> None:
    """Add the contract and its pages; they are no operations of the contract themselves."""
    making = asyncio.Lock()

    @cache
    def contract_bytes() -> bytes:
        return orjson.dumps(app.openapi())

    async def contract(_: Request) -> Response:
        async with making:  # seconds of work, once: nobody else waits for it
            content = await asyncio.to_thread(contract_bytes)
        return Response(content, media_type="application/json")

    async def page(_: Request) -> Response:
        return HTMLResponse(_PAGE, headers={"Content-Security-Policy": _POLICY})

    async def start(_: Request) -> Response:
        return Response(_START, media_type="text/javascript")

    async def asset(request: Request) -> Response:
        name = request.url.path.rpartition("/")[2]
        content = (files("fastapi_swagger") / "resources" / name).read_bytes()
        return Response(content, media_type=_ASSETS[name], headers={"Cache-Control": "public, max-age=3600"})

    async def problems(_: Request) -> Response:
        return HTMLResponse(problems_page(), headers={"Content-Security-Policy": _POLICY})

    routes: dict[str, _Endpoint] = {
        "/openapi.json": contract,
        "/docs": page,
        "/docs/start.js": start,
        "/docs/problems": problems,
    }
    routes |= {f"/docs/{name}": asset for name in _ASSETS}
    for path, endpoint in routes.items():
        app.add_route(path, endpoint, include_in_schema=False)
