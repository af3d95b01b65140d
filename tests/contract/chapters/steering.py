"""Barriers become observations, releases, signals and obstacles; nobody of them is a person any more."""

from typing import Any

from app.reporting.forms_router import CSV, JSON, PDF, PNG, SVG, VEGA_LITE, XLSX
from tests.contract.stage import RELEASED, Stage

WHO, FIRST, SECOND, STEERING = "Anja Berger", "Heike Brandt", "Ralf Dickmann", "Ute Kleinert"
LAND = "Vera Lindner"
PARTNER = "Mehmet Kaya"
OFFICE = {"body": "working", "responsible": "Leitung der Eingangszone"}


async def play(stage: Stage, known: dict[str, str]) -> None:
    """Reports, observations, releases, signals, obstacles."""
    report = {
        "case_id": known["case"], "barrier_type": "F2", "institution_id": known["schule"],
        "effect": "school_attendance_prevented", "since": "2025-08-20",
    }  # fmt: skip
    filed = await stage.do(WHO, "file_barrier", report, headers={"Idempotency-Key": "barrier-2026-0001"})
    which = {"report_id": filed["id"]}
    await stage.do(WHO, "change_barrier", {"duration_days": 60}, at=filed, **which)
    await stage.do(WHO, "read_barrier", **which)
    await stage.do(WHO, "list_barriers", query={"case_id": known["case"], "limit": 2})
    said = {"barrier_report_id": filed["id"], "text": "Zugezogene Kinder warten lange auf einen Platz."}
    own = await stage.do(WHO, "write_observation", said)
    await stage.do(WHO, "resolve_barrier", {"resolved_on": stage.day(0)}, **which)
    await stage.meanwhile("an observation appears")
    seen = await stage.do(FIRST, "list_observations", query={"limit": 2})
    release, signal = await _release(stage)
    await stage.do(FIRST, "list_similar_to_observation", observation_id=seen["items"][0]["id"])
    observed = [own["id"]]
    obstacle = await _obstacle(stage, known, observed, signal)
    await _heard(stage, obstacle, release)
    await _meeting(stage, obstacle, release)
    await stage.meanwhile("the worker runs")
    await stage.do(WHO, "list_outcomes", query={"limit": 2})
    await _arranged(stage, obstacle, observed)
    await _checked(stage, known, obstacle)
    await _elsewhere(stage)


async def _release(stage: Stage) -> tuple[str, dict[str, Any]]:
    aside = await stage.do(FIRST, "request_release", {"quarter": RELEASED, "detail": "small"})
    await stage.do(FIRST, "discard_release", release_id=aside["id"])
    await stage.meanwhile("a quarter of reports comes together")
    asked = await stage.do(FIRST, "request_release", {"quarter": RELEASED, "detail": "small"})
    await stage.meanwhile("the worker runs")
    which = {"release_id": asked["id"]}
    await stage.do(SECOND, "publish_release", **which)
    await stage.do(STEERING, "list_releases", query={"limit": 1})
    release = await stage.do(STEERING, "read_release", **which)
    table = {**which, "table": release["content"]["tables"][0]["name"]}
    await stage.do(STEERING, "read_release_table", headers={"Accept-Language": "de"}, **table)
    for form in (CSV, VEGA_LITE, SVG, PNG):
        accepted = {"Accept": form, "Accept-Language": "de"}
        await stage.do(STEERING, "read_release_table", headers=accepted, **table)
    await stage.do(STEERING, "read_release_workbook", headers={"Accept-Language": "de"}, **which)
    for form in (JSON, CSV, XLSX):
        accepted = {"Accept": form, "Accept-Language": "de"}
        await stage.do(STEERING, "read_release_gaps", headers=accepted, **which)
    await stage.do(STEERING, "read_release_report", **which)
    await _council(stage, {"release_id": release["id"], "table": table["table"]})
    there = {"quarter": RELEASED, "table": table["table"]}
    for form in (JSON, CSV, XLSX):
        accepted = {"Accept": form, "Accept-Language": "de"}
        await stage.do(LAND, "read_state_table", headers=accepted, **there)
    query = {"quarter": RELEASED, "limit": 2}
    signals = await stage.do(FIRST, "list_signals", query=query, headers={"Accept-Language": "de"})
    return str(asked["id"]), dict(signals["items"][0])


