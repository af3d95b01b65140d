"""Chapters eight to ten: from a barrier to a protected statistic, and to an obstacle that is decided."""

from app.background import worker_parts
from app.kit.clock import utc_now
from app.kit.database import Database
from app.settings import Settings
from app.worker import run_once
from tests.journey.story import TODAY, Story, in_days, last_quarter
from tests.obstacles.arrange import visible_observation
from tests.reporting.arrange import figures


async def test_08_barriers_are_reported_and_an_observation_with_her_name_is_refused(story: Story) -> None:
    report = {
        "case_id": story.ids["case"],
        "barrier_type": "F2",
        "institution_id": story.ids["Schule"],
        "effect": "school_attendance_prevented",
        "since": in_days(-60),
        "note": "Oksana hat dreimal angerufen.",
    }
    filed = await story.made("Anja Berger", "/v1/barriers", report)
    named = {"barrier_report_id": filed["id"], "text": "Frau Kovalenko wartet seit August auf einen Platz."}
    refused = await story.do("Anja Berger", "POST", "/v1/observations", named)
    assert (refused.status_code, refused.json()["code"]) == (422, "observation_identifies")
    assert "Kovalenko" not in refused.text
    said = {**named, "text": "Neu zugezogene Kinder warten ein halbes Jahr auf einen Schulplatz."}
    await story.made("Anja Berger", "/v1/observations", said)
    story.ids["report"] = filed["id"]


async def test_09_a_release_is_computed_published_and_read(
    story: Story, settings: Settings, worker_database: Database
) -> None:
    await figures(story.world, last_quarter(), reports=400)
    asked = await story.made("Heike Brandt", "/v1/releases", {"quarter": last_quarter()})
    release = f"/v1/releases/{asked['id']}"
    assert (await story.refused("Heike Brandt", "POST", f"{release}/publish"))[0] == 409
    async with worker_parts(settings) as (database, wiring):
        await run_once(database, wiring, utc_now, jobs=())
    assert (await story.seen("Heike Brandt", release))["state"] == "computed"
    assert (await story.refused("Ute Kleinert", "GET", release))[0] == 404
    status, _ = await story.refused("Heike Brandt", "POST", f"{release}/publish")
    assert status in (403, 409)
    await story.made("Ralf Dickmann", f"{release}/publish")

    published = await story.seen("Ute Kleinert", release)
    tables = [table["name"] for table in published["content"]["tables"]]
    assert len(tables) >= 5
    assert published["content"]["proof"]["holds"]
    for name in tables:
        table = await story.seen("Ute Kleinert", f"{release}/tables/{name}")
        shown = {cell["status"] for cell in table["cells"]}
        assert shown <= {"published", "zero", "suppressed", "not_collected"} | (
            {"too_few", "no_base"} if table["quotient"] else set()
        )
        counted = [] if table["quotient"] else table["cells"]
        assert all(cell["value"] >= 5 for cell in counted if cell["status"] == "published")
        csv = await story.people["Ute Kleinert"].get(
            f"{release}/tables/{name}", headers={"Accept": "text/csv"}
        )
        assert csv.headers["content-type"].startswith("text/csv")
        assert csv.text.count("\n") >= len(table["cells"])


async def test_10_the_coordinator_sees_observations_and_signals_and_nobody(story: Story) -> None:
    observation = await visible_observation(story.world, "Am Empfang gibt es keine Sprachmittlung.")
    seen = await story.seen("Heike Brandt", "/v1/observations")
    assert set(seen["items"][0]) == {"id", "institution_type", "barrier_type", "quarter", "text"}
    signals = (await story.seen("Heike Brandt", f"/v1/signals?quarter={last_quarter()}"))["items"]
    assert signals
    obstacle = await story.made(
        "Heike Brandt",
        "/v1/obstacles",
        {
            "title": "Keine Sprachmittlung am Empfang",
            "description": "Mehrere Quartale, mehrere Geschäftsstellen.",
            "barrier_types": ["D1"],
            "institution_types": ["jobcenter"],
            "observation_ids": [str(observation)],
            "signals": [
                {key: signals[0][key] for key in ("quarter", "barrier_type", "institution_group")}
            ],
        },
    )  # fmt: skip
    path = f"/v1/obstacles/{obstacle['id']}"
    for step in ("under_review", "bundled"):
        await story.made("Heike Brandt", f"{path}/status", {"to": step})
    unit = (await story.seen("Heike Brandt", "/v1/units"))["items"][0]["id"]
    await story.made(
        "Heike Brandt", f"{path}/measures", {"title": "Sprachmittlung stundenweise", "unit_id": unit}
    )
    owner = {"to": "in_project_group", "responsible_unit_id": unit, "due_on": in_days(90)}
    await story.made("Heike Brandt", f"{path}/status", owner)
    decision = {"decided_on": TODAY.isoformat(), "minute": "Lenkungsgruppe, TOP 4", "text": "Wird erprobt."}
    await story.made("Heike Brandt", f"{path}/decisions", decision)
    assert (await story.seen("Ute Kleinert", path))["title"] == "Keine Sprachmittlung am Empfang"

    unknown = "00000000-0000-7000-8000-000000000000"
    for kind, there in (("clients", "client"), ("cases", "case"), ("barriers", "report")):
        one = await story.do("Heike Brandt", "GET", f"/v1/{kind}/{story.ids[there]}")
        none = await story.do("Heike Brandt", "GET", f"/v1/{kind}/{unknown}")
        assert one.status_code == none.status_code == 403
        assert one.json() == none.json()
