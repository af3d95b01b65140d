"""Without consent: a duty refused, one taken back, one sent; and the first steps for a child."""

from typing import Any

from tests.contract.stage import Stage

WHO, LEAD = "Murat Aydin", "Sabine Reuter"
CLIENT = {
    "given_name": "Yasin", "family_name": "Rahmani", "birth_date": "1994-08-23", "sex": "m",
    "confirm_new": True,
}  # fmt: skip


async def play(stage: Stage, known: dict[str, str]) -> None:
    """Asking, deciding, sending; then the steps of § 4 KKG."""
    client = await stage.do(WHO, "create_client", CLIENT)
    opening = {
        "client_id": client["id"], "kind": "case_management", "access_route": "self",
        "concern": "Ersuchen der Ausländerbehörde",
    }  # fmt: skip
    case = await stage.do(WHO, "open_case", opening)
    await _duties(stage, case["id"])
    await _child(stage, case["id"])


async def _duties(stage: Stage, case_id: str) -> None:
    authority = stage.given["auslaenderbehoerde"]
    wanted = _draft(case_id, authority, "aufenthg_87", concern_code="information_on_request")
    draft = await stage.do(WHO, "draft_referral", wanted)
    here = {"referral_id": draft["id"]}
    await stage.do(WHO, "read_bases", **here)
    refused = await stage.do(WHO, "request_duty", _asked(stage, draft["id"]))
    await stage.do(LEAD, "list_duties", query={"is_open": "true", "limit": 2})
    await stage.do(LEAD, "refuse_duty", {"reason": "Bitte zuerst die Person fragen."}, at=refused,
                   duty_id=refused["id"])  # fmt: skip
    taken_back = await stage.do(WHO, "request_duty", _asked(stage, draft["id"]))
    await stage.do(WHO, "withdraw_duty", at=taken_back, duty_id=taken_back["id"])
    duty = await stage.do(WHO, "request_duty", _asked(stage, draft["id"]))
    there = {"duty_id": duty["id"]}
    await stage.do(LEAD, "read_duty_package", **there)
    await stage.do(LEAD, "approve_duty", {"sha256": duty["sha256"]}, at=duty, **there)
    await stage.do(WHO, "send_referral", **here)
    await stage.do(WHO, "read_duty", **there)


async def _child(stage: Stage, case_id: str) -> None:
    here = {"case_id": case_id}
    household = await stage.do(
        WHO, "add_household_member", {"name": "Sami", "relation": "child"},
        client_id=(await stage.do(WHO, "read_case", **here))["client"]["id"],
    )  # fmt: skip
    noted = {
        "member_id": household["items"][-1]["id"], "look_again_on": stage.day(3),
        "indications": "Zum zweiten Mal am Vormittag allein angetroffen.",
    }  # fmt: skip
    course = await stage.do(WHO, "note_child_protection", noted, **here)
    there = {**here, "child_protection_id": course["id"]}
    counselled = {
        "step": "counsel", "note": "Gewichtige Anhaltspunkte, Gespräch mit den Eltern suchen.",
        "counsellor": "Frau Sommer, Kinderschutzbund", "is_pseudonymised": True, "is_danger": True,
    }  # fmt: skip
    await stage.do(WHO, "take_child_protection_step", counselled, at=course, **there)
    discussed = {
        "step": "discuss", "note": "Betreuung ist weggefallen, Hilfe wird gewünscht.",
        "with_guardians": True, "with_child": True,
    }  # fmt: skip
    await stage.do(WHO, "take_child_protection_step", discussed, **there)
    await stage.do(WHO, "read_child_protection", **there)
    await stage.do(WHO, "list_child_protections", query={"limit": 2}, **here)


def _draft(case_id: str, institution_id: str, basis: str, **fields: Any) -> dict[str, Any]:
    return {
        "case_id": case_id, "institution_id": institution_id, "channel": "platform", "legal_basis": basis,
        "data_categories": ["master_data"], **fields,
    }  # fmt: skip


def _asked(stage: Stage, referral_id: str) -> dict[str, Any]:
    answers = {
        "single_request": True, "own_tasks": True, "special_rule": False, "entrusted": False,
        "milder_way": False, "client_told": True,
    }  # fmt: skip
    return {
        "referral_id": referral_id, "norm": "aufenthg_87_1", "asked_by": "Ausländerbehörde, Az. 33-2-118",
        "asked_on": stage.day(-2), "occasion": "Schriftliches Ersuchen zur Zuordnung der Akte",
        "necessity": [{"data_category": "master_data", "why": "Zwei Personen gleichen Namens in der Akte"}],
        "answers": [{"question": name, "answer": answer} for name, answer in answers.items()],
    }  # fmt: skip
