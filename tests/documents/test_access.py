"""Who sees, adds and removes documents, and what rests on them."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from app.access.roles import Role
from tests.clients.arrange import assign
from tests.consents.arrange import consent_body
from tests.documents.arrange import Office, an_office, upload
from tests.documents.files import TEXT
from tests.world import World


@pytest.fixture
async def office(world: World) -> Office:
    return await an_office(world)


async def test_a_stranger_is_turned_away_before_a_byte_is_read(office: Office) -> None:
    stranger = await office.world.case_manager()
    read = False

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal read
        read = True
        yield TEXT

    answer = await upload(stranger, office.path, pieces())
    assert (answer.status_code, read) == (404, False)


async def test_who_asks_in_vain_for_a_document_stands_in_the_journal_with_it(office: Office) -> None:
    made = await office.put()
    stranger = await office.world.case_manager()
    assert (await stranger.get(f"/v1/documents/{made['id']}/content")).status_code == 404
    row = await office.world.admin.fetchrow(
        "SELECT object_id, outcome, cardinality(client_pseudonyms) AS persons FROM audit_journal"
        " WHERE user_id = $1", stranger.user_id,
    )  # fmt: skip
    assert tuple(row) == (UUID(made["id"]), "refused", 1)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMIN, Role.ASSISTANT, Role.PRIVACY_OFFICER])
async def test_who_sees_no_persons_sees_no_documents(office: Office, role: Role) -> None:
    person = await office.world.person(role)
    made = await office.put()
    for answer in (
        await upload(person, office.path),
        await person.get(office.path),
        await person.get(f"/v1/documents/{made['id']}/content"),
    ):
        assert answer.status_code == 403


async def test_documents_of_a_case_are_the_teams_and_those_of_the_client_everybodys_who_works_with_them(
    office: Office,
) -> None:
    of_case = await office.put()
    answer = await upload(office.lead, f"/v1/clients/{office.client_id}/documents")
    of_client = answer.json()
    other = await office.world.case_manager()
    second = await office.world.admin.fetchval(
        """INSERT INTO cases
            (municipal_area_id, id, number, client_id, unit_id, lead_user_id, kind, opened_on)
        SELECT municipal_area_id, $2, 'T-2', client_id, unit_id, $3, 'counselling', '2026-01-07' FROM cases
        WHERE id = $1 RETURNING id""",
        UUID(office.case_id), uuid4(), other.user_id,
    )  # fmt: skip
    await assign(office.world, office.client_id, second, other, "lead")
    listed = (await other.get(f"/v1/clients/{office.client_id}/documents")).json()["items"]
    assert [each["id"] for each in listed] == [of_client["id"]]
    assert (await other.get(f"/v1/documents/{of_case['id']}/content")).status_code == 404
    assert (await other.get(f"/v1/documents/{of_client['id']}/content")).status_code == 200
    mine = (await office.lead.get(f"/v1/clients/{office.client_id}/documents")).json()["items"]
    assert {each["id"] for each in mine} == {of_client["id"], of_case["id"]}


async def test_who_looks_by_break_glass_reads_and_changes_nothing(office: Office) -> None:
    made = await office.put()
    lead = await office.world.person(Role.TEAM_LEAD)
    await assign(office.world, office.client_id, UUID(office.case_id), lead, "break_glass")
    assert (await lead.get(f"/v1/documents/{made['id']}/content")).status_code == 200
    assert (await upload(lead, office.path)).status_code == 403
    assert (await lead.post(f"/v1/documents/{made['id']}/remove", {"reason": "duplicate"})).status_code == 403


async def test_evidence_of_a_consent_stays(office: Office) -> None:
    made = await office.put()
    body = consent_body(office.client_id, None, evidence_document_id=made["id"])
    consent = (await office.lead.post("/v1/consents", body)).json()
    assert consent["evidence_document_id"] == made["id"]
    path = f"/v1/documents/{made['id']}"
    assert (await office.lead.get(path)).json()["is_evidence"] is True
    answer = await office.lead.post(f"{path}/remove", {"reason": "duplicate"})
    assert (answer.status_code, answer.json()["code"]) == (409, "document_is_evidence")


async def test_only_a_living_document_of_the_same_client_is_evidence(office: Office) -> None:
    other = await an_office(office.world)
    strange, gone = await other.put(), await office.put()
    await office.lead.post(f"/v1/documents/{gone['id']}/remove", {"reason": "duplicate"})
    for document_id in (strange["id"], gone["id"], str(uuid4())):
        body = consent_body(office.client_id, None, evidence_document_id=document_id)
        answer = await office.lead.post("/v1/consents", body)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["place"] == "body.evidence_document_id"
