"""Who is in no line: every reason, before the file is composed and after, and what the dry run says."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.kit.clock import local_date, utc_now
from app.state_exports import gathering
from tests.state_exports.arrange import PATH, Office
from tests.state_exports.test_exports import persons_in, withdrawn_in

Change = Callable[[Office, UUID], Awaitable[Any]]
_TODAY = local_date(utc_now())
_RESTRICTED = "UPDATE clients SET is_restricted = true WHERE id = $1"
_DECEASED = """UPDATE case_contents SET closing_reason = 'deceased'
WHERE id = (SELECT c.id FROM cases c WHERE c.client_id = $1)"""


def in_sql(statement: str) -> Change:
    """Return a change of one client by the administrator of the database."""

    async def change(office: Office, client: UUID) -> None:
        await office.world.admin.execute(statement, client)

    return change


def other_consent(*categories: str, **more: Any) -> Change:
    """Return the change of a client's consent into another one."""

    async def change(office: Office, client: UUID) -> None:
        await office.world.admin.execute("DELETE FROM consents WHERE client_id = $1", client)
        await office.consent(client, *categories, **more)

    return change


async def _withdraws(office: Office, client: UUID) -> None:
    assert (await office.withdraw(client)).status_code == 200


async def is_only_kept(office: Office, client: UUID) -> None:
    path = f"/v1/clients/{client}/restrictions"
    answer = await office.manager.post(path, {"ground": "objection"})
    assert answer.status_code == 201, answer.text


async def _is_erased(office: Office, client: UUID) -> None:
    for table in ("consents", "assignments", "case_phases", "case_contents", "cases", "clients"):
        of = {"clients": "id", "case_phases": "case_id", "case_contents": "id"}.get(table, "client_id")
        whose = (
            "(SELECT c.id FROM cases c WHERE c.client_id = $1)" if table.startswith("case_") else "($1::uuid)"
        )
        await office.world.admin.execute(f"DELETE FROM {table} WHERE {of} IN {whose}", client)


async def _goes_into_another(office: Office, client: UUID) -> None:
    other = await office.person()
    await office.world.admin.execute("UPDATE clients SET merged_into = $2 WHERE id = $1", client, other)


async def _consents_to_less(office: Office, client: UUID) -> None:
    await office.consent(client, "master_data", "residence")


async def _moves_to_another_unit(office: Office, client: UUID) -> None:
    other = await office.world.unit("Caritas")
    await office.world.admin.execute("UPDATE clients SET unit_id = $2 WHERE id = $1", client, other)
    await office.world.admin.execute("UPDATE cases SET unit_id = $2 WHERE client_id = $1", client, other)


CALLS_BACK: dict[str, Change] = {
    "withdrawn": _withdraws,
    "restricted person": in_sql(_RESTRICTED),
    "only kept": is_only_kept,
    "erased": _is_erased,
    "merged": _goes_into_another,
    "deceased": in_sql(_DECEASED),
    "restricted case": in_sql("UPDATE cases SET is_restricted = true WHERE client_id = $1"),
    "at another unit": _moves_to_another_unit,
    "given anew without the case record": _consents_to_less,
}
"""What happens to a person: it takes them out of a file that waits, too."""

LEAVES_OUT: dict[str, Change] = {
    **CALLS_BACK,
    "no consent": in_sql("DELETE FROM consents WHERE client_id = $1"),
    "expired": other_consent(given_on=_TODAY - timedelta(days=400), until=_TODAY - timedelta(days=1)),
    "not yet given": other_consent(given_on=_TODAY + timedelta(days=1)),
    "other direction": other_consent(direction="from"),
    "other purpose": other_consent(purpose="evaluation"),
    "without the case record": other_consent("master_data", "residence"),
    "opened later": in_sql("UPDATE cases SET opened_on = '2026-04-02' WHERE client_id = $1"),
}
"""The further ones are laid by rewriting rows, which no operation does."""


