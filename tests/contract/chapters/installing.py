"""The administrator hires people and founds units; the assistant writes down positions, funds, residents."""

from app.reporting.forms_router import PDF, XLSX
from tests.contract.stage import Stage

ADMIN, ASSISTANT = "Ina Conrads", "Jonas Weber"
INITIAL, AGAIN = "Drei Reiher stehen am Ufer", "Zwei Dachse graben im Wald"


async def play(stage: Stage, known: dict[str, str]) -> None:
    """Users, roles, units, positions."""
    town = {
        "name": "Stadt Auental", "kind": "town", "municipality": "05170048", "legal_regime": "dsg_nrw",
        "is_public_body": True, "is_sgb_body": False,
    }  # fmt: skip
    unit = await stage.do(ADMIN, "create_unit", town, headers={"Idempotency-Key": "unit-auental-1"})
    known["unit"] = unit["id"]
    await stage.do(ADMIN, "change_unit", {"name": "Stadt Auental, Soziales"}, at=unit, unit_id=unit["id"])
    await stage.do(ADMIN, "read_unit", unit_id=unit["id"])
    await stage.do(ADMIN, "list_units", query={"limit": 2})

    somebody = {
        "email": stage.mail("Nadja Roth"), "display_name": "Nadja Roth", "initial_password": INITIAL,
        "memberships": [{"role": "case_manager", "unit_id": unit["id"]}],
    }  # fmt: skip
    user = await stage.do(ADMIN, "create_user", somebody, headers={"Idempotency-Key": "user-roth-2026"})
    who = {"user_id": user["id"]}
    await stage.do(ADMIN, "reset_password", {"initial_password": AGAIN}, **who)
    user = await stage.do(ADMIN, "change_user", {"display_name": "Nadja Roth-Celik"}, at=user, **who)
    role = {"role": "team_lead", "unit_id": unit["id"]}
    membership = await stage.do(ADMIN, "grant_membership", role, **who)
    await stage.do(ADMIN, "read_user", **who)
    await stage.do(ADMIN, "end_membership", at=membership, membership_id=membership["id"], **who)
    await stage.do(ADMIN, "list_users", query={"limit": 2})

    position = {
        "unit_id": unit["id"], "component": 2, "full_time_equivalents": 0.5, "funded_year": 2026,
        "place_of_work": "Rathaus Auental", "filled_from": "2025-02-01",
    }  # fmt: skip
    made = await stage.do(ASSISTANT, "create_position", position)
    await stage.do(ASSISTANT, "read_position", position_id=made["id"])
    await stage.do(ASSISTANT, "list_positions", query={"limit": 2})
    await stage.do(
        ASSISTANT, "change_position", {"filled_until": "2026-06-30"}, at=made, position_id=made["id"]
    )
    await _funding(stage, unit["id"])
    await _population(stage)


async def _funding(stage: Stage, unit: str) -> None:
    last_year = {
        "unit_id": unit, "component": 2, "full_time_equivalents": 0.5, "funded_year": 2025,
        "place_of_work": "Rathaus Auental", "filled_from": "2025-02-01",
    }  # fmt: skip
    await stage.do(ASSISTANT, "create_position", last_year)
    contract = {
        "unit_id": unit, "year": 2025, "reference": "KIM 7/2025", "concluded_on": "2025-01-15",
        "forwarded_cents": 2612500, "own_share_cents": 150000,
    }  # fmt: skip
    made = await stage.do(ASSISTANT, "enter_contract", contract, headers={"Idempotency-Key": "contract-7"})
    which = {"contract_id": made["id"]}
    await stage.do(ASSISTANT, "change_contract", {"deficit_cents": 48050}, at=made, **which)
    await stage.do(ASSISTANT, "read_contract", **which)
    await stage.do(ASSISTANT, "list_contracts", query={"year": 2025, "limit": 2})
    await stage.do(ASSISTANT, "read_funding_report", year="2025")
    for form in (PDF, XLSX):
        await stage.do(ASSISTANT, "read_funding_report", headers={"Accept": form}, year="2025")


async def _population(stage: Stage) -> None:
    lines = (
        "municipality;nationality_group;age_band;persons",
        "05170048;syria;18-26;412",
        "05170048;eu;;1930",
    )
    said = {
        "stated_on": "2025-12-31", "source": "Einwohnermeldeamt", "licence": "dl-de/by-2-0",
        "csv": "\n".join(lines),
    }  # fmt: skip
    taken = await stage.do(ASSISTANT, "import_population", said)
    await stage.do(ASSISTANT, "read_population", population_id=taken["population_id"])
    await stage.do(ASSISTANT, "list_populations", query={"limit": 2})
