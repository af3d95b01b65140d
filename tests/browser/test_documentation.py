"""The documentation in a real browser: it shows the operations and asks no address but its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.kit.ids import new_id
from tests.browser.devtools import Page, browsing
from tests.serving import serving

FAILED = """new Promise(resolve => {
    const picture = new Image();
    picture.onerror = () => resolve('failed');
    picture.onload = () => resolve('loaded');
    picture.src = '%s';
})"""
SHOWN = "document.querySelector('[id^=operations-tag-work]') && document.body.innerHTML"
"""The page once its last group of operations is there."""


@pytest.fixture(scope="module")
async def address(app: FastAPI) -> AsyncIterator[str]:
    async with serving(app) as found:
        yield found


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Page]:
    async with browsing(tmp_path) as opened:
        yield opened


async def test_documentation_shows_the_operations_and_asks_no_outside_address(
    page: Page, address: str
) -> None:
    await page.open(f"{address}/docs")
    shown = await page.until(SHOWN)
    assert "Kommunales Integrationsmanagement" in shown
    for tag in ("clients", "cases", "referrals", "reporting"):
        assert f'id="operations-tag-{tag}"' in shown
    assert f"{address}/openapi.json" in page.asked
    assert [each for each in page.asked if not each.startswith((f"{address}/", "data:"))] == []
    assert (await page.picture())[:4] == b"\x89PNG"


async def test_outside_address_is_noticed(page: Page, address: str) -> None:
    outside = f"https://{new_id().hex}.example/picture.png"
    await page.open(f"{address}/docs")
    assert await page.evaluate(FAILED % outside) == "failed"
    assert outside in page.asked
