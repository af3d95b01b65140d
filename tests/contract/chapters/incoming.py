"""An institution refers people to KIM: questions, an acceptance, a rejection, and what it takes back."""

from typing import Any

from tests.contract.stage import Stage

ADMIN, WHO, LEAD, JOBCENTER = "Ina Conrads", "Anja Berger", "Sabine Reuter", "Mehmet Kaya"


def _said(stage: Stage, unit_id: str, given_name: str, family_name: str, **more: Any) -> dict[str, Any]:
    return {
        "unit_id": unit_id,
        "person": {
            "given_name": given_name, "family_name": family_name, "birth_date": "1988-09-14",
            "language": "ron", "needs_interpreter": True,
        },
        "contact": {
            "phone": "0151 2345678", "channels": ["phone"], "times": "ab 14 Uhr", "no_voicemail": True,
        },
        "concerns": ["housing", "benefits"],
        "text": "Miete zwei Monate offen, Räumung angekündigt. Wünscht Begleitung.",
        "consent": {
            "obtained_by": "Mehmet Kaya", "obtained_on": stage.day(-1), "form": "written",
            "language": "ron", "covers": ["master_data", "contact", "housing", "benefits"],
            "was_told_how_to_withdraw": True,
        },
        **more,
    }  # fmt: skip


async def play(stage: Stage, known: dict[str, str]) -> None:
    """From the institution's desk to a case, and the other ways."""
    units = await stage.do(ADMIN, "list_units")
    unit = next(each for each in units["items"] if each["name"] == "KI")
    takes = {"takes_referrals": True, "urgent_referral_days": 2}
    await stage.do(ADMIN, "change_unit", takes, at=unit, unit_id=unit["id"])
    await stage.do(JOBCENTER, "list_units_to_refer_to", query={"limit": 2})
    sent = await _refer(stage, unit["id"], 1, "Ioana", "Popa", reference="BG-31", urgency="urgent",
                        urgent_because="housing")  # fmt: skip
    here = {"incoming_id": sent["id"]}
    await stage.do(WHO, "list_incoming_referrals", query={"limit": 2})
    await stage.do(LEAD, "assign_incoming_referral", {"user_id": stage.given[WHO]}, **here)
    await stage.do(WHO, "read_incoming_referral", **here)
    question = {"question": "concern", "text": "Liegt die Kündigung schriftlich vor?"}
    await stage.do(WHO, "ask_institution", question, **here)
    reply = {"text": "Ja, vom Ersten des Monats."}
    await _keyed(stage, "reply_to_question", "reply-0001", reply, **here)
    await stage.do(WHO, "accept_incoming_referral", {"confirm_new": True}, **here)
    await stage.do(JOBCENTER, "read_sent_referral", **here)
    await _keyed(stage, "tell_consent_withdrawn", "consent-0001", None, **here)
    await stage.do(WHO, "acknowledge_end_of_referral", **here)

    second = await _refer(stage, unit["id"], 2, "Elena", "Radu")
    which = {"incoming_id": second["id"]}
    await stage.do(WHO, "take_from_waiting_list", inquiry_id=second["id"])
    full = {"reason": "no_capacity", "text": "Wieder ab dem nächsten Quartal."}
    await stage.do(WHO, "reject_incoming_referral", full, **which)
    third = await _refer(stage, unit["id"], 3, "Mihai", "Stan")
    gone = {"reason": "solved_otherwise"}
    await _keyed(stage, "withdraw_sent_referral", "withdraw-0001", gone, incoming_id=third["id"])
    fourth = await _refer(stage, unit["id"], 4, "Anca", "Dinu")
    await _keyed(stage, "enter_sent_in_error", "error-0001", None, incoming_id=fourth["id"])
    await stage.do(JOBCENTER, "list_sent_referrals", query={"limit": 2})


async def _refer(stage: Stage, unit_id: str, number: int, given: str, family: str, **more: Any) -> Any:
    body = _said(stage, unit_id, given, family, **more)
    return await _keyed(stage, "refer_to_kim", f"refer-{number:04}", body)


async def _keyed(stage: Stage, operation: str, key: str, body: Any, **path: str) -> Any:
    return await stage.do(JOBCENTER, operation, body, headers={"Idempotency-Key": key}, **path)
