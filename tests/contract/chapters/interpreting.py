"""Interpreting for a visit: needed, asked for, confirmed, held."""

from tests.contract.stage import Stage

WHO, ASSISTANT = "Anja Berger", "Jonas Weber"


async def play(stage: Stage, known: dict[str, str]) -> None:
    """A service of the directory is asked and comes."""
    entry = {"name": "Sprachmittlung Aue", "institution_type": "sprachmittlung", "languages": ["ukr"]}
    service = await stage.do(ASSISTANT, "create_institution", entry)
    here = {"case_id": known["case"]}
    need = {
        "language": "ukr", "mode": "on_site", "starts_at": stage.moment(1), "minutes": 60,
        "wished_sex": "w", "payer": "state_pool",
    }  # fmt: skip
    row = await stage.do(WHO, "record_interpreting", need, **here)
    there = {**here, "interpreting_id": row["id"]}
    await stage.do(WHO, "change_interpreting", {"note": "Wartet im Foyer."}, at=row, **there)
    await stage.do(WHO, "read_interpreting_request", **there)
    asked = {"step": "request", "provider_id": service["id"]}
    await stage.do(WHO, "take_interpreting_step", asked, **there)
    await stage.do(WHO, "take_interpreting_step", {"step": "confirm"}, **there)
    await stage.do(WHO, "take_interpreting_step", {"step": "hold"}, **there)
    await stage.do(WHO, "read_interpreting", **there)
    await stage.do(WHO, "list_interpretings", query={"limit": 2}, **here)