async def disputes(office: Office, client: UUID) -> None:
    says = {"entry": "client", "field": "sex", "says": "Das stimmt nicht", "disputed_on": "2026-01-05"}
    assert (await office.manager.post(f"/v1/clients/{client}/disputes", says)).status_code == 201


async def _keeps_one_entry(office: Office, client: UUID) -> None:
    level = {"language": "deu", "overall": "A1"}
    entry = (await office.manager.post(f"/v1/clients/{client}/languages", level)).json()["id"]
    kept = {"ground": "accuracy_contested", "entry": "languages", "entry_id": entry, "asked_by": "client"}
    answer = await office.manager.post(f"/v1/clients/{client}/restrictions", kept)
    assert answer.status_code == 201, answer.text


async def _covers_less(office: Office, client: UUID) -> None:
    await office.consent(client, "case_record")


SAYS_LESS: dict[str, Change] = {
    "disputed": disputes,
    "one entry only kept": _keeps_one_entry,
    "given anew for less": _covers_less,
}
"""What leaves a person in the lines, with less."""


@pytest.mark.parametrize("reason", sorted(SAYS_LESS))
async def test_file_that_says_more_than_it_may_by_now_is_destroyed(office: Office, reason: str) -> None:
    clients = await office.persons(11)
    export = await office.ready()
    await SAYS_LESS[reason](office, clients[0])
    assert await office.waiting(export) is None
    assert (await office.fetch(export)).status_code == 404
    await office.admin.post(f"{PATH}/{export}/discard")
    assert len(persons_in(await office.lines(await office.ready()))) == 11


@pytest.mark.parametrize("reason", sorted(LEAVES_OUT))
async def test_who_must_not_be_sent_is_in_no_line(office: Office, reason: str) -> None:
    clients = await office.persons(11)
    await LEAVES_OUT[reason](office, clients[0])
    assert len(persons_in(await office.lines(await office.ready()))) == 10


@pytest.mark.parametrize("reason", sorted(LEAVES_OUT))
async def test_whom_the_recipient_has_is_told_as_withdrawn_whatever_the_reason(
    office: Office, reason: str
) -> None:
    clients = await office.persons(11)
    before = persons_in(await office.lines(await office.ready()))
    await LEAVES_OUT[reason](office, clients[0])
    lines = await office.lines(await office.ready("2026Q1"))
    assert withdrawn_in(lines) == before - persons_in(lines)
    assert len(withdrawn_in(lines)) == 1


async def test_consent_to_another_recipient_is_none(office: Office) -> None:
    clients = await office.persons(11)
    elsewhere = await office.world.institution("landesdatenbank", "Andere")
    await other_consent(to=elsewhere)(office, clients[0])
    assert len(persons_in(await office.lines(await office.ready()))) == 10


async def test_case_of_another_unit_is_in_no_line(office: Office) -> None:
    await office.persons(10)
    await office.consent(await office.person(unit=await office.world.unit("Caritas")))
    assert len(persons_in(await office.lines(await office.ready()))) == 10


@pytest.mark.parametrize("reason", sorted(CALLS_BACK))
async def test_file_that_waits_is_destroyed_at_once(office: Office, reason: str) -> None:
    clients = await office.persons(11)
    export = await office.ready()
    await CALLS_BACK[reason](office, clients[0])
    assert (await office.fetch(export)).status_code == 404
    kept = "SELECT count(*) FROM state_export_files WHERE municipal_area_id = $1"
    assert await office.world.admin.fetchval(kept, office.world.area) == 0
    logged = "SELECT count(*) FROM disclosure_log WHERE municipal_area_id = $1"
    assert await office.world.admin.fetchval(logged, office.world.area) == 0


@pytest.mark.parametrize("reason", sorted(CALLS_BACK))
async def test_file_that_was_fetched_is_not_handed_out_again(office: Office, reason: str) -> None:
    clients = await office.persons(11)
    export = await office.ready()
    assert (await office.fetch(export, idempotency_key="the-same-key")).status_code == 200
    await CALLS_BACK[reason](office, clients[0])
    again = await office.fetch(export, idempotency_key="the-same-key")
    assert (again.status_code, again.json()["code"]) == (410, "state_export_gone")
    assert (await office.acknowledge(export)).status_code == 200