async def _council(stage: Stage, cited: dict[str, str]) -> None:
    asked = {
        "number": "A 12/2026", "asked_by": "Ausschuss für Integration", "asked_on": "2026-04-14",
        "question": "Woran scheitern Anträge im Kreis am häufigsten?", "citations": [cited],
    }  # fmt: skip
    made = await stage.do(FIRST, "open_council_question", asked, headers={"Idempotency-Key": "council-12"})
    which = {"question_id": made["id"]}
    answer = {"answer": "Die veröffentlichten Zahlen des Quartals stehen in der Tabelle."}
    await stage.do(FIRST, "change_council_question", answer, at=made, **which)
    await stage.do(FIRST, "answer_council_question", **which)
    await stage.do(STEERING, "read_council_question", **which)
    await stage.do(STEERING, "list_council_questions", query={"limit": 2})
    await stage.do(STEERING, "read_council_paper", **which)


async def _obstacle(
    stage: Stage, known: dict[str, str], observed: list[str], signal: dict[str, Any]
) -> dict[str, Any]:
    bundle = {
        "title": "Keine Sprachmittlung am Empfang",
        "description": "Mehrere Quartale, mehrere Geschäftsstellen.",
        "barrier_types": ["D1"],
        "institution_types": ["jobcenter"],
        "observation_ids": observed,
        "signals": [{key: signal[key] for key in ("quarter", "barrier_type", "institution_group")}],
    }
    obstacle = await stage.do(FIRST, "create_obstacle", bundle, headers={"Idempotency-Key": "obstacle-0001"})
    which = {"obstacle_id": obstacle["id"]}
    await stage.do(FIRST, "change_obstacle", {"due_on": stage.day(90)}, at=obstacle, **which)
    for status in ("under_review", "bundled"):
        await stage.do(FIRST, "take_obstacle_step", {"to": status}, **which)
    hours = {"title": "Sprachmittlung stundenweise", "unit_id": known["unit"], "due_on": stage.day(60)}
    measure = await stage.do(FIRST, "add_obstacle_measure", hours, **which)
    there = {**which, "measure_id": measure["id"]}
    await stage.do(FIRST, "change_obstacle_measure", {"state": "in_progress"}, at=measure, **there)
    minute = {"decided_on": stage.day(0), "minute": "Lenkungsgruppe, TOP 4", "text": "Wird erprobt."}
    await stage.do(FIRST, "record_obstacle_decision", minute, **which)
    await stage.do(STEERING, "read_obstacle", **which)
    await stage.do(STEERING, "list_obstacles", query={"limit": 2})
    office = await stage.do(FIRST, "add_obstacle_member", {**OFFICE, "unit_id": known["unit"]}, **which)
    member = {**which, "member_id": office["id"]}
    await stage.do(FIRST, "change_obstacle_member", {"leads": True}, at=office, **member)
    return dict(obstacle)


async def _checked(stage: Stage, known: dict[str, str], obstacle: dict[str, Any]) -> None:
    """The obstacle is decided upon, implemented, and its effect checked."""
    which = {"obstacle_id": obstacle["id"]}
    owner = {"to": "in_project_group", "responsible_unit_id": known["unit"]}
    await stage.do(FIRST, "take_obstacle_step", owner, **which)
    decided = {"to": "decided", "decided_on": stage.day(0), "minute": "Lenkungsgruppe, TOP 4"}
    await stage.do(FIRST, "take_obstacle_step", decided, **which)
    changed = await stage.do(FIRST, "read_obstacle", **which)
    (begun,) = changed["measures"]
    await stage.do(
        FIRST, "change_obstacle_measure", {"state": "done"}, at=begun, **which, measure_id=begun["id"]
    )
    await stage.do(FIRST, "take_obstacle_step", {"to": "implemented"}, **which)
    await stage.do(FIRST, "check_obstacle_effect", **which)
    await stage.do(STEERING, "list_effect_checks", query={"limit": 2}, **which)


