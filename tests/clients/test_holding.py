"""Every table that hangs on a person is kept from use while the data are only kept, or says why not."""

from uuid import UUID

import asyncpg
import pytest

from tests.clients.arrange import new_client
from tests.clients.holding import NOT_HELD, Hanging, forgotten, hanging, held
from tests.clients.test_restrictions import restrict
from tests.school_entries.arrange import a_desk
from tests.world import World

REFUSED = "ck_clients_processing_restricted"
OF_ANOTHER = ("school_entry_id", "pathway_id", "child_protection_id", "referral_id")
"""What belongs to a record of the case, which is held itself (messages: `test_message_sight`)."""


async def test_no_table_is_forgotten(world: World) -> None:
    assert await forgotten(world.admin) == []


async def test_every_reason_is_of_a_table_that_hangs_on_a_person_and_is_not_held(world: World) -> None:
    tables = {each.table for each in await hanging(world.admin)}
    by_use = {each.table for each in await held(world.admin)} - {"clients"}
    assert set(NOT_HELD) - tables - {"clients"} == set()
    assert set(NOT_HELD) & by_use == set()


@pytest.mark.parametrize(
    ("fault", "noticed"),
    [
        ("DROP TRIGGER hold_use ON school_entries",
         [Hanging("school_entries", "case_id"), Hanging("school_entries", "member_client_id")]),
        ("ALTER TABLE documents DISABLE TRIGGER hold_use",
         [Hanging("documents", "case_id")]),
        ("""DROP TRIGGER hold_use ON pathways; CREATE TRIGGER hold_use BEFORE INSERT ON pathways FOR EACH ROW
            WHEN (current_user = 'kim_app') EXECUTE FUNCTION refuse_use('case_id')""",
         [Hanging("pathways", "member_client_id")]),
        ("""DROP TRIGGER hold_use ON tasks; CREATE TRIGGER hold_use AFTER INSERT ON tasks FOR EACH ROW
            WHEN (current_user = 'kim_app') EXECUTE FUNCTION refuse_use('case_id')""",
         [Hanging("tasks", "case_id")]),
        ("""DROP TRIGGER hold_use ON goals; CREATE TRIGGER hold_use BEFORE INSERT ON goals FOR EACH ROW
            WHEN (current_user = 'kim_worker') EXECUTE FUNCTION refuse_use('case_id')""",
         [Hanging("goals", "case_id")]),
        ("""CREATE TABLE notes (municipal_area_id text, id uuid, of_whom uuid,
            FOREIGN KEY (municipal_area_id, of_whom) REFERENCES clients (municipal_area_id, id))""",
         [Hanging("notes", "of_whom")]),
        ("CREATE TABLE notes (municipal_area_id text, id uuid, case_id uuid)", [Hanging("notes", "case_id")]),
        ("""CREATE TABLE notes (municipal_area_id text, goal_id uuid,
            FOREIGN KEY (municipal_area_id, goal_id) REFERENCES goals (municipal_area_id, id))""",
         [Hanging("notes", None)]),
    ],
)  # fmt: skip
async def test_forgotten_table_is_noticed(world: World, fault: str, noticed: list[Hanging]) -> None:
    transaction = world.admin.transaction()
    await transaction.start()
    try:
        await world.admin.execute(fault)
        found = await forgotten(world.admin)
        assert [each for each in noticed if each not in found] == []
        assert {each.table for each in found} == {each.table for each in noticed}
    finally:
        await transaction.rollback()


