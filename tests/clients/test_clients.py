"""Persons: registered with everything at once, changed by version, checked before anything is written."""

from base64 import b64decode

import pytest

from app.access.roles import Role
from tests.clients.arrange import AMINA, new_client
from tests.refusals import places
from tests.world import World

EVERYTHING = {
    **AMINA,
    "other_names": ["Um Sami"],
    "nationalities": ["475", "000"],
    "languages": [{"language": "deu", "overall": "A2", "evidence": "placement"}],
    "household_members": [{"name": "Sami Al-Hadi", "birth_year": 2015, "relation": "child"}],
    "residence_documents": [{"residence_status": "AE-25.2B", "valid_from": "2024-01-01"}],
    "legal_domains": [{"strand": "livelihood", "legal_domain": "SGB_II", "valid_from": "2024-02-01"}],
    "contact_channels": ["phone"],
    "contact_language": "ara",
    "no_voicemail": True,
    "must_not_learn": "her brother",
}


async def test_registrar_reads_what_was_registered_in_one_request(world: World) -> None:
    manager = await world.case_manager()
    made = await manager.post("/v1/clients", EVERYTHING)
    assert made.status_code == 201, made.text
    seen = await manager.get(f"/v1/clients/{made.json()['id']}")
    client = seen.json()
    assert (client, seen.headers["etag"]) == (made.json(), made.headers["etag"])
    plain = {
        name: value
        for name, value in EVERYTHING.items()
        if not isinstance(value, list) or not isinstance(value[0], dict)
    }
    assert {name: client[name] for name in plain} == plain
    assert client["birth_precision"] == "day"
    assert client["languages"][0]["overall"] == "A2"
    assert client["household_members"][0]["name"] == "Sami Al-Hadi"
    assert client["residence_documents"][0]["strand"] == "title"
    assert client["legal_domains"][0]["valid_from"] == "2024-02-01"
    assert (client["addresses"], client["schooling"]) == ([], [])


async def test_double_submit_registers_one_person(world: World) -> None:
    manager = await world.case_manager()
    first = await manager.post("/v1/clients", EVERYTHING, idempotency_key="register-amina")
    again = await manager.post("/v1/clients", EVERYTHING, idempotency_key="register-amina")
    assert first.json()["id"] == again.json()["id"]
    assert len((await manager.get("/v1/clients")).json()["items"]) == 1


async def test_bad_part_leaves_no_half_person(world: World) -> None:
    manager = await world.case_manager()
    periods = EVERYTHING["residence_documents"] * 2
    answer = await manager.post("/v1/clients", {**EVERYTHING, "residence_documents": periods})
    assert (answer.status_code, answer.json()["code"]) == (409, "overlap")
    assert (await manager.get("/v1/clients")).json()["items"] == []


@pytest.mark.parametrize(
    ("fields", "place", "kind"),
    [
        ({"nationalities": ["999", "000"]}, "body.nationalities.1", None),
        ({"nationalities": ["475", "475"]}, "body.nationalities.1", "twice"),
        ({"nationalities": ["475", "012"]}, "body.nationalities.1", "unknown_code"),
        ({"marital_status": "XX"}, "body.marital_status", "unknown_code"),
        ({"contact_language": "xxx"}, "body.contact_language", "unknown_code"),
        ({"languages": [{"language": "deu", "overall": "Z9"}]}, "body.languages.0.overall", "unknown_code"),
        ({"birth_date": "2200-01-01"}, "body.birth_date", "in_the_future"),
        ({"birth_date": "1990-05-17", "birth_precision": "year"}, "body.birth_precision", "precision_wrong"),
        ({"birth_date": "1990-05-17", "birth_precision": "month"}, "body.birth_precision", "precision_wrong"),
        ({"birth_date": None, "birth_precision": "day"}, "body.birth_precision", "precision_wrong"),
        ({"birth_precision": "unknown"}, "body.birth_precision", "precision_wrong"),
        ({"household_members": [{"relation": "child"}]}, "body.household_members.0.name", "one_of"),
        ({"email": "nobody"}, "body.email", "email_invalid"),
    ],
)
async def test_what_cannot_be_meant_is_refused_with_its_place(
    world: World, fields: dict[str, object], place: str, kind: str | None
) -> None:
    manager = await world.case_manager()
    answer = await manager.post("/v1/clients", {**AMINA, **fields})
    if kind is None:  # the opposite: 999 is a key of the statistics office
        assert answer.status_code == 201, answer.text
        return
    assert answer.status_code == 422, answer.text
    assert places(answer) == [{"place": place, "kind": kind}]


async def test_birth_year_alone_is_enough(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager, birth_date="1990-01-01", birth_precision="year")
    client = (await manager.get(f"/v1/clients/{client_id}")).json()
    assert (client["birth_date"], client["birth_precision"]) == ("1990-01-01", "year")


async def test_person_without_a_birth_date_is_registered(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager, birth_date=None)
    assert (await manager.get(f"/v1/clients/{client_id}")).json()["birth_precision"] == "unknown"


