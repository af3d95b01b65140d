"""Signing a consent on a device: what is kept, who may sign, and that a change behind it is found."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from app.access.roles import Role
from app.consents.signatures import actions
from app.consents.texts import digest_of
from app.kit.ids import new_id
from app.kit.sealing import FieldKeys, load_field_keys, with_new_keys
from tests.clients.arrange import new_client
from tests.clients.hidden import a_family
from tests.consents.arrange import consent_body, give_consent, withdraw
from tests.documents.arrange import upload
from tests.refusals import places
from tests.world import Person, World

SIGNED_TEXT = digest_of("referral", "deu", "1")
STROKES = [[[10 * step, 40 + step % 5] for step in range(12)], [[5, 5], [9, 9]]]


def block(**fields: Any) -> dict[str, Any]:
    """Return what a device sends, with these changes."""
    return {
        "text_sha256": SIGNED_TEXT,
        "signer_name": "Amina Haddad",
        "signed_at": datetime.now(UTC).isoformat(),
        "device": "tablet",
        "strokes": STROKES,
        **fields,
    }


async def an_electronic_consent(world: World, manager: Person, **fields: Any) -> str:
    client_id = fields.pop("client_id", None) or await new_client(manager)
    institution_id = await world.institution()
    return await give_consent(manager, client_id, institution_id, form="electronic", **fields)


async def sign(person: Person, consent_id: str, **fields: Any) -> dict[str, Any]:
    answer = await person.post(f"/v1/consents/{consent_id}/signatures", block(**fields))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def verify(person: Person, signature: dict[str, Any]) -> dict[str, Any]:
    path = f"/v1/consents/{signature['consent_id']}/signatures/{signature['id']}/verification"
    answer = await person.get(path)
    assert answer.status_code == 200, answer.text
    seen: dict[str, Any] = answer.json()
    return seen


async def refusal(person: Person, consent_id: str, **fields: Any) -> tuple[int, str]:
    answer = await person.post(f"/v1/consents/{consent_id}/signatures", block(**fields))
    return answer.status_code, answer.json()["code"]


async def test_what_was_drawn_under_which_text_is_kept_and_verified(world: World) -> None:
    manager = await world.case_manager()
    consent_id = await an_electronic_consent(world, manager)
    made = await sign(manager, consent_id)
    assert (made["signed_by"], made["device"], made["text_sha256"]) == ("client", "tablet", SIGNED_TEXT)
    assert (await manager.get(f"/v1/consents/{consent_id}/signatures")).json()["items"] == [made]
    seen = await verify(manager, made)
    assert (seen["state"], seen["differs"], seen["text_matches"]) == ("matches", [], True)
    assert (seen["signer_name"], seen["strokes"]) == ("Amina Haddad", STROKES)


async def test_neither_name_nor_strokes_lie_open_in_the_database(world: World) -> None:
    manager = await world.case_manager()
    made = await sign(manager, await an_electronic_consent(world, manager))
    row = dict(await world.admin.fetchrow("SELECT * FROM consent_signatures WHERE id = $1", UUID(made["id"])))
    assert "Haddad" not in str(row)
    assert json.dumps(STROKES[0][1]) not in str(row)


async def test_text_other_than_the_one_that_the_consent_names_is_refused(world: World) -> None:
    manager = await world.case_manager()
    consent_id = await an_electronic_consent(world, manager)
    other = digest_of("case_documentation", "deu", "1")
    assert await refusal(manager, consent_id, text_sha256=other) == (409, "text_differs")
    assert await refusal(manager, consent_id, text_sha256="0" * 64) == (409, "text_differs")
    assert (await manager.get(f"/v1/consents/{consent_id}/signatures")).json()["items"] == []


async def test_text_that_is_not_compared_is_taken_and_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = await world.case_manager()
    consent_id = await an_electronic_consent(world, manager)
    monkeypatch.setattr(actions, "_require_text", lambda *_: None)  # a planted fault
    made = await sign(manager, consent_id, text_sha256="0" * 64)
    assert (await verify(manager, made))["state"] == "text_differs"


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ("data_categories = array_append(data_categories, 'benefits')", ["data_categories"]),
        ("direction = 'to'", ["direction"]),
        ("valid_until = valid_until + 300", ["valid_until"]),
        ("purpose = 'feedback'", ["purpose"]),
        ("form = 'written'", ["form"]),
        ("given_at = given_at - interval '90 days'", ["given_at"]),
    ],
)
async def test_consent_that_was_changed_behind_the_signature_is_found(
    world: World, change: str, differs: list[str]
) -> None:
    manager = await world.case_manager()
    made = await sign(manager, await an_electronic_consent(world, manager))
    await world.admin.execute(f"UPDATE consents SET {change} WHERE id = $1", UUID(made["consent_id"]))
    seen = await verify(manager, made)
    assert (seen["state"], seen["differs"]) == ("consent_differs", differs)


@pytest.mark.parametrize(
    "change",
    [
        "text_sha256 = repeat('a', 64)",
        "device = 'phone'",
        "sealed = left(sealed, -8) || 'AAAAAAA='",
        "signed_at = signed_at - interval '90 days'",
        "signed_by = 'minor_with_capacity'",
        "recorded_at = recorded_at - interval '90 days'",
        "recorded_by = (SELECT max(id::text)::uuid FROM users WHERE municipal_area_id = s.municipal_area_id)",
    ],
)
async def test_block_that_was_changed_does_not_verify(world: World, change: str) -> None:
    manager, _ = await world.case_manager(), await world.case_manager()
    made = await sign(manager, await an_electronic_consent(world, manager))
    await world.admin.execute(f"UPDATE consent_signatures s SET {change} WHERE id = $1", UUID(made["id"]))
    seen = await verify(manager, made)
    assert (seen["state"], seen["strokes"], seen["signer_name"]) == ("unreadable", None, None)


async def test_block_moved_to_another_consent_does_not_verify(world: World) -> None:
    manager = await world.case_manager()
    made = await sign(manager, await an_electronic_consent(world, manager))
    other = await an_electronic_consent(world, manager)
    await world.admin.execute(
        "UPDATE consent_signatures SET consent_id = $2 WHERE id = $1", UUID(made["id"]), UUID(other)
    )
    assert (await verify(manager, {**made, "consent_id": other}))["state"] == "unreadable"


async def test_text_whose_words_were_changed_is_found(world: World) -> None:
    manager = await world.case_manager()
    made = await sign(manager, await an_electronic_consent(world, manager))
    of = "purpose = 'referral' AND language = 'deu' AND version = '1'"
    kept = await world.admin.fetchval(f"SELECT text FROM consent_texts WHERE {of}")
    await world.admin.execute(f"UPDATE consent_texts SET text = text || ' und mehr' WHERE {of}")
    try:
        seen = await verify(manager, made)
    finally:
        await world.admin.execute(f"UPDATE consent_texts SET text = $1 WHERE {of}", kept)
    assert (seen["state"], seen["text_matches"]) == ("text_differs", False)


async def test_nobody_changes_or_removes_a_signature(world: World) -> None:
    manager = await world.case_manager()
    made = await sign(manager, await an_electronic_consent(world, manager))
    for sql in ("UPDATE consent_signatures SET device = 'phone'", "DELETE FROM consent_signatures"):
        with pytest.raises(Exception, match="permission denied"):
            async with world.sql(manager) as db:
                await (await db.driver()).execute(sql)
    assert (await verify(manager, made))["state"] == "matches"


async def test_paper_is_not_signed_on_a_device_nor_what_was_withdrawn(world: World) -> None:
    manager = await world.case_manager()
    paper = await give_consent(manager, await new_client(manager), await world.institution())
    assert await refusal(manager, paper) == (409, "not_electronic")
    ended = await an_electronic_consent(world, manager)
    await withdraw(manager, ended)
    assert await refusal(manager, ended) == (409, "wrong_state")


async def test_each_signs_once(world: World) -> None:
    manager = await world.case_manager()
    consent_id = await an_electronic_consent(world, manager)
    await sign(manager, consent_id)
    assert await refusal(manager, consent_id) == (409, "already_signed")


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"signed_at": "2199-01-01T00:00:00Z"}, "body.signed_at"),
        ({"signed_at": "2020-01-01T00:00:00Z"}, "body.signed_at"),
        ({"guardian_id": str(new_id())}, "body.guardian_id"),
        ({"strokes": [[[1, 1]]]}, "body"),
        ({"strokes": [[[-1, 1]]]}, "body.strokes.0.0.0"),
        ({"device": "smoke"}, "body.device"),
        ({"text_sha256": "abc"}, "body.text_sha256"),
    ],
)
async def test_block_that_cannot_be_is_refused_by_place(
    world: World, fields: dict[str, Any], place: str
) -> None:
    manager = await world.case_manager()
    consent_id = await an_electronic_consent(world, manager)
    answer = await manager.post(f"/v1/consents/{consent_id}/signatures", block(**fields))
    assert answer.status_code == 422, answer.text
    assert place in [each["place"] for each in places(answer) or ()]


async def test_only_who_sees_the_consent_signs_reads_and_verifies(world: World) -> None:
    manager, stranger = await world.case_manager(), await world.case_manager()
    made = await sign(manager, await an_electronic_consent(world, manager))
    path = f"/v1/consents/{made['consent_id']}/signatures"
    for person in (stranger, await (await world.neighbour()).case_manager()):
        assert (await person.get(path)).status_code == 404
        assert (await person.get(f"{path}/{made['id']}/verification")).status_code == 404
        assert (await person.post(path, block())).status_code == 404
    assert (await (await world.person(Role.COORDINATOR)).get(path)).status_code == 403
    other = await an_electronic_consent(world, manager)
    nested = f"/v1/consents/{other}/signatures/{made['id']}/verification"
    assert (await manager.get(nested)).status_code == 404


async def test_signature_of_a_hidden_guardian_is_hidden_with_them(world: World) -> None:
    family = await a_family(world)
    guardian_id, consent_id = family.ids["guardian"], family.ids["consent"]
    await world.admin.execute("DELETE FROM consent_signatures WHERE consent_id = $1", UUID(consent_id))
    await world.admin.execute("UPDATE consents SET form = 'electronic' WHERE id = $1", UUID(consent_id))
    purpose, language, version = await world.admin.fetchrow(
        "SELECT purpose, text_language, text_version FROM consents WHERE id = $1", UUID(consent_id)
    )
    shown = digest_of(purpose, language, version)
    made = await sign(family.lead, consent_id, guardian_id=guardian_id, text_sha256=shown)
    path = f"/v1/consents/{consent_id}/signatures"
    assert [each["id"] for each in (await family.lead.get(path)).json()["items"]] == [made["id"]]
    assert (await family.colleague.get(path)).json()["items"] == []
    assert (await family.colleague.get(f"{path}/{made['id']}/verification")).status_code == 404
    nobody = await family.colleague.post(path, block(guardian_id=guardian_id, text_sha256=shown))
    assert nobody.status_code == 422


async def test_keys_change_and_the_signature_stays_readable(world: World, app: FastAPI) -> None:
    manager = await world.case_manager()
    made = await sign(manager, await an_electronic_consent(world, manager))
    file = app.state.settings.field_keys_file
    newer = load_field_keys(with_new_keys(file.read_text()))
    kept: FieldKeys = app.state.field_keys
    app.state.field_keys = newer
    try:
        assert (await verify(manager, made))["state"] == "matches"
    finally:
        app.state.field_keys = kept


async def test_scan_of_the_paper_comes_later_and_stays(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    consent_id = await give_consent(manager, client_id, await world.institution())
    scan = (await upload(manager, f"/v1/clients/{client_id}/documents")).json()["id"]
    path = f"/v1/consents/{consent_id}/evidence"
    added = await manager.post(path, {"document_id": scan})
    assert (added.status_code, added.json()["evidence_document_id"]) == (200, scan)
    assert (await manager.get(f"/v1/documents/{scan}")).json()["is_evidence"] is True
    again = await manager.post(path, {"document_id": scan})
    assert (again.status_code, again.json()["code"]) == (409, "evidence_there")
    with pytest.raises(Exception, match="evidence stays"):
        await world.admin.execute(
            "UPDATE consents SET evidence_document_id = NULL WHERE id = $1", UUID(consent_id)
        )


async def test_document_of_somebody_else_is_no_evidence(world: World) -> None:
    manager = await world.case_manager()
    consent_id = await give_consent(manager, await new_client(manager), await world.institution())
    other = await new_client(manager)
    foreign = (await upload(manager, f"/v1/clients/{other}/documents")).json()["id"]
    refused = await manager.post(f"/v1/consents/{consent_id}/evidence", {"document_id": foreign})
    assert (refused.status_code, places(refused)) == (
        422,
        [{"place": "body.document_id", "kind": "unknown_document"}],
    )


async def test_health_is_still_never_spoken(world: World) -> None:
    manager = await world.case_manager()
    body = consent_body(
        await new_client(manager), await world.institution(), form="spoken", special_circumstance="Telefon",
        data_categories=["health"], special_categories=["health"],
    )  # fmt: skip
    assert (await manager.post("/v1/consents", body)).status_code == 422
    electronic = await manager.post(
        "/v1/consents", {**body, "form": "electronic", "special_circumstance": None}
    )
    assert electronic.status_code == 201, electronic.text
