"""A release's way: asked for, computed, published by a second person, or put aside."""

from app.access.roles import Role
from tests.reporting.arrange import Office, figures, request, work


async def test_release_is_computed_and_offers_at_least_five_linked_tables(office: Office) -> None:
    await figures(office.world)
    release = (await office.first.get(f"/v1/releases/{await office.computed()}")).json()
    assert release["state"] == "computed"
    assert len(release["content"]["tables"]) >= 5
    assert release["content"]["proof"]["holds"] is True
    assert release["content"]["thresholds"]["k"] == 5
    assert release["content"]["period"] == {"year": 2025, "from": "2025-01-01", "to": "2025-09-30"}


async def test_small_area_is_offered_fewer_tables_than_a_large_one(office: Office) -> None:
    await figures(office.world, reports=40)
    release = (await office.first.get(f"/v1/releases/{await office.computed()}")).json()
    names = [table["name"] for table in release["content"]["tables"]]
    assert release["content"]["scale"] == "small"
    assert "categories_by_quarter" in names
    assert "types_by_quarter" not in names


async def test_less_detail_than_the_size_allows_can_be_asked_for(office: Office) -> None:
    await figures(office.world)
    release = (await office.first.get(f"/v1/releases/{await office.computed(detail='small')}")).json()
    assert (release["detail"], release["content"]["scale"]) == ("small", "small")


async def test_who_prepared_a_release_does_not_publish_it(office: Office) -> None:
    await figures(office.world)
    release_id = await office.computed()
    own = await office.first.post(f"/v1/releases/{release_id}/publish")
    assert (own.status_code, own.json()["code"]) == (403, "second_person_required")
    other = await office.second.post(f"/v1/releases/{release_id}/publish")
    assert (other.status_code, other.json()["state"]) == (200, "published")


async def test_database_refuses_the_same_person_too(office: Office) -> None:
    await figures(office.world)
    release_id = await office.computed()
    async with office.world.sql(office.first) as db:
        driver = await db.driver()
        assert await driver.fetchval("SELECT publish_release($1::uuid, now())", release_id) is False
    async with office.world.sql(office.second) as db:
        driver = await db.driver()
        assert await driver.fetchval("SELECT publish_release($1::uuid, now())", release_id) is True


async def test_quarter_that_has_not_ended_is_refused(office: Office) -> None:
    early = await office.first.post("/v1/releases", {"quarter": "2199Q4"})
    assert (early.status_code, early.json()["errors"][0]["kind"]) == (422, "quarter_not_ended")


async def test_quarter_before_the_programme_is_refused_whatever_the_area_has(office: Office) -> None:
    for quarter in ("2003Q1", "2019Q4"):
        early = await office.first.post("/v1/releases", {"quarter": quarter})
        assert (early.status_code, early.json()["errors"][0]["kind"]) == (422, "before_programme")
    assert (await office.first.post("/v1/releases", {"quarter": "2020Q1"})).status_code == 201


async def test_earlier_quarter_after_a_later_one_is_refused_with_what_is_possible(office: Office) -> None:
    await figures(office.world)
    release_id = await office.computed()
    await office.second.post(f"/v1/releases/{release_id}/publish")
    back = await office.first.post("/v1/releases", {"quarter": "2025Q2"})
    assert (back.status_code, back.json()["code"]) == (409, "release_passed")
    assert "The next quarter can be released" in back.json()["detail"]
    for quarter in ("2025Q4", "2024Q2"):
        asked = await office.first.post("/v1/releases", {"quarter": quarter})
        assert asked.status_code == 201, asked.text
        await office.first.post(f"/v1/releases/{asked.json()['id']}/discard")


async def test_quarter_that_nobody_saw_does_not_bar_an_earlier_one(office: Office) -> None:
    release_id = await request(office.first, "2025Q3")
    await office.first.post(f"/v1/releases/{release_id}/discard")
    assert (await office.first.post("/v1/releases", {"quarter": "2025Q2"})).status_code == 201


async def test_second_release_waits_until_the_first_is_closed(office: Office) -> None:
    await request(office.first, "2025Q2")
    second = await office.second.post("/v1/releases", {"quarter": "2025Q3"})
    assert (second.status_code, second.json()["code"]) == (409, "release_open")


async def test_published_quarter_is_not_released_again(office: Office) -> None:
    await figures(office.world)
    await office.published()
    again = await office.first.post("/v1/releases", {"quarter": "2025Q3"})
    assert (again.status_code, again.json()["code"]) == (409, "release_frozen")


async def test_quarter_that_was_seen_and_discarded_is_not_shown_again(office: Office) -> None:
    await figures(office.world)
    release_id = await office.computed()
    answer = await office.second.post(f"/v1/releases/{release_id}/discard")
    assert (answer.status_code, answer.json()["state"]) == (200, "discarded")
    assert (await office.first.post(f"/v1/releases/{release_id}/discard")).status_code == 409
    again = await office.first.post("/v1/releases", {"quarter": "2025Q3"})
    assert (again.status_code, again.json()["code"]) == (409, "release_seen")


async def test_quarter_discarded_before_anybody_saw_it_can_be_asked_for_again(office: Office) -> None:
    release_id = await request(office.first)
    await office.first.post(f"/v1/releases/{release_id}/discard")
    assert (await office.first.post("/v1/releases", {"quarter": "2025Q3"})).status_code == 201


async def test_release_that_is_not_computed_cannot_be_published(office: Office) -> None:
    release_id = await request(office.first)
    answer = await office.second.post(f"/v1/releases/{release_id}/publish")
    assert (answer.status_code, answer.json()["allowed"]) == (409, ["discarded"])


async def test_result_of_a_release_discarded_meanwhile_is_dropped(office: Office) -> None:
    await figures(office.world)
    release_id = await request(office.first)
    await office.first.post(f"/v1/releases/{release_id}/discard")
    await work(office.worker, office.reporting, office.world.area, release_id)
    assert (await office.first.get(f"/v1/releases/{release_id}")).json()["state"] == "discarded"


async def test_double_submit_asks_once(office: Office) -> None:
    body = {"quarter": "2025Q3"}
    first = await office.first.post("/v1/releases", body, idempotency_key="release-0001")
    again = await office.first.post("/v1/releases", body, idempotency_key="release-0001")
    assert (first.status_code, first.json()) == (201, again.json())


async def test_step_on_an_older_version_is_refused(office: Office) -> None:
    await figures(office.world)
    release_id = await office.computed()
    stale = await office.second.post(f"/v1/releases/{release_id}/publish", if_match='"1"')
    assert stale.status_code == 412


async def test_only_coordinators_ask_for_releases(office: Office) -> None:
    for role in (Role.STEERING_MEMBER, Role.CASE_MANAGER, Role.ADMIN, Role.ASSISTANT):
        person = await office.world.person(role)
        assert (await person.post("/v1/releases", {"quarter": "2025Q3"})).status_code == 403


async def test_quarter_is_written_in_one_way(office: Office) -> None:
    for text in ("2025Q5", "2025-3", "26Q3", "2025q3", ""):
        assert (await office.first.post("/v1/releases", {"quarter": text})).status_code == 422
