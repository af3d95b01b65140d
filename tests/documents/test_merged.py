"""Documents follow a person whose two records become one: open ones, evidence and tombstones."""

from tests.clients.arrange import new_client
from tests.clients.test_merging import merge
from tests.documents.arrange import an_office, upload
from tests.documents.files import TEXT
from tests.world import World


async def test_documents_and_tombstones_follow_a_merged_person(world: World) -> None:
    office = await an_office(world)
    into = await new_client(office.lead, given_name="Amena")
    path = f"/v1/clients/{office.client_id}/documents"
    stays = (await upload(office.lead, path)).json()["id"]
    gone = (await office.put())["id"]
    removed = await office.lead.post(f"/v1/documents/{gone}/remove", {"reason": "duplicate"})
    assert removed.status_code == 200, removed.text

    await merge(office.lead, into, office.client_id)

    read = await office.lead.get(f"/v1/documents/{stays}/content")
    assert (read.status_code, read.content) == (200, TEXT)
    owners = await world.admin.fetch(
        "SELECT DISTINCT client_id FROM documents WHERE id = ANY ($1)", [stays, gone]
    )
    assert [str(row["client_id"]) for row in owners] == [into]
    tombstone = (await office.lead.get(f"/v1/documents/{gone}")).json()
    assert tombstone["removal_reason"] == "duplicate"
