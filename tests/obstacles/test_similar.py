"""What is similar: each with its reasons, from observations and obstacles alone."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from app.access.roles import Role
from app.obstacles.similarity import ENOUGH, Reason, Subject, reasons, weight, words
from tests.obstacles.arrange import bundled, new_obstacle, visible_observation
from tests.world import Person, World

COUNTER = "Am Schalter fehlt seit dem Frühjahr jede Sprachmittlung."


def about(*texts: str, types: tuple[str, ...] = (), kinds: tuple[str, ...] = ()) -> Subject:
    return Subject(frozenset(types), frozenset(kinds), texts)


def test_reasons_name_the_nearest_that_is_shared() -> None:
    one = about("Anträge nur online", types=("D1",), kinds=("jobcenter",))
    same = about("Termine fehlen", types=("D1",), kinds=("jobcenter",))
    assert reasons(one, same) == [
        Reason("same_barrier_type", ("D1",)),
        Reason("same_institution_type", ("jobcenter",)),
    ]
    near = about("Kein Antrag am Schalter", types=("D3",), kinds=("sozialamt",))
    assert [reason.kind for reason in reasons(one, near)] == [
        "same_barrier_category",
        "same_institution_group",
        "shared_words",
    ]
    assert reasons(one, near)[-1].values == ("Antrag",)


def test_nothing_in_common_is_no_reason() -> None:
    one = about("Anträge nur online", types=("D1",), kinds=("jobcenter",))
    other = about("Die Schule wartet", types=("F2",), kinds=("schule",))
    assert reasons(one, other) == []
    assert weight([]) < ENOUGH


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anträge", "Antrag"),
        ("Wartezeiten", "Wartezeit"),
        ("Behörden", "Behörde"),
        ("Dolmetscherinnen", "Dolmetscher"),
        ("TERMIN", "Termine"),
    ],
)
def test_forms_of_one_word_are_one_word(one: str, other: str) -> None:
    assert set(words([one])) == set(words([other]))


def test_small_and_common_words_say_nothing() -> None:
    assert words(["Es gibt keine und nicht mehr als 12345 an der Tür, über welche man kann"]) == {}


def test_many_shared_words_weigh_no_more_than_a_type() -> None:
    text = "Schalter Sprachmittlung Termin Formular Wartebereich Aufzug"
    assert weight(reasons(about(text), about(text))) == ENOUGH


async def similar(person: Person, path: str) -> dict[str, Any]:
    answer = await person.get(f"/v1/{path}/similar")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def about_school(world: World) -> UUID:
    """Place an observation that has nothing in common with the others."""
    observation = await visible_observation(world, "Kinder warten auf ihren Platz.")
    await world.admin.execute(
        "UPDATE observations SET barrier_type = 'F2', institution_type = 'schule' WHERE id = $1", observation
    )
    return observation


async def test_similar_observations_stand_beside_one_with_the_reasons(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    one = await visible_observation(world, COUNTER)
    near = await visible_observation(world, "Ohne Sprachmittler bleibt der Schalter stumm.")
    same = await visible_observation(world, "Niemand hilft beim Formular.")
    await about_school(world)
    obstacle = await bundled(coordinator, observation_ids=[str(same)])
    found = await similar(coordinator, f"observations/{one}")
    assert [each["id"] for each in found["observations"]] == [str(near), str(same)]
    assert found["observations"][0]["reasons"] == [
        {"kind": "same_barrier_type", "values": ["D1"]},
        {"kind": "same_institution_type", "values": ["jobcenter"]},
        {"kind": "shared_words", "values": ["Schalter", "Sprachmittler"]},
    ]
    assert [each["obstacle_ids"] for each in found["observations"]] == [[], [obstacle["id"]]]


async def test_beside_an_obstacle_stand_what_it_lacks_and_obstacles_like_it(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    inside, outside = [str(await visible_observation(world, COUNTER)) for _ in range(2)]
    await about_school(world)
    about_counter = {"barrier_types": ["D1"], "institution_types": ["jobcenter"]}
    one = await bundled(coordinator, observation_ids=[inside], **about_counter)
    like = await new_obstacle(coordinator, title="Sprachmittlung", **about_counter)
    await new_obstacle(
        coordinator, title="Schulplätze", description="Zu wenige.", barrier_types=["F2"],
        institution_types=["schule"],
    )  # fmt: skip
    found = await similar(coordinator, f"obstacles/{one['id']}")
    assert [each["id"] for each in found["observations"]] == [outside]
    assert [(each["id"], each["status"]) for each in found["obstacles"]] == [(like["id"], "reported")]
    merge = await coordinator.post(
        f"/v1/obstacles/{one['id']}/merge", {"obstacle_id": like["id"], "reason": "Dasselbe."}
    )
    assert merge.status_code == 200, merge.text
    assert (await similar(coordinator, f"obstacles/{one['id']}"))["obstacles"] == []


async def test_what_cannot_be_seen_yet_is_similar_to_nothing(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    one, hidden = [await visible_observation(world, COUNTER) for _ in range(2)]
    await world.admin.execute("UPDATE observations SET visible_from = '2199-01-01' WHERE id = $1", hidden)
    assert (await similar(coordinator, f"observations/{one}"))["observations"] == []
    for unseen in (hidden, uuid4()):
        assert (await coordinator.get(f"/v1/observations/{unseen}/similar")).status_code == 404


async def test_other_areas_are_similar_to_nothing(world: World) -> None:
    neighbour = await world.neighbour()
    coordinator, stranger = await world.person(Role.COORDINATOR), await neighbour.person(Role.COORDINATOR)
    one, elsewhere = await visible_observation(world, COUNTER), await visible_observation(neighbour, COUNTER)
    await bundled(stranger, observation_ids=[str(elsewhere)], barrier_types=["D1"])
    assert await similar(coordinator, f"observations/{one}") == {"observations": [], "obstacles": []}
    assert (await coordinator.get(f"/v1/observations/{elsewhere}/similar")).status_code == 404


async def test_only_the_coordination_looks_for_what_is_similar(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    observation, obstacle = await visible_observation(world), await bundled(coordinator)
    for role in (Role.STEERING_MEMBER, Role.CASE_MANAGER):
        stranger = await world.person(role)
        for path in (f"observations/{observation}", f"obstacles/{obstacle['id']}"):
            assert (await stranger.get(f"/v1/{path}/similar")).status_code == 403


async def test_answer_has_neither_number_nor_page_nor_time(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    one = await visible_observation(world, COUNTER)
    for query in ({"limit": "1"}, {"order": "quarter"}, {"since": "2026-01-01"}):
        assert (await coordinator.get(f"/v1/observations/{one}/similar", **query)).status_code == 422
    assert set(await similar(coordinator, f"observations/{one}")) == {"observations", "obstacles"}
