"""What both sides say on a referral: coded words, a request for more information, a document, reading."""

from tests.consents.arrange import consent_body
from tests.contract.chapters.documenting import FILE, NOTICE
from tests.contract.chapters.linking import referral
from tests.contract.stage import Stage

WHO, JOBCENTER = "Anja Berger", "Mehmet Kaya"
COVERED = ["master_data", "contact", "education_language", "documents"]


async def play(stage: Stage, known: dict[str, str]) -> None:
    """The institution asks for what the consent covers and what it does not; the team answers or declines."""
    agreed = consent_body(
        known["client"], known["jobcenter"], case_id=known["case"], given_at=stage.moment(-1),
        data_categories=COVERED,
    )  # fmt: skip
    await stage.do(WHO, "record_consent", {**agreed, "valid_until": stage.day(180)})
    concern = {"data_categories": ["master_data"], "concern_text": "Anmeldung zum Sprachkurs"}
    draft = await stage.do(WHO, "draft_referral", referral(known, "jobcenter", **concern))
    which = {"referral_id": draft["id"]}
    await stage.do(WHO, "send_referral", **which)

    needs = {"kind": "information_request", "data_categories": ["education_language", "documents"]}
    first = await stage.do(
        JOBCENTER, "write_partner_message", {**needs, "text": "Liegt ein Zeugnis vor?"}, **which
    )
    more = {"kind": "information_request", "data_categories": ["household"]}
    second = await stage.do(JOBCENTER, "write_partner_message", more, **which)
    third = await stage.do(JOBCENTER, "write_partner_message", more, **which)
    await stage.do(JOBCENTER, "withdraw_information_request", message_id=third["id"], **which)

    paper = await stage.do(WHO, "add_case_document", NOTICE, media_type=FILE, case_id=known["case"])
    named = {"title": "Zeugnis der Mittelschule", "category": "certificate", "dated_on": stage.day(0)}
    await stage.do(WHO, "change_document", named, at=paper, document_id=paper["id"])
    tells = {
        "text": "Das Zeugnis der achten Klasse liegt bei.",
        "data_categories": ["education_language", "documents"],
        "document_ids": [paper["id"]],
    }
    key = {"Idempotency-Key": "answer-2026-0001"}
    answer = await stage.do(
        WHO, "answer_information_request", tells, headers=key, message_id=first["id"], **which
    )
    reason = {"reason": "ask_the_client"}
    await stage.do(WHO, "decline_information_request", reason, message_id=second["id"], **which)
    await stage.do(WHO, "write_message", {"code": "how_does_it_stand"}, **which)
    await stage.do(WHO, "mark_message_read", message_id=third["id"], **which)

    seen = await stage.do(JOBCENTER, "list_partner_messages", query={"limit": 4}, **which)
    (file,) = seen["items"][3]["attachments"]
    await stage.do(
        JOBCENTER, "download_attachment", message_id=answer["id"], attachment_id=file["id"], **which
    )
    await stage.do(JOBCENTER, "mark_partner_message_read", message_id=answer["id"], **which)
    await stage.do(WHO, "list_messages", query={"limit": 4}, **which)
    await stage.do(JOBCENTER, "send_partner_file", NOTICE, media_type=FILE, **which)
