"""Answers are rendered by PostgreSQL and documented by schemas: this holds both together."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from app.access.guard import PUBLIC
from app.access.permissions import Permission
from app.access.policy import POLICY
from app.contract import operations
from tests.contract.conformity import Contract
from tests.contract.stage import CAST, FILE, Stage

OPEN = {
    # Codes with what is said of each: any of them may be missing, values are of one type.
    "intake.criteria",
    "items.content.intake.criteria",
    "closing.outcomes",
    "items.attributes",
    # Groups with their number of persons: a group without anybody is missing.
    "groups",
    "items.groups",
    # The fields of a goal or measure that were changed, with what they said.
    "items.before",
    # Of a merge: what each record says in a field, of whatever type; how many of each kind follow.
    "fields",
    "follows",
    # The names of the checks are sentences that say what was checked.
    "content.proof.checks",
    "items.content.proof.checks",
    # What was frozen of person, histories and case, as far as the categories reach.
    "content.person",
    "content.case",
    # By category what was known and chosen on the day of sending: any of it may be missing.
    *(
        f"{package}.{place}"
        for package in ("package", "content")
        for place in ("data", "data.contact", "data.master_data")
    ),
}
"""Where a schema is open on purpose."""

_MADE_UP = ("dry_run.sample", "items.dry_run.sample")
"""A line of a profile, which is versioned by itself and has a schema of its own."""

_ABSENT = (
    "concern",
    "offer",
    "guardian",
    "package",
    "package_sha256",
    "readable_until",
    "together_with_id",
    "in_charge",
)
WITHHELD = {f"- {name}" for name in _ABSENT}
"""Absent where the reader may not see it, or where there is nothing to see."""

INCOMING = (
    "refer_to_kim", "read_sent_referral", "reply_to_question", "withdraw_sent_referral",
    "tell_consent_withdrawn", "enter_sent_in_error", "read_incoming_referral", "assign_incoming_referral",
    "ask_institution", "accept_incoming_referral", "reject_incoming_referral", "acknowledge_end_of_referral",
)  # fmt: skip
"""What was received is read by whoever works with it, and no longer than it may be used."""
OF_RELEASES = ("request_release", "list_releases", "read_release", "publish_release", "discard_release")
SHELL = {
    *((name, "- content") for name in INCOMING),
    *((name, f"- {each}") for name in OF_RELEASES for each in ("requested_at", "computed_at", "detail")),
    ("list_cases", "- client"),
    *((f"{verb}_access_review", "- client") for verb in ("read", "close")),
    ("list_access_reviews", "- client"),
}
"""Without its client, a case in the list of those who work on it is one in the list of a team lead, and a
review that of the privacy officer one as a team lead reads it; without its times a release is one that was
published."""


@pytest.fixture(scope="session")
def contract(app: FastAPI) -> Contract:
    return Contract(app)


async def test_the_scene_uses_every_operation(played: Stage) -> None:
    used = {exchange.operation for exchange in played.exchanges}
    assert set(played.routes) - used == set()


async def test_every_answer_is_what_the_contract_says(played: Stage, contract: Contract) -> None:
    faults = [
        fault
        for each in played.exchanges
        for fault in contract.faults_of_answer(each.operation, each.status, each.answer_type, each.answer)
    ]
    assert faults == []


async def test_every_request_that_succeeded_is_what_the_contract_says(
    played: Stage, contract: Contract
) -> None:
    faults = [
        fault
        for each in played.exchanges
        for fault in contract.faults_of_request(each.operation, each.media_type, each.body)
    ]
    assert faults == []


async def test_whoever_may_read_gets_what_the_contract_says(played: Stage, contract: Contract) -> None:
    permissions = {route.name: named for _, _, route, named in operations(played.world.app)}
    read, faults = 0, []
    for each in played.exchanges:
        permission = permissions[each.operation]
        if played.routes[each.operation][0] != "GET" or permission == PUBLIC or each.answer == FILE:
            continue
        for name in _readers(permission):
            answer = await played.send(each, by=name)
            kind = answer.headers["content-type"].partition(";")[0]
            body = answer.json() if kind.endswith("json") else answer.text
            faults += contract.faults_of_answer(each.operation, answer.status_code, kind, body)
            if answer.status_code not in {200, 404, 410} and _code(body) != "relation_missing":
                faults.append(f"{each.operation} by {name}: {answer.status_code}")
            read += answer.status_code == 200
    assert faults == []
    assert read > 200


def _code(body: Any) -> Any:
    return body.get("code") if isinstance(body, dict) else None


def _readers(permission: str | None) -> list[str]:
    """Return the cast whose role opens the door; who has signed out in the scene reads no more."""
    roles = POLICY[Permission(permission)].roles
    return [name for name, (role, _) in CAST.items() if role in roles and name != "Tim Scholz"]


async def test_no_schema_lets_a_stranger_field_or_a_missing_one_through(
    played: Stage, contract: Contract
) -> None:
    unnoticed = set()
    first = {
        each.operation: each
        for each in reversed(played.exchanges)
        if isinstance(each.answer, dict) and each.operation != "read_state_export_profile"  # itself a schema
    }
    for each in first.values():
        for place, what, spoilt in _spoilt(each.answer):
            if what in WITHHELD or (each.operation, what) in SHELL or _is_left_out(each.operation, what):
                continue
            if not contract.faults_of_answer(each.operation, each.status, each.answer_type, spoilt):
                unnoticed.add((".".join(name for name in place if isinstance(name, str)), what))
    unnoticed = {each for each in unnoticed if not each[0].startswith(_MADE_UP)}
    assert {each for each in unnoticed if each[0] not in OPEN} == set()
    assert {place for place, _ in unnoticed} == OPEN


def _is_left_out(operation: str, what: str) -> bool:
    """Say whether a standard has it so: what is not known is absent (`tests/directory/hsds_standard.py`)."""
    return "_hsds_" in operation and what.startswith("- ")


def _spoilt(answer: dict[str, Any]) -> Iterator[tuple[tuple[Any, ...], str, Any]]:
    """Yield the answer with one fault at a time: an unknown field, a field less, a value of another type."""
    for place in _objects(answer):
        spoilt = copy.deepcopy(answer)
        at = _at(spoilt, place)
        at["_client"] = "leaked"
        yield place, "+ unknown", spoilt
        del at["_client"]
        for key, right in list(at.items()):
            del at[key]
            yield place, f"- {key}", spoilt
            at[key] = [{"of": ["another type"]}]
            yield place, f"{key} of another type", spoilt
            at[key] = right


def _objects(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield where objects are, of every list only the first."""
    if isinstance(value, dict):
        yield place
        for key, inner in value.items():
            yield from _objects(inner, (*place, key))
    elif isinstance(value, list) and value:
        yield from _objects(value[0], (*place, 0))


def _at(value: Any, place: tuple[Any, ...]) -> Any:
    for step in place:
        value = value[step]
    return value


async def test_every_versioned_answer_carries_its_version_as_etag(played: Stage) -> None:
    compared = 0
    for each in played.exchanges:
        version = each.answer.get("version") if isinstance(each.answer, dict) else None
        if played.routes[each.operation][0] == "GET" and isinstance(version, int):
            again = await played.send(each)
            if again.status_code == 200:
                assert again.headers["etag"] == f'"{again.json()["version"]}"', each.operation
                compared += 1
    assert compared > 10
