"""A few places for what is slow: whoever finds none waits, and is sent away after a while.

Taken before the guard of an operation opens its transaction: who waits holds no connection, of which a
process has a few for everybody.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import Depends, Request

from app.kit.errors import Unavailable


@asynccontextmanager
async def place_in(
    places: asyncio.Semaphore, seconds: float, sentence: str, *, retry_after: int = 5
) -> AsyncGenerator[None]:
    """Hold a place; 503 with the sentence when there is none within so many seconds."""
    try:
        async with asyncio.timeout(seconds):
            await places.acquire()
    except TimeoutError:
        raise Unavailable(sentence, retry_after=retry_after) from None
    try:
        yield
    finally:
        places.release()


def place_before(name: str, seconds: float, sentence: str) -> Any:
    """Return the dependency that holds one of the application's places of this name for the whole request.

    It stands before the guard: in the list of a route, or as the first parameter.
    """

    async def held(request: Request) -> AsyncIterator[None]:
        async with place_in(getattr(request.app.state, name), seconds, sentence):
            yield

    return Depends(held, scope="function")
