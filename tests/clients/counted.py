"""Whether statistics count a client, by each function that reads persons for them."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from tests.reporting.laid import Laid, add, assess, contact, goal

OF_PERSONS = (
    "active_client_figures", "interpreted_contact_figures", "goal_figures", "life_domain_figures"
)  # fmt: skip

_STORE = (
    "store_state_export(uuid,timestamp with time zone,timestamp with time zone,timestamp with time zone,"
    "bigint,text,text,bytea,text[],text[],uuid[],uuid[],text[])"
)
_LAPSE = (
    "lapse_withdrawals(timestamp with time zone,timestamp with time zone,timestamp with time zone,integer)"
)
ELSEWHERE = {
    _LAPSE: "forgets who told what nobody could place, and is linked with no person",
    "persons_at_state_databases()": "whom lines told of long ago, so that figures tell nothing of others",
    "offer_figures(date)": "tells of institutions alone: tests/reporting/test_offer_tables.py",
    **dict.fromkeys(
        (
            "open_case_figures(date)", "closed_case_figures(date,date)", "ended_inquiry_figures(date,date)",
            "waiting_inquiry_figures(date)", "ended_referral_figures(date,date)",
            "domain_change_figures(date,date)",
        ),
        "tried with somebody whose data are only kept: tests/reporting/test_case_figures.py",
    ),
    **dict.fromkeys(
        (
            "hold_state_consents(uuid,uuid,date)", "state_case_figures(uuid,date,uuid[])",
            "state_export_left_out(uuid,uuid,date,date)", "state_pseudonyms_outside(uuid,uuid)",
            "hold_state_export(uuid,text)", "persons_for_state_export(uuid,uuid,date)",
            "repeat_state_figures(uuid,timestamp with time zone)",
            "check_state_export(uuid,timestamp with time zone,text,jsonb,timestamp with time zone,boolean)",
            _STORE,
            "end_old_state_exports(timestamp with time zone,timestamp with time zone)",
        ),
        "sends nothing of who is only kept: tests/state_exports/test_left_out.py",
    ),
    "tell_of_outcome(uuid,uuid,timestamp with time zone)": (
        "tells colleagues, not by reports on who is only kept: tests/obstacles/test_outcomes.py"
    ),
}  # fmt: skip


def counts_in(function: str) -> Callable[[Any], Awaitable[bool]]:
    """Return the question whether a function counts the mother of a family."""

    async def counts(family: Any) -> bool:
        await _written(family)
        counted = await family.count(f"SELECT person_key FROM {function}('2026-01-01', '2040-01-01')")
        return await family.pseudonym(family.desk.client_id) in counted

    return counts


async def _written(family: Any) -> None:
    """Lay what the figures of persons are made of, once."""
    world, case = family.desk.world, UUID(family.desk.case_id)
    if await world.admin.fetchval("SELECT 1 FROM goals WHERE case_id = $1", case):
        return
    laid = Laid(case=case, lead=family.desk.lead.user_id)
    await add(world, "contacts", [contact(laid, "2030-02-04", "ara")])
    await add(world, "goals", [goal(laid, "housing", "reached", "2030-02-04")])
    for day in ("2030-02-04", "2030-03-04"):
        await assess(world, [laid], day, {"housing": 3})


async def need_counts(family: Any) -> bool:
    """Tell whether the mother's needs are counted."""
    await _written(family)
    counted = await family.count(
        "SELECT person_key FROM need_figures('2026-01-01', '2026-01-01', '2040-01-01')"
    )
    return await family.pseudonym(family.desk.client_id) in counted


COUNTED = {
    **{f"{name}(date,date)": counts_in(name) for name in OF_PERSONS},
    "need_figures(date,date,date)": need_counts,
}
"""Each function that counts persons, with the question whether the mother is among them."""
