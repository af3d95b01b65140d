"""What the database says somebody may see, asked as the application role, and faults to plant in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import asyncpg

from app.settings import Settings
from tests.world import Person

FUNCTIONS = ("my_cases", "my_clients", "my_lasting_clients", "my_referrals")
AREA, ELSEWHERE = "KIM-R1", "KIM-R2"
ME, OTHER = uuid4(), uuid4()
WORKED, LED, LEFT = uuid4(), uuid4(), uuid4()
"""Where the person is a case manager, a team lead, and nothing any more."""

_INSERT = """INSERT INTO assignments (municipal_area_id, id, user_id, client_id, case_id, unit_id, kind,
    active_from, active_until, reason, created_by)
VALUES ($1, gen_random_uuid(), $2, $3, $4, $5, $6, now() + $7::int * interval '1 day',
    now() + $8::int * interval '1 day', CASE $6 WHEN 'break_glass' THEN 'sehr dringend' END, $2)"""
_REFERRAL = """INSERT INTO referrals (municipal_area_id, id, case_id, client_id, legal_basis, data_categories,
    concern_code, created_by) VALUES ($1, $2, $2, $3, 'consent', '{}', 'housing', $4)"""
_ROWS: dict[str, tuple[str, UUID, UUID, str, int, int | None]] = {
    "lead": (AREA, ME, WORKED, "lead", -9, None),
    "member": (AREA, ME, WORKED, "member", -9, None),
    "deputy": (AREA, ME, WORKED, "deputy", -9, 9),
    "registrar": (AREA, ME, WORKED, "registrar", -9, None),
    "lead where they lead a team": (AREA, ME, LED, "lead", -9, None),
    "broken glass": (AREA, ME, LED, "break_glass", -1, 1),
    "broken glass without leading": (AREA, ME, WORKED, "break_glass", -1, 1),
    "ended": (AREA, ME, WORKED, "lead", -9, -1),
    "to come": (AREA, ME, WORKED, "lead", 1, None),
    "worked there once": (AREA, ME, LEFT, "lead", -9, None),
    "somebody else's": (AREA, OTHER, WORKED, "lead", -9, None),
    "another area's": (ELSEWHERE, ME, WORKED, "lead", -9, None),
}
_ON_A_CASE = {"lead", "member", "deputy", "lead where they lead a team", "broken glass"}
SEEN = {
    "my_cases": _ON_A_CASE,
    "my_clients": _ON_A_CASE | {"registrar"},
    "my_lasting_clients": {"lead", "registrar"},
    "my_referrals": _ON_A_CASE,
}
"""Which of the assignments each function has to count, by their names."""

_BEGUN = "AND a.active_from <= now() "
_NOT_ENDED = "(a.active_until IS NULL OR a.active_until > now())"
_MINE, _HERE = "a.user_id = (SELECT public.ctx_user())", "a.municipal_area_id = (SELECT public.ctx_area())"
_GLASS = "a.kind <> 'break_glass' AND"
_AT_WORK = "a.unit_id = ANY ((SELECT public.ctx_places('case_manager'))::uuid[])"
_EACH = ((_MINE, "true"), (_HERE, "true"), (_BEGUN, ""), (_AT_WORK, "true"))
CONDITIONS = (
    *((name, *fault) for name in ("my_cases", "my_clients", "my_lasting_clients") for fault in _EACH),
    *((name, _NOT_ENDED, "true") for name in ("my_cases", "my_clients")),
    ("my_lasting_clients", "a.active_until IS NULL", "true"),
    *((name, _GLASS, "") for name in ("my_cases", "my_clients")),
    ("my_cases", "AND a.kind <> 'registrar'", ""),
    ("my_lasting_clients", "AND a.kind IN ('lead', 'registrar')", ""),
    ("my_referrals", "r.municipal_area_id = (SELECT public.ctx_area())", "true"),
    ("my_referrals", "AND r.case_id = ANY ((SELECT public.my_cases())::uuid[])", ""),
)
"""Each condition of each function, and what stands there when it is forgotten."""


@asynccontextmanager
async def undone(admin: asyncpg.Connection) -> AsyncIterator[None]:
    """Open a transaction and roll it back."""
    transaction = admin.transaction()
    await transaction.start()
    try:
        yield
    finally:
        await transaction.rollback()


async def rewrite(admin: asyncpg.Connection, function: str, old: str, new: str) -> str:
    """Replace a part of a function and return the function as it was."""
    whole: str = await admin.fetchval("SELECT pg_get_functiondef($1::regprocedure)", f"{function}()")
    assert old in whole, f"{function} has no {old!r}"
    await admin.execute(whole.replace(old, new))
    return whole


async def wrongly_seen(admin: asyncpg.Connection) -> dict[str, set[str]]:
    """Return by function which assignments it counts wrongly or forgets; runs inside a transaction."""
    cases = {name: uuid4() for name in _ROWS}
    clients = {name: uuid4() for name in _ROWS}
    # Triggers and foreign keys rest: nothing but these rows is needed.
    await admin.execute("SET LOCAL session_replication_role = replica")
    for name, (area, user, unit, kind, begins, ends) in _ROWS.items():
        case = None if kind == "registrar" else cases[name]
        await admin.execute(_INSERT, area, user, clients[name], case, unit, kind, begins, ends)
        await admin.execute(_REFERRAL, area, cases[name], clients[name], user)
    # The case of one area may stand as a referral in another by no mistake but one of ours.
    await admin.execute(_REFERRAL, ELSEWHERE, cases["lead"], clients["lead"], ME)
    await admin.execute(
        "SELECT set_context($1, $2, '', 'test', '{case_manager,team_lead}', $3)",
        AREA,
        str(ME),
        [f"case_manager:{WORKED}", f"team_lead:{LED}"],
    )
    await admin.execute("SET LOCAL ROLE kim_app")
    found = {name: list(await admin.fetchval(f"SELECT {name}()")) for name in FUNCTIONS}
    await admin.execute("RESET ROLE")
    return {name: fault for name in FUNCTIONS if (fault := _difference(name, found[name], cases, clients))}


def _difference(
    name: str, found: list[UUID | None], cases: dict[str, UUID], clients: dict[str, UUID]
) -> set[str]:
    known = clients if "clients" in name else cases
    expected = {known[each] for each in SEEN[name]}
    names = {value: key for key, value in known.items()}
    wrong = {names.get(each, str(each)) for each in set(found) ^ expected if each is not None}
    twice = {"twice"} if name == "my_referrals" and len(found) > len(set(found)) else set()
    return wrong | twice | ({"no case"} if None in found else set())


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    """One connection of the application role, as a pool hands it from one request to the next."""
    connection = await asyncpg.connect(settings.database_url.get_secret_value())
    try:
        yield connection
    finally:
        await connection.close()


async def enter(connection: asyncpg.Connection, person: Person) -> None:
    """Open the session of a person in the transaction."""
    await connection.fetchrow(
        "SELECT * FROM open_session($1, $2, 'test')", person.session_id, list(person.roles)
    )
