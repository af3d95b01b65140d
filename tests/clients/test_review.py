"""The review list: pairs among the persons one sees who may be registered twice."""

from uuid import UUID

from app.clients.finding import Candidate
from app.clients.matching.forms import forms_of
from app.clients.review import likely_pairs
from tests.clients.arrange import new_client
from tests.world import Person, World


async def review(person: Person) -> list[dict[str, object]]:
    answer = await person.get("/v1/clients/duplicates")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, object]] = answer.json()["items"]
    return found


async def test_two_spellings_of_one_person_are_a_pair(world: World) -> None:
    manager = await world.case_manager()
    one = await new_client(manager)
    other = await new_client(manager, given_name="أمينة", family_name="الهادي")
    await new_client(manager, given_name="Sami")
    found = await review(manager)
    assert {each["id"] for each in found} == {one, other}
    assert {each["pair"] for each in found} == {1}
    assert {tuple(each["reasons"]) for each in found} == {("name_in_another_spelling", "same_birth_date")}


async def test_namesakes_born_on_other_days_are_no_pair(world: World) -> None:
    manager = await world.case_manager()
    await new_client(manager)
    await new_client(manager, birth_date="1971-02-03")
    assert await review(manager) == []


async def test_persons_of_somebody_else_are_in_no_pair(world: World) -> None:
    manager, other = await world.case_manager(), await world.case_manager()
    await new_client(manager)
    await new_client(other)
    assert await review(manager) == []


async def test_list_is_written_to_the_journal_with_everybody_shown(world: World) -> None:
    manager = await world.case_manager()
    for _ in range(2):
        await new_client(manager)
    await review(manager)
    written = await world.admin.fetchval(
        """SELECT cardinality(client_pseudonyms) FROM audit_journal
        WHERE user_id = $1 AND action = 'client.duplicates' AND cardinality(client_pseudonyms) > 0""",
        manager.user_id,
    )
    assert written == 2


def test_bearers_of_one_name_without_birth_date_are_not_all_set_against_each_other() -> None:
    forms = [form.stored() for form in forms_of(["Mohammed", "Ahmad"])]
    many = [Candidate(UUID(int=number), forms, None, "unknown") for number in range(300)]
    assert len(likely_pairs(many)) == 200
