"""A dump is made by the backup role, and comes back with owners and policies, new marks and no sessions."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import asyncpg
import pytest

from app.demo.loading import Volume, load
from app.kit.dumping import DumpFailed, bring_back, dump
from app.kit.embedded.binaries import find_binaries
from app.kit.restoring import NotFit, finish, refuse_unfit_target
from app.kit.roles import LOGIN_ROLES, bootstrap, with_role
from app.settings import bare_environment
from tests.database import PASSWORD
from tests.durability.databases import own_database
from tests.durability.schema import contents, parts

_STAND_IN = f"""#!{sys.executable}
import asyncio, json, os, pathlib, re, sys

import asyncpg

told = pathlib.Path(__file__).with_suffix(".told")
told.write_text(json.dumps([sys.argv[1:], sorted(os.environ), os.environ["PGPASSWORD"]]))


async def run():
    script = re.sub(r"(?m)^\\\\.*$", "", pathlib.Path(sys.argv[-1]).read_text())
    connection = await asyncpg.connect(server_settings={{"search_path": ""}})
    await connection.execute(script)
    await connection.close()

asyncio.run(run())
"""
"""`pg_restore`, which the embedded server does not bring: brings back statements, all or none."""


@pytest.fixture(scope="module")
def own_programs(programs: Path | None) -> Path:
    """Where the run's own `pg_dump` lies."""
    return find_binaries(programs, None).directory


@pytest.fixture(scope="module")
async def filled(admin_url: str) -> AsyncIterator[str]:
    """A database with people in it, of whom one is signed in."""
    async with own_database(admin_url, "filled", with_schema=True) as url:
        # Repeated, as an operator does to change passwords: what the roles may do is the same afterwards.
        await bootstrap(
            admin_url, url.partition("?")[0].rpartition("/")[2], dict.fromkeys(LOGIN_ROLES, PASSWORD)
        )
        await load(url, Volume(clients=100), seed=7, password_hash="-", today=date(2026, 8, 1), quiet=True)
        admin = await asyncpg.connect(url)
        await admin.execute("""INSERT INTO sessions (id, municipal_area_id, account_id, user_id, expires_at)
            SELECT gen_random_uuid(), municipal_area_id, account_id, id, now() + interval '1 hour'
            FROM users LIMIT 1""")
        await admin.close()
        yield url


@pytest.fixture
async def target(admin_url: str) -> AsyncIterator[str]:
    """An empty database as `kim db bootstrap` makes it."""
    async with own_database(admin_url, "target", with_schema=False) as url:
        yield url


@pytest.fixture
def stand_in(tmp_path: Path) -> Path:
    """A folder with the stand-in."""
    program = tmp_path / "pg_restore"
    program.write_text(_STAND_IN)
    program.chmod(0o755)
    return tmp_path


def as_backup(url: str) -> str:
    return with_role(url, "kim_backup", PASSWORD)