async def test_what_concerns_others_leaves_the_file_alone(office: Office) -> None:
    await office.persons(10)
    other = await office.person()
    await office.consent(other, purpose="evaluation")
    export = await office.ready()
    await _withdraws(office, other)
    await in_sql(_RESTRICTED)(office, other)
    assert await office.waiting(export) is not None


async def test_without_its_trigger_the_file_would_be_handed_out_and_that_is_noticed(office: Office) -> None:
    clients = await office.persons(11)
    export = await office.ready()
    await office.world.admin.execute("ALTER TABLE consents DISABLE TRIGGER call_back_exports")
    try:
        await _withdraws(office, clients[0])
    finally:
        await office.world.admin.execute("ALTER TABLE consents ENABLE TRIGGER call_back_exports")
    assert await office.waiting(export) is not None


async def test_dry_run_says_why_persons_are_left_out_and_never_counts_restricted_ones(office: Office) -> None:
    clients = await office.persons(36)
    for client in clients[:12]:
        await office.world.admin.execute("DELETE FROM consents WHERE client_id = $1", client)
    for client in clients[12:22]:
        await office.world.admin.execute(
            "UPDATE consents SET valid_until = given_on - 1 WHERE client_id = $1", client
        )
    before = (await office.read(await office.checked()))["dry_run"]
    assert before["left_out"] == {
        "kept_only": {"at_least": 0, "at_most": 9},
        "ended": {"at_least": 10, "at_most": 19},
        "never_consented": {"at_least": 10, "at_most": 19},
        "held_back": {"at_least": 0, "at_most": 9},
    }
    assert before["persons"] == {"at_least": 10, "at_most": 19}
    for client in clients[:12]:
        await in_sql(_RESTRICTED)(office, client)
    exports = (await office.admin.get(PATH)).json()["items"]
    await office.admin.post(f"{PATH}/{exports[0]['id']}/discard")
    after = (await office.read(await office.checked()))["dry_run"]
    assert after["left_out"]["never_consented"] == {"at_least": 0, "at_most": 9}


async def test_dry_run_says_how_many_would_stand_out(office: Office) -> None:
    for year in range(1930, 1970):
        await office.consent(await office.person(born=office_day(year)))
    await office.consent(await office.person(born=office_day(2010)))
    told = (await office.read(await office.checked()))["dry_run"]
    assert [each["fewer_than"] for each in told["stand_out"]] == [2, 3, 5]
    assert told["stand_out"][0]["persons"] == {"at_least": 0, "at_most": 9}


def office_day(year: int) -> Any:
    """Return a day of a year."""
    return _TODAY.replace(year=year, month=5, day=5)


async def test_a_line_about_somebody_without_consent_is_noticed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = await office.persons(11)
    await LEAVES_OUT["without the case record"](office, clients[0])
    monkeypatch.setattr(gathering, "_covers", lambda *_: True)
    lines = await office.lines(await office.ready())
    assert len(persons_in(lines)) == 11  # the planted fault: the test above counts 10


async def test_consent_given_last_decides_even_where_it_covers_nothing(
    office: Office,
) -> None:
    clients = await office.persons(11)
    await office.world.admin.execute(
        "UPDATE consents SET given_on = given_on - 1 WHERE client_id = $1", clients[0]
    )
    await office.consent(clients[0], "master_data")
    assert len(persons_in(await office.lines(await office.ready()))) == 10


async def test_of_two_consents_the_one_given_last_decides(office: Office) -> None:
    clients = await office.persons(10)
    await office.consent(clients[0], "case_record")
    await office.world.admin.execute(
        "UPDATE consents SET given_on = given_on - 1 WHERE id <> $1 AND client_id = $2",
        office.consents[clients[0]], clients[0],
    )  # fmt: skip
    lines = await office.lines(await office.ready())
    assert sorted("age_band" in line for line in lines) == [False] + [True] * 9
