"""A person who was registered twice becomes one on the phone too, and two again when that is undone."""

from tests.cases.arrange import deputy, open_case
from tests.clients.arrange import new_client
from tests.clients.test_merging import merge, two_records
from tests.clients.test_undoing_a_merge import undone
from tests.work.syncing import Phone, told
from tests.world import World


async def test_merged_record_leaves_the_phone_and_comes_back_with_what_is_about_it(world: World) -> None:
    anna = await world.case_manager()
    kept, merged = await two_records(anna)
    child = await new_client(anna, given_name="Parisa", birth_date="2015-02-01")
    listed = await anna.post(f"/v1/clients/{child}/household", {"client_id": merged, "relation": "parent"})
    member = listed.json()["items"][0]["id"]
    cases = {each: await open_case(anna, each) for each in (merged, child)}
    by_mother = {"kind": "parent", "member_id": member, "scope": ["custody"], "evidence": "Register"}
    for path, body in (
        (f"/v1/clients/{child}/guardians", by_mother),
        (f"/v1/cases/{cases[child]}/pathways", {"pathway": "naturalisation", "member_id": member}),
        (f"/v1/cases/{cases[merged]}/pathways", {"pathway": "naturalisation"}),
    ):
        answer = await anna.post(path, body)
        assert answer.status_code == 201, answer.text
    phone = Phone(anna, limit=4)
    await phone.catch_up()
    made = await merge(anna, kept, merged)
    assert ("removed", "client", merged) in told(await phone.catch_up())
    await same_as_a_new_one(phone)
    assert merged not in repr(phone.held)
    await undone(anna, made)
    await phone.catch_up()
    await same_as_a_new_one(phone)
    assert {("client", kept), ("client", merged)} <= phone.held.keys()


async def same_as_a_new_one(phone: Phone) -> None:
    """Compare what is held, and by whom each thing goes, with a phone that begins anew."""
    new = Phone(phone.person)
    await new.catch_up()
    assert phone.held == new.held
    assert (phone.belongs, phone.members) == (new.belongs, new.members)


async def test_colleague_who_holds_the_page_of_the_survivor_alone_is_told_of_both_steps(world: World) -> None:
    anna, ben = await world.case_manager(), await world.case_manager()
    kept, merged = await two_records(anna)
    case_id = await open_case(anna, kept)
    child = {"client_id": await new_client(anna, given_name="Parisa"), "relation": "child"}
    assert (await anna.post(f"/v1/clients/{merged}/household", child)).status_code == 201
    assert (await anna.post(f"/v1/cases/{case_id}/deputies", deputy(ben))).status_code == 201
    phone = Phone(ben)
    await phone.catch_up()
    made = await merge(anna, kept, merged)
    assert ("changed", "client", kept) in told(await phone.catch_up())
    await same_as_a_new_one(phone)
    await undone(anna, made)
    assert ("changed", "client", kept) in told(await phone.catch_up())
    await same_as_a_new_one(phone)
