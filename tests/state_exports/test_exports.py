"""An export from the dry run to the acknowledgement: who does what, what leaves, what is written down."""

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

import jsonschema
import pytest

from app.access.roles import Role
from app.identity.tokens import payload_signed_by
from app.kit.clock import local_date, utc_now
from app.state_exports.ending import end_old
from app.state_exports.handlers import compose_now
from app.state_exports.profile import schema
from app.state_exports.rules import KEPT
from tests.refusals import places
from tests.state_exports.arrange import EVERYTHING, PARTNER_PATH, PATH, QUARTER, Office

VALID = jsonschema.Draft202012Validator(schema())


def withdrawn_in(lines: list[dict[str, Any]]) -> set[str]:
    """Return the pseudonyms that the recipient is told to delete."""
    return {line["pseudonym"] for line in lines if "withdrawn" in line}


def persons_in(lines: list[dict[str, Any]]) -> set[str]:
    """Return the pseudonyms of persons."""
    return {line["pseudonym"] for line in lines if "withdrawn" not in line}


async def test_export_goes_from_the_dry_run_to_the_acknowledgement(office: Office) -> None:
    clients = await office.persons()
    export = await office.requested()
    await office.work()
    told = await office.read(export)
    assert (told["state"], told["dry_run"]["persons"]) == ("checked", {"at_least": 10, "at_most": 19})
    assert (await office.lead.post(f"{PATH}/{export}/release")).json()["state"] == "released"
    await office.work()
    assert (await office.read(export))["state"] == "ready"
    lines = await office.lines(export)
    assert len(persons_in(lines)) == len(clients)
    for line in lines:
        VALID.validate(line)
    acknowledged = await office.acknowledge(export)
    assert acknowledged.json()["acknowledged_at"] is not None
    assert (await office.read(export))["state"] == "acknowledged"


async def test_a_line_says_what_the_consent_covers_in_codes(office: Office) -> None:
    clients = await office.persons()
    (line, *_) = await office.lines(await office.ready())
    case = line["cases"][0]
    assert (line["period"], line["municipal_area"], line["sex"]) == (QUARTER, office.world.area, "w")
    assert (case["opened_in"], case["phase"], case["access_route"]) == ("2025Q2", "linking", "school")
    assert case["intake_criteria"] == ["C1"]
    text = str(line)
    for told in ("Amina", "Haddad", "1990", str(office.unit), *map(str, clients)):
        assert told not in text


async def test_each_disclosure_is_logged_when_the_file_is_fetched_and_not_before(office: Office) -> None:
    clients = await office.persons()
    export = await office.ready()
    logged = """SELECT legal_basis, purpose, institution_id, unit_id, data_categories, disclosed_by
    FROM disclosure_log WHERE municipal_area_id = $1"""
    assert await office.world.admin.fetch(logged, office.world.area) == []
    await office.lines(export)
    rows = await office.world.admin.fetch(logged, office.world.area)
    assert {tuple(row)[:4] for row in rows} == {("consent", "state_database", office.database, office.unit)}
    assert len(rows) == len(clients)
    assert {tuple(row["data_categories"]) for row in rows} == {tuple(sorted(EVERYTHING))}
    assert {row["disclosed_by"] for row in rows} == {office.lead.user_id}
    shown = await office.world.admin.fetchval(
        "SELECT client_pseudonyms FROM audit_journal WHERE action = 'state_export.fetch' AND object_id = $1",
        UUID(export),
    )
    assert len(shown) == len(clients)


async def test_whoever_asks_never_releases_and_a_lead_of_another_unit_sees_nothing(office: Office) -> None:
    await office.persons()
    export = await office.checked()
    elsewhere = await office.world.person(Role.TEAM_LEAD, unit="Caritas")
    assert (await office.admin.post(f"{PATH}/{export}/release")).status_code == 403
    assert (await elsewhere.post(f"{PATH}/{export}/release")).status_code == 404
    async with office.world.sql(office.admin) as db:
        driver = await db.driver()
        assert not await driver.fetchval("SELECT release_state_export($1, now())", UUID(export))


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.CASE_MANAGER, Role.ASSISTANT, Role.STEERING_MEMBER])
async def test_others_of_the_area_see_no_export_and_no_line(office: Office, role: Role) -> None:
    await office.persons()
    export = await office.ready()
    person = await office.world.person(role)
    for path in (PATH, f"{PATH}/{export}", PARTNER_PATH, f"{PARTNER_PATH}/{export}"):
        assert (await person.get(path)).status_code == 403
    async with office.world.sql(person) as db:
        driver = await db.driver()
        for table in ("state_exports", "state_export_files"):
            assert await driver.fetchval(f"SELECT count(*) FROM {table}") == 0
        assert not await driver.fetchval("SELECT fetch_state_export($1, now())", UUID(export))


