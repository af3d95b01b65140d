"""Health and metrics, on a port of their own that the outside never reaches."""

import structlog
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.kit.database import UNREACHABLE, Database, Nobody
from app.kit.errors import Unavailable
from app.kit.logging import cause
from app.kit.metrics import Metrics
from app.kit.outbox import BACKLOG

log = structlog.get_logger(__name__)


def ops_app(database: Database, metrics: Metrics) -> Starlette:
    """Return the little application of the operations port."""

    async def healthz(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_: Request) -> Response:
        try:
            await database.ping()
        except Unavailable as error:
            log.warning("not_ready", **cause(error))
            return JSONResponse(
                {"status": "database read-only" if error.detail else "database unavailable"},
                status_code=503,
                headers={"Retry-After": "5"},
            )
        return JSONResponse({"status": "ok"})

    async def show_metrics(_: Request) -> Response:
        await _count_backlog(database, metrics)
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    return Starlette(
        routes=[
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Route("/metrics", show_metrics),
        ]
    )


async def _count_backlog(database: Database, metrics: Metrics) -> None:
    """Look what the worker has before it; without a database rather no figure than an old one."""
    metrics.outbox.clear()
    try:
        async with database.transaction(Nobody()) as db:
            row = await (await db.driver()).fetchrow(BACKLOG)
    except UNREACHABLE:
        return
    for state, rows in row.items():
        metrics.outbox.labels(state).set(rows)
