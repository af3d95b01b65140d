"""Consents and referrals from the sender's side, over the platform and by letter."""

from typing import Any

from tests.consents.arrange import consent_body
from tests.contract.stage import Stage

WHO = "Anja Berger"


async def play(stage: Stage, known: dict[str, str]) -> None:
    """Consent, draft, preview, sending, cancelling; a letter and its answer."""
    for place in ("jobcenter", "schule"):
        known[place] = stage.given[place]
        known[f"consent to {place}"] = await agree(stage, known, place)
    await stage.do(WHO, "read_consent", consent_id=known["consent to jobcenter"])
    await stage.do(WHO, "list_consents", query={"client_id": known["client"], "limit": 2})

    draft = await stage.do(WHO, "draft_referral", referral(known, "jobcenter"))
    which = {"referral_id": draft["id"]}
    await stage.do(WHO, "preview_referral", **which)
    sent = await stage.do(WHO, "send_referral", headers={"Idempotency-Key": "send-2026-0001"}, **which)
    known["referral"] = sent["id"]
    await stage.do(WHO, "list_referrals", query={"case_id": known["case"], "limit": 2})

    wrong = await sent_to(stage, known, "jobcenter")
    await stage.do(WHO, "cancel_referral", {"reason": "wrong_recipient"}, referral_id=wrong)
    mistake = await sent_to(stage, known, "jobcenter")
    await stage.do(WHO, "enter_referral_in_error", referral_id=mistake)
    letter = {"referral_id": await sent_to(stage, known, "jobcenter", channel="letter")}
    await stage.do(WHO, "record_delivery", {"delivery": "offered", "source": "letter"}, **letter)
    answer = {"step": "accept", "source": "phone", "text": "Termin kommt mit der Post."}
    await stage.do(WHO, "record_answer", answer, **letter)


async def agree(stage: Stage, known: dict[str, str], place: str) -> str:
    """Record the consent to a referral there and return its id."""
    agreed = consent_body(known["client"], known[place], case_id=known["case"], given_at=stage.moment(-1))
    made = await stage.do(WHO, "record_consent", {**agreed, "valid_until": stage.day(180)})
    return str(made["id"])


def referral(known: dict[str, str], to: str, **fields: Any) -> dict[str, Any]:
    """Return a referral with name and contact."""
    return {
        "case_id": known["case"],
        "institution_id": known[to],
        "channel": "platform",
        "data_categories": ["master_data", "contact"],
        "concern_text": "Klärung der Leistungen nach Arbeitsaufnahme",
        **fields,
    }


async def sent_to(stage: Stage, known: dict[str, str], to: str, **fields: Any) -> str:
    """Draft a referral, send it, return its id."""
    draft = await stage.do(WHO, "draft_referral", referral(known, to, **fields))
    await stage.do(WHO, "send_referral", referral_id=draft["id"])
    return str(draft["id"])
