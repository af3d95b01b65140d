"""Every read and change of a person stands in the journal by pseudonym, without names or values."""

from uuid import UUID

from tests.clients.arrange import add_period, etag_of, new_client
from tests.world import World


async def entries(world: World, client_id: str) -> list[tuple[str, list[str]]]:
    rows = await world.admin.fetch(
        """SELECT action, changed, journal::text AS whole FROM audit_journal AS journal
        WHERE client_pseudonyms @> ARRAY(SELECT pseudonym FROM clients WHERE id = $1) ORDER BY position""",
        UUID(client_id),
    )
    assert not [row for row in rows if "Amina" in row["whole"] or "Markt" in row["whole"]]
    return [(row["action"], row["changed"]) for row in rows]


async def test_reads_and_changes_are_written_with_names_of_fields_only(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    path = f"/v1/clients/{client_id}"
    await manager.patch(path, {"given_name": "Amena", "sex": "d"}, if_match=await etag_of(manager, path))
    await add_period(manager, client_id, "addresses", strand="actual", street="Markt 1")
    await manager.get(f"{path}/household")
    await manager.get("/v1/clients")
    await manager.post("/v1/clients/search", {"name": "Amina"})
    actions = await entries(world, client_id)
    assert actions == [
        ("client.create", []),
        ("client.read", []),
        ("client.read", []),
        ("client.change", ["given_name", "sex"]),
        ("client.read", []),
        ("address.add", []),
        ("client.read", []),
        ("client.read", []),
        ("client.list", []),
        ("client.search", []),
    ]


async def test_person_who_was_not_seen_leaves_no_entry_of_having_been_read(world: World) -> None:
    manager, colleague = await world.case_manager(), await world.case_manager()
    client_id = await new_client(manager)
    path = f"/v1/clients/{client_id}"
    await manager.get(path)
    await colleague.get(path)
    outcomes = await world.admin.fetch(
        """SELECT user_id, outcome FROM audit_journal WHERE action = 'client.read'
        AND client_pseudonyms @> ARRAY(SELECT pseudonym FROM clients WHERE id = $1)""",
        UUID(client_id),
    )
    read = {row["user_id"] for row in outcomes if row["outcome"] != "refused"}
    refused = {row["user_id"] for row in outcomes if row["outcome"] == "refused"}
    assert (read, refused) == ({manager.user_id}, {colleague.user_id})