async def asked(url: str, question: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


def bare(found: set[str]) -> set[str]:
    """Return parts without brackets, of which a dump leaves out those that say nothing."""
    return {part.translate({ord("("): None, ord(")"): None}) for part in found}


async def done(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def restored(filled: str, target: str, own_programs: Path, stand_in: Path) -> None:
    """Bring what is in one database into another."""
    file = stand_in / "dump.sql"
    script = await asyncio.to_thread(
        subprocess.check_output, [own_programs / "pg_dump", "--rows-per-insert=500", filled]
    )
    file.write_bytes(script)
    admin, _, database = target.partition("?")[0].rpartition("/")
    admin_url = f"{admin}/postgres?{target.partition('?')[2]}"
    await asyncio.to_thread(bring_back, admin_url, database, file, bare_environment(), stand_in)


async def test_dump_is_of_everything_and_for_its_owner_alone(
    filled: str, own_programs: Path, tmp_path: Path
) -> None:
    file = tmp_path / "kim.dump"
    assert (
        await asyncio.to_thread(dump, as_backup(filled), file, bare_environment(), own_programs)
        == file.stat().st_size
    )
    assert file.read_bytes()[:5] == b"PGDMP"
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(DumpFailed, match="exists already"):
        dump(as_backup(filled), file, bare_environment(), own_programs)


async def test_dump_that_fails_leaves_nothing_and_says_why(
    filled: str, own_programs: Path, tmp_path: Path
) -> None:
    app = with_role(filled, "kim_app", PASSWORD)
    with pytest.raises(DumpFailed, match="permission denied") as refused:
        await asyncio.to_thread(dump, app, tmp_path / "kim.dump", bare_environment(), own_programs)
    assert PASSWORD not in str(refused.value)
    assert not (tmp_path / "kim.dump").exists()
    assert not (tmp_path / "kim.dump.partial").exists()
    with pytest.raises(DumpFailed, match="cannot be run"):
        dump(app, tmp_path / "kim.dump", bare_environment(), tmp_path)


@pytest.mark.parametrize("role", ["kim_app", "kim_worker", "kim_reporting", "kim_backup"])
@pytest.mark.parametrize("made", ["lo_create(0)", "lo_creat(0)", "lo_from_bytea(0, 'x')"])
async def test_no_role_leaves_what_ends_every_later_dump(filled: str, role: str, made: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied for function"):
        await asked(with_role(filled, role, PASSWORD), f"SELECT {made}")


async def test_large_object_that_is_there_does_not_end_the_dump(
    filled: str, own_programs: Path, tmp_path: Path
) -> None:
    made = await asked(filled, "SELECT lo_create(0)")
    try:
        await asyncio.to_thread(
            dump, as_backup(filled), tmp_path / "kim.dump", bare_environment(), own_programs
        )
        with pytest.raises(subprocess.CalledProcessError):  # what would happen otherwise
            await asyncio.to_thread(
                subprocess.check_output,
                [own_programs / "pg_dump", as_backup(filled)],
                stderr=subprocess.DEVNULL,
            )
    finally:
        await done(filled, f"SELECT lo_unlink({made})")


async def test_restored_database_has_everything_and_its_marks_are_its_own(
    filled: str, target: str, own_programs: Path, stand_in: Path
) -> None:
    await done(
        filled, "SET session_replication_role = replica; UPDATE tasks SET changed_xid = '99999999999999'"
    )
    await refuse_unfit_target(target)
    await restored(filled, target, own_programs, stand_in)
    ahead = "SELECT count(*) FROM tasks WHERE changed_xid >= pg_snapshot_xmax(pg_current_snapshot())"
    open_sessions = "SELECT count(*) FROM sessions WHERE ended_at IS NULL"
    assert (await asked(target, ahead), await asked(target, open_sessions)) != (0, 0)
    found = await finish(target)
    assert (await asked(target, ahead), await asked(target, open_sessions)) == (0, 0)
    assert found.newest is None or found.newest.tzinfo is not None
    assert sorted(bare(await parts(target)) ^ bare(await parts(filled))) == []
    before, after = await contents(filled), await contents(target)
    assert {table: len(rows) for table, rows in after.items()} == {t: len(rows) for t, rows in before.items()}


async def test_password_is_in_no_command_line_and_nothing_else_is_passed_on(
    filled: str, target: str, own_programs: Path, stand_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIM_ADMIN_URL", "a secret")
    await restored(filled, target, own_programs, stand_in)
    arguments, names, password = json.loads((stand_in / "pg_restore.told").read_text())
    assert {"--single-transaction", "--exit-on-error", "--no-password"} <= set(arguments)
    assert password
    assert not any(password in argument for argument in arguments)
    assert [name for name in names if name.startswith("KIM_")] == []


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("CREATE TABLE left_over ()", "not empty"),
        ("CREATE FUNCTION left_over() RETURNS int LANGUAGE sql RETURN 1", "not empty"),
        ("DROP EXTENSION pg_trgm", "Missing: pg_trgm"),
    ],
)
async def test_target_that_is_not_empty_or_not_prepared_is_refused(
    target: str, fault: str, told: str
) -> None:
    await done(target, fault)
    with pytest.raises(NotFit, match=told):
        await refuse_unfit_target(target)


async def test_only_a_superuser_restores(target: str) -> None:
    for step in (refuse_unfit_target, finish):
        with pytest.raises(NotFit, match="superuser"):
            await step(with_role(target, "kim_migrate", PASSWORD))


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("DROP PROCEDURE rebase_changes()", "nothing was brought in"),
        ("ALTER TABLE clients NO FORCE ROW LEVEL SECURITY", "clients has no forced policies"),
        ("ALTER TABLE clients OWNER TO postgres", "clients belongs to a role"),
        (
            "ALTER FUNCTION open_session(uuid, text[], text) OWNER TO postgres",
            "open_session belongs to a role",
        ),
    ],
)
async def test_what_came_back_damaged_is_not_finished(admin_url: str, fault: str, told: str) -> None:
    async with own_database(admin_url, "damaged", with_schema=True) as url:
        await done(url, fault)
        with pytest.raises(NotFit, match=told):
            await finish(url)