async def _heard(stage: Stage, obstacle: dict[str, Any], release: str) -> None:
    """The Jobcenter sees what is said about its group, and comments."""
    which = {"obstacle_id": obstacle["id"]}
    asked = {"release_id": release, "comment_until": stage.day(14)}
    await stage.do(FIRST, "open_hearings", asked, **which)
    heard = await stage.do(PARTNER, "list_hearings", query={"limit": 2})
    hearing = {"hearing_id": heard["items"][0]["id"]}
    await stage.do(PARTNER, "read_hearing", **hearing)
    said = {"comment": "Sprachmittlung ist für beide Geschäftsstellen ausgeschrieben."}
    await stage.do(PARTNER, "comment_on_hearing", said, **hearing)
    await stage.do(STEERING, "list_obstacle_hearings", query={"limit": 2}, **which)
    await stage.do(STEERING, "read_obstacle_paper", headers={"Accept-Language": "de"}, **which)
    pdf = {"Accept": PDF, "Accept-Language": "de"}
    await stage.do(STEERING, "read_obstacle_paper", headers=pdf, **which)


async def _meeting(stage: Stage, obstacle: dict[str, Any], release: str) -> None:
    agenda = [{"obstacle_id": obstacle["id"], "asked": "Sprachmittlung an zwei Vormittagen"}]
    plan = {"meets_on": stage.day(0), "place": "Kreishaus, Raum 301", "agenda": agenda}
    meeting = await stage.do(FIRST, "plan_meeting", plan)
    which = {"meeting_id": meeting["id"]}
    await stage.do(FIRST, "change_meeting", {"release_id": release}, at=meeting, **which)
    await stage.do(STEERING, "list_meetings", query={"limit": 2})
    minutes = {"minute": "Lenkungsgruppe 2", "minutes": "TOP 1: einstimmig beschlossen."}
    await stage.do(FIRST, "hold_meeting", minutes, **which)
    decision = {
        "decided_on": stage.day(0), "minute": "Lenkungsgruppe 2, TOP 1", "text": "Zwei Vormittage.",
        "meeting_id": meeting["id"],
    }  # fmt: skip
    await stage.do(FIRST, "record_obstacle_decision", decision, obstacle_id=obstacle["id"])
    await stage.do(STEERING, "read_meeting", **which)
    other = await stage.do(FIRST, "plan_meeting", {**plan, "agenda": []})
    await stage.do(FIRST, "cancel_meeting", {"reason": "Alles ist besprochen."}, meeting_id=other["id"])


async def _arranged(stage: Stage, obstacle: dict[str, Any], observed: list[str]) -> None:
    """A part is split off, and turns out to belong to it after all."""
    which = {"obstacle_id": obstacle["id"]}
    part = {
        "title": "Schulplätze für Zugezogene", "description": "Auch hier fehlt Sprachmittlung.",
        "barrier_types": ["F2"], "institution_types": ["schule"], "observation_ids": observed[:1],
    }  # fmt: skip
    split = await stage.do(FIRST, "split_obstacle", part, **which)
    await stage.do(FIRST, "list_similar_to_obstacle", **which)
    again = {"obstacle_id": split["id"], "reason": "Die Ursache ist dieselbe."}
    await stage.do(FIRST, "merge_obstacles", again, **which)


async def _elsewhere(stage: Stage) -> None:
    """What others work on already is taken up there, and rejected here."""
    await stage.meanwhile("another area is on its way")
    alike = {
        "title": "Kein Kitaplatz nach dem Zuzug", "description": "Anfragen bleiben offen.",
        "barrier_types": ["G1"], "institution_types": ["kita"],
    }  # fmt: skip
    obstacle = await stage.do(FIRST, "create_obstacle", alike)
    which = {"obstacle_id": obstacle["id"]}
    await stage.do(FIRST, "list_obstacles_elsewhere", **which)
    reason = "Ein anderes KIM arbeitet daran."
    await stage.do(FIRST, "take_obstacle_step", {"to": "rejected", "reason": reason}, **which)
