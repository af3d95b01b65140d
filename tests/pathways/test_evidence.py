"""A document as evidence of a requirement: of the right person, kept, and shown to whom the document is."""

from typing import Any
from uuid import uuid4

from tests.cases.arrange import a_client, open_case
from tests.documents.arrange import upload
from tests.pathways.arrange import Desk, a_desk
from tests.referrals.arrange import assign
from tests.refusals import places
from tests.world import World

PLACE = "body.evidence_document_id"


async def a_document(desk: Desk) -> str:
    """Upload a certificate into the case."""
    answer = await upload(desk.lead, f"/v1/cases/{desk.case_id}/documents")
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def a_child(desk: Desk) -> tuple[Desk, str]:
    """Return the child of the desk's client, a client with a case of their own, and the household's entry."""
    client_id = await a_client(desk.world, desk.lead)
    child = Desk(desk.world, desk.lead, client_id, await open_case(desk.lead, client_id))
    return child, await desk.member(client_id=client_id, relation="child")


def evidence_in(pathway: dict[str, Any], requirement: str) -> Any:
    """Return the document that a pathway shows for a requirement."""
    entries = {each["requirement"]: each for each in pathway["requirements"]}
    return entries[requirement]["evidence_document_id"]


async def test_document_is_the_evidence_of_a_requirement_and_stays(world: World) -> None:
    desk = await a_desk(world)
    row = await desk.start()
    document_id = await a_document(desk)
    said = await desk.say(row, "language", state="evidence_there", evidence_document_id=document_id)
    assert evidence_in(said.json(), "language") == document_id
    assert evidence_in(said.json(), "identity") is None
    path = f"/v1/documents/{document_id}"
    assert (await desk.lead.get(path)).json()["is_evidence"] is True
    refused = await desk.lead.post(f"{path}/remove", {"reason": "duplicate"})
    assert (refused.status_code, refused.json()["code"]) == (409, "document_is_evidence")


async def test_steps_keep_which_document_was_the_evidence(world: World) -> None:
    desk = await a_desk(world)
    row = await desk.start()
    first, second = await a_document(desk), await a_document(desk)
    for document_id in (first, second, None):
        await desk.say(row, "language", evidence_document_id=document_id)
    steps = (await desk.lead.get(f"{desk.path}/{row['id']}/steps")).json()["items"]
    assert [each["evidence_document_id"] for each in steps] == [None, second, first, None]


async def test_document_goes_along_when_a_pathway_is_turned_to_another(world: World) -> None:
    desk = await a_desk(world)
    row = await desk.start("stay_young")
    document_id = await a_document(desk)
    await desk.say(row, "identity", evidence_document_id=document_id)
    turned = (await desk.step(row, "turn", reason="Zu alt", into="stay_integrated")).json()
    other = (await desk.lead.get(f"{desk.path}/{turned['turned_into_id']}")).json()
    assert evidence_in(other, "identity") == document_id
    assert next(each for each in other["requirements"] if each["requirement"] == "identity")["state"] == (
        "in_progress"
    )


async def test_document_of_somebody_else_is_no_evidence(world: World) -> None:
    desk, other = await a_desk(world), await a_desk(world)
    row = await desk.start()
    gone = await a_document(desk)
    await desk.lead.post(f"/v1/documents/{gone}/remove", {"reason": "duplicate"})
    for document_id in (await a_document(other), gone, str(uuid4())):
        answer = await desk.say(row, "language", evidence_document_id=document_id)
        assert answer.status_code == 422
        assert places(answer) == [{"place": PLACE, "kind": "unknown_document"}]
    seen = (await desk.lead.get(f"{desk.path}/{row['id']}")).json()
    assert evidence_in(seen, "language") is None


async def test_document_of_a_member_is_evidence_of_their_own_pathway_only(world: World) -> None:
    desk = await a_desk(world)
    child, member = await a_child(desk)
    theirs, own = await desk.start(member_id=member), await desk.start()
    document_id = await a_document(child)
    assert places(await desk.say(own, "language", evidence_document_id=document_id)) == [
        {"place": PLACE, "kind": "unknown_document"}
    ]
    said = await desk.say(theirs, "language", evidence_document_id=document_id)
    assert evidence_in(said.json(), "language") == document_id


async def test_who_does_not_see_the_document_is_not_told_of_it(world: World) -> None:
    desk = await a_desk(world)
    child, member = await a_child(desk)
    row = await desk.start(member_id=member)
    document_id = await a_document(child)
    await desk.say(row, "language", evidence_document_id=document_id)
    colleague = await world.case_manager()
    await assign(world, colleague, desk.client_id, desk.case_id)
    await assign(
        world, colleague, child.client_id, await open_case(desk.lead, child.client_id, kind="counselling")
    )
    path = f"{desk.path}/{row['id']}"
    assert evidence_in((await desk.lead.get(path)).json(), "language") == document_id
    assert (await colleague.get(f"/v1/documents/{document_id}")).status_code == 404
    assert evidence_in((await colleague.get(path)).json(), "language") is None
    steps = (await colleague.get(f"{path}/steps")).json()["items"]
    assert [each["evidence_document_id"] for each in steps] == [None, None]
