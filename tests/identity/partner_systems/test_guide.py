"""What the partner guide shows of tokens runs; the rest of it is tried in tests/partner_client."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from fastapi import FastAPI

from tests.identity.partner_systems.arrange import ISSUER, a_machine, secret_of
from tests.serving import serving
from tests.world import World

GUIDE = Path(__file__).parents[3] / "docs" / "partners.md"
BLOCKS = re.findall(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
MOST_LINES = 10


@pytest.fixture
async def card(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A card as the demonstration writes it, where the guide looks for it."""
    machine, other = await a_machine(world), await a_machine(world)
    pem = machine.key.private_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    signs = {"client_id": machine.id, "kid": machine.key.thumbprint(), "private_key": pem.decode()}
    sends = {"client_id": other.id, "client_secret": (await secret_of(other))["client_secret"]}
    content = {"base_url": ISSUER, "partner_systems": [signs, sends]}
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "demo.json").write_text(json.dumps(content))
    monkeypatch.chdir(tmp_path)
    return content


@pytest.mark.parametrize(("block", "says"), [(0, "0 referrals"), (1, "barriers:create directory:capacity")])
@pytest.mark.usefixtures("card")
async def test_block_of_the_guide_runs(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], block: int, says: str
) -> None:
    async with serving(app) as address:
        for verb in ("get", "post"):
            real = getattr(httpx, verb)
            monkeypatch.setattr(
                httpx, verb, lambda url, real=real, **more: real(url.replace(ISSUER, address), **more)
            )
        await asyncio.to_thread(exec, compile(BLOCKS[block], str(GUIDE), "exec"), {})
    assert capsys.readouterr().out.strip().startswith(says)


def test_a_token_takes_few_lines() -> None:
    for block in BLOCKS[:2]:
        lines = [line for line in block.splitlines() if line and not line.startswith(("import", "from"))]
        assert len(lines) <= MOST_LINES