async def test_nobody_of_the_area_reads_the_file(office: Office) -> None:
    await office.persons()
    export = await office.ready()
    for person in (office.admin, office.lead, await office.world.person(Role.PRIVACY_OFFICER)):
        assert (await person.get(f"{PATH}/{export}")).status_code == 200
        assert (await person.post(f"{PARTNER_PATH}/{export}/fetch")).status_code == 403
        async with office.world.sql(person) as db:
            driver = await db.driver()
            assert await driver.fetchval("SELECT count(*) FROM state_export_files") == 0
    stranger = await office.world.person(Role.PARTNER_USER)
    assert (await stranger.post(f"{PARTNER_PATH}/{export}/fetch")).status_code == 404


async def test_file_is_fetched_once_and_a_lost_answer_is_repeated_with_its_key(office: Office) -> None:
    await office.persons()
    export = await office.ready()
    first = await office.fetch(export, idempotency_key="one-and-only")
    again = await office.fetch(export, idempotency_key="one-and-only")
    assert again.content == first.content
    other = await office.fetch(export)
    assert (other.status_code, other.json()["allowed"]) == (409, ["acknowledged"])
    assert (await office.acknowledge(export)).status_code == 200
    late = await office.fetch(export, idempotency_key="one-and-only")
    assert (late.status_code, late.json()["code"]) == (410, "state_export_gone")


async def test_manifest_is_signed_over_the_digest_of_the_file(office: Office) -> None:
    await office.persons()
    export = await office.ready()
    content = (await office.fetch(export)).content
    told = (await office.recipient.get(f"{PARTNER_PATH}/{export}")).json()
    ring = office.world.app.state.key_ring
    claims = payload_signed_by(ring.current.public, told["manifest"])
    assert claims["sha256"] == told["sha256"] == hashlib.sha256(content).hexdigest()
    assert (claims["persons"], claims["withdrawals"], claims["quarter"]) == (12, 0, QUARTER)


async def test_acknowledgement_is_of_the_file_and_of_every_withdrawal(office: Office) -> None:
    await office.persons()
    export = await office.ready()
    path = f"{PARTNER_PATH}/{export}/acknowledge"
    early = await office.recipient.post(path, {"sha256": "0" * 64, "withdrawals_deleted": 0})
    assert (early.status_code, early.json()["allowed"]) == (409, ["fetched"])
    content = (await office.fetch(export)).content
    right = {"sha256": hashlib.sha256(content).hexdigest(), "withdrawals_deleted": 0}
    for wrong, code in (
        ({**right, "sha256": "0" * 64}, "state_export_differs"),
        ({**right, "withdrawals_deleted": 1}, "withdrawals_left"),
    ):
        refused = await office.recipient.post(path, wrong)
        assert (refused.status_code, refused.json()["code"]) == (409, code)
    assert (await office.recipient.post(path, right)).status_code == 200


async def test_withdrawal_is_told_until_it_is_acknowledged(office: Office) -> None:
    clients = await office.persons()
    first = await office.ready()
    before = persons_in(await office.lines(first))
    assert (await office.acknowledge(first)).status_code == 200
    assert (await office.withdraw(clients[0])).status_code == 200
    second = await office.ready("2026Q1")
    lines = await office.lines(second)
    gone = withdrawn_in(lines)
    assert gone == before - persons_in(lines)
    assert len(gone) == 1
    third = await office.ready("2026Q2")
    assert withdrawn_in(await office.lines(third)) == gone  # nobody acknowledged the second
    await office.acknowledge(third)
    fourth = await office.lines(await office.ready("2026Q3"))
    assert withdrawn_in(fourth) == set()


async def test_pseudonym_is_the_same_in_each_export_and_another_at_another_recipient(office: Office) -> None:
    clients = await office.persons()
    first = persons_in(await office.lines(await office.ready()))
    second = persons_in(await office.lines(await office.ready("2026Q1")))
    assert first == second
    other = await office.world.institution("landesdatenbank", "Zweite Datenbank")
    for client in clients:
        await office.consent(client, to=other)
    office.database = other
    office.recipient = await office.world.person(
        Role.PARTNER_USER, institution="landesdatenbank", institution_name="Zweite Datenbank"
    )
    assert not first & persons_in(await office.lines(await office.ready()))


