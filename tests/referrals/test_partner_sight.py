"""What a partner sees: exactly what was referred to its institution, and nothing else, down to the SQL."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.access.roles import Role
from app.catalogues.source import allowed_categories, load_entries
from tests.clients.arrange import add_period
from tests.consents.arrange import withdraw
from tests.referrals.arrange import AUTHORITIES, Scene, a_scene, agreed, draft, send, sent, step
from tests.world import Person, World

KINDS = [entry.code for entry in load_entries() if entry.vocabulary == "institution_type"]
OPEN_TO_NOBODY = [kind for kind in KINDS if not allowed_categories(kind)]
LIMITED = [kind for kind in KINDS if allowed_categories(kind) and kind not in AUTHORITIES]
SPECIAL = {"health", "religion", "ethnic_origin", "sexual_orientation", "political_opinion", "criminal"}

# What is known of the client below, by category and field: written here by hand.
KNOWN: dict[str, set[str]] = {
    "master_data": {"name", "birth_date", "sex", "nationalities", "marital_status"},
    "contact": {"phone", "email", "address", "channels", "times", "language", "needs_interpreter"},
    "residence": {"title"},
    "benefits": {"current"},
    "household": {"household_type", "members"},
    "education_language": {"literacy", "languages", "schooling"},
    "work": {"work_permissions"},
    "housing": {"registered"},
}
FULL: dict[str, Any] = {
    "marital_status": "VH",
    "nationalities": ["475"],
    "phone": "0151 2345678",
    "email": "amina@posteo.de",
    "contact_channels": ["phone", "email", "post"],
    "contact_times": "vormittags",
    "contact_language": "ara",
    "needs_interpreter": True,
    "literacy": "second_script",
    "household_type": "family",
    "household_members": [{"name": "Samir", "birth_year": 2015, "relation": "child"}],
}


async def _full_scene(world: World, kind: str) -> Scene:
    scene = await a_scene(world, kind, **FULL)
    add, client = scene.manager, scene.client_id
    await add_period(
        add, client, "residence-documents", residence_status="AE-104C", valid_from="2024-01-01",
        work_permission="allowed",
    )  # fmt: skip
    await add_period(
        add, client, "legal-domains", strand="livelihood", legal_domain="SGB_II", valid_from="2024-01-01"
    )
    await add_period(
        add, client, "addresses", strand="registered", street="Markt 1", postcode="46483", town="Wesel",
        valid_from="2024-01-01",
    )  # fmt: skip
    await add_period(add, client, "languages", language="ara", is_native=True)
    await add_period(add, client, "schooling", school_step="counselling", valid_from="2025-01-01")
    return scene


@pytest.mark.parametrize("kind", LIMITED)
async def test_partner_sees_exactly_the_package(world: World, kind: str) -> None:
    scene = await _full_scene(world, kind)
    categories = sorted(set(allowed_categories(kind)) - {"protection_from_violence"})
    await agreed(scene, data_categories=categories, special_categories=sorted(SPECIAL & set(categories)))
    referral_id = await draft(scene, data_categories=categories)
    await send(scene, referral_id)
    seen = (await scene.partner.get(f"/v1/partner/referrals/{referral_id}")).json()
    assert seen["package"]["concern"] == {"code": None, "text": "Hilfe beim Antrag"}
    fields = {name: set(content) for name, content in seen["package"]["data"].items()}
    assert fields == {name: KNOWN[name] for name in categories if name in KNOWN}


@pytest.mark.parametrize("kind", LIMITED)
async def test_every_category_beyond_the_catalogue_is_refused(world: World, kind: str) -> None:
    scene = await a_scene(world, kind)
    every = [entry.code for entry in load_entries() if entry.vocabulary == "data_category"]
    for category in sorted(set(every) - set(allowed_categories(kind)) | {"protection_from_violence"}):
        body = {
            "case_id": scene.case_id, "institution_id": scene.institution_id, "channel": "platform",
            "data_categories": ["master_data", category], **scene.concern,
        }  # fmt: skip
        answer = await scene.manager.post("/v1/referrals", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "category_not_allowed"), category
        assert answer.json()["category"] == category


@pytest.mark.parametrize("kind", OPEN_TO_NOBODY)
async def test_kind_that_is_not_listed_gets_nothing(world: World, kind: str) -> None:
    scene = await a_scene(world, kind)
    body = {"case_id": scene.case_id, "institution_id": scene.institution_id, "channel": "platform"}
    answer = await scene.manager.post(
        "/v1/referrals", {**body, "data_categories": ["master_data"], **scene.concern}
    )
    assert answer.json()["code"] == "category_not_allowed"


@pytest.mark.parametrize("kind", AUTHORITIES)
async def test_authority_sees_name_birth_date_and_a_coded_concern(world: World, kind: str) -> None:
    scene = await _full_scene(world, kind)
    await agreed(scene, data_categories=["master_data"])
    referral_id = await draft(scene)
    await send(scene, referral_id)
    answer = await scene.partner.get(f"/v1/partner/referrals/{referral_id}")
    assert answer.json()["package"] == {
        "concern": {"code": "extension", "text": None},
        "data": {
            "master_data": {"name": {"given": "Amina", "family": "Al-Hadi"}, "birth_date": "1990-05-17"}
        },
        "disputed": {},
    }
    for trace in ("VH", "0151", "posteo", "Samir", "SGB_II", "Markt", scene.client_id, scene.case_id):
        assert trace not in answer.text


async def test_list_names_state_deadline_concern_and_sender(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene, urgency="urgent")
    item = (await scene.partner.get("/v1/partner/referrals")).json()["items"][0]
    assert (item["id"], item["state"], item["delivery"]) == (referral_id, "requested", "offered")
    assert (item["unit_name"], item["urgency"]) == ("KI", "urgent")
    assert item["concern"] == {"code": None, "text": "Hilfe beim Antrag"}
    assert item["deadline_at"] is not None


async def test_reading_changes_nothing_and_fetching_is_a_step(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    path = f"/v1/partner/referrals/{referral_id}"
    first, second = await scene.partner.get(path), await scene.partner.get(path)
    assert (first.json()["delivery"], second.headers["etag"]) == ("offered", first.headers["etag"])
    fetched = await scene.partner.post(f"{path}/fetched")
    assert fetched.json()["delivery"] == "fetched"
    again = await scene.partner.post(f"{path}/fetched")
    assert (again.status_code, again.headers["etag"]) == (200, fetched.headers["etag"])


async def test_reads_of_a_partner_are_journalled_with_the_client(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    await scene.partner.get("/v1/partner/referrals")
    await scene.partner.get(f"/v1/partner/referrals/{referral_id}")
    rows = await world.admin.fetch(
        """SELECT object_id, client_pseudonyms = ARRAY[c.pseudonym] AS right_client
        FROM audit_journal j, clients c WHERE c.id = $1 AND j.user_id = $2
        AND j.action = 'partner_referral.read' ORDER BY position""",
        UUID(scene.client_id),
        scene.partner.user_id,
    )
    assert [(row["object_id"], row["right_client"]) for row in rows] == [
        (None, True),
        (UUID(referral_id), True),
    ]


async def _rows(world: World, person: Person, sql: str) -> list[Any]:
    async with world.sql(person) as db:
        return list(await (await db.driver()).fetch(sql))


async def test_partner_cannot_select_case_or_client_at_the_database(world: World) -> None:
    scene = await a_scene(world)
    await sent(scene)
    for table in ("referrals", "cases", "clients", "consents", "disclosure_log", "referral_events",
                  "referral_answers", "assignments"):  # fmt: skip
        assert await _rows(world, scene.partner, f"SELECT * FROM {table}") == [], table
    columns = await world.admin.fetch(
        """SELECT table_name, column_name FROM information_schema.columns
        WHERE table_name IN ('referral_requests', 'referral_packages')
            AND column_name IN ('case_id', 'client_id')"""
    )
    assert columns == []
    for table in ("referral_requests", "referral_packages"):
        assert len(await _rows(world, scene.partner, f"SELECT id FROM {table}")) == 1, table


async def test_others_select_nothing_at_the_database(world: World) -> None:
    scene = await a_scene(world)
    await sent(scene)
    await draft(scene)
    neighbour = await world.neighbour()
    others = [
        await world.person(Role.PARTNER_USER, institution="sozialamt"),
        await world.person(Role.AUTHORITY_OFFICER, institution="auslaenderbehoerde"),
        await world.case_manager(),
        await world.person(Role.TEAM_LEAD),
        await world.person(Role.COORDINATOR),
        await world.person(Role.PRIVACY_OFFICER),
        await neighbour.person(Role.PARTNER_USER),
        await neighbour.case_manager(),
    ]
    tables = ("referrals", "referral_requests", "referral_packages", "referral_events", "referral_answers")
    for person in others:
        for table in tables:
            assert await _rows(world, person, f"SELECT * FROM {table}") == [], (person.roles, table)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE referral_packages SET content = '{}'",
        "UPDATE referral_packages SET withheld_at = NULL",
        "DELETE FROM referral_packages",
        "DELETE FROM referral_requests",
        "UPDATE referral_requests SET institution_id = gen_random_uuid()",
        "UPDATE referral_requests SET channel = 'letter'",
        "UPDATE referral_events SET side = 'system'",
    ],
)
async def test_partner_cannot_rewrite_what_was_sent(world: World, sql: str) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    path = f"/v1/partner/referrals/{referral_id}"
    before = (await scene.partner.get(path)).json()
    try:
        done = None
        async with world.sql(scene.partner) as db:
            done = await (await db.driver()).execute(sql)
    except asyncpg.InsufficientPrivilegeError:
        pass
    assert done in (None, "UPDATE 0")
    assert (await scene.partner.get(path)).json() == before


async def test_partner_cannot_hang_a_row_on_a_foreign_referral(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    stranger = await world.person(Role.PARTNER_USER, institution="sozialamt")
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with world.sql(stranger) as db:
            await (await db.driver()).execute(
                """INSERT INTO referral_answers (municipal_area_id, id, referral_id, institution_id, at, step,
                text, user_id)
                VALUES (ctx_area(), gen_random_uuid(), $1, $2, now(), 'complete', 'x', ctx_user())""",
                UUID(referral_id),
                stranger.place_id,
            )


@pytest.mark.parametrize("ending", ["cancel", "enter-in-error"])
async def test_recipient_loses_sight_when_the_sender_ends_it(world: World, ending: str) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    body = {"reason": "wrong_recipient"} if ending == "cancel" else None
    await scene.manager.post(f"/v1/referrals/{referral_id}/{ending}", body)
    seen = (await scene.partner.get(f"/v1/partner/referrals/{referral_id}")).json()
    assert (seen["package"], seen["concern"], seen["package_sha256"]) == (None, None, None)
    assert (await scene.partner.post(f"/v1/partner/referrals/{referral_id}/fetched")).status_code == 409


async def test_revoked_referral_is_a_tombstone_that_is_acknowledged(world: World) -> None:
    scene = await a_scene(world)
    consent_id = await agreed(scene)
    referral_id = await draft(scene)
    await send(scene, referral_id)
    path = f"/v1/partner/referrals/{referral_id}"
    early = await scene.partner.post(f"{path}/acknowledge-revocation")
    assert (early.status_code, early.json()["state"]) == (409, "requested")
    await withdraw(scene.manager, consent_id)
    assert await _rows(world, scene.partner, "SELECT id FROM referral_packages") == []
    (item,) = (await scene.partner.get("/v1/partner/referrals")).json()["items"]
    assert (item["id"], item["state"], item["concern"]) == (referral_id, "revoked", None)
    assert (await scene.partner.get(path)).json()["package"] is None
    told = await step(scene, referral_id, "acknowledge-revocation")
    assert told["revocation_acknowledged_at"] is not None
    assert await step(scene, referral_id, "acknowledge-revocation") == told
