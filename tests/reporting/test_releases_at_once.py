"""A release is published and put aside at once: one of them wins, and the other is told how it stands."""

from functools import partial
from typing import Any
from uuid import UUID

import pytest

from app.reporting import actions
from app.reporting.rules import OPEN
from tests.referrals.interleaving import interleave, stops
from tests.reporting.arrange import Office, request

ORDERS = 8

_COMPUTED = """UPDATE releases SET state = 'computed', computed_at = now(), content_de = '{}',
    content_en = '{}', sha256 = repeat('0', 64) WHERE id = $1"""
_BACK = "UPDATE releases SET state = 'computed', published_by = NULL, published_at = NULL WHERE id = $1"
_PUBLISHED = "SELECT count(*) FROM published_releases WHERE id = $1"


async def _told(office: Office, monkeypatch: pytest.MonkeyPatch, *steps: str) -> set[tuple[Any, ...]]:
    """Take both steps in many orders; return how it stands, and what the one who came second was told."""
    admin, seen = office.world.admin, []
    release = await request(office.first)
    await admin.execute(_COMPUTED, UUID(release))
    for seed in range(ORDERS):
        acts = [partial(office.second.post, f"/v1/releases/{release}/{each}") for each in steps]
        with stops(monkeypatch):
            both = await interleave(seed, admin, *acts)
        won = next(each for each in both if each.status_code == 200).json()["state"]
        lost = next(each for each in both if each.status_code == 409).json()
        assert await admin.fetchval(_PUBLISHED, UUID(release)) == (1 if won == "published" else 0)
        seen.append((won, lost["state"], tuple(lost["allowed"])))
        for table, column in (("published_tables", "release_id"), ("published_releases", "id")):
            await admin.execute(f"DELETE FROM {table} WHERE {column} = $1", UUID(release))
        await admin.execute(_BACK, UUID(release))
    return set(seen)


@pytest.mark.parametrize("other", ["publish", "discard"])
async def test_of_two_steps_at_once_the_second_is_told_how_it_stands(
    office: Office, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    seen = await _told(office, monkeypatch, "publish", other)
    assert seen <= {("published", "published", ()), ("discarded", "discarded", ())}
    assert ("published", "published", ()) in seen


async def test_state_of_before_is_noticed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    async def before(*_: object) -> Exception:
        return actions._wrong("computed")

    monkeypatch.setattr(actions, "_moved", before)
    seen = await _told(office, monkeypatch, "publish", "discard")
    assert any(state in OPEN for _, state, _ in seen)
