"""An export to the state-wide database: a dry run put aside, one released, fetched and acknowledged."""

from tests.contract.stage import Stage

ADMIN, LEAD, RECIPIENT = "Ina Conrads", "Sabine Reuter", "Nora Winter"


async def play(stage: Stage, _known: dict[str, str]) -> None:
    """Asking, releasing, fetching."""
    await stage.meanwhile("persons consent to the state-wide database")
    wanted = {
        "unit_id": stage.given["KI"], "institution_id": stage.given["landesdatenbank"], "quarter": "2025Q4",
    }  # fmt: skip
    await stage.do(RECIPIENT, "read_state_export_profile")
    aside = await stage.do(ADMIN, "request_state_export", wanted)
    await stage.do(ADMIN, "discard_state_export", export_id=aside["id"])
    once = {"Idempotency-Key": "export-2025Q4"}
    asked = await stage.do(ADMIN, "request_state_export", wanted, headers=once)
    which = {"export_id": asked["id"]}
    await stage.meanwhile("the worker runs")
    await stage.do(LEAD, "read_state_export", **which)
    await stage.do(LEAD, "release_state_export", **which)
    await stage.meanwhile("the worker runs")
    await stage.do(RECIPIENT, "list_partner_state_exports", query={"limit": 1})
    await stage.do(RECIPIENT, "fetch_state_export", **which)
    file = await stage.do(RECIPIENT, "read_partner_state_export", **which)
    done = {"sha256": file["sha256"], "withdrawals_deleted": file["withdrawals"]}
    await stage.do(RECIPIENT, "acknowledge_state_export", done, **which)
    await stage.do(ADMIN, "list_state_exports", query={"limit": 1})