async def test_requests_that_cannot_be_are_refused(office: Office) -> None:
    body = {"unit_id": str(office.unit), "institution_id": str(office.database), "quarter": QUARTER}
    jobcenter = await office.world.institution()
    for change, place, kind in (
        ({"quarter": "2199Q1"}, "quarter", "quarter_not_ended"),
        ({"quarter": "2019Q4"}, "quarter", "before_programme"),
        ({"unit_id": str(office.database)}, "unit_id", "unknown_reference"),
        ({"institution_id": str(jobcenter)}, "institution_id", "unknown_reference"),
    ):
        refused = await office.admin.post(PATH, {**body, **change})
        assert places(refused) == [{"place": f"body.{place}", "kind": kind}]
    await office.persons()
    export = await office.ready("2026Q1")
    again = await office.admin.post(PATH, body)
    assert (again.status_code, again.json()["code"]) == (409, "state_export_open")
    await office.lines(export)
    earlier = await office.admin.post(PATH, {**body, "quarter": "2025Q3"})
    assert (earlier.status_code, earlier.json()["code"]) == (409, "state_export_passed")


async def test_export_is_put_aside_with_its_file_until_it_is_fetched(office: Office) -> None:
    await office.persons()
    export = await office.ready()
    assert (await office.lead.post(f"{PATH}/{export}/discard")).json()["state"] == "discarded"
    assert (await office.fetch(export)).status_code == 404
    for table in ("state_export_files", "state_export_persons", "state_export_pseudonyms"):
        count = f"SELECT count(*) FROM {table} WHERE municipal_area_id = $1"
        assert await office.world.admin.fetchval(count, office.world.area) == 0
    fetched = await office.ready()
    await office.lines(fetched)
    refused = await office.admin.post(f"{PATH}/{fetched}/discard")
    assert (refused.status_code, refused.json()["state"]) == (409, "fetched")


async def test_file_waits_no_longer_than_the_first_consent_in_it(office: Office) -> None:
    clients = await office.persons()
    tomorrow = local_date(utc_now()) + timedelta(days=1)
    await office.world.admin.execute(
        "UPDATE consents SET valid_until = $2 WHERE id = $1", office.consents[clients[0]], tomorrow
    )
    export = await office.ready()
    held = "SELECT keep_until FROM state_export_files WHERE id = $1"
    assert await office.world.admin.fetchval(held, UUID(export)) < utc_now() + timedelta(days=3)
    await later(office, timedelta(days=3))
    assert await office.waiting(export) is None
    assert (await office.fetch(export)).status_code == 404


async def test_file_that_nobody_fetched_in_time_is_deleted(office: Office) -> None:
    await office.persons()
    export = await office.ready()
    await later(office, KEPT + timedelta(days=1))
    assert (await office.read(export))["state"] == "expired"
    assert (await office.fetch(export)).status_code == 404
    unread = await office.ready()
    await office.lines(unread)
    await later(office, KEPT + timedelta(days=1))
    held = "SELECT sealed_content FROM state_export_files WHERE id = $1"
    assert await office.world.admin.fetchval(held, UUID(unread)) is None


async def test_file_whose_time_is_over_is_not_repeated_though_the_worker_has_not_come(office: Office) -> None:
    await office.persons()
    export = await office.ready()
    assert (await office.fetch(export, idempotency_key="one-and-only")).status_code == 200
    await office.world.admin.execute(
        "UPDATE state_export_files SET keep_until = now() - interval '1 second' WHERE id = $1", UUID(export)
    )
    late = await office.fetch(export, idempotency_key="one-and-only")
    assert (late.status_code, late.json()["code"]) == (410, "state_export_gone")


async def test_worker_without_keys_for_pseudonyms_makes_nothing(office: Office) -> None:
    await office.persons()
    export = await office.released()

    async def without_keys(ctx: Any, _keys: Any, export_id: UUID, desk: Any) -> None:
        await compose_now(ctx, None, export_id, desk)

    await office.in_work(without_keys, export)
    told = await office.read(export)
    assert (told["state"], told["refusal"]) == ("refused", "no_keys")


async def later(office: Office, wait: timedelta) -> None:
    """Let the worker's job run after so long a time."""

    async def ending(ctx: Any, *_: Any) -> None:
        ctx.now += wait
        await end_old(ctx)

    await office.in_work(ending, "00000000-0000-0000-0000-000000000000")
