"""What the worker, the clock or months of work would bring, laid behind the API; and the mirror."""

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import asyncpg

if TYPE_CHECKING:
    from tests.isolation.scene import Scene

OTHER = str(uuid4())
AT = datetime(2026, 4, 6, tzinfo=UTC)
NOT_MIRRORED = {"sessions", "calendar_feeds", "published_releases", "published_tables"}
"""A partition, whose rows are the journal's; what has ids of its own everywhere."""


async def lay(scene: "Scene") -> None:
    """Lay what is missing for one row in every table, and copy all of it to the mirror."""
    admin = scene.world.admin
    for name in ("proposal", "notification", "release", "requested_release", "access_review"):
        scene.ids[name] = str(uuid4())
    async with admin.transaction():
        await admin.execute("SET LOCAL session_replication_role = replica")
        for table, rows in _missing(scene).items():
            for row in rows:
                await insert(admin, table, {"municipal_area_id": scene.world.area, **row})
        await _mirror(scene)
        await _calendar_of_the_mirror(scene)
        for table in ("published_releases", "published_tables"):
            for row in _missing(scene)[table]:
                other = {**row, "municipal_area_id": scene.mirror, "id": OTHER, "release_id": OTHER}
                await insert(admin, table, {name: other[name] for name in ("municipal_area_id", *row)})
        await _secrets(scene)


async def insert(admin: asyncpg.Connection, table: str, row: dict[str, Any]) -> None:
    """Insert one row; what is not named takes its default."""
    columns = ", ".join(row)
    await admin.execute(
        f"""INSERT INTO {table} ({columns})
        SELECT {columns} FROM jsonb_populate_record(NULL::{table}, $1)""",
        json.dumps(row, default=str),
    )


def _missing(scene: "Scene") -> dict[str, list[dict[str, Any]]]:
    ids, people = scene.ids, scene.people
    release = {"release_id": ids["release"], "name": "categories_by_quarter"}
    texts = {"json_de": "{}", "json_en": "{}", "csv_de": "", "csv_en": ""}
    content = {"content_de": "{}", "content_en": "{}", "sha256": "0" * 64}
    times = {"requested_at": AT, "computed_at": AT, "published_at": AT}
    by = {"requested_by": people["coordinator"].user_id, "published_by": uuid4()}
    return {
        "barrier_proposals": [
            {"id": ids["proposal"], "case_id": ids["case"], "referral_id": ids["referral"], "state": "open",
             "institution_id": ids["institution"], "barrier_type": "C9", "outcome": "no_capacity",
             "proposed_at": AT, "version": 1, "created_at": AT, "changed_at": AT, "changed_xid": 1},
        ],
        "notifications": [
            {"id": ids["notification"], "user_id": people["lead"].user_id, "kind": "referral_answered",
             "object_type": "referral", "object_id": ids["referral"], "created_at": AT},
        ],
        "tombstones": [
            {"id": uuid4(), "kind": "task", "object_id": uuid4(), "case_id": case, "client_id": client,
             "user_id": user, "removed_at": AT + timedelta(days=day), "changed_xid": 1}
            for day, (case, client, user) in enumerate((
                (ids["case"], None, None), (ids["restricted_case"], None, None), (None, ids["client"], None),
                (None, ids["restricted_client"], None), (None, None, people["lead"].user_id),
            ))
        ],
        "access_reviews": [
            {"id": id_, "kind": "vital_interest", "object_id": uuid4(), "case_id": ids["case"],
             "client_pseudonym": ids["pseudonym"], "unit_id": ids["unit"], "is_restricted": restricted,
             "acted_by": people["lead"].user_id, "acted_at": AT, "due_at": AT, "version": 1,
             "created_at": AT, "changed_at": AT, "changed_xid": 1}
            for id_, restricted in ((ids["access_review"], False), (OTHER, True))
        ],
        "duplicate_checks": [
            {"id": uuid4(), "user_id": people["lead"].user_id, "is_registration": False,
             "checked_at": AT, "sought_forms": ["amina|amina|amn|v"], "found_elsewhere": [uuid4()]},
        ],
        "releases": [
            {"id": ids["release"], "quarter": "2025Q4", "state": "published", "version": 1, "created_at": AT,
             "changed_at": AT, "changed_xid": 1, **content, **times, **by},
            {"id": ids["requested_release"], "quarter": "2026Q1", "state": "requested", "version": 1,
             "requested_by": people["coordinator"].user_id, "requested_at": AT, "created_at": AT,
             "changed_at": AT, "changed_xid": 1},
        ],
        "release_cells": [
            {"release_id": ids["release"], "table_name": "t", "position": 1, "key": "k", "codes": ["C"],
             "status": "published", "value": 9, "persons_status": "published", "persons": 9},
        ],
        "release_tables": [{**release, "is_public": True, **texts}],
        "ledger": [{"year": 2025, "key": "k", "release_id": ids["release"], "value": 9, "persons": 9}],
        "published_releases": [
            {"id": ids["release"], "quarter": "2025Q4", "version": 1, **content, **times},
        ],
        "published_tables": [{**release, **texts}],
    }  # fmt: skip


async def _mirror(scene: "Scene") -> None:
    """Copy every row of the area into another area, ids and all."""
    admin, world = scene.world.admin, scene.world
    await admin.execute("INSERT INTO municipal_areas (id, name, kind) VALUES ($1, $1, 'kreis')", scene.mirror)
    for table, columns in await _tables_of_areas(admin):
        names = ", ".join(f'"{column}"' for column in columns)
        await admin.execute(
            f"""INSERT INTO {table} (municipal_area_id, {names})
            SELECT $2, {names} FROM {table} WHERE municipal_area_id = $1""",
            world.area,
            scene.mirror,
        )


async def _calendar_of_the_mirror(scene: "Scene") -> None:
    """Copy the calendar address without its secret, which is one everywhere."""
    await scene.world.admin.execute(
        """INSERT INTO calendar_feeds (municipal_area_id, id, user_id, secret_sha256, created_at)
        SELECT $2, id, user_id, 'of the mirror', created_at
        FROM calendar_feeds WHERE municipal_area_id = $1""",
        scene.world.area,
        scene.mirror,
    )


async def _tables_of_areas(admin: asyncpg.Connection) -> list[tuple[str, list[str]]]:
    rows = await admin.fetch(
        """SELECT c.table_name, array_agg(c.column_name::text) AS columns
        FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
        WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.is_identity = 'NO'
            AND c.is_generated = 'NEVER' AND c.column_name <> 'municipal_area_id'
            AND EXISTS (SELECT FROM information_schema.columns a WHERE a.table_schema = 'public'
                AND a.table_name = c.table_name AND a.column_name = 'municipal_area_id')
            AND c.table_name IN (SELECT relname FROM pg_class WHERE NOT relispartition)
        GROUP BY c.table_name ORDER BY c.table_name"""
    )
    return [
        (row["table_name"], list(row["columns"])) for row in rows if row["table_name"] not in NOT_MIRRORED
    ]


async def _secrets(scene: "Scene") -> None:
    admin = scene.world.admin
    await admin.execute(
        """INSERT INTO refresh_tokens (token_sha256, session_id, expires_at)
        VALUES ($1, $2, now() + interval '1 h')""",
        b"t" * 32,
        UUID(scene.ids["session"]),
    )
    await admin.execute(
        "INSERT INTO login_throttles (key_sha256, failures, last_failure_at) VALUES ($1, 1, now())", b"k" * 32
    )
