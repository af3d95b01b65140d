"""What follows a referral: deadlines, another institution, withdrawals and what recipients are asked."""

from typing import Any

from tests.contract.chapters.linking import agree, sent_to
from tests.contract.stage import Stage

WHO, ADMIN, LEAD, OFFICER = "Anja Berger", "Ina Conrads", "Sabine Reuter", "Petra Niehaus"
JOBCENTER, SCHOOL = "Mehmet Kaya", "Ewa Nowak"


async def play(stage: Stage, known: dict[str, str]) -> None:
    """A deadline is set, a referral comes back and goes on, recipients say what became of the data."""
    await stage.do(ADMIN, "list_referral_deadlines", query={"limit": 2})
    soon = {"answer_days": 10, "reminder_days": [3, 7]}
    first = {"If-Match": '"0"'}
    held = await stage.do(ADMIN, "set_referral_deadline", soon, headers=first, institution_type="schule")
    sooner = {"answer_days": 8, "reminder_days": [3, 6]}
    await stage.do(ADMIN, "set_referral_deadline", sooner, at=held, institution_type="schule")
    returned = {"referral_id": await sent_to(stage, known, "jobcenter")}
    why = {"suggested_type": "schuldnerberatung", "text": "Es geht um Ratenzahlung."}
    await stage.do(JOBCENTER, "return_referral", why, **returned)
    onward = {
        "institution_id": stage.given["auslaenderbehoerde"], "channel": "platform",
        "concern_code": "extension",
    }  # fmt: skip
    await stage.do(WHO, "refer_anew", onward, **returned)
    await _recall(stage)
    await _counter(stage, known)


async def _recall(stage: Stage) -> None:
    """The school was asked when its consent was withdrawn, and answers."""
    asked = await stage.do(SCHOOL, "list_partner_recalls", query={"limit": 2})
    which = {"referral_id": asked["items"][0]["id"]}
    kept = {"account": "kept", "kept_reason": "statutory_retention", "norm": "§ 9 VO-DV I NRW"}
    await stage.do(SCHOOL, "answer_recall", kept, **which)
    await stage.do(WHO, "read_recall", **which)


async def _counter(stage: Stage, known: dict[str, str]) -> None:
    """A withdrawal is told on the telephone, another one at the counter by somebody who is not found."""
    await agree(stage, known, "other school")
    letter = {"referral_id": await sent_to(stage, known, "other school", channel="letter")}
    await stage.do(WHO, "record_delivery", {"delivery": "offered", "source": "letter"}, **letter)
    told: dict[str, Any] = {"client_id": known["client"], "institution_id": known["other school"]}
    await stage.do(WHO, "take_withdrawal", {**told, "channel": "phone"})
    deleted = {"account": "deleted", "deleted_on": stage.day(0), "source": "phone"}
    await stage.do(WHO, "record_recall_answer", deleted, **letter)
    somebody = {"given_name": "Selma", "family_name": "Ostrow", "birth_date": "1988-02-11"}
    words = {"person": somebody, "everything": True, "channel": "in_person"}
    await stage.do(LEAD, "take_withdrawal", words)
    waiting = await stage.do(OFFICER, "list_unplaced_withdrawals", query={"limit": 2})
    which = {"withdrawal_id": waiting["items"][0]["id"]}
    await stage.do(OFFICER, "settle_withdrawal", {"outcome": "nobody_found"}, **which)
