"""The interactive documentation, served from this process without any outside address."""

from collections.abc import Awaitable, Callable
from importlib.resources import files

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from app.kit import errors

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
_PROBLEMS = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>KIM: problems</title></head>
<body><h1>Problems</h1><table><tr><th>status</th><th>code</th><th>meaning</th></tr>{rows}</table></body></html>
"""
_ROW = '<tr id="{code}"><td>{status}</td><td><code>{code}</code></td><td>{title}</td></tr>'


def serve_documentation(app: FastAPI) -> None:
    """Add the contract and its pages; they are no operations of the contract themselves."""

    async def contract(_: Request) -> Response:
        return JSONResponse(app.openapi())

    async def page(_: Request) -> Response:
        return HTMLResponse(_PAGE, headers={"Content-Security-Policy": _POLICY})

    async def start(_: Request) -> Response:
        return Response(_START, media_type="text/javascript")

    async def asset(request: Request) -> Response:
        name = request.url.path.rpartition("/")[2]
        content = (files("fastapi_swagger") / "resources" / name).read_bytes()
        return Response(content, media_type=_ASSETS[name], headers={"Cache-Control": "public, max-age=3600"})

    async def problems(_: Request) -> Response:
        return HTMLResponse(_problem_page(), headers={"Content-Security-Policy": _POLICY})

    routes: dict[str, _Endpoint] = {
        "/openapi.json": contract,
        "/docs": page,
        "/docs/start.js": start,
        "/docs/problems": problems,
    }
    routes |= {f"/docs/{name}": asset for name in _ASSETS}
    for path, endpoint in routes.items():
        app.add_route(path, endpoint, include_in_schema=False)


def _problem_page() -> str:
    kinds = sorted(_tree(errors.Problem), key=lambda kind: (kind.status, kind.code))
    rows = "".join(_ROW.format(status=kind.status, code=kind.code, title=kind.title) for kind in kinds)
    return _PROBLEMS.format(rows=rows)


def _tree(kind: type[errors.Problem]) -> set[type[errors.Problem]]:
    return {kind}.union(*(_tree(each) for each in kind.__subclasses__()))
