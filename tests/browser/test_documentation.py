"""The documentation in a real browser: it shows the operations and asks no address but its own."""

import asyncio
import os
import signal
from pathlib import Path

from fastapi import FastAPI

from tests.conftest import NO_HURRY
from tests.serving import serving

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--virtual-time-budget=20000",
    "--window-size=1280,2000",
)  # fmt: skip


async def browse(tmp_path: Path, *arguments: str) -> str:
    process = await asyncio.create_subprocess_exec(
        os.environ["KIM_BROWSER"], *FLAGS, f"--user-data-dir={tmp_path}/profile", *arguments,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        output, _ = await asyncio.wait_for(process.communicate(), NO_HURRY)
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
    return output.decode()


async def test_documentation_shows_the_operations(app: FastAPI, tmp_path: Path) -> None:
    async with serving(app) as address:
        page = await browse(tmp_path, "--dump-dom", f"{address}/docs")
    assert "Kommunales Integrationsmanagement" in page
    for tag in ("clients", "cases", "referrals", "reporting"):
        assert f'id="operations-tag-{tag}"' in page


async def test_documentation_names_no_outside_address(app: FastAPI, tmp_path: Path) -> None:
    async with serving(app) as address:
        page = await browse(tmp_path, "--dump-dom", f"{address}/docs")
    sources = [part.split('"')[0] for part in page.replace('href="', 'src="').split('src="')[1:]]
    outside = [each for each in sources if each.startswith(("http", "//")) and not each.startswith(address)]
    assert outside == []


async def test_documentation_can_be_photographed(app: FastAPI, tmp_path: Path) -> None:
    async with serving(app) as address:
        await browse(tmp_path, f"--screenshot={tmp_path}/page.png", f"{address}/docs")
    assert (tmp_path / "page.png").read_bytes()[:4] == b"\x89PNG"