async def _answers(world: World, *, restricted: bool) -> dict[Hanging, str | None]:
    """Add a bare row about a person to every held table, and return the constraint that each attempt meets.

    The trigger comes before everything else that such a row offends.
    """
    desk = await a_desk(world)
    if restricted:
        await restrict(desk.lead, desk.client_id)
    about = {"case_id": desk.case_id, "id": desk.case_id}
    found: dict[Hanging, str | None] = {}
    for each in sorted(await held(world.admin)):
        if each.column in OF_ANOTHER or each == ("referral_packages", "id"):
            continue
        assert each.column is not None
        whose = UUID(about.get(each.column, desk.client_id))
        columns, values = f"municipal_area_id, {each.column}", "ctx_area(), $1"
        try:
            async with world.sql(desk.lead) as db:
                driver = await db.driver()
                await driver.execute(f"INSERT INTO {each.table} ({columns}) VALUES ({values})", whose)
        except asyncpg.PostgresError as error:
            found[each] = getattr(error, "constraint_name", None)
    return found


async def test_database_refuses_a_row_about_a_held_person_in_every_table(world: World) -> None:
    answers = await _answers(world, restricted=True)
    assert {each for each, constraint in answers.items() if constraint != REFUSED} == set()
    assert len(answers) >= 40


async def test_database_refuses_nothing_of_it_about_anybody_else(world: World) -> None:
    answers = await _answers(world, restricted=False)
    assert {each for each, constraint in answers.items() if constraint == REFUSED} == set()


BEHIND_THE_CODE = {
    "school_entry_steps": """INSERT INTO school_entry_steps (municipal_area_id, case_id, school_entry_id)
        SELECT municipal_area_id, case_id, id FROM school_entries WHERE id = $1""",
    "pathway_steps": """INSERT INTO pathway_steps (municipal_area_id, case_id, pathway_id)
        SELECT municipal_area_id, case_id, id FROM pathways WHERE id = $1""",
    "pathway_requirements": """INSERT INTO pathway_requirements (municipal_area_id, case_id, pathway_id)
        SELECT municipal_area_id, case_id, id FROM pathways WHERE id = $1""",
}


@pytest.mark.parametrize("table", BEHIND_THE_CODE)
async def test_what_hangs_on_a_held_member_of_the_household_is_held_too(world: World, table: str) -> None:
    desk = await a_desk(world)
    child = await new_client(desk.lead, given_name="Samir", birth_date="2015-04-01")
    member = await desk.member(client_id=child, relation="child")
    if table == "school_entry_steps":
        row = await desk.register(member_id=member)
    else:
        body = {"pathway": "naturalisation", "member_id": member}
        row = (await desk.lead.post(f"/v1/cases/{desk.case_id}/pathways", body)).json()
    await restrict(desk.lead, child)
    with pytest.raises(asyncpg.CheckViolationError) as caught:
        async with world.sql(desk.lead) as db:
            await (await db.driver()).execute(BEHIND_THE_CODE[table], UUID(row["id"]))
    assert caught.value.constraint_name == REFUSED


HAND_OUT = "UPDATE conference_participants SET handed_out_at = now() WHERE case_id = $1"


async def test_database_hands_out_no_record_of_a_held_person_without_its_trigger_it_does(
    world: World,
) -> None:
    desk = await a_desk(world)
    case_id = UUID(desk.case_id)
    conference = (await desk.lead.post(f"/v1/cases/{case_id}/conferences", {
        "occasion": "Schule", "mode": "on_site", "starts_at": "2030-03-05T09:30:00Z",
        "client_takes_part": True,
    })).json()["id"]  # fmt: skip
    path = f"/v1/cases/{case_id}/conferences/{conference}/participants"
    assert (await desk.lead.post(path, {"user_id": str(desk.lead.user_id)})).status_code == 200
    await restrict(desk.lead, desk.client_id)
    with pytest.raises(asyncpg.CheckViolationError):
        async with world.sql(desk.lead) as db:
            await (await db.driver()).execute(HAND_OUT, case_id)
    await world.admin.execute("ALTER TABLE conference_participants DISABLE TRIGGER hold_hand_out")
    try:
        async with world.sql(desk.lead) as db:
            assert await (await db.driver()).execute(HAND_OUT, case_id) == "UPDATE 1"
    finally:
        await world.admin.execute("ALTER TABLE conference_participants ENABLE TRIGGER hold_hand_out")
