"""Asks the database in somebody's name, many questions at once, and takes every change back.

A probe runs as a database role, in a context, inside a subtransaction that is always undone, so it can
stand after a change of the policies in the same transaction. Triggers and foreign keys are switched off:
what answers is row-level security and the grants alone. A constraint that fails stands behind the
policies in PostgreSQL's order, so the row had passed them.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import asyncpg

REFUSED = "refused"
PASSED = "passed"
"""An insertion that row-level security let through, whatever constraint it then met."""

_FUNCTION = """CREATE FUNCTION pg_temp.probe(
    p_role text, p_area text, p_session uuid, p_held text[], p_sql text
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_answer text;
    v_count bigint;
BEGIN
    PERFORM set_config('role', p_role, true);
    IF p_session IS NULL THEN
        PERFORM public.set_context(p_area, '', '', 'probe',
            CASE WHEN p_area = '' THEN '{}' ELSE '{system}' END::text[], '{}');
    ELSE
        PERFORM public.open_session(p_session, p_held, 'probe');
    END IF;
    IF p_sql LIKE 'SELECT%' THEN
        EXECUTE p_sql INTO v_answer;
    ELSE
        EXECUTE p_sql;
        GET DIAGNOSTICS v_count = ROW_COUNT;
        v_answer := CASE WHEN p_sql LIKE 'INSERT%' THEN 'passed' ELSE v_count::text END;
    END IF;
    RAISE EXCEPTION USING errcode = 'KIM00', message = coalesce(v_answer, '');
EXCEPTION
    WHEN SQLSTATE 'KIM00' THEN
        RETURN SQLERRM;
    WHEN insufficient_privilege THEN
        RETURN 'refused';
    WHEN OTHERS THEN
        IF SQLSTATE LIKE '23%' THEN
            RETURN 'passed';
        END IF;
        RETURN SQLSTATE || ' ' || SQLERRM;
END $$"""

_ASK = """SELECT pg_temp.probe(role, area, session, string_to_array(held, ' '), sql)
FROM unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::text[])
    WITH ORDINALITY AS p (role, area, session, held, sql, place) ORDER BY place"""


@dataclass(frozen=True)
class Voice:
    """In whose name: a database role, and a session or an area."""

    name: str
    role: str
    area: str = ""
    session: UUID | None = None
    held: str = ""


@dataclass(frozen=True)
class Probe:
    """One question, and the answer that is right."""

    table: str
    what: str
    voice: Voice
    sql: str
    right: str

    def __str__(self) -> str:
        return f"{self.table}: {self.voice.name} {self.what}"


@asynccontextmanager
async def undone(admin: asyncpg.Connection) -> AsyncIterator[None]:
    """Open a transaction in which probes can be asked, and undo it."""
    transaction = admin.transaction()
    await transaction.start()
    try:
        await admin.execute("SET LOCAL session_replication_role = replica")
        await admin.execute("SET LOCAL jit = off")
        await admin.execute(_FUNCTION)
        yield
    finally:
        await transaction.rollback()


async def ask(admin: asyncpg.Connection, probes: Iterable[Probe]) -> list[str]:
    """Return the answers, in order; inside `undone`."""
    asked = list(probes)
    rows = await admin.fetch(
        _ASK,
        [probe.voice.role for probe in asked],
        [probe.voice.area for probe in asked],
        [probe.voice.session for probe in asked],
        [probe.voice.held for probe in asked],
        [probe.sql for probe in asked],
    )
    return [row[0] for row in rows]


async def differing(admin: asyncpg.Connection, probes: Iterable[Probe]) -> list[str]:
    """Return the probes whose answer is not the right one."""
    asked = list(probes)
    answers = await ask(admin, asked)
    return [
        f"{probe} {answer[:160]!r} instead of {probe.right[:160]!r}"
        for probe, answer in zip(asked, answers, strict=True)
        if answer != probe.right
    ]
