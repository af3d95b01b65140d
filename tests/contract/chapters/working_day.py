"""A working day: what is due in the morning, the story of a case, what the unit carries."""

from tests.contract.stage import Stage

WHO, LEAD = "Anja Berger", "Sabine Reuter"


async def play(stage: Stage, known: dict[str, str]) -> None:
    """Working list, timeline in both directions, caseload; what a phone asks for."""
    due = {"title": "Unterlagen der Anerkennung abholen", "due_on": stage.day(0)}
    await stage.do(WHO, "create_task", due, case_id=known["case"])
    await stage.do(WHO, "read_work", query={"limit": 2, "weeks_without_contact": 4})
    await stage.do(WHO, "read_work", query={"limit": 2, "group": "tasks_today"})
    which = {"case_id": known["case"]}
    await stage.do(WHO, "read_timeline", query={"limit": 20}, **which)
    await stage.do(WHO, "read_timeline", query={"limit": 3, "kinds": "contact"}, **which)
    await stage.do(LEAD, "read_caseload", unit_id=stage.given["KI"])
    page = await stage.do(WHO, "read_changes", query={"limit": 2})
    await stage.do(WHO, "read_changes", query={"limit": 2, "since": page["next"]})
    held = (await stage.http(WHO).get("/v1/sync")).json()["items"]
    first = {line["kind"]: line["id"] for line in reversed(held)}
    things = [{"kind": "case", "id": known["case"]}, {"kind": "client", "id": known["case"]}]
    things += [{"kind": kind, "id": first[kind]} for kind in ("document", "conference", "guardian")]
    await stage.do(WHO, "fetch_contents", {"items": things})
    await stage.do(WHO, "follow_changes")
