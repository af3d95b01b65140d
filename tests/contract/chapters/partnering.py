"""What institutions do with referrals, and what becomes of it: proposals, withdrawals, news."""

from tests.contract.chapters.linking import sent_to
from tests.contract.stage import Stage

WHO, JOBCENTER, SCHOOL = "Anja Berger", "Mehmet Kaya", "Ewa Nowak"


async def play(stage: Stage, known: dict[str, str]) -> None:
    """Every step of the addressed institution, then what follows from it."""
    which = {"referral_id": known["referral"]}
    await stage.do(JOBCENTER, "list_partner_referrals", query={"limit": 2})
    await stage.do(JOBCENTER, "list_partner_referrals", query={"limit": 2, "since": ""})
    await stage.do(JOBCENTER, "read_partner_referral", **which)
    await stage.do(JOBCENTER, "mark_referral_fetched", **which)
    await stage.do(JOBCENTER, "accept_referral", headers={"Idempotency-Key": "accept-2026-0001"}, **which)
    await stage.do(JOBCENTER, "start_referral", **which)
    await stage.do(JOBCENTER, "hold_referral", {"reason": "waiting_for_documents"}, **which)
    await stage.do(JOBCENTER, "resume_referral", **which)
    helped = {"outcome": "helped", "text": "Leistungen laufen weiter."}
    await stage.do(JOBCENTER, "complete_referral", helped, **which)
    await stage.do(WHO, "read_referral", **which)
    await stage.do(WHO, "list_receipts", query={"limit": 2}, **which)
    await stage.do(JOBCENTER, "list_partner_receipts", query={"limit": 2}, **which)

    second = {"referral_id": await sent_to(stage, known, "jobcenter")}
    await stage.do(JOBCENTER, "reject_referral", {"reason": "no_capacity"}, **second)
    await stage.do(WHO, "send_back_referral", **second)
    await stage.do(JOBCENTER, "accept_referral", **second)
    await stage.do(JOBCENTER, "fail_referral", {"outcome": "not_responsible"}, **second)
    third = {"referral_id": await sent_to(stage, known, "jobcenter")}
    await stage.do(JOBCENTER, "cancel_partner_referral", {"reason": "could_not_contact"}, **third)
    fourth = {"referral_id": await sent_to(stage, known, "jobcenter")}
    await stage.do(JOBCENTER, "reject_referral", {"reason": "not_responsible"}, **fourth)
    await _batch(stage, known)

    school = {"referral_id": await sent_to(stage, known, "schule")}
    consent = {"consent_id": known["consent to schule"]}
    await stage.do(WHO, "withdraw_consent", {"channel": "phone"}, **consent)
    await stage.do(SCHOOL, "acknowledge_revocation", **school)
    await stage.meanwhile("the worker runs")
    await _follow(stage, known)


async def _batch(stage: Stage, known: dict[str, str]) -> None:
    one, other = [await sent_to(stage, known, "jobcenter") for _ in range(2)]
    seen = await stage.do(JOBCENTER, "read_partner_referral", referral_id=one)
    accept = {"id": one, "version": seen["version"], "step": "accept"}
    reject = {"id": other, "version": seen["version"], "step": "reject", "reason": "no_capacity"}
    await stage.do(JOBCENTER, "answer_referrals", {"items": [accept, reject]})


async def _follow(stage: Stage, known: dict[str, str]) -> None:
    where = {"case_id": known["case"], "limit": 2}
    proposals = await stage.do(WHO, "list_barrier_proposals", query=where)
    first, second = (each["id"] for each in proposals["items"])
    what = {"effect": "benefit_gap", "since": "2025-10-01", "note": "Seit der Arbeitsaufnahme."}
    await stage.do(WHO, "confirm_barrier_proposal", what, proposal_id=first)
    await stage.do(WHO, "drop_barrier_proposal", proposal_id=second)
    news = await stage.do(WHO, "list_notifications", query={"limit": 2})
    await stage.do(WHO, "mark_notification_read", notification_id=news["items"][0]["id"])
