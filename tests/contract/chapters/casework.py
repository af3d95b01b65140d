"""A case from its opening to linking: intake, assessment, plan, contacts, tasks, the team."""

from tests.consents.arrange import consent_body
from tests.contract.stage import Stage

WHO, LEAD, COLLEAGUE = "Anja Berger", "Sabine Reuter", "Murat Aydin"
CRITERIA = {"C1": True, "C2": True, "C3": True, "C4": True, "C5": False, "C6": True, "C7": True}


async def play(stage: Stage, known: dict[str, str]) -> None:
    """From opening to linking."""
    opening = {
        "client_id": known["client"], "kind": "case_management", "access_route": "self",
        "concern": "Möchte arbeiten; die Tochter wartet auf einen Schulplatz.",
    }  # fmt: skip
    case = await stage.do(WHO, "open_case", opening, headers={"Idempotency-Key": "case-2026-0001"})
    known["case"] = case["id"]
    here = {"case_id": case["id"]}
    agreed = consent_body(known["client"], None, case_id=case["id"], given_at=stage.moment(-1))
    await stage.do(WHO, "record_consent", {**agreed, "valid_until": stage.day(180)})
    summary = {"summary": "Pflegekraft, anerkannter Abschluss fehlt."}
    case = await stage.do(WHO, "change_case", summary, at=case, **here)
    intake = {
        "criteria": CRITERIA, "outcome": "case_management", "privacy_notice_version": "2026-1",
        "privacy_notice_language": "ukr", "privacy_notice_on": stage.day(0),
        "documentation_basis": "consent",
    }  # fmt: skip
    await stage.do(WHO, "record_intake", intake, at=case, **here)
    await stage.do(WHO, "take_phase", {"to": "assessment"}, **here)
    await _plan(stage, here)
    await stage.do(WHO, "read_case", **here)
    await stage.do(WHO, "list_phases", query={"limit": 2}, **here)
    await stage.do(WHO, "list_cases", query={"of": "mine", "limit": 2})
    await _entries(stage, here)


async def _plan(stage: Stage, here: dict[str, str]) -> None:
    needs = {
        "assessed_on": stage.day(0),
        "domains": [
            {"life_domain": "work", "state": "need", "scale": 2},
            {"life_domain": "school", "state": "need", "scale": 1, "note": "Kein Schulplatz seit August"},
        ],
    }
    assessment = await stage.do(WHO, "record_assessment", needs, **here)
    await stage.do(WHO, "read_assessment", assessment_id=assessment["id"], **here)
    await stage.do(WHO, "list_assessments", query={"limit": 2}, **here)
    await stage.do(WHO, "read_latest_assessment", **here)
    span = {"from": stage.day(0), "to": stage.day(1)}
    await stage.do(WHO, "compare_assessments", query=span, **here)
    await stage.do(WHO, "take_phase", {"to": "service_planning"}, **here)
    wish = {
        "life_domain": "work", "wording": "Ich will wieder als Pflegekraft arbeiten.",
        "target_on": stage.day(180), "indicator": "Ein Arbeitsvertrag liegt vor.",
    }  # fmt: skip
    goal = await stage.do(WHO, "set_goal", wish, **here)
    there = {**here, "goal_id": goal["id"]}
    step = {"wording": "Anerkennung beantragen", "responsible": "client", "due_on": stage.day(30)}
    measure = await stage.do(WHO, "add_measure", step, **there)
    done = {"state": "done"}
    await stage.do(WHO, "change_measure", done, at=measure, measure_id=measure["id"], **here)
    await stage.do(WHO, "read_measure", measure_id=measure["id"], **here)
    goal = await stage.do(WHO, "read_goal", **there)
    await stage.do(WHO, "change_goal", {"progress": "Antrag liegt vor."}, at=goal, **there)
    await stage.do(WHO, "list_goal_history", query={"limit": 2}, **there)
    await stage.do(WHO, "list_goals", query={"limit": 2}, **here)
    agreement = {"agreed_on": stage.day(0), "how": "im Gespräch, mit Sprachmittlung"}
    await stage.do(WHO, "take_phase", {"to": "linking", "agreement": agreement}, **here)


async def _entries(stage: Stage, here: dict[str, str]) -> None:
    contact = {
        "contact_type": "office", "happened_at": stage.moment(-2), "minutes": 45,
        "interpreter": "professional", "note": "Plan besprochen.",
    }  # fmt: skip
    entry = await stage.do(
        WHO, "record_contact", contact, headers={"Idempotency-Key": "contact-0001"}, **here
    )
    there = {**here, "contact_id": entry["id"]}
    await stage.do(WHO, "correct_contact", {"minutes": 50}, at=entry, **there)
    await stage.do(WHO, "read_contact", **there)
    await stage.do(WHO, "list_contacts", query={"limit": 2, "with_corrected": "true"}, **here)
    task = await stage.do(WHO, "create_task", {"title": "Rückruf Jobcenter", "due_on": stage.day(3)}, **here)
    await stage.do(WHO, "change_task", {"done": True}, at=task, task_id=task["id"], **here)
    await stage.do(WHO, "list_tasks", query={"limit": 2}, **here)
    await stage.do(WHO, "list_own_tasks", query={"limit": 2})


async def play_team(stage: Stage, known: dict[str, str]) -> None:
    """A member joins and leaves, a deputy stands in, a team lead breaks the glass."""
    here = {"case_id": known["case"]}
    colleague = stage.given[COLLEAGUE]
    member = await stage.do(LEAD, "assign_case", {"user_id": colleague, "kind": "member"}, **here)
    await stage.do(LEAD, "remove_member", assignment_id=member["id"], **here)
    term = {"user_id": colleague, "from": stage.day(0), "until": stage.day(14)}
    deputy = await stage.do(WHO, "add_deputy", term, **here)
    await stage.do(WHO, "list_team", query={"limit": 2}, **here)
    await stage.do(WHO, "end_deputyship", assignment_id=deputy["id"], **here)
    registrars = await stage.do(WHO, "list_registrars", query={"limit": 2}, **here)
    await stage.do(LEAD, "end_registrar", assignment_id=registrars["items"][0]["id"], **here)
    reason = {"reason": "Kindeswohl: niemand vom Fall ist erreichbar"}
    await stage.do(LEAD, "break_glass", reason, **here)
