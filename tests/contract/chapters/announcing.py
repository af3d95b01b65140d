"""An institution has its system told what happens to referrals: its webhook from first to last day."""

from tests.contract.stage import Stage

WHO = "Mehmet Kaya"


async def play(stage: Stage, known: dict[str, str]) -> None:
    """Give an address, test it, look what became of the test, change the secret, take a pause, and end it."""
    address = {
        "institution_id": stage.given["jobcenter"],
        "url": "https://fachverfahren.jobcenter.example/kim",
        "label": "Fachverfahren",
        "kinds": ["referral.offered", "referral.revoked"],
    }
    made = await stage.do(WHO, "create_webhook", address, headers={"Idempotency-Key": "webhook-2026-01"})
    which = {"webhook_id": made["webhook"]["id"]}
    await stage.do(WHO, "list_webhooks", query={"limit": 2})
    seen = await stage.do(WHO, "read_webhook", **which)
    await stage.do(WHO, "change_webhook", {"label": "Fachverfahren Leistung"}, at=seen, **which)
    test = await stage.do(WHO, "test_webhook", **which)
    await stage.meanwhile("a delivery is given up")
    await stage.do(WHO, "list_webhook_deliveries", query={"state": "parked"}, **which)
    delivery = {**which, "delivery_id": test["id"]}
    await stage.do(WHO, "resend_webhook_delivery", **delivery)
    await stage.do(WHO, "read_webhook_delivery", **delivery)
    await stage.do(WHO, "rotate_webhook_secret", {"overlap_hours": 48}, **which)
    await stage.do(WHO, "pause_webhook", **which)
    seen = await stage.do(WHO, "resume_webhook", **which)
    await stage.do(WHO, "remove_webhook", at=seen, **which)
