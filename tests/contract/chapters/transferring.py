"""A case goes on at the Caritas: offered, accepted, received; then the consent is taken back."""

from tests.contract.stage import Stage

WHO, LEAD, NEXT = "Anja Berger", "Klaus Hoffmann", "Emine Demir"
CLIENT = {
    "given_name": "Oksana", "family_name": "Melnyk", "birth_date": "1988-11-02", "sex": "w",
    "phone": "0201 4455667", "contact_language": "ukr", "confirm_new": True,
}  # fmt: skip
CATEGORIES = ["master_data", "contact", "education_language", "case_record", "documents"]
FILE, DIPLOMA = "application/octet-stream", "Diplom Buchhaltung, Odessa 2010\n"


async def play(stage: Stage, known: dict[str, str]) -> None:
    """One that is withdrawn, one that is declined, one that is received."""
    client = await stage.do(WHO, "create_client", CLIENT)
    opening = {
        "client_id": client["id"], "kind": "case_management", "access_route": "self",
        "concern": "Arbeit in ihrem Beruf",
    }  # fmt: skip
    case = await stage.do(WHO, "open_case", opening)
    here = {"case_id": case["id"]}
    unit = stage.given["Caritas"]
    await stage.do(WHO, "list_receiving_units", query={"municipal_area_id": stage.world.area, "limit": 2})
    consent = {
        "client_id": client["id"], "purpose": "transfer", "receiving_unit_id": unit,
        "data_categories": CATEGORIES, "direction": "to", "text_language": "ukr", "text_version": "1",
        "interpreter_used": False, "consequences_explained": True, "revocability_explained": True,
        "form": "written", "given_at": stage.moment(-2), "evidence": "Ordner 4, Blatt 11",
    }  # fmt: skip
    agreed = await stage.do(WHO, "record_consent", consent)
    wanted = {
        "receiving_unit_id": unit, "reason": "moved", "language": "ukr", "target_group": "ukraine",
        "data_categories": CATEGORIES, "document_ids": [await _diploma(stage, here)],
    }  # fmt: skip
    first = await _offered(stage, here, wanted)
    await stage.do(WHO, "withdraw_transfer", {"reason": "no_longer_wanted"}, **here, transfer_id=first)
    second = await _offered(stage, here, wanted)
    await stage.do(LEAD, "decline_transfer", {"reason": "no_capacity"}, transfer_id=second)
    third = await _offered(stage, here, wanted)
    await _received(stage, third)
    await stage.do(WHO, "settle_transfer", {"tasks": "drop", "drafts": "discard"}, **here, transfer_id=third)
    await stage.do(WHO, "list_transfers", query={"limit": 2}, **here)
    which = {"consent_id": agreed["id"]}
    await stage.do(WHO, "withdraw_consent", {"channel": "phone"}, at=agreed, **which)
    await stage.do(NEXT, "acknowledge_transfer_withdrawal", transfer_id=third)
    await stage.do(WHO, "read_transfer", **here, transfer_id=third)


async def _diploma(stage: Stage, here: dict[str, str]) -> str:
    filed = await stage.do(WHO, "add_case_document", DIPLOMA, media_type=FILE, **here)
    said = {"title": "Diplom Buchhaltung", "category": "certificate", "dated_on": "2010-06-30"}
    await stage.do(WHO, "change_document", said, at=filed, document_id=filed["id"])
    return str(filed["id"])


async def _offered(stage: Stage, here: dict[str, str], wanted: dict[str, object]) -> str:
    drafted = await stage.do(WHO, "draft_transfer", wanted, **here)
    there = {**here, "transfer_id": drafted["id"]}
    await stage.do(WHO, "preview_transfer", **there)
    await stage.do(WHO, "offer_transfer", at=drafted, **there)
    return str(drafted["id"])


async def _received(stage: Stage, transfer_id: str) -> None:
    there = {"transfer_id": transfer_id}
    await stage.do(LEAD, "read_work")
    await stage.do(LEAD, "list_transfer_offers", query={"limit": 1})
    offer = await stage.do(LEAD, "read_transfer_offer", **there)
    named = {"case_manager_id": stage.given[NEXT]}
    await stage.do(LEAD, "accept_transfer", named, at=offer, **there)
    await stage.do(NEXT, "read_transfer_package", **there)
    await stage.do(NEXT, "receive_transfer", {"confirm_new": True}, **there)
