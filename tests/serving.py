"""The application behind a real port, for tests where HTTP itself matters."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.kit.server import server
from app.main import serve_app
from tests.hurry import NO_HURRY


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[str]:
    """Serve the application on a free port and yield its address."""
    running = server(serve_app(app), host="127.0.0.1", port=0)
    task = asyncio.create_task(running.serve())
    await asyncio.wait_for(running.ready.wait(), NO_HURRY)
    try:
        yield f"http://127.0.0.1:{running.port}"
    finally:
        running.should_exit = True
        await task
