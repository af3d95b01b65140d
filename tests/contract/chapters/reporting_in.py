"""A client is referred to an offer with free places; then institutions report what stands in the way."""

from tests.contract.chapters.linking import referral
from tests.contract.stage import RELEASED, Stage

WHO, ASSISTANT, COORDINATOR, JOBCENTER = "Anja Berger", "Jonas Weber", "Heike Brandt", "Mehmet Kaya"
FILED = "file_partner_barrier"


async def play(stage: Stage, known: dict[str, str]) -> None:
    """An offer is chosen by its free places; then three reports, one of them taken back."""
    offer = {
        "institution_id": known["jobcenter"], "name": "Sprechstunde Arbeitsaufnahme", "topics": ["work"],
        "languages": ["deu", "ukr"],
    }  # fmt: skip
    made = await stage.do(ASSISTANT, "create_offer", offer)
    which = {"offer_id": made["id"]}
    await stage.do(JOBCENTER, "tell_offer_capacity", {"free_places": 3, "places": 12}, **which)
    fitting = {"topic": "work", "language": "ukr", "is_free": "true", "is_open": "true", "limit": 2}
    await stage.do(WHO, "list_offers", query=fitting)
    draft = await stage.do(WHO, "draft_referral", referral(known, "jobcenter", **which))
    await stage.do(WHO, "preview_referral", referral_id=draft["id"])
    await stage.do(WHO, "send_referral", referral_id=draft["id"])
    await stage.do(JOBCENTER, "list_partner_referrals", query={"limit": 2, **which})
    await stage.do(JOBCENTER, "accept_referral", referral_id=draft["id"])

    seen = {
        "barrier_type": "K1", "institution_type": "auslaenderbehoerde", "effect": "delay",
        "since": stage.day(-40), "observation": "Termine gibt es nur online, und nie vor dem Ablauf.",
    }  # fmt: skip
    key = {"Idempotency-Key": "barrier-2026-0001"}
    filed = await stage.do(JOBCENTER, FILED, seen, headers=key)
    between = {"from_legal_domain": "ASYLBLG", "to_legal_domain": "SGB_II"}
    gap = {"barrier_type": "B1", "interface": between, "effect": "benefit_gap", "since": stage.day(-30)}
    await stage.do(JOBCENTER, FILED, gap)
    about = {
        "barrier_type": "D1",
        "institution_type": "sozialamt",
        "effect": "delay",
        "since": stage.day(-20),
    }
    await stage.do(JOBCENTER, FILED, {**about, "referral_id": draft["id"]})
    await stage.do(JOBCENTER, "list_partner_barriers", query={"limit": 2})
    await stage.do(JOBCENTER, "read_partner_barrier", partner_barrier_id=filed["id"])
    await stage.do(JOBCENTER, "withdraw_partner_barrier", partner_barrier_id=filed["id"])
    proposals = await stage.do(WHO, "list_barrier_proposals", query={"case_id": known["case"], "limit": 2})
    await stage.do(WHO, "read_barrier_proposal", proposal_id=proposals["items"][0]["id"])
    await stage.do(WHO, "drop_barrier_proposal", proposal_id=proposals["items"][0]["id"])
    await stage.meanwhile("a quarter of institutions' reports is over")
    query = {"quarter": RELEASED, "limit": 2}
    await stage.do(COORDINATOR, "list_partner_barrier_figures", query=query)
