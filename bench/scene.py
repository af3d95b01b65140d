"""What is measured: a database of the asked volume, and a case manager with restricted rights."""

import json
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg

from app.demo.installation import Installation, prepare
from app.demo.loading import Volume, load
from app.kit.ids import new_id
from app.reference import load_reference

_MEASURED = """SELECT m.municipal_area_id, m.user_id, u.account_id FROM memberships m
JOIN users u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id
JOIN assignments a ON a.municipal_area_id = m.municipal_area_id AND a.user_id = m.user_id
    AND a.kind = 'lead' AND a.active_until IS NULL
WHERE m.role = 'case_manager' AND m.municipal_area_id = 'KIM-05170'
GROUP BY 1, 2, 3 ORDER BY abs(count(*) - 60), m.user_id LIMIT 1"""
_SESSION = """INSERT INTO sessions (id, municipal_area_id, account_id, user_id, expires_at)
VALUES ($1, $2, $3, $4, now() + interval '1 day')"""
_CASES = """SELECT a.case_id, a.client_id FROM assignments a
JOIN cases c ON c.municipal_area_id = a.municipal_area_id AND c.id = a.case_id AND c.closed_on IS NULL
WHERE a.municipal_area_id = $1 AND a.user_id = $2 AND a.kind = 'lead' AND a.active_until IS NULL"""


@dataclass(frozen=True)
class Scene:
    """The measured user and what is theirs."""

    area: str
    account: UUID
    session: UUID
    cases: list[UUID]
    clients: list[UUID]


async def load_volume(installation: Installation, clients: int) -> None:
    """Load the volume unless it is there."""
    marker = installation.home / "volume.json"
    if marker.exists() and json.loads(marker.read_text()) == clients:
        return
    await load_reference(installation.url("kim_migrate"))
    volume = Volume(clients, cases_per_client=2.0, reports_per_client=0.5, is_lean=True)
    await load(installation.admin_url, volume, seed=1, password_hash="none")  # noqa: S106 - nobody signs in
    marker.write_text(json.dumps(clients))


async def set_scene(installation: Installation) -> Scene:
    """Give the measured user a session."""
    connection = await asyncpg.connect(installation.admin_url)
    try:
        area, user, account = await connection.fetchrow(_MEASURED)
        session = new_id()
        await connection.execute(_SESSION, session, area, account, user)
        rows = await connection.fetch(_CASES, area, user)
    finally:
        await connection.close()
    return Scene(area, account, session, [row[0] for row in rows], [row[1] for row in rows])


def database(home: Path, clients: int) -> Installation:
    """Start the benchmark's own server; each volume has its own."""
    return prepare(home / f"clients-{clients}", settings={"shared_buffers": "1GB", "max_wal_size": "4GB"})