async def test_who_works_at_two_units_names_one_of_them(world: World) -> None:
    manager = await world.person(Role.CASE_MANAGER, unit="KI")
    other, foreign = await world.unit("Stadt Moers"), await world.unit("Caritas")
    await world.admin.execute(
        """INSERT INTO memberships (municipal_area_id, id, user_id, role, unit_id)
        VALUES ($1, gen_random_uuid(), $2, 'case_manager', $3)""",
        world.area,
        manager.user_id,
        other,
    )
    unnamed = await manager.post("/v1/clients", AMINA)
    named = await manager.post("/v1/clients", {**AMINA, "unit_id": str(other)})
    elsewhere = await manager.post("/v1/clients", {**AMINA, "unit_id": str(foreign)})
    assert places(unnamed) == [{"place": "body.unit_id", "kind": "missing"}]
    assert named.json()["unit_id"] == str(other)
    assert places(elsewhere) == [{"place": "body.unit_id", "kind": "not_your_unit"}]


async def test_change_is_by_version_and_is_found_under_the_new_name(world: World) -> None:
    manager = await world.case_manager()
    made = await manager.post("/v1/clients", AMINA)
    path = f"/v1/clients/{made.json()['id']}"
    body = {"family_name": "Öztürk", "former_names": ["Al-Hadi"], "phone": "+49 203 112233"}
    assert (await manager.patch(path, body)).status_code == 428
    assert (await manager.patch(path, body, if_match='"77"')).status_code == 412
    changed = await manager.patch(path, body, if_match=made.headers["etag"])
    assert (changed.status_code, changed.json()["family_name"]) == (200, "Öztürk")
    for name in ("oeztuerk", "al hadi"):
        found = (await manager.post("/v1/clients/search", {"name": name})).json()["items"]
        assert [each["id"] for each in found] == [made.json()["id"]]


@pytest.mark.parametrize(
    ("body", "code"),
    [({}, "nothing_to_change"), ({"given_name": None}, "invalid"), ({"literacy": "x"}, "invalid")],
)
async def test_change_that_changes_nothing_good_is_refused(
    world: World, body: dict[str, object], code: str
) -> None:
    manager = await world.case_manager()
    made = await manager.post("/v1/clients", AMINA)
    answer = await manager.patch(f"/v1/clients/{made.json()['id']}", body, if_match=made.headers["etag"])
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_birth_date_is_corrected_with_its_precision(world: World) -> None:
    manager = await world.case_manager()
    made = await manager.post("/v1/clients", AMINA)
    path = f"/v1/clients/{made.json()['id']}"
    year = await manager.patch(
        path, {"birth_date": "1991-01-01", "birth_precision": "year"}, if_match=made.headers["etag"]
    )
    unknown = await manager.patch(path, {"birth_date": None}, if_match=year.headers["etag"])
    assert year.json()["birth_precision"] == "year"
    assert (unknown.json()["birth_date"], unknown.json()["birth_precision"]) == (None, "unknown")


async def test_nationalities_are_replaced_as_a_whole(world: World) -> None:
    manager = await world.case_manager()
    made = await manager.post("/v1/clients", EVERYTHING)
    path = f"/v1/clients/{made.json()['id']}/nationalities"
    missing = await manager.http.put(path, json={"nationalities": ["166"]})
    changed = await manager.http.put(
        path, json={"nationalities": ["166", "475"]}, headers={"If-Match": made.headers["etag"]}
    )
    assert missing.status_code == 428
    assert changed.json()["nationalities"] == ["166", "475"]
    assert changed.headers["etag"] != made.headers["etag"]


async def test_persons_are_listed_in_german_order(world: World) -> None:
    manager = await world.case_manager()
    for family in ("Zimmer", "Öztürk", "Ott", "Oz", "ärmel", "Straße", "Strasser"):
        await new_client(manager, family_name=family)
    first = (await manager.get("/v1/clients", limit=4)).json()
    second = (await manager.get("/v1/clients", limit=4, cursor=first["next"])).json()
    names = [each["family_name"] for each in first["items"] + second["items"]]
    assert names == ["ärmel", "Ott", "Oz", "Öztürk", "Straße", "Strasser", "Zimmer"]


async def test_address_of_the_next_page_names_nobody(world: World) -> None:
    manager = await world.case_manager()
    for family in ("Zimmer", "Ott"):
        await new_client(manager, family_name=family)
    following = (await manager.get("/v1/clients", limit=1)).json()["next"]
    assert b"ott" not in b64decode(following + "==", altchars=b"-_").lower()
    (left,) = (await manager.get("/v1/clients", limit=1, cursor=following)).json()["items"]
    assert left["family_name"] == "Zimmer"


async def test_page_behind_a_person_who_is_out_of_sight_is_refused(world: World) -> None:
    manager, other = await world.case_manager(), await world.case_manager()
    for family in ("Zimmer", "Ott"):
        await new_client(manager, family_name=family)
    following = (await manager.get("/v1/clients", limit=1)).json()["next"]
    answer = await other.get("/v1/clients", limit=1, cursor=following)
    assert (answer.status_code, answer.json()["errors"][0]["kind"]) == (422, "cursor_invalid")


async def test_person_who_was_merged_into_another_is_in_no_list(world: World) -> None:
    manager = await world.case_manager()
    kept, merged = await new_client(manager), await new_client(manager, given_name="Amena")
    await world.admin.execute("UPDATE clients SET merged_into = $1 WHERE id = $2", kept, merged)
    assert [each["id"] for each in (await manager.get("/v1/clients")).json()["items"]] == [kept]
    found = (await manager.post("/v1/clients/search", {"name": "Al-Hadi"})).json()["items"]
    assert [each["id"] for each in found] == [kept]
