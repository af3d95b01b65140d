"""Drafts that become contacts, and templates for frequent entries."""

from tests.contract.stage import Stage

WHO, LEAD = "Anja Berger", "Sabine Reuter"


async def play(stage: Stage, known: dict[str, str]) -> None:
    """Keep templates; begin, save, publish and throw away a draft."""
    await _templates(stage)
    here = {"case_id": known["case"]}
    begun = {"contact_type": "accompanied", "note": "Antrag abgegeben,"}
    draft = await stage.do(WHO, "begin_contact_draft", begun, **here)
    there = {**here, "draft_id": draft["id"]}
    draft = await stage.do(WHO, "read_contact_draft", **there)
    whole = {
        "contact_type": "accompanied", "happened_at": stage.moment(-3), "minutes": 90,
        "institution_id": stage.given["jobcenter"], "note": "Antrag abgegeben, Eingang bestätigt.",
    }  # fmt: skip
    await stage.do(WHO, "save_contact_draft", whole, at=draft, **there)
    await stage.do(WHO, "list_contact_drafts", query={"limit": 2}, **here)
    once = {"Idempotency-Key": "draft-2026-0001"}
    await stage.do(WHO, "publish_contact_draft", headers=once, **there)
    other = await stage.do(WHO, "begin_contact_draft", {"note": "Doppelt"}, **here)
    await stage.do(WHO, "discard_contact_draft", draft_id=other["id"], **here)


async def _templates(stage: Stage) -> None:
    text = {
        "scope": "unit", "name": "Anruf ohne Erfolg", "contact_type": "phone",
        "text": "Bei {institution} am {date} um {time} niemanden erreicht.",
    }  # fmt: skip
    template = await stage.do(LEAD, "create_contact_template", text)
    there = {"template_id": template["id"]}
    template = await stage.do(LEAD, "read_contact_template", **there)
    await stage.do(LEAD, "change_contact_template", {"name": "Nicht erreicht"}, at=template, **there)
    own = await stage.do(WHO, "create_contact_template", {**text, "scope": "own"})
    await stage.do(WHO, "list_contact_templates", query={"limit": 2})
    await stage.do(WHO, "remove_contact_template", template_id=own["id"])
