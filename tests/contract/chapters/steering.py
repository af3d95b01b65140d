"""Barriers become observations, releases, signals and obstacles; nobody of them is a person any more."""

from typing import Any

from app.reporting.forms_router import CSV, JSON, PNG, SVG, VEGA_LITE, XLSX
from tests.contract.stage import RELEASED, Stage

WHO, FIRST, SECOND, STEERING = "Anja Berger", "Heike Brandt", "Ralf Dickmann", "Ute Kleinert"
LAND = "Vera Lindner"


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
    await stage.do(WHO, "write_observation", said)
    await stage.do(WHO, "resolve_barrier", {"resolved_on": stage.day(0)}, **which)
    await stage.meanwhile("an observation appears")
    seen = await stage.do(FIRST, "list_observations", query={"limit": 2})
    signal = await _release(stage)
    await _obstacle(stage, known, seen["items"][0]["id"], signal)


async def _release(stage: Stage) -> dict[str, Any]:
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
    await stage.do(STEERING, "read_release_report", **which)
    await _council(stage, {"release_id": release["id"], "table": table["table"]})
    there = {"quarter": RELEASED, "table": table["table"]}
    for form in (JSON, CSV, XLSX):
        accepted = {"Accept": form, "Accept-Language": "de"}
        await stage.do(LAND, "read_state_table", headers=accepted, **there)
    query = {"quarter": RELEASED, "limit": 2}
    signals = await stage.do(FIRST, "list_signals", query=query, headers={"Accept-Language": "de"})
    return dict(signals["items"][0])


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


async def _obstacle(stage: Stage, known: dict[str, str], observation: str, signal: dict[str, Any]) -> None:
    bundle = {
        "title": "Keine Sprachmittlung am Empfang",
        "description": "Mehrere Quartale, mehrere Geschäftsstellen.",
        "barrier_types": ["D1"],
        "institution_types": ["jobcenter"],
        "observation_ids": [observation],
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
    owner = {"to": "in_project_group", "responsible_unit_id": known["unit"]}
    await stage.do(FIRST, "take_obstacle_step", owner, **which)
    decided = {"to": "decided", "decided_on": stage.day(0), "minute": "Lenkungsgruppe, TOP 4"}
    await stage.do(FIRST, "take_obstacle_step", decided, **which)
    changed = await stage.do(FIRST, "read_obstacle", **which)
    (begun,) = changed["measures"]
    await stage.do(FIRST, "change_obstacle_measure", {"state": "done"}, at=begun, **there)
    await stage.do(FIRST, "take_obstacle_step", {"to": "implemented"}, **which)
    await stage.do(FIRST, "check_obstacle_effect", **which)
    await stage.do(STEERING, "list_effect_checks", query={"limit": 2}, **which)
