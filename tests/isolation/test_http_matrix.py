"""Every operation of the contract against everybody: answered, hidden, refused, or nobody there."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from app.api import ROUTERS
from app.contract import operations
from tests.cases.test_row_security import weakened
from tests.isolation.answers import NOBODY, OK, REFUSED, UNKNOWN, Access
from tests.isolation.asked_once import Answer, call, heard
from tests.isolation.dry import undone
from tests.isolation.expected import EXPECTED
from tests.isolation.people import ANONYMOUS, IDENTITIES
from tests.isolation.scene import Scene
from tests.isolation.secrets_of_scene import leaked

STATUS = {401: NOBODY, 403: REFUSED, 404: UNKNOWN}
ANSWERED = {200, 201, 204, 409, 412, 422, 429}
"""The caller got as far as the record: it was done, or the state, the version or the body were looked at."""


def _contract() -> list[tuple[str, str, str]]:
    app = FastAPI()
    for router in ROUTERS:
        app.router.routes.extend(router.routes)
    return [(route.name, method, path) for method, path, route, _ in operations(app)]


OPERATIONS = sorted(_contract())


@pytest.fixture(autouse=True)
def _nothing_stays(scene: Scene) -> Iterator[None]:
    with undone(scene.world.app):
        yield


def outcome(answer: Answer, access: Access) -> str:
    """Return what an answer says; wrong credentials are an answer of the operations without sign-in."""
    if access is EXPECTED["sign_in"] and answer.status_code == 401:
        return OK
    if answer.status_code in (ANSWERED if answer.method != "GET" else {200}):
        return OK
    return STATUS.get(answer.status_code, f"{answer.status_code} {answer.text[:200]}")


def test_every_operation_has_an_expectation_and_every_expectation_an_operation(app: FastAPI) -> None:
    assert {name for name, _, _ in OPERATIONS} == set(EXPECTED)
    assert len({name for name, _, _ in OPERATIONS}) == len(OPERATIONS) == len(list(operations(app)))


@pytest.mark.asvs("8.2.1")
@pytest.mark.asvs("8.2.2")
@pytest.mark.parametrize(("name", "method", "template"), OPERATIONS, ids=[each[0] for each in OPERATIONS])
async def test_operation_answers_each_as_expected(
    scene: Scene, name: str, method: str, template: str
) -> None:
    access, wrong = EXPECTED[name], {}
    for identity in IDENTITIES:
        answer = await heard(scene, identity, name, method, template)
        seen = outcome(answer, access)
        if seen != access.of(identity):
            wrong[identity] = f"{seen} instead of {access.of(identity)}"
        if found := leaked(scene, identity, answer.text):
            wrong[f"{identity} learns"] = ", ".join(found)
    assert wrong == {}


def without_traces(answer: Answer) -> dict[str, Any]:
    """Return a problem without what differs in every answer."""
    return {key: value for key, value in answer.json().items() if key not in {"request_id", "instance"}}


@pytest.mark.parametrize(
    ("name", "method", "template"),
    [each for each in OPERATIONS if "{" in each[2]],
    ids=[each[0] for each in OPERATIONS if "{" in each[2]],
)
async def test_what_is_refused_or_hidden_looks_like_what_does_not_exist(
    scene: Scene, name: str, method: str, template: str
) -> None:
    access = EXPECTED[name]
    for identity in IDENTITIES:
        if access.of(identity) in {REFUSED, UNKNOWN, NOBODY} and identity not in access.wrong:
            here = await heard(scene, identity, name, method, template)
            nowhere = await call(scene, identity, name, method, template, unknown=True)
            assert (here.status_code, without_traces(here)) == (nowhere.status_code, without_traces(nowhere))


@pytest.mark.parametrize(
    ("name", "method", "template"), OPERATIONS[::20], ids=[each[0] for each in OPERATIONS[::20]]
)
async def test_who_asks_again_hears_the_same(scene: Scene, name: str, method: str, template: str) -> None:
    for identity in IDENTITIES:
        first = await heard(scene, identity, name, method, template)
        again = await call(scene, identity, name, method, template)
        assert outcome(again, EXPECTED[name]) == outcome(first, EXPECTED[name])
        if again.media_type == "application/problem+json":
            assert without_traces(again) == without_traces(first)


async def test_nothing_was_kept(scene: Scene) -> None:
    before = await scene.world.admin.fetchval("SELECT max(position) FROM audit_journal")
    await call(scene, "lead", "read_case", "GET", "/v1/cases/{case_id}")
    assert await scene.world.admin.fetchval("SELECT max(position) FROM audit_journal") == before
    assert (await call(scene, ANONYMOUS, "read_me", "GET", "/v1/me")).status_code == 401


async def test_weakened_policy_is_noticed(scene: Scene) -> None:
    ask = ("read_contact", "GET", "/v1/cases/{case_id}/contacts/{contact_id}")
    async with weakened(scene.world, "contacts", "team", "USING"):
        answer = await call(scene, "colleague", *ask)
    assert outcome(answer, EXPECTED["read_contact"]) != EXPECTED["read_contact"].of("colleague")


def test_answer_that_tells_too_much_is_noticed(scene: Scene) -> None:
    text = f'{{"items": [{{"id": "{scene.ids["case"]}", "name": "Al-Hadi"}}]}}'
    assert leaked(scene, "coordinator", text) == ["Al-Hadi", "case"]
    assert leaked(scene, "team_lead", text) == ["Al-Hadi"]
    assert leaked(scene, "lead", text) == []
