"""The mirror: another area that holds a copy of every row under the same ids."""

from typing import TYPE_CHECKING

import asyncpg

if TYPE_CHECKING:
    from tests.isolation.scene import Scene

NOT_MIRRORED = {
    "sessions", "calendar_feeds", "published_releases", "published_tables", "partner_systems",
    "partner_credentials", "invitations",
}  # fmt: skip
"""A partition, whose rows are the journal's; what has ids of its own everywhere."""


async def copy_to_mirror(scene: "Scene") -> None:
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
    await _copy_calendar(scene)
    await _copy_machine(scene)
    await _copy_invitation(scene)


async def _copy_invitation(scene: "Scene") -> None:
    """Copy the invitation under a code of its own, which is one everywhere."""
    await scene.world.admin.execute(
        """INSERT INTO invitations (municipal_area_id, id, institution_id, role, email, code_sha256,
            created_by, created_at, expires_at)
        SELECT $2, id, institution_id, role, email, 'mirror', created_by, created_at, expires_at
        FROM invitations WHERE municipal_area_id = $1""",
        scene.world.area,
        scene.mirror,
    )


async def _copy_machine(scene: "Scene") -> None:
    """Copy the machine and its credential under ids of their own: they are looked up without an area."""
    area, mirror = scene.world.area, scene.mirror
    await scene.world.admin.execute(
        """INSERT INTO partner_systems (municipal_area_id, id, institution_id, name, scopes,
            requests_per_minute, created_by)
        SELECT $2, gen_random_uuid(), institution_id, name, scopes, requests_per_minute, created_by
        FROM partner_systems WHERE municipal_area_id = $1""",
        area,
        mirror,
    )
    await scene.world.admin.execute(
        """INSERT INTO partner_credentials (municipal_area_id, id, partner_system_id, kind, secret_hash,
            created_by, expires_at)
        SELECT $2, gen_random_uuid(), partner_system_id, kind, secret_hash, created_by, expires_at
        FROM partner_credentials WHERE municipal_area_id = $1""",
        area,
        mirror,
    )


async def _copy_calendar(scene: "Scene") -> None:
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
