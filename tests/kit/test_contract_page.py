"""The contract is made for the first who asks: that takes seconds, in which all others are answered."""

import asyncio

from app.main import create_app, serve_app
from app.settings import Settings
from tests.in_process import InProcess


async def test_others_are_answered_while_the_contract_is_made(settings: Settings) -> None:
    made = create_app(settings)
    async with InProcess(serve_app(made)) as nobody:
        contracts = [asyncio.create_task(nobody.get("/openapi.json")) for _ in range(2)]
        await asyncio.sleep(0)
        assert (await nobody.get("/docs")).status_code == 200
        assert not any(each.done() for each in contracts)
        first, second = await asyncio.gather(*contracts)
    assert first.content == second.content
    assert "/v1/clients" in first.json()["paths"]
