"""An appointment that comes again, given to a colleague; what becomes of it."""

from tests.contract.stage import ANYONE, Stage

WHO, LEAD, COLLEAGUE = "Anja Berger", "Sabine Reuter", "Lena Vogt"


async def play(stage: Stage, known: dict[str, str]) -> None:
    """A colleague joins, is offered an appointment, accepts it and drops it."""
    here = {"case_id": known["case"]}
    colleague = stage.given[COLLEAGUE]
    member = await stage.do(LEAD, "assign_case", {"user_id": colleague, "kind": "member"}, **here)
    appointment = {
        "kind": "appointment", "title": "Begleitung zum Jobcenter", "due_at": stage.moment(72),
        "minutes": 60, "place": "Jobcenter, Eingang", "assignee_id": colleague,
        "participants": [stage.given[WHO]], "remind_minutes": 120,
        "recurrence": {"frequency": "weekly", "count": 3},
    }  # fmt: skip
    made = await stage.do(WHO, "create_task", appointment, **here)
    there = {**here, "task_id": made["id"]}
    await stage.do(COLLEAGUE, "take_task_step", {"step": "accept"}, **there)
    await stage.do(COLLEAGUE, "read_task", **there)
    why = {"step": "drop", "reason": "Das Jobcenter hat abgesagt."}
    await stage.do(COLLEAGUE, "take_task_step", why, **there)
    await stage.do(WHO, "list_task_steps", query={"limit": 2}, **there)
    await stage.do(LEAD, "remove_member", assignment_id=member["id"], **here)


async def play_calendar(stage: Stage, known: dict[str, str]) -> None:
    """A calendar program reads the dates by their secret address, until it is taken back; nothing is due."""
    del known
    shared = await stage.do(COLLEAGUE, "share_calendar")
    await stage.do(ANYONE, "read_calendar_feed", secret=shared["secret"])
    await stage.do(COLLEAGUE, "read_calendar")
    await stage.do(COLLEAGUE, "revoke_calendar")
