"""Each permission of a machine stands in exactly one scope, and each operation says which one it is."""

from datetime import timedelta

import pytest
from fastapi import FastAPI

from app.access.guard import PUBLIC
from app.access.permissions import Permission
from app.access.policy import POLICY
from app.access.roles import Role
from app.access.scopes import DESCRIPTIONS, SCOPES, Scope, opens, scope_of
from app.contract import operations
from app.identity.partner_systems.rules import granted_scopes
from app.identity.tokens import OfMachine, issue
from app.kit.clock import utc_now
from tests.identity.partner_systems.arrange import ISSUER, bearer
from tests.world import World

OF_MACHINES = {permission for permission, rule in POLICY.items() if Role.PARTNER_SYSTEM in rule.grants}

REPORTS = Permission.PARTNER_BARRIER_FILE


def faults(scopes: dict[Scope, frozenset[Permission]]) -> set[Permission]:
    """Return the permissions that stand in no scope or in several, or that no machine has."""
    named = [permission for opened in scopes.values() for permission in opened]
    return {each for each in OF_MACHINES | set(named) if named.count(each) != 1 or each not in OF_MACHINES}


def test_each_permission_of_a_machine_belongs_to_exactly_one_scope() -> None:
    assert faults(dict(SCOPES)) == set()
    assert set(SCOPES) == set(Scope) == set(DESCRIPTIONS)


@pytest.mark.parametrize(
    ("scope", "opened", "found"),
    [
        (Scope.REFERRALS_READ, frozenset(), Permission.PARTNER_REFERRAL_READ),
        (Scope.BARRIERS_CREATE, {REPORTS, Permission.CATALOGUE_READ}, Permission.CATALOGUE_READ),
        (Scope.BARRIERS_CREATE, {REPORTS, Permission.CLIENT_READ}, Permission.CLIENT_READ),
    ],
)
def test_fault_in_the_table_is_noticed(
    scope: Scope, opened: frozenset[Permission], found: Permission
) -> None:
    assert faults({**SCOPES, scope: frozenset(opened)}) == {found}


def test_no_scope_opens_what_no_machine_does() -> None:
    for permission in set(Permission) - OF_MACHINES:
        assert scope_of(permission) is None
        assert not opens(list(Scope), permission)


def test_contract_names_the_scope_of_each_operation(app: FastAPI) -> None:
    contract = app.openapi()
    flow = contract["components"]["securitySchemes"]["partner"]["flows"]["clientCredentials"]
    assert flow == {
        "tokenUrl": "/v1/oauth/token",
        "scopes": {each.value: DESCRIPTIONS[each] for each in Scope},
    }
    for method, path, _, permission in operations(app):
        operation = contract["paths"][path][method.lower()]
        scope = scope_of(Permission(permission)) if permission and permission != PUBLIC else None
        assert operation.get("x-scope") == scope
        assert ({"partner": [scope]} in operation.get("security", [])) == (scope is not None)


async def test_token_without_the_scope_is_refused_by_every_operation(world: World, app: FastAPI) -> None:
    machine = await world.person(Role.PARTNER_SYSTEM)
    tokens = {
        scope: issue(
            app.state.key_ring,
            subject=machine.user_id,
            session_id=machine.session_id,
            issuer=ISSUER,
            audience=ISSUER,
            now=utc_now(),
            lifetime=timedelta(minutes=10),
            machine=OfMachine(frozenset(set(Scope) - {scope})),
        )
        for scope in (None, *Scope)
    }
    for method, path, route, permission in operations(app):
        if permission in (None, PUBLIC):
            continue
        scope = scope_of(Permission(permission))
        address = path.format(**dict.fromkeys(route.param_convertors, "00000000-0000-7000-8000-000000000000"))
        async with world.http() as http:
            answer = await http.request(
                method, address, json={}, headers={**bearer(tokens[scope]), "If-Match": '"1"'}
            )
        assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing"), f"{method} {path}"
        assert answer.json()["scope"] == scope, f"{method} {path}"


@pytest.mark.parametrize(
    ("asked", "granted"),
    [
        (None, {"a", "b"}), ("a", {"a"}), ("b a", {"a", "b"}), ("a a", {"a"}),
        ("c", None), ("a c", None), ("a  b", None), (" a", None), ("A", None),
    ],
)  # fmt: skip
def test_scopes_asked_for_are_among_those_held(asked: str | None, granted: set[str] | None) -> None:
    assert granted_scopes(asked, ["a", "b"]) == granted
