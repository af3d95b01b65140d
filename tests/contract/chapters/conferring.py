"""A case conference with the Jobcenter, from its plan to the record; and one that is cancelled."""

from tests.consents.arrange import consent_body
from tests.contract.stage import Stage

WHO = "Anja Berger"


async def play(stage: Stage, known: dict[str, str]) -> None:
    """The client agrees that the Jobcenter takes part; its case manager comes."""
    here = {"case_id": known["case"]}
    agreed = consent_body(
        known["client"], stage.given["jobcenter"], purpose="case_conference", case_id=known["case"],
        given_at=stage.moment(-1), data_categories=["master_data", "work"],
    )  # fmt: skip
    await stage.do(WHO, "record_consent", {**agreed, "valid_until": stage.day(90)})
    plan = {
        "occasion": "Übergang in Arbeit: wer übernimmt was", "mode": "on_site", "starts_at": stage.moment(0),
        "minutes": 60, "place_id": stage.given["jobcenter"], "client_takes_part": True,
    }  # fmt: skip
    row = await stage.do(WHO, "plan_conference", plan, **here)
    there = {**here, "conference_id": row["id"]}
    row = await stage.do(WHO, "change_conference", {"minutes": 90}, at=row, **there)
    outside = {
        "institution_id": stage.given["jobcenter"], "name": "Mehmet Kaya", "function": "Arbeitsvermittlung",
        "legal_basis": "consent", "data_categories": ["master_data", "work"],
    }  # fmt: skip
    await stage.do(WHO, "invite_participant", outside, **there)
    row = await stage.do(WHO, "invite_participant", {"user_id": stage.given[WHO]}, **there)
    guest, me = (each["id"] for each in row["participants"])
    was_held = {"step": "hold", "attended": [guest, me], "record": "Das Jobcenter prüft die Förderung."}
    await stage.do(WHO, "take_conference_step", was_held, **there)
    takes_on = {
        "wording": "Förderung der Anerkennung prüfen", "responsible": "institution",
        "institution_id": stage.given["jobcenter"], "due_on": stage.day(30),
    }  # fmt: skip
    await stage.do(WHO, "agree_in_conference", takes_on, **there)
    await stage.do(WHO, "hand_out_record", {"participant_id": guest, "channel": "letter"}, **there)
    await stage.do(WHO, "read_conference", **there)
    await _discuss(stage, here)
    await stage.do(WHO, "list_conferences", query={"limit": 2}, **here)
    await stage.do(WHO, "list_own_conferences", query={"limit": 2})


async def _discuss(stage: Stage, here: dict[str, str]) -> None:
    """An anonymised discussion that does not take place."""
    plan = {
        "form": "anonymised_discussion", "occasion": "Anerkennung von Pflegeberufen", "mode": "online",
        "starts_at": stage.moment(72), "client_takes_part": False,
    }  # fmt: skip
    row = await stage.do(WHO, "plan_conference", plan, **here)
    there = {**here, "conference_id": row["id"]}
    row = await stage.do(
        WHO, "invite_participant", {"institution_id": stage.given["schule"], "name": "Ewa Nowak"}, **there
    )
    gone = {"participant_id": row["participants"][0]["id"]}
    await stage.do(WHO, "uninvite_participant", **gone, **there)
    away = {"step": "cancel", "reason": "Niemand von der Schule kann kommen"}
    await stage.do(WHO, "take_conference_step", away, **there)
