"""The scene is complete: what nobody laid, nobody could fail to see."""

from tests.isolation.scene import Scene

OF_NO_AREA = {"accounts", "refresh_tokens", "login_throttles", "sessions", "used_proofs"}


async def test_every_protected_table_has_rows_here_and_in_the_mirror(scene: Scene) -> None:
    admin = scene.world.admin
    tables = await admin.fetch(
        """SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity
        AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname"""
    )
    bare = [
        (table, area)
        for (table,) in tables
        for area in (scene.world.area, scene.mirror)
        if table not in OF_NO_AREA
        and not await admin.fetchval(f"SELECT count(*) FROM {table} WHERE municipal_area_id = $1", area)
    ]
    assert bare == []
