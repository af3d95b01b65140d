"""A child's way into school: counselling, waiting, a place that is too far away, and one that fits."""

from tests.contract.stage import Stage

WHO, LEAD = "Anja Berger", "Sabine Reuter"


async def play(stage: Stage, known: dict[str, str]) -> None:
    """A child of the household comes to the support class."""
    here = {"case_id": known["case"]}
    daughter = {"name": "Sofiia Kovalenko", "birth_year": 2014, "relation": "child"}
    household = await stage.do(WHO, "add_household_member", daughter, client_id=known["client"])
    pupil = {
        "member_id": household["items"][-1]["id"], "stage": "lower_secondary", "registered_on": "2026-02-23",
        "way_note": "Bus 510, eine halbe Stunde",
    }  # fmt: skip
    row = await stage.do(WHO, "register_pupil", pupil, **here)
    there = {**here, "entry_id": row["id"]}
    row = await stage.do(WHO, "change_school_entry", {"school_type": "gesamtschule"}, at=row, **there)
    await stage.do(WHO, "take_school_step", {"step": "counsel", "on": "2026-03-05"}, **there)
    row = await stage.do(WHO, "take_school_step", {"step": "wait", "on": "2026-03-07"}, **there)
    await stage.do(WHO, "list_school_waiting", query={"limit": 2})
    await stage.do(LEAD, "read_school_waiting", unit_id=stage.given["KI"])
    wait = {**there, "step_id": row["steps"][-1]["id"]}
    wrong = {"on": "2026-03-06", "reason": "Am Tag davor gemeldet"}
    await stage.do(WHO, "correct_school_step", wrong, **wait)
    offered = {"step": "offer", "on": "2026-04-14", "school_name": "Gesamtschule Haspe"}
    await stage.do(WHO, "take_school_step", offered, **there)
    await stage.do(WHO, "take_school_step", {"step": "accept", "on": "2026-04-16"}, **there)
    first = {"step": "start_support", "on": "2026-04-24", "support_form": "first_support"}
    await stage.do(WHO, "take_school_step", first, **there)
    await stage.do(WHO, "read_school_entry", **there)
    await stage.do(WHO, "list_school_entries", query={"limit": 2}, **here)
